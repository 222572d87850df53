"""Foreign files through the confined process: what a bad one cannot do, and a real pdf."""

from pathlib import Path

import pytest

from knowledge.exchange.archive import export_zip, import_zip
from knowledge.exchange.confined import child_environment
from knowledge.exchange.drafts import KEPT
from knowledge.exchange.plan import Verdict, library
from knowledge.exchange.reading import read_file, read_files
from knowledge.exchange.workbook import export_xlsx, import_xlsx
from knowledge.sources import read_folder
from tests.knowledge.exchange.files import TEXT, pdf, word

pytestmark = pytest.mark.integration
KB_DOCS = Path(__file__).parents[2] / "kb_docs"


def test_a_bad_file_stops_no_other(tmp_path: Path) -> None:
    big = tmp_path / "大.pdf"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    files: list[tuple[str, Path | bytes]] = [
        ("甲.docx", word(TEXT)),
        ("../../大.pdf", big),
        ("扫描.pdf", pdf([[], []])),
        ("没有.md", tmp_path / "没有.md"),
        ("乙.pdf", pdf([[TEXT]])),
    ]
    readings = read_files(files)
    assert [bool(reading.drafts) for reading in readings] == [True, False, False, False, True]
    assert readings[0].drafts[0].passages[0].text == TEXT
    assert readings[1].name == "大.pdf"
    assert readings[1].message().startswith("大.pdf：文件有 50 MB，超过 20 MB")
    assert KEPT in readings[1].message()
    assert any("路径" in notice.message for notice in readings[1].notices)
    assert "扫描件没有文字" in readings[2].message()
    assert "读不出来" in readings[3].message()


def test_a_slow_file_is_stopped() -> None:
    data = b"<html><body>" + b"<p><b>x</b></p>" * 1_000_000
    assert "2 秒没有读完" in read_file(data, "慢.html", seconds=2).message()


def test_a_greedy_file_is_stopped() -> None:
    data = b"<html><body>" + b"<p><b>x</b></p>" * 1_000_000
    reading = read_file(data, "大.html", memory=150_000_000)
    assert (reading.drafts, KEPT in reading.message()) == ((), True)


def test_our_own_secrets_stay_with_us() -> None:
    """The child gets no variable of ours beyond what a program needs to start."""
    assert "HOTLINE_WEBHOOK_SECRET" not in child_environment({"HOTLINE_WEBHOOK_SECRET": "x", "PATH": "/bin"})
    assert child_environment({"PATH": "/bin"})["PATH"] == "/bin"


def test_a_pdf_of_libreoffice_gives_the_articles() -> None:
    """The file was made by LibreOffice 7.4 from a Word document with automatic numbers; its text is invented."""
    draft = read_file(Path(__file__).parent / "files" / "libreoffice.pdf", "办法.pdf").drafts[0]
    assert draft.title == "示例管理办法"
    lines = draft.body.split("\n\n")
    assert lines[0] == "## 第一章 总则"
    assert [line[:3] for line in lines[1:]] == ["第一条", "（一）", "第二条"]
    assert lines[1].count("为了示例") == 8


def test_the_library_goes_out_and_comes_back_through_the_confined_process(tmp_path: Path) -> None:
    plan = import_zip(export_zip(KB_DOCS), tmp_path)
    for item in plan.to_write():
        target = tmp_path / item.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(item.content)
    assert library(tmp_path).files == library(KB_DOCS).files
    assert import_xlsx(export_xlsx(read_folder(tmp_path).documents), KB_DOCS).count(Verdict.SAME) == len(plan.items)
    assert import_zip(b"no archive", tmp_path).refusal is not None
    assert import_xlsx(b"no workbook", tmp_path).refusal is not None
