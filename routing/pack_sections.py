"""The files of a town pack, one reader each: YAML rows in, dated rows with their line out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from routing.pack_reader import Located, Row
from routing.recommendation import CallKind
from routing.taxonomy import (
    Alias,
    AliasKind,
    Area,
    CallKindWords,
    ClockStart,
    Designation,
    Discount,
    DiscountWords,
    EmergencyKind,
    ScopeKind,
    ServiceLevel,
    Topic,
    Town,
    Unit,
    UnitKind,
    UrgeLevel,
    WordRule,
)
from routing.workdays import HolidayYear

T = TypeVar("T", covariant=True)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A row and where it stands."""

    row: T
    where: Located


def read_town(top: Row) -> Placed[Town]:
    """pack.yaml: whose pack it is."""
    town = Town(
        name=top.text("town"),
        street_code=top.text("street_code"),
        district=top.text("district"),
        city=top.text("city"),
        line_number=top.text("line_number"),
        centre_unit=top.text("centre_unit"),
        outside_topic=top.text("outside_topic"),
        unrecognised_topic=top.text("unrecognised_topic"),
        label=top.text("label"),
        is_sample=top.flag("sample"),
        notice=top.text("notice", required=False),
        begins=top.day("from") or date.min,
    )
    top.finish()
    return Placed(town, top.where)


def read_units(top: Row) -> Iterator[Placed[Unit]]:
    """units.yaml."""
    for row in top.rows("units"):
        kind = _member(row, "kind", UnitKind, UnitKind.LINE)
        unit = Unit(
            code=row.text("code"),
            name=row.text("name"),
            kind=kind,
            remit=row.text("remit"),
            clause=row.text("clause"),
            valid=row.validity(),
            nights=row.flag("nights"),
        )
        yield Placed(unit, row.where)


def read_topics(top: Row) -> Iterator[Placed[Topic]]:
    """topics.yaml with the duty list."""
    for row in top.rows("topics"):
        topic = Topic(
            code=row.text("code"),
            group=row.text("group"),
            name=row.text("name"),
            definition=row.text("definition"),
            lead=_single_lead(row),
            support=row.texts("support"),
            ledger=row.text("ledger", required=False),
            referral=row.text("referral", required=False),
            clause=row.text("clause"),
            valid=row.validity(),
            joint=row.flag("joint"),
        )
        yield Placed(topic, row.where)


def _single_lead(row: Row) -> str:
    node = row.fields.get("lead")
    if node is not None and isinstance(node.value, list):
        row.read.add("lead")
        row.problems.add(row.at("lead"), "一个事项同一天只能有一个主责单位", "请只写一个 lead，其余写入 support")
        return ""
    return row.text("lead", required=False)


def read_areas(top: Row) -> Iterator[Placed[Area]]:
    """areas.yaml: streets with their communities."""
    for street in top.rows("streets"):
        name, code, ours = street.text("street"), street.text("code"), street.flag("ours")
        street.text("clause")
        valid = street.validity()
        for row in street.rows("communities"):
            own = row.validity() if "from" in row.fields else valid
            yield Placed(Area(row.text("code"), row.text("name"), code, name, ours, own), row.where)


def read_aliases(top: Row, *, required: bool = True) -> Iterator[Placed[Alias]]:
    """places.yaml: other names of places; the town's own file may have none (``required`` False)."""
    for row in top.rows("places", required=required):
        alias = Alias(
            name=row.text("name"),
            kind=_member(row, "kind", AliasKind, AliasKind.UNCLEAR),
            street=row.text("street", required=False),
            code=row.text("code", required=False),
            bare=row.flag("bare"),
            note=row.text("note", required=False),
            valid=row.validity(),
            numbers=_house_numbers(row),
        )
        row.text("clause")
        yield Placed(alias, row.where)


def _house_numbers(row: Row) -> tuple[int, int]:
    """``numbers: 1-399`` of a road; (0, 0) means the whole road."""
    value = row.text("numbers", required=False)
    if not value:
        return 0, 0
    found = re.fullmatch(r"([1-9]\d{0,4})-([1-9]\d{0,4})", value)
    if found is None or int(found[1]) > int(found[2]):
        row.problems.add(row.at("numbers"), f"“numbers”应为门牌号起止，现为：{value}", "请写成 1-399 的形式")
        return 0, 0
    return int(found[1]), int(found[2])


def read_designations(top: Row) -> Iterator[Placed[Designation]]:
    """designations.yaml; a town may have none."""
    for row in top.rows("designations", required=False):
        designation = Designation(
            code=row.text("code"),
            topics=row.texts("topics"),
            areas=row.texts("areas"),
            unit=row.text("unit"),
            reason=row.text("reason"),
            clause=row.text("clause"),
            valid=row.validity(),
        )
        yield Placed(designation, row.where)


def read_service_levels(top: Row) -> Iterator[Placed[ServiceLevel]]:
    """service_levels.yaml."""
    for row in top.rows("service_levels"):
        level = ServiceLevel(
            code=row.text("code"),
            name=row.text("name"),
            working_days=row.whole("working_days", 0, 250),
            start=_member(row, "start", ClockStart, ClockStart.DISPATCH),
            basis=row.text("basis"),
            clause=row.text("clause"),
            valid=row.validity(),
            urging=tuple(_urge_levels(row)),
            urge_from=row.whole("urge_from", 0, 23) if "urge_from" in row.fields else 8,
            urge_to=row.whole("urge_to", 1, 24) if "urge_to" in row.fields else 20,
        )
        if level.urge_to <= level.urge_from:
            row.problems.add(row.at("urge_to"), "催办时段的结束不晚于开始", "请写成如 urge_from: 8、urge_to: 20")
        yield Placed(level, row.where)


def _urge_levels(row: Row) -> Iterator[UrgeLevel]:
    """Levels 1, 2, 3 … whose hours rise: each is later and louder than the one before."""
    last: UrgeLevel | None = None
    for number, item in enumerate(row.rows("urging", required=False), 1):
        level = UrgeLevel(number, item.text("name"), item.whole("hours", -240, 2400))
        if last is not None and level.hours <= last.hours:
            item.problems.add(item.at("hours"), f"“{level.name}”不晚于前一级“{last.name}”", "请按时间先后排列")
        last = level
        yield level


def read_discount_words(top: Row) -> DiscountWords:
    """The shared words of emergency.yaml that disarm a trigger, and what lifts them."""
    row = top.mapping("discount_words")
    words = DiscountWords(
        past=row.texts("past"),
        over=row.texts("over"),
        imagined_before=row.texts("imagined_before"),
        imagined_after=row.texts("imagined_after"),
        hazard=row.texts("hazard"),
        hazard_tail=row.texts("hazard_tail"),
        habit=row.texts("habit"),
        present=row.texts("present"),
        urgent=row.texts("urgent"),
    )
    row.finish()
    return words


def read_emergency(top: Row) -> Iterator[Placed[EmergencyKind]]:
    """emergency.yaml: kinds of danger."""
    for row in top.rows("kinds"):
        rule = EmergencyKind(
            code=row.text("code"),
            name=row.text("name"),
            numbers=row.texts("numbers"),
            sentence=row.text("sentence"),
            words=_word_rule(row),
            clause=row.text("clause"),
            valid=row.validity(),
        )
        if not rule.numbers:
            row.problems.add(row.at("numbers"), "没有转接号码", "请填写 numbers，如 ['119']")
        yield Placed(rule, row.where)


def read_scope(top: Row) -> Iterator[Placed[ScopeKind]]:
    """scope.yaml: matters outside the line."""
    for row in top.rows("kinds"):
        rule = ScopeKind(
            code=row.text("code"),
            name=row.text("name"),
            topics=row.texts("topics"),
            words=_word_rule(row),
            script=row.text("script"),
            referral=row.text("referral"),
            clause=row.text("clause"),
            valid=row.validity(),
        )
        yield Placed(rule, row.where)


def read_call_kinds(top: Row) -> Iterator[Placed[CallKindWords]]:
    """call_kinds.yaml: how calls about a ticket that exists sound."""
    for row in top.rows("kinds"):
        kind = _member(row, "name", CallKind, CallKind.PROGRESS)
        if kind is CallKind.NEW:
            row.problems.add(row.at("name"), "新诉求不需要词表", "没有命中任何词的来电就是新诉求，请删去这一条")
        words = CallKindWords(
            code=row.text("code"),
            name=kind.value,
            words=_word_rule(row),
            unless=row.texts("unless"),
            clause=row.text("clause"),
            valid=row.validity(),
        )
        yield Placed(words, row.where)


def _word_rule(row: Row) -> WordRule:
    words = WordRule(
        triggers=row.texts("triggers"),
        combos=row.combos("combos"),
        near=row.combos("near"),
        guards=row.texts("guards"),
        discounts=frozenset(
            Discount(name) for name in row.texts("discounts") if _known(row, "discounts", name, Discount)
        ),
    )
    if not (words.triggers or words.combos or words.near):
        row.problems.add(row.where, "没有任何触发词", "请填写 triggers、combos 或 near")
    return words


def read_holidays(top: Row) -> Mapping[int, HolidayYear]:
    """holidays.yaml: whole years that replace the built-in list."""
    years: dict[int, HolidayYear] = {}
    for row in top.rows("years", required=False):
        year = row.whole("year", 1950, 2200)
        row.text("clause")
        off = dict(_days_off(row, year))
        work = frozenset(_day_items(row, "work", year))
        for day in sorted(work & off.keys()):
            row.problems.add(row.at("work"), f"{day} 既列为放假又列为上班", "请按国务院放假通知改正")
        if year in years:
            row.problems.add(row.where, f"{year} 年重复", "请合并为一条")
        years[year] = HolidayYear(year, MappingProxyType(off), work, known=True)
    return MappingProxyType(years)


def _days_off(row: Row, year: int) -> Iterator[tuple[date, str]]:
    for span in row.rows("off"):
        name, first, last = span.text("name"), span.day("from"), span.day("to")
        if first is None or last is None:
            continue
        if last < first or (last - first).days > 30 or {first.year, last.year} != {year}:
            span.problems.add(span.at("to"), f"{name}放假 {first} 至 {last} 不在 {year} 年内或起止不对", "请核对日期")
            continue
        for step in range((last - first).days + 1):
            yield first + timedelta(days=step), name


def _day_items(row: Row, key: str, year: int) -> Iterator[date]:
    for value in row.texts(key):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            row.problems.add(row.at(key), f"“{key}”里有无效日期：{value}", "请写成 2026-01-31 的形式")
            continue
        if day.year == year:
            yield day
        else:
            row.problems.add(row.at(key), f"{day} 不在 {year} 年", "请移到它所在的年份")


def _member(row: Row, key: str, kind: type[E], fallback: E) -> E:
    value = row.text(key)
    if value and _known(row, key, value, kind):
        return kind(value)
    return fallback


def _known(row: Row, key: str, value: str, kind: type[StrEnum]) -> bool:
    allowed = [member.value for member in kind]
    if value not in allowed:
        row.problems.add(row.at(key), f"“{key}”的值“{value}”不认识", f"请从 {'、'.join(allowed)} 中选一个")
    return value in allowed
