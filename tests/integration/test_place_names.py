"""Place names in files: used at once here, and within seconds by another process."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from routing import gazetteer
from routing.bootstrap import DEFAULT_TOWN
from routing.gazetteer import EXTRA_PLACES
from routing.pack_source import PackSource
from routing.place import locate
from routing.taxonomy import Alias, AliasKind, Validity

pytestmark = pytest.mark.integration
DAY = date(2026, 11, 23)
_OTHER = """
import sys, time
from pathlib import Path
from routing.bootstrap import DEFAULT_TOWN
from routing.gazetteer import EXTRA_PLACES
from routing.pack_source import PackSource
source = PackSource(DEFAULT_TOWN, Path(sys.argv[1]), EXTRA_PLACES)
print("open", flush=True)
for _ in range(100):
    if any(a.name == "测试新家园" for a in source.current().aliases):
        print("seen", flush=True)
        break
    time.sleep(0.2)
"""


def new_estate(source: PackSource) -> Alias:
    area = next(a for a in source.current().areas if a.valid.covers(DAY))
    return Alias("测试新家园", AliasKind.ESTATE, "", area.code, True, "", Validity(date(2026, 1, 1)))


def test_a_name_added_in_one_process_is_used_by_another(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _OTHER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        source = PackSource(DEFAULT_TOWN, tmp_path, EXTRA_PLACES)
        alias = new_estate(source)
        source.change(gazetteer.add(alias))
        place = locate("", "测试新家园门口积水", source.current().on(DAY))
        assert place.community_code == alias.code
        assert other.stdout.readline() == "seen\n"


def test_a_file_that_was_broken_by_hand_leaves_the_last_good_names_in_use(tmp_path: Path) -> None:
    source = PackSource(DEFAULT_TOWN, tmp_path, EXTRA_PLACES)
    source.change(gazetteer.add(new_estate(source)))
    (tmp_path / EXTRA_PLACES).write_text("places: [", encoding="utf-8")
    source._looked = 0.0
    assert any(a.name == "测试新家园" for a in source.current().aliases)
