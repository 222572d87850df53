"""Builders for tests of routing: the sample pack, a copy of it to spoil, and cases for single rules."""

import shutil
from datetime import date, datetime
from pathlib import Path

from routing.holiday_calendar import open_calendar
from routing.pack import PACK_FILES, load_town_pack
from routing.place import locate
from routing.ports import ALONE, Case, Circumstances
from routing.recommendation import Band, Candidate, Place, Proposal, Request
from routing.sla import SHANGHAI
from routing.taxonomy import PackView

TOWN = Path(__file__).resolve().parents[2] / "routing" / "data" / "jiuting"
PACK = load_town_pack(TOWN)
CALENDAR = open_calendar(TOWN)
VIEW = PACK.on(date(2026, 4, 8))
CALLED_AT = datetime(2026, 4, 8, 9, tzinfo=SHANGHAI)


def copy_town(folder: Path) -> Path:
    """A writable copy of the sample pack's files."""
    for name in PACK_FILES:
        shutil.copy(TOWN / name, folder / name)
    return folder


def proposal(*codes: str, band: Band = Band.ACCEPT, view: PackView = VIEW) -> Proposal:
    """A proposal of the given topics, the first with score 0.9."""
    topics = tuple(Candidate(c, view.topics[c].name, 0.9 / (n + 1)) for n, c in enumerate(codes))
    return Proposal((), topics, (), band, (), "test", "test")


def case(
    text: str = "",
    topic: str = "",
    address: str = "",
    band: Band = Band.ACCEPT,
    view: PackView = VIEW,
    place: Place | None = None,
    place_is_ours: bool = False,
    around: Circumstances = ALONE,
) -> Case:
    """A call for one rule."""
    request = Request(text, CALLED_AT, address, place_is_ours=place_is_ours)
    where = place or locate(address, text, view)
    codes = (topic,) if topic else ()
    return Case(
        request, proposal(*codes, band=band, view=view), where, view, view.topics.get(topic),
        band in (Band.CENTRE, Band.UNKNOWN), around,
    )  # fmt: skip
