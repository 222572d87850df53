"""From calls without an answer, and answers not used, to a draft that answers nobody; names and numbers concealed."""

from pathlib import Path

import pytest

from intake.application.answers import Answers
from intake.application.documents import Documents
from intake.application.gaps import Gaps
from intake.application.knowledge_base import KnowledgeBase
from intake.application.knowledge_ports import Verdict
from intake.application.register import NewTicket
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.call import CallNotes
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from knowledge.documents import Document, DocumentStatus
from knowledge.library import Library
from knowledge.sources import Codes, read_folder
from routing.recommendation import Answer, Request
from tests.intake.fakes import FakeDirectory, SettableClock
from tests.knowledge.makers import CharacterEmbedder

pytestmark = pytest.mark.integration
KEEPER = Principal("知识管理员甲", Role.KNOWLEDGE)
OPERATOR = Principal("坐席甲", Role.OPERATOR)


@pytest.fixture
def gaps(services: Services, tmp_path: Path, clock: SettableClock) -> Gaps:
    folder = tmp_path / "kb_docs"
    folder.mkdir()
    library = Library(folder, lambda: Codes())

    def read() -> tuple[Document, ...]:
        return read_folder(folder).documents

    base = KnowledgeBase(library, read, tuple, lambda: None, CharacterEmbedder)
    documents = Documents(services.transactions, lambda: base, clock)
    return Gaps(services.transactions, FakeDirectory(), documents, CharacterEmbedder, clock)


def _register(services: Services, text: str, key: str) -> None:
    chosen = ("咨询", "S01", "派单", "SQB", ()) if "居住证" in text else ("投诉求助", "C01", "派单", "ZFD", ("SQB",))
    notes = CallNotes(text, services.clock(), "亭中小区门口", "13800000000")
    services.register(NewTicket(notes, *chosen), OPERATOR, key)


def test_calls_without_an_answer_become_a_draft(gaps: Gaps, services: Services) -> None:
    _register(services, "楼下天天有人摆摊卖炒饭，烟很大，我叫张三示例，电话 13800000000", "k1")
    _register(services, "楼下天天有人摆摊卖炒饭，烟还是很大", "k2")
    report = gaps.report(KEEPER, 30)
    assert (report.unanswered, report.rejected) == (2, 0)
    assert [(gap.topic, gap.count) for gap in report.gaps] == [("C01", 2)]
    assert "13800000000" not in str(report)
    draft = gaps.draft(KEEPER, 30, 1)
    assert (draft.status, draft.topics, draft.unit) == (DocumentStatus.DRAFT, ("C01",), "ZFD")
    assert "13800000000" not in draft.body
    assert "张三示例" not in draft.body
    with pytest.raises(ConflictError, match=draft.id):
        gaps.draft(KEEPER, 30, 1)
    with pytest.raises(NotFoundError):
        gaps.draft(KEEPER, 30, 9)


def test_a_rejected_answer_counts_with_its_reason(gaps: Gaps, services: Services, clock: SettableClock) -> None:
    answer = _answer(services)
    answers = Answers(services.transactions, clock)
    answers.note(OPERATOR, "d1", Verdict.REJECTED, " ", answer, "居住证怎么办", "S01")
    assert gaps.report(KEEPER, 30).gaps[0].example.why == "答复未采用：没有写原因"
    answers.note(OPERATOR, "d1", Verdict.REJECTED, "说的是旧办法", answer, "居住证怎么办", "S01")
    report = gaps.report(KEEPER, 30)
    assert report.rejected == 1
    assert report.gaps[0].example.why == "答复未采用：说的是旧办法"
    answers.note(OPERATOR, "d1", Verdict.ADOPTED, "", answer, "居住证怎么办", "S01")
    assert gaps.report(KEEPER, 30).rejected == 0
    fared = answers.verdicts("S01-juzhu", KEEPER)
    assert (dict(fared.counts), fared.reasons) == ({Verdict.ADOPTED: 1}, ())
    clock.forward(days=40)
    assert gaps.report(KEEPER, 30).gaps == ()


def test_how_often_a_document_was_shown(services: Services, clock: SettableClock) -> None:
    _register(services, "居住证怎么办", "k3")
    assert Answers(services.transactions, clock).verdicts("S01-juzhu", KEEPER).shown == 1
    clock.forward(days=100)
    assert Answers(services.transactions, clock).verdicts("S01-juzhu", KEEPER).shown == 0


def test_who_may_look(gaps: Gaps, services: Services, clock: SettableClock) -> None:
    with pytest.raises(ForbiddenError):
        gaps.report(OPERATOR, 30)
    with pytest.raises(ForbiddenError):
        Answers(services.transactions, clock).note(
            Principal("审计", Role.AUDITOR), "d", Verdict.ADOPTED, "", _answer(services), "", ""
        )
    with pytest.raises(InvalidInputError):
        gaps.report(KEEPER, 0)


def _answer(services: Services) -> Answer:
    return services.desk.recommend(Request("居住证怎么办", services.clock())).answer
