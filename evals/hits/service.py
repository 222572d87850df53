"""Retrieval tests as the console and the API offer them: one question at once, files in the background, kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evals.background import Background, Ended, Progress, Say
from evals.cases import CaseError
from evals.hits.compare import HitsCompared, compare
from evals.hits.figures import NAMES
from evals.hits.finder import ANYTHING, Finder, Finding, Narrowing
from evals.hits.questions import MAX_QUESTION, SHAPE, Catalogue, Question, check_questions
from evals.hits.run import run_hits
from evals.hits.store import HitHead, HitRun, HitStore
from evals.hits.xlsx import example_xlsx, hits_xlsx
from evals.reading import read_rows_of
from evals.run_store import UnknownRunError
from evals.runner import SHANGHAI
from intake.application.services import Services
from intake.domain.access import ROLE_PERMISSIONS, Permission, Principal
from intake.domain.concealing import conceal
from intake.domain.errors import ConflictError, FieldProblem, ForbiddenError, InvalidInputError, NotFoundError
from knowledge.documents import Document

_REMEDY = "请按提示修改后重新上传；以前的测试不受影响。"
_SHOWN = 30
ALLOWED = (Permission.KNOWLEDGE, Permission.EVALUATE)


@dataclass(frozen=True, slots=True)
class Added:
    """A way of asking that was added to ``document``: its rank before (0: not found), and what is found now."""

    document: Document
    ask: str
    rank_before: int
    now: Finding

    @property
    def rank_now(self) -> int:
        """1-based rank of the document, 0 when it is not found."""
        return self.now.rank_of((self.document.id,))


class HitTests:
    """Asks the function that production uses (``finder``) and keeps what came of it below ``state``."""

    def __init__(self, services: Services, state: Path, finder: Callable[[], Finder]) -> None:
        self._services = services
        self._store = HitStore(state / "hits")
        self._finder = finder
        self._background = Background("命中测试")

    def progress(self, principal: Principal) -> Progress:
        """What is going on."""
        _check(principal)
        return self._background.progress

    def runs(self, principal: Principal) -> tuple[HitHead, ...]:
        """The kept runs, newest first."""
        _check(principal)
        return self._store.heads()

    def today(self) -> date:
        """Today in the town."""
        return self._services.clock().astimezone(SHANGHAI).date()

    def documents(self, principal: Principal) -> tuple[Document, ...]:
        """The documents of every status, by id."""
        _check(principal)
        return tuple(sorted(self._finder().documents(), key=lambda document: document.id))

    def ask(
        self, principal: Principal, question: str, day: date | None = None, narrowing: Narrowing = ANYTHING
    ) -> Finding:
        """What a caller gets who asks this on ``day`` (None: today); nothing of it is kept."""
        _check(principal)
        text = " ".join(question.split())
        if not text:
            raise InvalidInputError("没有提问", "还没有写问题。", "请照来电人的话写一句，再按“提问”。")
        if len(text) > MAX_QUESTION:
            raise InvalidInputError("没有提问", f"问题超过 {MAX_QUESTION} 字。", "检索只看前面的部分，请删短。")
        return self._finder().find(text, day or self.today(), narrowing)

    def start_file(self, principal: Principal, path: Path, name: str, day: date | None = None) -> tuple[str, ...]:
        """Begin with the questions of a file; returns remarks on its rows. Raises InvalidInputError with rows."""
        _check(principal)
        finder, on = self._finder(), day or self.today()
        questions, notes = self._read(path, finder, on)

        def work(say: Say) -> Ended:
            at = self._services.clock().astimezone(SHANGHAI)
            done = run_hits(finder, questions, name, principal.name, at, on, say, notes)
            self._store.save(done)
            self._record(principal, "命中测试", done.head.id, {"name": name, "count": done.head.count})
            return Ended(_outcome(done), done.head.id)

        self._background.start(work)
        return notes

    def stop(self, principal: Principal) -> None:
        """Stop what is running; nothing of it is kept."""
        _check(principal)
        self._background.stop()

    def open(self, principal: Principal, run_id: str) -> HitRun:
        """A kept run; raises NotFoundError."""
        _check(principal)
        try:
            return self._store.load(run_id)
        except UnknownRunError as error:
            raise NotFoundError("没有这次命中测试", str(error), "") from error

    def drop(self, principal: Principal, run_id: str) -> None:
        """Delete a kept run; on record."""
        self.open(principal, run_id)
        self._store.drop(run_id)
        self._record(principal, "删除命中测试", run_id, {})

    def sheet(self, principal: Principal, run_id: str) -> bytes:
        """The run as xlsx."""
        return hits_xlsx(self.open(principal, run_id))

    def example(self, principal: Principal) -> bytes:
        """A question file as it is to be filled in, with documents that there are."""
        there = [d for d in self.documents(principal) if d.answers_on(self.today()) and d.asks][:2]
        rows = [(str(i), d.asks[0], d.id, "、".join(d.topics), "") for i, d in enumerate(there, 1)]
        return example_xlsx([*rows, (str(len(rows) + 1), "附近哪家饭店最好吃", "", "", "是")])

    def compare(self, principal: Principal, first: str, second: str) -> HitsCompared:
        """Two kept runs, paired; raises ConflictError when they have no question in common."""
        try:
            return compare(self.open(principal, first), self.open(principal, second))
        except ValueError as error:
            raise ConflictError("无法比较", str(error), "") from error

    def add_ask(self, principal: Principal, document_id: str, ask: str) -> Added:
        """Add ``ask`` to the ways of asking of a document and ask again; raises ForbiddenError saying who may."""
        _check(principal)
        if not principal.may(Permission.KNOWLEDGE):
            raise ForbiddenError("问法没有加入", "您的角色不能改知识库。", f"请把这句话交给{who_may_add()}加入。")
        said = conceal(" ".join(ask.split()))
        before = self._finder().find(said, self.today()).rank_of((document_id,)) if said else 0
        document = self._services.documents.add_ask(document_id, said, principal)
        return Added(document, said, before, self._finder().find(said, self.today()))

    def _read(self, path: Path, finder: Finder, day: date) -> tuple[tuple[Question, ...], tuple[str, ...]]:
        named = self._services.directory.topics(day)
        known = Catalogue(
            {document.id: document for document in finder.documents()},
            {key: topic.code for topic in named for key in (topic.code, topic.name)},
            day,
        )
        try:
            found = check_questions(read_rows_of(path, SHAPE), known)
        except CaseError as error:
            raise InvalidInputError("问题文件用不了", str(error), _REMEDY) from error
        notes = tuple(str(problem) for problem in found.problems)
        if not found.questions:
            rows = tuple(FieldProblem("", note) for note in notes[:_SHOWN])
            raise InvalidInputError("问题文件用不了", "没有一行可以提问。", _REMEDY, rows)
        skipped = sum(problem.fatal for problem in found.problems)
        first = (f"{skipped} 行有误，没有提问；其余 {len(found.questions)} 行照常。",) if skipped else ()
        return found.questions, (*first, *notes)

    def _record(self, principal: Principal, action: str, subject: str, content: dict[str, str | int]) -> None:
        with self._services.transactions.write() as unit:
            unit.audit.append(self._services.clock(), principal.name, action, subject, dict(content))


def who_may_add() -> str:
    """The roles that may change the knowledge base, in words."""
    return "、".join(role.value for role, allowed in ROLE_PERMISSIONS.items() if Permission.KNOWLEDGE in allowed)


def _outcome(done: HitRun) -> str:
    said = [
        f"{NAMES[key]} {done.head.metrics[key]:.1%}"
        for key in ("r_at_1", "answered", "refused")
        if key in done.head.metrics
    ]
    return f"“{done.head.name}”问完 {done.head.count} 句：{'；'.join(said)}。"


def _check(principal: Principal) -> None:
    if not any(principal.may(permission) for permission in ALLOWED):
        raise ForbiddenError("不能做命中测试", "您的角色没有这项权限。", "请联系知识管理、专线管理或评测人员。")
