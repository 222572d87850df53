"""Answer with a source, or say that there is none; the mark of an unverified document is always shown."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import Document, DocumentKind, DocumentStatus, Hit, LegalBasis, Passage
from routing.answer import UNVERIFIED_MARK, AnswerPolicy, compose_answer, support

POLICY = AnswerPolicy(threshold=0.4, topic_weight=0.3)
SPOKEN = Passage("lamp#0", "lamp", 0, ("路灯不亮", "可以这样答复"), "请告诉我灯杆编号，我们派单维修。")
POINTS = Passage("lamp#1", "lamp", 1, ("路灯不亮", "办理要点"), "问清路名。")
LAMP = Document(
    "lamp", "路灯不亮", DocumentKind.QUESTION, ("D05",), "GJB", DocumentStatus.UNVERIFIED,
    (LegalBasis("城市道路管理条例", "2020-01-01", ("第三条",)),), (), date(2026, 1, 1), None, date(2027, 1, 1),
    "正文", "a.md", "hash",
)  # fmt: skip


def hit(score: float, document: Document = LAMP, passage: Passage = POINTS) -> Hit:
    return Hit(document, passage, score, score, score, score)


def test_the_approved_wording_is_read_aloud_even_when_another_section_was_found() -> None:
    answer = compose_answer([hit(0.9)], {"lamp": (SPOKEN, POINTS)}, {}, POLICY, "规划办")
    assert answer.found
    assert answer.text == SPOKEN.text
    assert [c.section for c in answer.citations] == ["可以这样答复"]
    assert answer.citations[0].basis == "《城市道路管理条例》（2020-01-01）第三条"
    assert answer.mark == UNVERIFIED_MARK


def test_a_checked_document_carries_no_mark() -> None:
    checked = replace(LAMP, status=DocumentStatus.PUBLISHED)
    assert compose_answer([hit(0.9, checked)], {"lamp": (SPOKEN,)}, {}, POLICY, "").mark == ""


def test_below_the_threshold_nobody_is_told_anything_but_who_knows() -> None:
    answer = compose_answer([hit(0.39)], {"lamp": (SPOKEN,)}, {}, POLICY, "规划建设和生态环境办公室")
    assert not answer.found
    assert answer.citations == ()
    assert SPOKEN.text not in answer.text
    assert "规划建设和生态环境办公室" in answer.text
    assert not compose_answer([], {}, {}, POLICY, "").found


def test_the_proposed_topic_decides_between_documents_that_read_alike() -> None:
    other = replace(LAMP, id="road", title="道路破损", topics=("D04",))
    passages = {
        "lamp": (SPOKEN,),
        "road": (replace(SPOKEN, id="road#0", document_id="road", text="路面坑洼请说位置。"),),
    }
    answer = compose_answer([hit(0.50, other), hit(0.48)], passages, {"D05": 0.9, "D04": 0.05}, POLICY, "")
    assert answer.text == SPOKEN.text


@given(score=st.floats(0, 1), weight=st.floats(0, 1), probability=st.floats(0, 1))
def test_support_never_falls_when_the_topic_becomes_more_likely(
    score: float, weight: float, probability: float
) -> None:
    policy = AnswerPolicy(0.5, weight)
    assert support(hit(score), {"D05": probability}, policy) >= support(hit(score), {}, policy)
