"""The examination of the knowledge base: every kind of finding, and what must not be found."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from knowledge.checks.duplicates import near_duplicates, shared_asks
from knowledge.checks.findings import Finding, FindingKind, TownCodes, Usage
from knowledge.documents import UNDATED, Document, DocumentStatus, LegalBasis
from knowledge.health import Health, examine
from knowledge.problems import SourceProblem
from knowledge.statutes import Statute, Statutes, Successor
from tests.knowledge.makers import document

TODAY = date(2026, 11, 26)
CODES = TownCodes({"C01": "流动设摊"}, {"ZFD": "综合行政执法队"}, {"OLD": "旧办公室"})
LAWS = Statutes(
    [
        Statute("甲条例", (), "2018-12-20", (), ("2009-01-01",), None, ((1, 60),)),
        Statute("乙条例", (), UNDATED, (), (), None, ((1, 60),)),
        Statute(
            "丙条例",
            (),
            "2012-01-01",
            (),
            (),
            None,
            ((1, 60),),
            (),
            Successor("丙条例（修订）", "2025-06-27", date(2026, 1, 1), "公报"),
        ),
    ]
)
GOOD = (LegalBasis("甲条例", "2018-12-20", ("第十条",)),)


def sound(key: str = "C01-a", **changes: object) -> Document:
    """A document without any finding, unless ``changes`` make one."""
    fields: dict[str, object] = {"basis": GOOD, "asks": (f"{key}怎么问",)} | changes
    title, body = str(fields.pop("title", key)), str(fields.pop("body", f"{key}的正文。"))
    return document(key, title, body, **fields)


def examined(*documents: Document, usage: Usage | None = None, problems: Sequence[SourceProblem] = ()) -> Health:
    return examine(documents, TODAY, CODES, LAWS, usage, problems)


def kinds(*documents: Document, usage: Usage | None = None) -> list[FindingKind]:
    return [finding.kind for finding in examined(*documents, usage=usage).findings]


def only(kind: FindingKind, *documents: Document, usage: Usage | None = None) -> Finding:
    findings = examined(*documents, usage=usage).findings
    assert [finding.kind for finding in findings] == [kind], findings
    assert findings[0].message
    assert findings[0].remedy
    return findings[0]


def test_a_sound_base_has_no_finding() -> None:
    health = examined(sound())
    assert health.findings == ()
    assert (health.documents, health.answering, health.sound) == (1, 1, 1)
    assert set(health.counts.values()) == {0}


def test_expired_and_soon_to_expire() -> None:
    covering = sound("C01-b")
    found = only(FindingKind.EXPIRED, sound(in_force_to=TODAY - timedelta(days=1)), covering)
    assert "2026-11-25" in found.message
    assert "还有 30 天" in only(FindingKind.EXPIRING, sound(in_force_to=TODAY + timedelta(days=30))).message
    assert kinds(sound(in_force_to=TODAY + timedelta(days=31))) == []
    assert "还有 0 天" in only(FindingKind.EXPIRING, sound(in_force_to=TODAY)).message


def test_reviews() -> None:
    assert "已过 1 天" in only(FindingKind.REVIEW_OVERDUE, sound(review_by=TODAY - timedelta(days=1))).message
    assert "还有 0 天" in only(FindingKind.REVIEW_DUE, sound(review_by=TODAY)).message
    assert kinds(sound(review_by=TODAY + timedelta(days=31))) == []


@pytest.mark.parametrize("status", [DocumentStatus.WITHDRAWN, DocumentStatus.DRAFT])
def test_what_does_not_answer_is_left_in_peace(status: DocumentStatus) -> None:
    idle = sound(status=status, unit="XXX", basis=(), review_by=date(2026, 1, 1), in_force_to=date(2026, 2, 1))
    assert kinds(idle, sound("C01-b")) == []


def test_owners() -> None:
    assert "XXX 不在目录" in only(FindingKind.NO_OWNER, sound(unit="XXX")).message
    assert "旧办公室”已撤销" in only(FindingKind.NO_OWNER, sound(unit="OLD")).message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": DocumentStatus.UNVERIFIED}, "待核验"),
        ({"basis": ()}, "没有写依据"),
        ({"basis": (LegalBasis("乙条例", UNDATED, ("第十条",)),)}, "没有写明版本"),
        ({"basis": (LegalBasis("甲条例", "2018-12-21", ("第十条",)),)}, "没有 2018-12-21 这个版本"),
        ({"basis": (LegalBasis("甲条例", "2018-12-20", ("第六十一条",)),)}, "没有第六十一条"),
        ({"basis": (LegalBasis("没有的条例", "2018-12-20", ("第一条",)),)}, "无法核对"),
    ],
)
def test_unverified_basis(changes: dict[str, object], words: str) -> None:
    assert words in only(FindingKind.UNVERIFIED, sound(**changes)).message


@pytest.mark.parametrize(
    "basis", [LegalBasis("丙条例", "2012-01-01", ("第十条",)), LegalBasis("甲条例", "2009-01-01", ("第十条",))]
)
def test_laws_that_have_a_newer_version(basis: LegalBasis) -> None:
    only(FindingKind.OUTDATED, sound(basis=(basis,)))


TEXT = "摆摊占道由综合行政执法队管，请讲清地点和时间，登记后马上派给他们，五个工作日内给您结果。"


def test_near_duplicates() -> None:
    found = only(FindingKind.DUPLICATE, sound("C01-a", body=TEXT), sound("C01-b", body=TEXT.replace("马上", "立刻")))
    assert found.documents == ("C01-a", "C01-b")
    other = "餐饮油烟先看有没有装净化器，请讲清是哪家店、几点味道大，登记后派人去看，五个工作日内给您结果。"
    assert kinds(sound("C01-a", body=TEXT), sound("C01-b", body=other)) == []


def test_the_same_laws_do_not_make_duplicates() -> None:
    laws = "\n## 依据\n" + "《甲条例》（2018-12-20）第十条：很长的一段依据。" * 5
    one, other = sound("C01-a", body="甲的答复。" + laws), sound("C01-b", body="乙的说法不同。" + laws)
    assert kinds(one, other) == []


def test_duplicates_agree_with_a_plain_comparison() -> None:
    documents = [sound(f"C01-{n}", body=TEXT[n:] + "甲乙丙丁戊"[n % 5] * 3) for n in range(12)]
    texts = {
        d.id: {p[i : i + 3] for p in [d.body.translate({ord(c): None for c in "，。"})] for i in range(len(p) - 2)}
        for d in documents
    }
    plain = {
        (a, b) for a in texts for b in texts if a < b and len(texts[a] & texts[b]) / len(texts[a] | texts[b]) >= 0.8
    }
    assert {pair.documents for pair in near_duplicates(documents, 0.8)} == plain


def test_the_one_copy_among_many_is_found() -> None:
    documents = [sound(f"C01-{n}", body=f"{n:04d}" + TEXT[n % 20 :][::-1] * (1 + n % 3)) for n in range(300)]
    assert near_duplicates([*documents, sound("C01-x", body=documents[7].body)], 0.99)[0].likeness == 1.0


def test_one_question_in_two_documents() -> None:
    one, other = sound("C01-a", asks=("有人摆摊怎么办？",)), sound("C01-b", asks=("有人摆摊，怎么办",))
    found = only(FindingKind.SAME_ASK, one, other)
    assert "有人摆摊怎么办" in found.message
    assert found.documents == ("C01-a", "C01-b")
    assert list(shared_asks((one,))) == []


def test_contradictions_stand_side_by_side() -> None:
    one = sound("C01-a", body="摆摊的事派单后一个工作日内有人和您联系。")
    other = sound("C01-b", body="摆摊的事派单后三个工作日内有人和您联系，请留意电话，也请先把现场照片和时间留好。")
    found = only(FindingKind.CONTRADICTION, one, other)
    assert found.documents == ("C01-a", "C01-b")
    assert "一个工作日" in found.sentences[0]
    assert "三个工作日" in found.sentences[1]


def test_other_topics_and_other_times_do_not_contradict() -> None:
    one = sound("C01-a", body="摆摊的事派单后一个工作日内有人和您联系。")
    text = "摆摊的事派单后三个工作日内有人和您联系，请留意电话，也请先把现场照片和时间留好。"
    assert kinds(one, sound("C02-b", body=text, topics=("C02",))) == []
    assert kinds(one, sound("C01-b", body=text, in_force_from=TODAY + timedelta(days=9))) == []


def test_broken_references() -> None:
    found = only(FindingKind.BROKEN, sound(body="另见 C01-meiYou。"))
    assert "C01-meiYou" in found.message
    idle = sound("C01-b", status=DocumentStatus.WITHDRAWN)
    assert "已停用" in only(FindingKind.BROKEN, sound(body="另见 C01-b。"), idle).message
    assert kinds(sound(body="另见 C01-b。"), sound("C01-b")) == []


def test_a_topic_without_document() -> None:
    found = only(FindingKind.NO_DOCUMENT, sound(status=DocumentStatus.DRAFT))
    assert found.subject == "C01"
    assert "流动设摊" in found.message


def test_what_was_never_found() -> None:
    since = TODAY - timedelta(days=90)
    only(FindingKind.NEVER_FOUND, sound(), usage=Usage(since, {}))
    assert kinds(sound(), usage=Usage(since, {"C01-a": 1})) == []
    assert kinds(sound(in_force_from=TODAY), usage=Usage(since, {})) == []
    assert kinds(sound()) == []


def test_files_that_cannot_be_read() -> None:
    problem = SourceProblem("常见问答/x.md", 3, "没有正文", "补上正文")
    finding = examined(sound(), problems=(problem,)).findings[0]
    assert (finding.kind, finding.subject, finding.remedy) == (FindingKind.UNREADABLE, "常见问答/x.md", "补上正文")


def test_the_gravest_comes_first_and_sound_documents_are_counted() -> None:
    health = examined(
        sound("C01-a", status=DocumentStatus.UNVERIFIED), sound("C01-b", unit="XXX"), sound("C01-c", review_by=TODAY)
    )
    assert [finding.kind for finding in health.findings] == [
        FindingKind.NO_OWNER,
        FindingKind.REVIEW_DUE,
        FindingKind.UNVERIFIED,
    ]
    assert health.sound == 1
    assert health.counts[FindingKind.NO_OWNER] == 1
