"""A written document is read back as the same document, whatever its fields hold."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from knowledge.documents import Document, LegalBasis
from knowledge.sources import Codes, parse_document, read_folder
from knowledge.writing import file_path, render_markdown
from tests.knowledge.makers import document
from tests.knowledge.odd_documents import documents

KB_DOCS = Path(__file__).parents[2] / "kb_docs"


def read_back(written: str, name: str) -> Document:
    found = parse_document(written.encode(), name, Codes())
    assert isinstance(found, Document), found
    return found


def test_every_document_of_the_library_comes_back() -> None:
    held = read_folder(KB_DOCS).documents
    assert len(held) > 50
    for found in held:
        again = read_back(render_markdown(found), found.path)
        assert replace(again, content_hash=found.content_hash) == found


def test_the_house_order_and_quotes() -> None:
    found = document(
        "C01-a",
        '他说"好"',
        "\n## 可以这样答复\n好的。\n",
        basis=(LegalBasis("某某条例", "2018-12-20", ("第一条", "第二条：[其他]")),),
        asks=("为啥: 不管？", " "),
        in_force_to=date(2026, 12, 31),
    )
    assert render_markdown(found) == (
        '---\nid: C01-a\ntitle: "他说\\"好\\""\nkind: 常见问答\ntopics: [C01]\nunit: ZFD\nstatus: 已发布\n'
        'basis:\n  - law: 某某条例\n    version: "2018-12-20"\n    articles: [第一条, "第二条：[其他]"]\n'
        'asks:\n  - "为啥: 不管？"\nin_force_from: 2026-01-01\nin_force_to: 2026-12-31\nreview_by: 2027-01-01\n---\n'
        "## 可以这样答复\n好的。\n"
    )
    assert file_path(found) == "常见问答/C01-a.md"


@pytest.mark.parametrize(
    "text", ["null", "~", "yes", "2026-01-01", "1e3", "012", "- 一", "a: b", "a #b", "*a", "—", "%"]
)
def test_words_with_a_meaning_in_yaml_stay_words(text: str) -> None:
    found = document("C01-a", text, "正文", unit=text, topics=(text,), asks=(text,))
    assert replace(read_back(render_markdown(found), found.path), content_hash="C01-a") == found


@settings(deadline=None)
@given(documents())
def test_odd_documents_come_back(found: Document) -> None:
    assert replace(read_back(render_markdown(found), found.path), content_hash="") == found
