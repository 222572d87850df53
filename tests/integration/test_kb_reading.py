"""Foreign files through the confined process: what a bad one cannot do, and a real one by LibreOffice."""

import os
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from knowledge.exchange.archive import export_zip, import_zip
from knowledge.exchange.drafts import KEPT
from knowledge.exchange.plan import Verdict, library
from knowledge.exchange.reading import read_file, read_files
from knowledge.exchange.workbook import export_xlsx, import_xlsx
from knowledge.sources import read_folder
from tests.knowledge.exchange.files import TEXT, number_paragraphs, pdf, saved, word

pytestmark = pytest.mark.integration
KB_DOCS = Path(__file__).parents[2] / "kb_docs"
OFFICE = shutil.which("soffice")


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
    message = read_file(b"<html><body>" + b"<p><b>x</b></p>" * 1_000_000, "大.html", memory=400_000_000).message()
    assert "已停止" in message


def test_our_own_secrets_stay_with_us(tmp_path: Path) -> None:
    """The child is started without our environment; what it would print comes back as a reading only."""
    before = dict(os.environ)
    assert read_file(word(TEXT), "甲.docx").drafts
    assert dict(os.environ) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not part of the environment; the hand-made pdf is")
def test_a_pdf_of_libreoffice_gives_the_articles(tmp_path: Path) -> None:
    opened = docx.Document()
    opened.add_heading("示例管理办法", 0)
    opened.add_heading("第一章 总则", 1)
    number_paragraphs(opened, [("为了示例，制定本办法。" * 8, 0), ("示例情形甲；", 1), ("公布之日施行。", 0)])
    (tmp_path / "办法.docx").write_bytes(saved(opened))
    _office(tmp_path, "pdf", "办法.docx")
    draft = read_file(tmp_path / "办法.pdf", "办法.pdf").drafts[0]
    assert draft.title == "示例管理办法"
    lines = draft.body.split("\n\n")
    assert lines[0] == "## 第一章 总则"
    assert [line[:3] for line in lines[1:]] == ["第一条", "（一）", "第二条"]
    assert lines[1].count("为了示例") == 8


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not part of the environment; openpyxl's own file is tested beside"
)
def test_a_workbook_saved_again_by_libreoffice_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "库.xlsx").write_bytes(export_xlsx(read_folder(KB_DOCS).documents))
    (tmp_path / "neu").mkdir()
    _office(tmp_path, "xlsx", "库.xlsx", "neu")
    plan = import_xlsx((tmp_path / "neu" / "库.xlsx").read_bytes(), KB_DOCS)
    assert plan.refusal is None
    assert plan.count(Verdict.SAME) == len(plan.items) == len(read_folder(KB_DOCS).documents)


def _office(folder: Path, extension: str, name: str, out: str = ".") -> None:
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", extension]
    subprocess.run([*command, "--outdir", out, name], cwd=folder, check=True, capture_output=True, timeout=120)


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
