"""Evaluations as the console and the API offer them: one at a time, in the background, kept and on record."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter, sleep

from evals.cases import Case, CaseError, Codes, codes_of, load_cases
from evals.compare import Compared, compare
from evals.errors_xlsx import errors_xlsx
from evals.evaluate import evaluate
from evals.gate import SETS
from evals.html_report import TownNames, compare_report, html_report, names_of
from evals.peers import semantic_router_at
from evals.reading import read_cases
from evals.replay import NothingToReplayError, replay
from evals.run_store import Run, RunHead, RunStore, UnknownRunError
from evals.runner import SHANGHAI
from intake.application.services import Services
from intake.domain.access import Permission, Principal
from intake.domain.errors import (
    ConflictError,
    DeskError,
    FieldProblem,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotReadyError,
)
from routing.router import Router


class StoppedError(Exception):
    """The evaluator stopped the evaluation."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is going on; ``share`` 0..1. ``said`` is the outcome once it has ended, ``run_id`` the run that was kept."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    said: str = ""
    failed: bool = False
    run_id: str = ""


Work = Callable[[Router, Callable[[str, float], None]], Run]


class Evaluations:
    """One evaluation at a time; it gives way to calls: between two cases it rests as long as the last one took."""

    def __init__(self, services: Services, state: Path) -> None:
        self._services = services
        self._store = RunStore(state / "evals")
        self._peers_at = state / "peers"
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._progress = Progress()

    def progress(self, principal: Principal) -> Progress:
        """What is going on."""
        _check(principal)
        return self._progress

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

        def work(router: Router, say: Callable[[str, float], None]) -> Run:
            at = self._services.clock().astimezone(SHANGHAI)
            then, now = replay(self._services.transactions, router, since, until, principal.name, at, say)
            self._store.save(then)
            return now

        self._start(principal, work)

    def stop(self, principal: Principal) -> None:
        """Stop what is running; nothing of it is kept."""
        _check(principal)
        self._stop.set()

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
        say: Callable[[str, float], None],
        peers: bool,
        notes: Sequence[str],
    ) -> Run:
        if peers:
            semantic_router_at(self._peers_at)
        at = self._services.clock().astimezone(SHANGHAI)
        return evaluate(router.without_history(), cases, name, principal.name, at, say, peers, notes)

    def _start(self, principal: Principal, work: Work) -> None:
        router = self._router()
        with self._lock:
            if self._progress.running:
                raise ConflictError("评测正在进行", "已有一次评测没有结束。", "请等它完成，或先按“停止”。")
            self._stop.clear()
            self._progress = Progress(running=True, step="准备")
        threading.Thread(target=self._in_background, args=(principal, router, work), name="evals", daemon=True).start()

    def _in_background(self, principal: Principal, router: Router, work: Work) -> None:
        try:
            done = work(router, self._considerate())
            self._store.save(done)
            self._record(principal, "评测", done.head.id, {"name": done.head.name, "count": done.head.count})
            self._progress = Progress(step="完成", share=1.0, said=_outcome(done), run_id=done.head.id)
        except StoppedError:
            self._progress = Progress(said="已停止，本次评测没有保存。以前的评测不受影响。", failed=True)
        except (DeskError, CaseError, NothingToReplayError, OSError) as error:
            self._progress = Progress(said=f"没有完成：{error}", failed=True)
        except Exception as error:  # a thread's end is seen by nobody: what went wrong is shown on the page
            self._progress = Progress(said=f"评测意外中断（{error}）。以前的评测不受影响，请重试。", failed=True)
            raise

    def _considerate(self) -> Callable[[str, float], None]:
        """Progress that rests between cases, so that calls are not slowed, and ends when it was stopped."""
        last = [perf_counter()]

        def say(step: str, share: float) -> None:
            if self._stop.is_set():
                raise StoppedError
            self._progress = replace(self._progress, step=step, share=share)
            sleep(min(0.1, perf_counter() - last[0]))
            last[0] = perf_counter()

        return say

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
