"""The town pack in memory: units, duty list, areas, service levels and word tables, all dated (pure).

A ``TownPack`` holds every version of every row; ``on(day)`` gives the rows in force on that day (细则-8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from routing.recommendation import Candidate, UnitRef
from routing.workdays import HolidayYear


class UnitKind(StrEnum):
    """What a 承办单位 is; values stand in units.yaml."""

    CENTRE = "centre"
    LINE = "line"
    STATIONED = "stationed"
    UTILITY = "utility"
    ESCALATION = "escalation"


class ClockStart(StrEnum):
    """The event that starts a service-level clock."""

    DISPATCH = "派单"
    RESOLVED = "办结"
    REPLIED = "收到答复"


class Discount(StrEnum):
    """A way of speaking that takes the alarm out of a word."""

    PAST = "过去"
    OVER = "已结束"
    IMAGINED = "假设"
    HABIT = "经常"


class AliasKind(StrEnum):
    """What a name of places.yaml stands for."""

    STREET = "street"
    COMMUNITY = "community"
    DISTRICT = "district"
    UNCLEAR = "unclear"
    ESTATE = "estate"
    ROAD = "road"


@dataclass(frozen=True, slots=True)
class Validity:
    """In force from ``start`` to ``end``, both included; ``end`` None means until further notice."""

    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether ``day`` lies inside."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "Validity") -> bool:
        """Say whether some day lies inside both."""
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)


@dataclass(frozen=True, slots=True)
class Unit:
    """A 承办单位 and what it is charged with; ``nights`` True: it works at night and may be urged then."""

    code: str
    name: str
    kind: UnitKind
    remit: str
    clause: str
    valid: Validity
    nights: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A 诉求事项 with its line of the duty list; without ``lead`` the caller is told ``referral`` (细则-5-3).

    ``joint``: lead and support always work on it together (跨部门, 细则-6-3).
    """

    code: str
    group: str
    name: str
    definition: str
    lead: str
    support: tuple[str, ...]
    ledger: str
    referral: str
    clause: str
    valid: Validity
    joint: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A community with the street it belongs to; ``ours`` marks the territory units of the town."""

    code: str
    name: str
    street_code: str
    street: str
    ours: bool
    valid: Validity


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name by which callers call a place; ``code`` is the area's for communities, ``street`` the town's name.

    ``bare`` names are clear enough to count in running text without 社区, 街道 or 小区 behind them. An estate or a road
    with several rows lies in several places; ``numbers`` are the first and last house number of a road's row.
    """

    name: str
    kind: AliasKind
    street: str
    code: str
    bare: bool
    note: str
    valid: Validity
    numbers: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Designation:
    """Standing designation of 城运中心 (指定谁、谁办理): this unit for these topics and/or communities."""

    code: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    unit: str
    reason: str
    clause: str
    valid: Validity


@dataclass(frozen=True, slots=True)
class UrgeLevel:
    """One 催办 (细则-5-2), ``hours`` of working time after the deadline (negative: before); a working day has 24."""

    level: int
    name: str
    hours: int


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """A time limit in working days (0 = the same day) from ``start``; ``basis`` says in Chinese what it rests on.

    ``urging`` goes from quiet to loud; between the hours ``urge_to`` and ``urge_from`` only units that work at night
    are urged.
    """

    code: str
    name: str
    working_days: int
    start: ClockStart
    basis: str
    clause: str
    valid: Validity
    urging: tuple[UrgeLevel, ...] = ()
    urge_from: int = 8
    urge_to: int = 20


@dataclass(frozen=True, slots=True)
class DiscountWords:
    """Words of each way of speaking, and what lifts it again (``present``: now, still; ``urgent``: come at once).

    ``hazard_tail`` (怎么办) makes a trigger imagined only in a text that speaks of a ``hazard`` (消防通道被堵).
    """

    past: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    imagined_before: tuple[str, ...] = ()
    imagined_after: tuple[str, ...] = ()
    hazard: tuple[str, ...] = ()
    hazard_tail: tuple[str, ...] = ()
    habit: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()


Combo = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class WordRule:
    """Words that say something: any ``triggers``, or one of each part of a combo.

    ``combos`` must meet inside one clause of the sentence, ``near`` inside three neighbouring clauses.
    ``guards`` are longer words in which a trigger means nothing (火锅); ``discounts`` the manners that disarm it.
    """

    triggers: tuple[str, ...]
    combos: tuple[Combo, ...] = ()
    near: tuple[Combo, ...] = ()
    guards: tuple[str, ...] = ()
    discounts: frozenset[Discount] = frozenset()


@dataclass(frozen=True, slots=True)
class EmergencyKind:
    """One kind of danger with the number to transfer to (细则-2)."""

    code: str
    name: str
    numbers: tuple[str, ...]
    sentence: str
    words: WordRule
    clause: str
    valid: Validity


@dataclass(frozen=True, slots=True)
class ScopeKind:
    """A kind of matter outside the line (细则-5-3): ``script`` is read to the caller, ``referral`` is where to turn.

    The words count only when the proposed topic is one of ``topics`` (empty: any).
    """

    code: str
    name: str
    topics: tuple[str, ...]
    words: WordRule
    script: str
    referral: str
    clause: str
    valid: Validity


@dataclass(frozen=True, slots=True)
class CallKindWords:
    """Words of a call about an existing ticket; ``name`` is a ``CallKind``.

    ``unless`` are words of complaint that disarm all but the triggers: who complains again asks for no progress.
    """

    code: str
    name: str
    words: WordRule
    unless: tuple[str, ...]
    clause: str
    valid: Validity


@dataclass(frozen=True, slots=True)
class Lesson:
    """A ticket whose topic and type people have settled: the final ones after every return and re-dispatch."""

    text: str
    topic: str
    kind: str


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text as callers speak; ``kind`` is the ticket type, ``voice`` its tone."""

    topic: str
    kind: str
    voice: str
    text: str


@dataclass(frozen=True, slots=True)
class Town:
    """Who the pack is for. Codes name the centre and the topics that stand for "not ours" and "cannot be told"."""

    name: str
    street_code: str
    district: str
    city: str
    line_number: str
    centre_unit: str
    outside_topic: str
    unrecognised_topic: str
    label: str
    is_sample: bool
    notice: str
    begins: date


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity: what is compiled from it is cached
class PackView:
    """The rows in force on one day, by code; scope, emergency and service levels in the pack's order."""

    day: date
    town: Town
    version: str
    units: Mapping[str, Unit]
    topics: Mapping[str, Topic]
    areas: Mapping[str, Area]
    aliases: tuple[Alias, ...]
    designations: tuple[Designation, ...]
    service_levels: tuple[ServiceLevel, ...]
    emergency: tuple[EmergencyKind, ...]
    scope: tuple[ScopeKind, ...]
    call_kinds: tuple[CallKindWords, ...]
    discount_words: DiscountWords

    def unit_ref(self, code: str) -> UnitRef | None:
        """Unit or own community by code; None when neither is in force."""
        if code in self.units:
            return UnitRef(code, self.units[code].name)
        area = self.areas.get(code)
        return UnitRef(code, area.name) if area is not None and area.ours else None

    def unit_refs(self) -> tuple[UnitRef, ...]:
        """Everyone who can hold a ticket: units first, then the town's communities."""
        units = tuple(UnitRef(u.code, u.name) for u in self.units.values())
        return units + tuple(UnitRef(a.code, a.name) for a in self.areas.values() if a.ours)

    def candidate(self, topic_code: str, scored: tuple[Candidate, ...] = ()) -> Candidate:
        """Topic as a candidate, with its score from ``scored`` or 0. Raises ``KeyError`` for an unknown code."""
        score = next((c.score for c in scored if c.code == topic_code), 0.0)
        return Candidate(topic_code, self.topics[topic_code].name, score)


@dataclass(frozen=True, slots=True, eq=False)
class TownPack:
    """All rows of a town, whenever in force; ``version`` is the label and a short hash of the files' content."""

    town: Town
    version: str
    units: tuple[Unit, ...]
    topics: tuple[Topic, ...]
    areas: tuple[Area, ...]
    aliases: tuple[Alias, ...]
    designations: tuple[Designation, ...]
    service_levels: tuple[ServiceLevel, ...]
    emergency: tuple[EmergencyKind, ...]
    scope: tuple[ScopeKind, ...]
    call_kinds: tuple[CallKindWords, ...]
    discount_words: DiscountWords
    holidays: Mapping[int, HolidayYear]

    @property
    def is_sample(self) -> bool:
        """True while the directory is the sample that a town has to replace."""
        return self.town.is_sample

    def on(self, day: date) -> PackView:
        """The view of ``day``; earlier days see the pack's first day, so that a wrong date never silences a rule."""
        return _view(self, max(day, self.town.begins))


@lru_cache(maxsize=64)
def _view(pack: TownPack, day: date) -> PackView:
    return PackView(
        day=day,
        town=pack.town,
        version=pack.version,
        units=MappingProxyType({u.code: u for u in pack.units if u.valid.covers(day)}),
        topics=MappingProxyType({t.code: t for t in pack.topics if t.valid.covers(day)}),
        areas=MappingProxyType({a.code: a for a in pack.areas if a.valid.covers(day)}),
        aliases=tuple(a for a in pack.aliases if a.valid.covers(day)),
        designations=tuple(d for d in pack.designations if d.valid.covers(day)),
        service_levels=tuple(s for s in pack.service_levels if s.valid.covers(day)),
        emergency=tuple(e for e in pack.emergency if e.valid.covers(day)),
        scope=tuple(s for s in pack.scope if s.valid.covers(day)),
        call_kinds=tuple(k for k in pack.call_kinds if k.valid.covers(day)),
        discount_words=pack.discount_words,
    )
