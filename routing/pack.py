"""Load a town pack: read every file, check everything, and either return a pack or say all that is wrong with it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from routing.pack_checks import Rows, check
from routing.pack_reader import Problems, Row, TownPackError, read_file
from routing.pack_sections import (
    read_aliases,
    read_areas,
    read_call_kinds,
    read_designations,
    read_discount_words,
    read_emergency,
    read_holidays,
    read_scope,
    read_service_levels,
    read_topics,
    read_town,
    read_units,
)
from routing.taxonomy import TownPack

__all__ = ["PACK_FILES", "TownPackError", "load_town_pack"]

PACK_FILES = (
    "pack.yaml",
    "units.yaml",
    "topics.yaml",
    "areas.yaml",
    "places.yaml",
    "designations.yaml",
    "service_levels.yaml",
    "emergency.yaml",
    "scope.yaml",
    "call_kinds.yaml",
    "holidays.yaml",
)


def load_town_pack(folder: Path) -> TownPack:
    """Load the pack in ``folder``; raises ``TownPackError`` with all problems, each with file, line and remedy."""
    problems = Problems()
    tops = {name: read_file(folder, name, problems) for name in PACK_FILES}
    rows = _read_rows(tops)
    holidays = read_holidays(tops["holidays.yaml"])
    discount_words = read_discount_words(tops["emergency.yaml"])
    for top in tops.values():
        top.finish()
    if all(top.fields for top in tops.values()):  # else every code of a missing file would be called unknown
        check(rows, problems)
    if problems.found:
        raise TownPackError(folder, tuple(sorted(problems.found, key=lambda p: (PACK_FILES.index(p.file), p.line))))
    return TownPack(
        town=rows.town.row,
        version=f"{rows.town.row.label}+{_content_hash(folder)}",
        units=tuple(p.row for p in rows.units),
        topics=tuple(p.row for p in rows.topics),
        areas=tuple(p.row for p in rows.areas),
        aliases=tuple(p.row for p in rows.aliases),
        designations=tuple(p.row for p in rows.designations),
        service_levels=tuple(p.row for p in rows.service_levels),
        emergency=tuple(p.row for p in rows.emergency),
        scope=tuple(p.row for p in rows.scope),
        call_kinds=tuple(p.row for p in rows.call_kinds),
        discount_words=discount_words,
        holidays=MappingProxyType(dict(holidays)),
    )


def _read_rows(tops: Mapping[str, Row]) -> Rows:
    return Rows(
        town=read_town(tops["pack.yaml"]),
        units=tuple(read_units(tops["units.yaml"])),
        topics=tuple(read_topics(tops["topics.yaml"])),
        areas=tuple(read_areas(tops["areas.yaml"])),
        aliases=tuple(read_aliases(tops["places.yaml"])),
        designations=tuple(read_designations(tops["designations.yaml"])),
        service_levels=tuple(read_service_levels(tops["service_levels.yaml"])),
        emergency=tuple(read_emergency(tops["emergency.yaml"])),
        scope=tuple(read_scope(tops["scope.yaml"])),
        call_kinds=tuple(read_call_kinds(tops["call_kinds.yaml"])),
    )


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in PACK_FILES:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return digest.hexdigest()[:8]
