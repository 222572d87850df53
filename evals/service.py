"""Evaluations as the console and the API offer them: one at a time, in the background, kept and on record."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from evals.background import Background, Ended, Progress, Say
from evals.cases import Case, CaseError, Codes, codes_of, load_cases
from evals.compare import Compared, compare
from evals.errors_xlsx import errors_xlsx
from evals.evaluate import evaluate
from evals.gate import SETS
from evals.html_report import TownNames, compare_report, html_report, names_of
from evals.peers import semantic_router_at
from evals.reading import read_cases
from evals.replay import replay
from evals.run_store import Run, RunHead, RunStore, UnknownRunError
from evals.runner import SHANGHAI
from intake.application.services import Services
from intake.domain.access import Permission, Principal
from intake.domain.errors import (
    ConflictError,
    FieldProblem,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotReadyError,
)
from routing.router import Router

Work = Callable[[Router, Say], Run]
__all__ = ["Evaluations", "Progress"]


class Evaluations:
    """One evaluation at a time; it gives way to calls: between two cases it rests as long as the last one took."""

    def __init__(self, services: Services, state: Path) -> None:
        self._services = services
        self._store = RunStore(state / "evals")
        self._peers_at = state / "peers"
        self._background = Background("评测")

    def progress(self, principal: Principal) -> Progress:
        """What is going on."""
        _check(principal)
        return self._background.progress

    def runs(self, principal: Principal) -> tuple[RunHead, ...]:
        """The kept runs, newest first."""
        _check(principal)
        return self._store.heads()

    def start_file(self, principal: Principal, path: Path, name: str, peers: bool) -> tuple[str, ...]:
        """Begin with the cases of an uploaded file; returns remarks on its rows. Raises InvalidInputError with rows."""
        _check(principal)
        cases, notes = _read(path, self._codes())
        self._start(principal, lambda router, say: self._evaluate(router, cases, name, principal, say, peers, notes))
        return notes

    def start_own(self, principal: Principal, name: str, peers: bool) -> None:
        """Begin with one of the sets that come with the system."""
        _check(principal)
        if name not in SETS:
            raise NotFoundError("没有这套用例", f"“{name}”不在随系统提供的用例之中。", f"可选：{'、'.join(SETS)}。")
        cases = load_cases(SETS[name])
        self._start(principal, lambda router, say: self._evaluate(router, cases, name, principal, say, peers, ()))

    def start_replay(self, principal: Principal, since: date, until: date) -> None:
        """Begin to replay the tickets of calls of these days (inclusive); two runs are kept: then and today."""
        _check(principal)
        if since > until:
            raise InvalidInputError("日期颠倒", f"{since} 在 {until} 之后。", "请把较早的日期填在前面。")

        def work(router: Router, say: Say) -> Run:
            at = self._services.clock().astimezone(SHANGHAI)
            then, now = replay(self._services.transactions, router, since, until, principal.name, at, say)
            self._store.save(then)
            return now

        self._start(principal, work)

    def stop(self, principal: Principal) -> None:
        """Stop what is running; nothing of it is kept."""
        _check(principal)
        self._background.stop()

    def open(self, principal: Principal, run_id: str) -> Run:
        """A kept run; raises NotFoundError."""
        _check(principal)
        try:
            return self._store.load(run_id)
        except UnknownRunError as error:
            raise NotFoundError("没有这次评测", str(error), "") from error

    def drop(self, principal: Principal, run_id: str) -> None:
        """Delete a kept run; on record."""
        self.open(principal, run_id)
        self._store.drop(run_id)
        self._record(principal, "删除评测", run_id, {})

    def report(self, principal: Principal, run_id: str) -> str:
        """The run's report as HTML."""
        return html_report(self.open(principal, run_id), self.names())

    def errors(self, principal: Principal, run_id: str) -> bytes:
        """The wrongly proposed cases of the run as xlsx."""
        return errors_xlsx(self.open(principal, run_id).cases, self.names())

    def compare(self, principal: Principal, first: str, second: str) -> Compared:
        """Two kept runs, paired; raises ConflictError when they have no case in common."""
        try:
            return compare(self.open(principal, first), self.open(principal, second))
        except ValueError as error:
            raise ConflictError("无法比较", str(error), "") from error

    def comparison(self, principal: Principal, first: str, second: str) -> str:
        """The comparison as HTML."""
        return compare_report(self.compare(principal, first, second), self.names())

    def names(self) -> TownNames:
        """Names of topics and units."""
        return names_of(self._router())

    def _codes(self) -> Codes:
        pack = self._router().pack
        return codes_of([(t.code, t.name) for t in pack.topics], [(u.code, u.name) for u in pack.units])

    def _router(self) -> Router:
        router = self._services.desk.get().recommender
        if not isinstance(router, Router):
            raise NotReadyError("不能评测", "当前的派单引擎不支持评测。", "请联系系统管理。")
        return router

    def _evaluate(
        self,
        router: Router,
        cases: Sequence[Case],
        name: str,
        principal: Principal,
        say: Say,
        peers: bool,
        notes: Sequence[str],
    ) -> Run:
        if peers:
            semantic_router_at(self._peers_at)
        at = self._services.clock().astimezone(SHANGHAI)
        return evaluate(router.without_history(), cases, name, principal.name, at, say, peers, notes)

    def _start(self, principal: Principal, work: Work) -> None:
        router = self._router()

        def kept(say: Say) -> Ended:
            done = work(router, say)
            self._store.save(done)
            self._record(principal, "评测", done.head.id, {"name": done.head.name, "count": done.head.count})
            return Ended(_outcome(done), done.head.id)

        self._background.start(kept)

    def _record(self, principal: Principal, action: str, subject: str, content: dict[str, str | int]) -> None:
        with self._services.transactions.write() as unit:
            unit.audit.append(self._services.clock(), principal.name, action, subject, dict(content))


def _read(path: Path, codes: Codes) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """Cases that can be evaluated and the remarks on the others; raises InvalidInputError when there is none."""
    remedy = "请按提示修改后重新上传；以前的评测不受影响。"
    try:
        found = read_cases(path, codes)
    except CaseError as error:
        raise InvalidInputError("评测文件用不了", str(error), remedy) from error
    if not found.cases:
        rows = tuple(FieldProblem("", note) for note in found.notes[:30])
        raise InvalidInputError("评测文件用不了", "没有一行可以评测。", remedy, rows)
    skipped = sum(p.fatal for p in found.problems)
    notes = (f"{skipped} 行有误，没有评测；其余 {len(found.cases)} 行照常。",) if skipped else ()
    return found.cases, (*notes, *found.notes)


def _outcome(done: Run) -> str:
    top = done.head.metrics.get("topic_top1")
    right = f"首位正确 {top:.1%}" if top is not None else "没有标注，只列出建议"
    return f"“{done.head.name}”评测完成：{done.head.count} 条，{right}。"


def _check(principal: Principal) -> None:
    if not principal.may(Permission.EVALUATE):
        raise ForbiddenError("不能评测", "您的角色没有这项权限。", "请联系专线管理或评测人员。")
