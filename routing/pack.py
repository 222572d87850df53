"""Load a town pack: read every file, check everything, and either return a pack or say all that is wrong with it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from routing.pack_checks import Rows, check
from routing.pack_reader import Problem, Problems, Row, TownPackError, read_file
from routing.pack_sections import (
    Placed,
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
from routing.taxonomy import Alias, TownPack

__all__ = ["PACK_FILES", "TownPackError", "alias_key", "load_town_pack", "read_extra_places"]

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


def load_town_pack(folder: Path, extra: Path | None = None) -> TownPack:
    """Load the pack in ``folder``; raises ``TownPackError`` with all problems, each with file, line and remedy.

    ``extra`` holds place names that the town added on screen; they go over those of places.yaml. It need not exist.
    """
    problems = Problems()
    tops = {name: read_file(folder, name, problems) for name in PACK_FILES}
    added = read_file(extra.parent, extra.name, problems) if extra and extra.exists() else None
    rows = _read_rows(tops, added)
    if added is not None:
        added.finish()
    holidays = read_holidays(tops["holidays.yaml"])
    discount_words = read_discount_words(tops["emergency.yaml"])
    for top in tops.values():
        top.finish()
    if all(top.fields for top in tops.values()):  # else every code of a missing file would be called unknown
        check(rows, problems)
    if problems.found:
        raise TownPackError(folder, tuple(sorted(problems.found, key=_order)))
    return TownPack(
        town=rows.town.row,
        version=f"{rows.town.row.label}+{_content_hash(folder, extra if added else None)}",
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


def read_extra_places(path: Path) -> tuple[Alias, ...]:
    """The place names of the town's own file, none without a file; raises ``TownPackError`` when it is broken."""
    if not path.exists():
        return ()
    problems = Problems()
    top = read_file(path.parent, path.name, problems)
    rows = tuple(placed.row for placed in read_aliases(top, required=False))
    top.finish()
    if problems.found:
        raise TownPackError(path.parent, tuple(sorted(problems.found, key=_order)))
    return rows


def _order(problem: Problem) -> tuple[int, int]:
    known = PACK_FILES.index(problem.file) if problem.file in PACK_FILES else len(PACK_FILES)
    return known, problem.line


def _aliases(top: Row, added: Row | None) -> tuple[Placed[Alias], ...]:
    """The pack's names, each replaced by the town's own of the same name, place and first day, then the other own."""
    own = tuple(read_aliases(added, required=False)) if added is not None else ()
    keys = {alias_key(placed.row) for placed in own}
    return (*(placed for placed in read_aliases(top) if alias_key(placed.row) not in keys), *own)


def alias_key(alias: Alias) -> tuple[str, str, str, tuple[int, int], date]:
    """What tells one row of names from another."""
    return alias.name, alias.code, alias.street, alias.numbers, alias.valid.start


def _read_rows(tops: Mapping[str, Row], added: Row | None) -> Rows:
    return Rows(
        town=read_town(tops["pack.yaml"]),
        units=tuple(read_units(tops["units.yaml"])),
        topics=tuple(read_topics(tops["topics.yaml"])),
        areas=tuple(read_areas(tops["areas.yaml"])),
        aliases=_aliases(tops["places.yaml"], added),
        designations=tuple(read_designations(tops["designations.yaml"])),
        service_levels=tuple(read_service_levels(tops["service_levels.yaml"])),
        emergency=tuple(read_emergency(tops["emergency.yaml"])),
        scope=tuple(read_scope(tops["scope.yaml"])),
        call_kinds=tuple(read_call_kinds(tops["call_kinds.yaml"])),
    )


def _content_hash(folder: Path, extra: Path | None) -> str:
    digest = hashlib.sha256()
    for name in PACK_FILES:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    if extra is not None:
        digest.update(extra.read_bytes())
    return digest.hexdigest()[:8]
