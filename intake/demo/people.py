"""Invented people and calls of the demonstration: nobody of them exists, and their names say so (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from intake.domain.access import Principal, Role
from routing.taxonomy import Alias, AliasKind, Example

_STEMS = "甲乙丙丁戊己庚辛壬癸"
OPERATORS = (Principal("演示坐席甲", Role.OPERATOR), Principal("演示坐席乙", Role.OPERATOR))
MANAGER = Principal("演示专线管理", Role.MANAGER)
# Who can log in to look around; passwords are made at random and shown once.
ACCOUNTS = (
    ("演示坐席", Role.OPERATOR, ""),
    ("演示专线管理", Role.MANAGER, ""),
    ("演示执法队", Role.UNIT, "ZFD"),
    ("演示知识管理", Role.KNOWLEDGE, ""),
    ("演示评测", Role.EVALUATOR, ""),
    ("演示审计", Role.AUDITOR, ""),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """An invented caller with what is said and where."""

    name: str
    phone: str
    text: str
    address: str


def unit_person(code: str) -> Principal:
    """Somebody of the unit."""
    return Principal(f"演示经办（{code}）", Role.UNIT, code)


def caller(random: Random, number: int, examples: Sequence[Example], places: Sequence[Alias]) -> Caller:
    """Draw a call: one of the product's own examples, at a place of the town, by nobody who exists."""
    example = random.choice(examples)
    place = random.choice(places).name if places and random.random() < 0.8 else ""
    name = f"演示{random.choice(_STEMS)}{random.choice(_STEMS)}" if random.random() < 0.9 else ""
    phone = f"1380000{number % 10_000:04d}" if name or random.random() < 0.5 else ""
    address = f"{place}{random.randrange(1, 60)}号" if place else ""
    return Caller(name, phone, example.text, address)


def places_of(aliases: Sequence[Alias]) -> tuple[Alias, ...]:
    """Places inside the town whose name alone says where they are."""
    return tuple(a for a in aliases if a.code and a.kind in (AliasKind.ESTATE, AliasKind.COMMUNITY))
