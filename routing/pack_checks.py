"""Checks across the rows of a town pack: codes that exist, one lead a day, designations that can be followed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from routing.pack_reader import Located, Problems
from routing.pack_sections import Placed
from routing.taxonomy import (
    Alias,
    AliasKind,
    Area,
    CallKindWords,
    Designation,
    EmergencyKind,
    ScopeKind,
    ServiceLevel,
    Topic,
    Town,
    Unit,
    UnitKind,
    Validity,
)

T = TypeVar("T", Unit, Topic, Area, Designation, ServiceLevel, EmergencyKind, ScopeKind, CallKindWords)


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a pack with their places."""

    town: Placed[Town]
    units: Sequence[Placed[Unit]]
    topics: Sequence[Placed[Topic]]
    areas: Sequence[Placed[Area]]
    aliases: Sequence[Placed[Alias]]
    designations: Sequence[Placed[Designation]]
    service_levels: Sequence[Placed[ServiceLevel]]
    emergency: Sequence[Placed[EmergencyKind]]
    scope: Sequence[Placed[ScopeKind]]
    call_kinds: Sequence[Placed[CallKindWords]]


def check(rows: Rows, problems: Problems) -> None:
    """Note every contradiction between rows."""
    _unique(rows.units, "单位代码", problems)
    _unique(rows.topics, "事项代码", problems, _two_leads)
    _unique(rows.areas, "社区代码", problems)
    _unique(rows.designations, "指定编号", problems)
    _unique(rows.service_levels, "时限代码", problems)
    _unique(rows.emergency, "紧急类别代码", problems)
    _unique(rows.scope, "受理范围代码", problems)
    _unique(rows.call_kinds, "来电类别代码", problems)
    _check_town(rows, problems)
    _check_topics(rows, problems)
    _check_designations(rows, problems)
    _check_scope(rows, problems)
    _check_aliases(rows, problems)


def _two_leads(first: Topic, second: Topic) -> str:
    return f"事项 {second.code} 同一天有两个主责单位 {first.lead} 与 {second.lead}" if first.lead != second.lead else ""


def _unique(
    rows: Sequence[Placed[T]], label: str, problems: Problems, special: Callable[[T, T], str] | None = None
) -> None:
    seen: dict[str, list[Placed[T]]] = {}
    for placed in rows:
        for earlier in seen.setdefault(placed.row.code, []):
            if earlier.row.valid.overlaps(placed.row.valid):
                message = special(earlier.row, placed.row) if special else ""
                message = message or f"{label} {placed.row.code} 重复"
                remedy = f"另一处在第 {earlier.where.line} 行；请删去一处，或用 to/from 错开有效期"
                problems.add(placed.where, message, remedy)
        seen[placed.row.code].append(placed)


def _check_town(rows: Rows, problems: Problems) -> None:
    town, where = rows.town.row, rows.town.where
    units = {p.row.code: p.row for p in rows.units}
    if town.centre_unit and (town.centre_unit not in units or units[town.centre_unit].kind is not UnitKind.CENTRE):
        problems.add(where, f"centre_unit {town.centre_unit} 不是 units.yaml 中的 centre 单位", "请改为城运中心的代码")
    elif town.centre_unit:
        _check_unit(town.centre_unit, "centre_unit", Validity(town.begins), rows, where, problems)
    topics = {p.row.code for p in rows.topics}
    for key, code in (("outside_topic", town.outside_topic), ("unrecognised_topic", town.unrecognised_topic)):
        if code and code not in topics:
            problems.add(where, f"{key} {code} 不在 topics.yaml 中", "请填写已有的事项代码")
    if rows.areas and not any(p.row.ours for p in rows.areas):
        problems.add(rows.areas[0].where, "没有任何本镇社区", "请在本镇街道下写 ours: true")
    if town.street_code and not any(p.row.ours and p.row.street_code == town.street_code for p in rows.areas):
        problems.add(where, f"street_code {town.street_code} 与 areas.yaml 的本镇代码不符", "请核对统计用区划代码")


def _check_topics(rows: Rows, problems: Problems) -> None:
    for placed in rows.topics:
        topic = placed.row
        if not topic.lead and not topic.referral:
            remedy = "请填写 lead（单位代码）；不属本镇的填写 referral，说明来电人应找谁"
            problems.add(placed.where, f"事项 {topic.code} 既无主责单位也无转介去向", remedy)
        if topic.lead and topic.lead in topic.support:
            problems.add(placed.where, f"事项 {topic.code} 的主责单位又列为协办", "请从 support 中删去")
        if topic.joint and not (topic.lead and topic.support):
            message = f"跨部门事项 {topic.code} 没有主责或协办单位"
            problems.add(placed.where, message, "请补上 lead 与 support，或删去 joint")
        for code in (topic.lead, *topic.support):
            if code:
                _check_unit(code, f"事项 {topic.code}", topic.valid, rows, placed.where, problems)


def _check_designations(rows: Rows, problems: Problems) -> None:
    topics: dict[str, list[Validity]] = {}
    for known in rows.topics:
        topics.setdefault(known.row.code, []).append(known.row.valid)
    areas = {p.row.code: p.row for p in rows.areas}
    for index, placed in enumerate(rows.designations):
        row, label = placed.row, f"指定 {placed.row.code}"
        if not row.topics and not row.areas:
            problems.add(placed.where, f"{label} 没有写明事项或社区", "请填写 topics 和/或 areas")
        for code in row.topics:
            if code not in topics:
                problems.add(placed.where, f"{label} 引用了不存在的事项 {code}", "请改为 topics.yaml 中的代码")
            elif (gap := _uncovered(row.valid, topics[code])) is not None:
                problems.add(placed.where, f"{label} 引用的事项 {code} 在 {gap} 不在目录中", "请改事项，或改有效期")
        for code in row.areas:
            if code not in areas or not areas[code].ours:
                problems.add(placed.where, f"{label} 引用了不存在或不属本镇的社区 {code}", "请改为 areas.yaml 中的代码")
        _check_unit(row.unit, label, row.valid, rows, placed.where, problems)
        for other in rows.designations[:index]:
            if _same_reach(other.row, row) and other.row.valid.overlaps(row.valid):
                message = f"{label} 与 {other.row.code} 对同一事项和社区同日有效"
                problems.add(placed.where, message, f"另一处在第 {other.where.line} 行；请只留一条或错开有效期")


def _same_reach(first: Designation, second: Designation) -> bool:
    """Neither is more specific than the other, and one call could meet both."""
    if bool(first.topics) != bool(second.topics) or bool(first.areas) != bool(second.areas):
        return False
    shared_topics = not first.topics or set(first.topics) & set(second.topics)
    shared_areas = not first.areas or set(first.areas) & set(second.areas)
    return bool(shared_topics and shared_areas)


def _check_scope(rows: Rows, problems: Problems) -> None:
    topics = {p.row.code for p in rows.topics}
    for placed in rows.scope:
        for code in placed.row.topics:
            if code not in topics:
                message = f"受理范围 {placed.row.code} 引用了不存在的事项 {code}"
                problems.add(placed.where, message, "请改为 topics.yaml 中的代码")


def _check_aliases(rows: Rows, problems: Problems) -> None:
    areas = {p.row.code for p in rows.areas}
    seen: dict[tuple[str, str, str, tuple[int, int]], list[Placed[Alias]]] = {}
    for placed in rows.aliases:
        alias, where = placed.row, placed.where
        needs_code = alias.kind is AliasKind.COMMUNITY or bool(alias.code)
        if needs_code and alias.code not in areas:
            problems.add(where, f"地名“{alias.name}”的社区代码 {alias.code} 不存在", "请改为 areas.yaml 中的代码")
        if alias.kind in (AliasKind.STREET, AliasKind.DISTRICT) and not alias.street:
            problems.add(where, f"地名“{alias.name}”没有写明属于哪个街镇或区", "请填写 street")
        if alias.kind in (AliasKind.ESTATE, AliasKind.ROAD) and not (alias.code or alias.street):
            problems.add(where, f"地名“{alias.name}”没有写明在哪里", "本镇的填写 code（社区代码），外街镇的填写 street")
        if alias.numbers != (0, 0) and alias.kind is not AliasKind.ROAD:
            problems.add(where, f"地名“{alias.name}”不是道路，不能写门牌号起止", "请删去 numbers，或改为 kind: road")
        key = (alias.name, alias.code, alias.street, alias.numbers)
        for earlier in seen.setdefault(key, []):
            if earlier.row.valid.overlaps(alias.valid):
                problems.add(where, f"地名“{alias.name}”重复", f"另一处在第 {earlier.where.line} 行；请删去一处")
        seen[key].append(placed)


def _check_unit(code: str, user: str, valid: Validity, rows: Rows, where: Located, problems: Problems) -> None:
    """The unit (or own community) must exist and be in force on every day of ``valid``."""
    spans = [p.row.valid for p in rows.units if p.row.code == code]
    spans += [p.row.valid for p in rows.areas if p.row.code == code and p.row.ours]
    if not spans:
        problems.add(where, f"{user} 引用了不存在的单位 {code}", "请改为 units.yaml 中的代码，或先补上该单位")
    elif (gap := _uncovered(valid, spans)) is not None:
        problems.add(where, f"{user} 引用的单位 {code} 在 {gap} 已撤销或尚未设立", "请改派其他单位，或改有效期")


def _uncovered(valid: Validity, spans: Iterable[Validity]) -> date | None:
    """First day of ``valid`` on which no span holds; None when all days are covered."""
    day = valid.start
    for span in sorted(spans, key=lambda s: s.start):
        if span.start > day:
            return day
        if span.end is None:
            return None
        if span.end >= day:
            if valid.end is not None and span.end >= valid.end:
                return None
            day = span.end + timedelta(days=1)
    return day
