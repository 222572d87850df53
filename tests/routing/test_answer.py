"""Answer with a source, or say that there is none; the mark of an unverified document is always shown."""

from dataclasses import replace
from datetime import date

from knowledge.documents import Document, DocumentKind, DocumentStatus, Hit, LegalBasis, Passage
from routing.answer import UNVERIFIED_MARK, compose_answer
from routing.finding import Found, Supported

SPOKEN = Passage("lamp#0", "lamp", 0, ("路灯不亮", "可以这样答复"), "请告诉我灯杆编号，我们派单维修。")
POINTS = Passage("lamp#1", "lamp", 1, ("路灯不亮", "办理要点"), "问清路名。")
LAMP = Document(
    "lamp", "路灯不亮", DocumentKind.QUESTION, ("D05",), "GJB", DocumentStatus.UNVERIFIED,
    (LegalBasis("城市道路管理条例", "2020-01-01", ("第三条",)),), (), date(2026, 1, 1), None, date(2027, 1, 1),
    "正文", "a.md", "hash",
)  # fmt: skip


def found(*supported: tuple[float, Document], threshold: float = 0.4) -> Found:
    return Found(
        tuple(Supported(Hit(d, POINTS, s, s, s, s), s, 0.5) for s, d in supported),
        threshold,
    )


def test_the_approved_wording_is_read_aloud_even_when_another_section_was_found() -> None:
    answer = compose_answer(found((0.9, LAMP)), {"lamp": (SPOKEN, POINTS)}, "规划办")
    assert answer.found
    assert answer.text == SPOKEN.text
    assert [c.section for c in answer.citations] == ["可以这样答复"]
    assert answer.citations[0].basis == "《城市道路管理条例》（2020-01-01）第三条"
    assert answer.mark == UNVERIFIED_MARK


def test_a_checked_document_carries_no_mark() -> None:
    checked = replace(LAMP, status=DocumentStatus.PUBLISHED)
    assert compose_answer(found((0.9, checked)), {"lamp": (SPOKEN,)}, "").mark == ""


def test_below_the_threshold_nobody_is_told_anything_but_who_knows() -> None:
    answer = compose_answer(found((0.39, LAMP)), {"lamp": (SPOKEN,)}, "规划建设和生态环境办公室")
    assert not answer.found
    assert answer.citations == ()
    assert SPOKEN.text not in answer.text
    assert "规划建设和生态环境办公室" in answer.text
    assert not compose_answer(found(), {}, "").found


def test_other_documents_that_may_be_meant_are_offered_with_their_own_words() -> None:
    sign = replace(LAMP, id="sign", title="路牌倒了", status=DocumentStatus.PUBLISHED)
    far = replace(LAMP, id="far", title="很远的事")
    words = Passage("sign#0", "sign", 0, ("路牌倒了", "可以这样答复"), "请告诉我路牌在哪个路口。")
    answer = compose_answer(found((0.9, LAMP), (0.3, sign), (0.05, far)), {"lamp": (SPOKEN,), "sign": (words,)}, "")
    assert [(other.document_id, other.text, other.mark) for other in answer.others] == [("sign", words.text, "")]
    assert answer.text == SPOKEN.text
