"""Writing in the folder of documents: whole or not at all, never over a newer text, never outside."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from knowledge.documents import Document, DocumentKind
from knowledge.library import SHANGHAI, BadSourceError, Library, StaleSourceError
from knowledge.sources import Codes, read_folder
from tests.knowledge.makers import source as source_text

NOW = datetime(2026, 11, 23, 10, 5, tzinfo=SHANGHAI)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, lambda: Codes(frozenset({"C01"}), frozenset({"ZFD"})))


def _hash(library: Library, document_id: str = "C01-baiTan") -> str:
    found = library.find(document_id)
    assert found is not None
    return found.hash


def test_a_new_document_lies_in_the_folder_of_its_kind(library: Library) -> None:
    written = library.put(source_text(), None)
    assert written.path == "常见问答/C01-baiTan.md"
    assert read_folder(library.folder).documents == (written,)


def test_what_was_changed_meanwhile_is_not_overwritten(library: Library) -> None:
    library.put(source_text(), None)
    first = _hash(library)
    library.put(source_text(title="第二版"), first)
    with pytest.raises(StaleSourceError, match="改动过"):
        library.put(source_text(title="旧稿"), first)
    with pytest.raises(StaleSourceError, match="已被"):
        library.put(source_text(title="又一篇"), None)
    found = library.find("C01-baiTan")
    assert found is not None
    assert "第二版" in found.text


def test_a_change_of_kind_moves_the_file(library: Library) -> None:
    library.put(source_text(), None)
    moved = library.put(source_text(kind=DocumentKind.GUIDE.value), _hash(library))
    assert moved.path == "办事指南/C01-baiTan.md"
    assert not (library.folder / "常见问答/C01-baiTan.md").exists()


@pytest.mark.parametrize("bad", ["../A01", "a/b", "A01\x00", "", "甲", "x" * 65])
def test_no_name_leads_out_of_the_folder(library: Library, bad: str) -> None:
    with pytest.raises(BadSourceError):
        library.find(bad)
    with pytest.raises(BadSourceError):
        library.put(source_text(bad), None)
    assert list(library.folder.rglob("*.md")) == []


def test_a_link_is_neither_read_nor_written_through(library: Library, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "C01-baiTan.md").write_text(source_text(), encoding="utf-8")
    (library.folder / "常见问答").symlink_to(outside)
    with pytest.raises(StaleSourceError, match="链接"):
        library.put(source_text("C01-y"), None)
    assert [path.name for path in outside.iterdir()] == ["C01-baiTan.md"]
    (library.folder / "常见问答").unlink()
    (library.folder / "常见问答").mkdir()
    (library.folder / "常见问答/C01-baiTan.md").symlink_to(outside / "C01-baiTan.md")
    reading = read_folder(library.folder)
    assert reading.documents == ()
    assert "链接" in reading.problems[0].message


def test_a_file_that_was_named_otherwise_is_found_by_its_id(library: Library) -> None:
    folder = library.folder / "常见问答"
    folder.mkdir()
    (folder / "物业.md").write_text(source_text(), encoding="utf-8")
    written = library.put(source_text(title="改过"), _hash(library))
    assert written.path == "常见问答/物业.md"


def test_work_aside_does_not_answer(library: Library) -> None:
    document = library.put(source_text(), None)
    library.save_draft("C01-baiTan", "还没写完")
    assert library.drafts() == ("C01-baiTan",)
    assert library.draft("C01-baiTan") == "还没写完"
    assert read_folder(library.folder).documents == (document,)
    library.drop_draft("C01-baiTan")
    assert library.draft("C01-baiTan") is None


def test_a_plan_waits_for_its_moment(library: Library) -> None:
    library.put(source_text(), None)
    library.plan(source_text(title="新办法"), _hash(library), NOW + timedelta(hours=1))
    assert library.apply_due(NOW) == ()
    assert [plan.at for plan in library.plans()] == [NOW + timedelta(hours=1)]
    assert [plan.document_id for plan in library.apply_due(NOW + timedelta(hours=1))] == ["C01-baiTan"]
    assert [document.title for document in read_folder(library.folder).documents] == ["新办法"]
    assert library.plans() == ()


def test_a_plan_whose_document_changed_is_kept_for_a_person(library: Library) -> None:
    library.put(source_text(), None)
    library.plan(source_text(title="新办法"), _hash(library), NOW)
    library.put(source_text(title="手改"), _hash(library))
    assert library.apply_due(NOW) == ()
    assert [plan.refused for plan in library.plans()] == [True]
    assert _title(library) == "手改"
    assert library.apply_due(NOW + timedelta(days=1)) == ()
    assert library.cancel("C01-baiTan")
    assert library.plans() == ()


def test_what_is_unsound_is_refused_with_its_line(library: Library) -> None:
    found = library.check(source_text(unit="无此单位"))
    assert isinstance(found, tuple)
    assert "无此单位" in found[0].message
    with pytest.raises(BadSourceError, match="第 6 行"):
        library.put(source_text(unit="无此单位"), None)
    assert isinstance(library.check(source_text()), Document)


def _title(library: Library) -> str:
    (document,) = read_folder(library.folder).documents
    return document.title
