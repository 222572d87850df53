"""Ingest on fakes: only what changed is encoded, and whatever went wrong before is put right."""

from pathlib import Path

import pytest

from knowledge.documents import Document, DocumentStatus
from knowledge.ingest import IndexBusyError, Ingester, IngestReport, StateFolder
from knowledge.shelf import Shelf, ShelfCache, build_shelf
from knowledge.sources import Reading, SourceProblem
from tests.knowledge.makers import BODY, CharacterEmbedder, MemoryIndex, document

ONE = document("A-1", "停水", BODY)
TWO = document("A-2", "停电", BODY)


def shelf(*documents: Document) -> Shelf:
    return build_shelf(Reading(documents, ()), ShelfCache())


class Desk:
    def __init__(self, folder: Path) -> None:
        self.embedder, self.index = CharacterEmbedder(), MemoryIndex()
        self.state = StateFolder(folder, "kb-test")
        self.ingester = Ingester(self.state, self.embedder, self.index)

    def run(self, *documents: Document) -> tuple[int, int, int, int]:
        report = self.ingester.run(shelf(*documents))
        assert self.index.ids() == set(shelf(*documents).rows)
        return report.added, report.changed, report.removed, report.unchanged


def test_counts_and_what_is_encoded(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.run(ONE, TWO) == (2, 0, 0, 0)
    desk.embedder.encoded.clear()
    assert desk.run(ONE, TWO) == (0, 0, 0, 2)
    assert desk.embedder.encoded == []
    edited = document("A-2", "停电", BODY.replace("摊位数量", "电表号"), content_hash="other")
    assert desk.run(ONE, edited) == (0, 1, 0, 1)
    assert all("电表号" in text for text in desk.embedder.encoded)
    assert desk.run(edited) == (0, 0, 1, 1)


def test_a_withdrawn_document_leaves_the_index(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.run(ONE, TWO)
    desk.run(ONE, document("A-2", "停电", BODY, status=DocumentStatus.WITHDRAWN, content_hash="w"))
    assert not any(key.startswith("A-2#") for key in desk.index.ids())


def test_a_lost_index_is_filled_again_though_the_manifest_says_unchanged(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.run(ONE, TWO)
    desk.index.vectors_by_id.clear()
    assert desk.run(ONE, TWO) == (0, 0, 0, 2)


@pytest.mark.parametrize("content", ["{", "[]", '{"documents": 1, "generation": "x"}', "null", "{}"])
def test_a_damaged_manifest_stops_nothing(tmp_path: Path, content: str) -> None:
    desk = Desk(tmp_path)
    desk.run(ONE)
    (tmp_path / "kb-test.json").write_text(content, encoding="utf-8")
    assert desk.run(ONE) == (1, 0, 0, 0)
    assert desk.run(ONE) == (0, 0, 0, 1)


def test_the_index_is_reopened_after_another_process_wrote(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.run(ONE)
    other = Ingester(StateFolder(tmp_path, "kb-test"), desk.embedder, desk.index)
    other.run(shelf(ONE, TWO))
    assert desk.index.reopened == 0
    desk.run(ONE, TWO)
    assert desk.index.reopened == 1


def test_a_busy_index_says_so(tmp_path: Path) -> None:
    state = StateFolder(tmp_path, "kb-test")
    with (
        state.lock(),
        pytest.raises(IndexBusyError, match="占用知识库索引"),
        StateFolder(tmp_path, "kb-test").lock(seconds=0.05),
    ):
        pass
    with state.lock():
        pass


def test_the_report_reads_well() -> None:
    problem = SourceProblem("常见问答/a.md", 3, "缺少“title”", "补上一行")
    text = str(IngestReport(1, 2, 3, 4, 50, (problem,), 0.25))
    assert "新增 1 篇，修改 2 篇，移除 3 篇，未变 4 篇" in text
    assert "常见问答/a.md 第 3 行：缺少“title”。补上一行。" in text
