"""Runs on disk, and the report as a file."""

import json
import re
from pathlib import Path

import pytest

from evals.html_report import TownNames, html_report
from evals.run_store import RunStore, UnknownRunError
from tests.evals.scored_cases import a_run, scored

pytestmark = pytest.mark.integration
NAMES = TownNames({"C01": "占道设摊", "C02": "跨门经营"}, {"ZFD": "综合行政执法队"})


def test_a_run_comes_back_whole_and_in_order_of_time(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = a_run([scored("1", "C01", "C01"), scored("2", "C01", "C02")], {"对照": (("C01",), ("C01",))})
    store.save(run)
    assert store.load(run.head.id) == run
    assert [head.id for head in store.heads()] == [run.head.id]


@pytest.mark.parametrize("name", ["../../etc", "20261123-080000-abcdef", ""])
def test_an_unknown_run_is_refused_and_no_path_is_followed(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownRunError):
        RunStore(tmp_path).load(name)


def test_a_damaged_run_is_left_out_of_the_list_and_named_when_opened(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = a_run([scored("1", "C01", "C01")])
    store.save(run)
    (tmp_path / run.head.id / "head.json").write_text("{", encoding="utf-8")
    assert store.heads() == ()
    with pytest.raises(UnknownRunError, match="已损坏"):
        store.load(run.head.id)


def test_the_report_opens_offline_and_says_who_is_confused_with_whom() -> None:
    cases = [scored(str(i), "C01", "C02" if i % 3 else "C01") for i in range(12)]
    html = html_report(a_run(cases, {"tf-idf": tuple(("C01", "C02") for _ in cases)}, "<b>试</b>"), NAMES)
    assert "C01 占道设摊" in html
    assert "C02 跨门经营" in html
    assert html.count("<svg") >= 5
    assert re.search(r"</style>\s*</head><body>", html)  # nothing stray between the parts of the template
    assert "&lt;b&gt;试&lt;/b&gt;" in html
    for outside in ('src="http', 'href="http', "@import", "url(http"):
        assert outside not in html


def test_a_run_without_labels_still_makes_a_report(tmp_path: Path) -> None:
    from dataclasses import replace

    bare = [replace(scored(str(i), "C01", "C01"), topic="", accept=(), lead="") for i in range(3)]
    html = html_report(a_run(bare), NAMES)
    assert "没有误判" in html
    store = RunStore(tmp_path)
    store.save(a_run(bare))
    assert json.loads((next(tmp_path.iterdir()) / "cases.json").read_text(encoding="utf-8"))["cases"][0]["text"]
