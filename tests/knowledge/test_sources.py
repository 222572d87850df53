"""A broken document is reported with line and remedy, and never stops the others."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import DocumentKind, DocumentStatus, LegalBasis
from knowledge.sources import fingerprint, read_folder
from tests.knowledge.makers import source, write


def test_a_sound_document(tmp_path: Path) -> None:
    write(tmp_path, "常见问答/a.md", source())
    reading = read_folder(tmp_path, frozenset({"C01"}), frozenset({"ZFD"}))
    assert reading.problems == ()
    found = reading.documents[0]
    assert (found.id, found.kind, found.status) == ("C01-baiTan", DocumentKind.QUESTION, DocumentStatus.UNVERIFIED)
    assert found.basis == (LegalBasis("某某条例", "2018-12-20", ("第十七条",)),)
    assert (found.in_force_from, found.in_force_to, found.path) == (date(2026, 1, 1), None, "常见问答/a.md")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (source(id="中文"), 2, "编号"),
        (source(title=None), 1, "缺少“title”"),
        (source(kind="闲聊"), 4, "类别"),
        (source(kind="办事指南"), 4, "文件却在"),
        (source(topics="[]"), 5, "topics"),
        (source(topics="[C01, X99]"), 5, "X99"),
        (source(unit="NOPE"), 6, "NOPE"),
        (source(status="好"), 7, "状态"),
        (source(basis="[{law: 某条例}]"), 8, "version"),
        (source(basis="[随便]"), 8, "写法不对"),
        (source(in_force_from="2026-02-30"), 10, "不是日期"),
        (source(in_force_from="0026-01-01"), 10, "年份"),
        (source(in_force_to="2025-12-31"), 11, "失效日早于生效日"),
        (source(review_by="2025-01-01"), 12, "复核日"),
        (source(in_force_too="2026-12-31"), 13, "不认识的项"),
        (source(title="无 [ 括号"), None, ""),
        (source(title="[没有收尾"), 4, "YAML"),
        (source().replace("status:", "title:"), 7, "写了两次"),
        (source(body="  \n"), 14, "没有正文"),
        (source(title="[" * 90_000), 3, "层数太多"),
        (source(title="\n" + "- " * 50_000 + "x"), 4, "层数太多"),
        ("没有信息\n", 1, "没有文档信息"),
        ("---\nid: x\n", 1, "没有结束"),
        ("---\n- 列表\n---\n正文", 2, "项: 值"),
        ("", 1, "没有文档信息"),
    ],
)
def test_problems(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    write(tmp_path, "常见问答/坏.md", text)
    write(tmp_path, "常见问答/好.md", source("C01-hao"))
    reading = read_folder(tmp_path, frozenset({"C01"}), frozenset({"ZFD"}))
    if line is None:
        assert reading.problems == ()
        return
    assert [d.id for d in reading.documents] == ["C01-hao"]
    assert any(p.line == line and words in p.message for p in reading.problems), reading.problems
    assert all(p.path == "常见问答/坏.md" and p.remedy for p in reading.problems)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    write(tmp_path, "常见问答/a.md", source())
    write(tmp_path, "常见问答/b.md", source())
    reading = read_folder(tmp_path)
    assert [d.path for d in reading.documents] == ["常见问答/a.md"]
    assert "常见问答/a.md" in reading.problems[0].message


def test_other_encodings_and_sizes(tmp_path: Path) -> None:
    (tmp_path / "常见问答").mkdir()
    (tmp_path / "常见问答/gbk.md").write_bytes(source("C01-gbk").encode("gbk"))
    (tmp_path / "常见问答/bom.md").write_bytes(b"\xef\xbb\xbf" + source("C01-bom").replace("\n", "\r\n").encode())
    write(tmp_path, "常见问答/long.md", source("C01-long", body="长" * 80_000))
    write(tmp_path, "README.md", "说明")
    write(tmp_path, "常见问答/.draft.md", "隐藏")
    reading = read_folder(tmp_path)
    assert [d.id for d in reading.documents] == ["C01-bom"]
    assert {p.path: p.message for p in reading.problems} == {
        "常见问答/gbk.md": "文字编码不是 UTF-8",
        "常见问答/long.md": "文件超过 200 KB",
    }


def test_undated_basis_and_no_basis(tmp_path: Path) -> None:
    write(tmp_path, "常见问答/a.md", source("A-1", basis="[]"))
    write(tmp_path, "常见问答/b.md", source("A-2", basis="[{law: 条例, version: 未注明, articles: [第一条]}]"))
    assert [[b.version for b in d.basis] for d in read_folder(tmp_path).documents] == [[], ["未注明"]]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="知识库文件夹不存在"):
        read_folder(tmp_path / "none")


def test_fingerprint_changes_with_an_edit(tmp_path: Path) -> None:
    path = write(tmp_path, "常见问答/a.md", source())
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    path.write_text(source() + "一句", encoding="utf-8")
    assert fingerprint(tmp_path) != before
