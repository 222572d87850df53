"""The town's own place names beside the pack: add, replace or close one, dated and checked, from a screen.

They stand in ``<state>/town/places-extra.yaml`` and are merged over places.yaml when the pack is loaded. A row with the
name, place and first day of a row of the pack stands in its stead, so that a name of the sample can be closed too.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import yaml
from filelock import FileLock

from routing.pack import TownPackError, alias_key, load_town_pack, read_extra_places
from routing.taxonomy import Alias, TownPack, Validity

EXTRA_PLACES = Path("town") / "places-extra.yaml"
_HEADER = "# 本镇在屏幕上维护的地名，盖过资料包的 places.yaml。请在屏幕上改；手工改后重新启动时会检查。\n"
Edit = Callable[[tuple[Alias, ...]], tuple[Alias, ...]]


class PlaceNameError(ValueError):
    """The change cannot be made; the message is Chinese, nothing was written."""


def add(alias: Alias) -> Edit:
    """Put a new name in."""
    return lambda rows: (*rows, alias)


def close(alias: Alias, last_day: date) -> Edit:
    """Let a name end with ``last_day``; also one of the pack, which is then kept as closed in the town's own file."""
    if last_day < alias.valid.start:
        raise PlaceNameError(f"地名“{alias.name}”自 {alias.valid.start} 起有效，停用日 {last_day} 太早，没有改动。")
    ended = replace(alias, valid=Validity(alias.valid.start, last_day))
    return lambda rows: (*(row for row in rows if alias_key(row) != alias_key(alias)), ended)


def replace_by(old: Alias, new: Alias) -> Edit:
    """End ``old`` the day before ``new`` begins; replaced on its own first day, it never was."""
    if new.valid.start <= old.valid.start:
        if alias_key(old) == alias_key(new) or new.valid.start < old.valid.start:
            raise PlaceNameError(f"地名“{old.name}”的新条目须晚于 {old.valid.start} 生效，没有改动。")
        return lambda rows: (*(row for row in rows if alias_key(row) != alias_key(old)), new)
    ending = close(old, new.valid.start - timedelta(days=1))
    return lambda rows: (*ending(rows), new)


def change(town: Path, state: Path, edit: Edit) -> TownPack:
    """Apply ``edit`` to the town's own names and return the pack with them.

    The whole pack is checked with the new names first; raises ``TownPackError`` and writes nothing when they do not
    fit. Two processes that change at once do it one after the other.
    """
    path = state / EXTRA_PLACES
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        rows = edit(read_extra_places(path))
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(render(rows), encoding="utf-8")
        try:
            pack = load_town_pack(town, draft)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            draft.replace(path)
        except TownPackError:
            draft.unlink()
            raise
    return pack


def render(rows: Sequence[Alias]) -> str:
    """The file's text; the same rows always give the same text."""
    return _HEADER + yaml.safe_dump({"places": [_fields(row) for row in rows]}, allow_unicode=True, sort_keys=False)


def _fields(alias: Alias) -> dict[str, str | bool]:
    fields: dict[str, str | bool] = {"name": alias.name, "kind": alias.kind.value}
    fields |= {"street": alias.street} if alias.street else {}
    fields |= {"code": alias.code} if alias.code else {}
    fields |= {"bare": True} if alias.bare else {}
    fields |= {"note": alias.note} if alias.note else {}
    fields |= {"numbers": f"{alias.numbers[0]}-{alias.numbers[1]}"} if alias.numbers != (0, 0) else {}
    fields |= {"clause": "细则-8", "from": alias.valid.start.isoformat()}
    return fields | ({"to": alias.valid.end.isoformat()} if alias.valid.end else {})
