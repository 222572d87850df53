"""Ask a language model for a second opinion: later than the fast proposal, within budget, and only to be shown.

Nothing here changes a recommendation. The model's topic goes through the same rules as any other; whatever fails costs
the second opinion and one line that says so.
"""

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from intake.application.ports import Recommender, Transactions
from intake.application.second_opinion_ports import Logged, Outcome, Question
from intake.application.suggest import request_of
from intake.domain.access import Permission, Principal
from intake.domain.call import CallNotes, clean_notes
from intake.domain.errors import DeskError, ForbiddenError
from intake.domain.second_opinion import Budget, Expected, Mode, Tally, pause_after_failure, refusal, wanted
from intake.domain.ticket import SHANGHAI
from routing.recommendation import Recommendation, Request
from routing.second_opinion.asking import Asking, prepare
from routing.second_opinion.brief import Brief
from routing.second_opinion.masking import Mask
from routing.second_opinion.opinion import Opinion
from routing.second_opinion.ports import AskError, CallLimits, Endpoint, Fault

if TYPE_CHECKING:
    from routing.second_opinion.chain import Chain

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
LOG_LINES = 50
NOT_CONFIGURED = "没有配置完整"
CANCELLED = "坐席已改动，作废"
# These say something about the server and count towards the pause; the others say something about the question.
_SERVER = frozenset({Fault.UNREACHABLE, Fault.REFUSED, Fault.SLOW, Fault.BROKEN, Fault.LARGE, Fault.FORM})


class BriefMaker(Protocol):
    """``routing.second_opinion.brief.Briefs`` seen from here."""

    def __call__(self, request: Request, recommendation: Recommendation | None = None) -> Brief:
        """Everything that a model is told about a request."""


@dataclass(frozen=True, slots=True)
class Second:
    """What the desk shows. ``ruled`` is what the rules make of the model's topic; ``fault`` tells why none."""

    opinion: Opinion | None = None
    ruled: Recommendation | None = None
    fault: str = ""
    seconds: float = 0.0
    model: str = ""
    left_out: int = 0

    @property
    def complete(self) -> bool:
        """Nothing more is coming."""
        return bool(self.fault) or (self.opinion is not None and self.opinion.complete)


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what would be sent for a text, and which values stay here behind which mark."""

    body: str
    sent_hash: str
    length: int
    tokens: int
    pairs: tuple[tuple[str, str], ...]
    left_out: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SecondOpinionStatus:
    """How it is set up and what today has cost."""

    mode: Mode
    url: str
    model: str
    problem: str
    budget: Budget
    tally: Tally
    recent: tuple[Logged, ...]


class SecondOpinions:
    """Second opinions for all desks of this process; the budget is shared with the other processes."""

    def __init__(
        self,
        mode: Mode,
        problem: str,
        endpoint: Endpoint,
        limits: CallLimits,
        budget: Budget,
        transactions: Transactions,
        recommender: Recommender,
        briefs: Callable[[], BriefMaker | None],
        clock: Callable[[], datetime],
        *,
        draft: bool = True,
        settle: float = 1.0,
    ) -> None:
        self.mode = mode
        self.settle = settle
        self._problem = problem
        self._endpoint = endpoint
        self._limits = limits
        self._chain: Chain | None = None
        self._budget = budget
        self._transactions = transactions
        self._recommender = recommender
        self._briefs = briefs
        self._clock = clock
        self._draft = draft
        # Of its own: a slow model must not take a thread from the fast proposal.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="second-opinion")

    @property
    def on(self) -> bool:
        """Whether a model is asked at all."""
        return self.mode is not Mode.OFF

    def wanted(self, notes: CallNotes, found: Recommendation) -> bool:
        """Whether this call is one to ask about."""
        return wanted(self.mode, found, chosen=bool(notes.topic_code))

    def warm(self) -> None:
        """Load the client's library in the background: it takes seconds and is needed by nobody else."""
        if self.on:
            self._threads.submit(self._opened)

    def close(self) -> None:
        """Let what is being written finish."""
        self._threads.shutdown(wait=True)

    async def ask(self, notes: CallNotes, found: Recommendation, actor: str) -> AsyncGenerator[Second]:
        """Opinions as they grow; the last is complete or tells the fault. Closing it early gives the question up."""
        model = self._endpoint.model
        start = time.monotonic()
        if self._problem:
            yield Second(fault=NOT_CONFIGURED)
            return
        try:
            asking, question = await self._in_thread(lambda: self._begin(notes, found, actor))
        except AskError as error:
            yield Second(fault=error.fault.value, model=model)
            return
        except DeskError as error:
            yield Second(fault=error.title, model=model)
            return
        request = request_of(clean_notes(notes), "")
        said, second, fault, line = CANCELLED, Second(model=model), None, ""
        try:
            opinions = (await self._in_thread(self._opened)).stream(asking)
            try:
                async for opinion in opinions:
                    ruled = await self._ruled(second, opinion, request, found)
                    second = Second(opinion, ruled, "", time.monotonic() - start, model, asking.brief.left_out)
                    if opinion.complete:
                        said = _said(opinion, found)
                    yield second
            finally:
                await opinions.aclose()
        except AskError as error:
            fault, line = error.fault, error.fault.value
            said = f"{line}（{error.detail}）" if error.detail else line
        except (DeskError, ValueError) as error:  # index or pack went away between proposal and opinion
            said = line = error.title if isinstance(error, DeskError) else "派单引擎暂时用不了"
        finally:
            millis = round((time.monotonic() - start) * 1000)
            booked = self._threads.submit(self._finish, question, asking, millis, said, fault)
        try:
            await asyncio.wrap_future(booked)
        except DeskError as error:  # the opinion stands; its cost stays booked as what was expected
            _LOG.warning("second opinion %s not settled: %s", question.id, error)
        if line:
            yield Second(fault=line, seconds=time.monotonic() - start, model=model)

    def preview(self, notes: CallNotes, principal: Principal) -> Preview:
        """What would be sent for these notes, to the letter; nothing is sent."""
        _check(principal)
        brief = self._brief(notes, None)
        mask = _mask(notes)
        try:
            asking = prepare(brief, mask, draft=self._draft)
        except AskError as error:
            return Preview("", "", 0, 0, mask.pairs(), brief.left_out, error.fault.value)
        from routing.second_opinion.client import body_of

        body = body_of(self._endpoint, self._limits, asking.schema, asking.messages)
        sent = asking.sent
        return Preview(body, _hash(sent), len(sent), asking.expected_tokens, mask.pairs(), brief.left_out)

    def status(self, principal: Principal) -> SecondOpinionStatus:
        """Settings, costs of today, and the newest questions."""
        _check(principal)
        now = self._clock()
        with self._transactions.read() as unit:
            tally = unit.opinions.tally(_day(now), self._alive_since(now))
            recent = unit.opinions.recent(LOG_LINES)
        endpoint = self._endpoint
        return SecondOpinionStatus(self.mode, endpoint.url, endpoint.model, self._problem, self._budget, tally, recent)

    def _opened(self) -> "Chain":
        """The pipeline; its libraries take seconds to load and nobody waits for them who asks no model."""
        if self._chain is None:
            import langchain_openai  # noqa: F401 - loaded here, in a thread, rather than with the first question

            from routing.second_opinion.chain import Chain

            self._chain = Chain(self._endpoint, self._limits)
        return self._chain

    def _brief(self, notes: CallNotes, found: Recommendation | None) -> Brief:
        briefs = self._briefs()
        if briefs is None:
            raise AskError(Fault.BROKEN, "派单引擎不支持")
        return briefs(request_of(clean_notes(notes), ""), found)

    def _begin(self, notes: CallNotes, found: Recommendation, actor: str) -> tuple[Asking, Question]:
        """Make the question and book it; raises ``AskError`` when it may not be asked."""
        asking = prepare(self._brief(notes, found), _mask(notes), draft=self._draft)
        now = self._clock()
        tokens_in, tokens_out = asking.expected_tokens, self._limits.answer_tokens
        expected = Expected(tokens_in + tokens_out, self._budget.micros(tokens_in, tokens_out))
        sent, model = asking.sent, self._endpoint.model
        question = Question(uuid.uuid4().hex, _day(now), now, actor, model, _hash(sent), len(sent), expected)
        with self._transactions.write() as unit:
            unit.opinions.open_day(question.day)
            refused = refusal(self._budget, unit.opinions.tally(question.day, self._alive_since(now)), expected, now)
            if refused is None:
                unit.opinions.begin(question)
        if refused is not None:
            raise AskError(refused)
        return asking, question

    def _finish(self, question: Question, asking: Asking, millis: int, said: str, fault: Fault | None) -> None:
        now, usage, budget = self._clock(), asking.usage, self._budget
        reply = asking.heard
        outcome = Outcome(
            finished_at=now,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            micros=budget.micros(usage.tokens_in, usage.tokens_out),
            millis=millis,
            reply_hash=_hash(reply) if reply else "",
            reply_length=len(reply),
            said=said,
        )
        with self._transactions.write() as unit:
            tally = unit.opinions.tally(question.day, self._alive_since(now))
            failures, paused = tally.failures, tally.paused_until
            if fault in _SERVER:
                failures += 1
                paused = pause_after_failure(budget, failures, now)
            elif fault is None and said != CANCELLED:
                failures, paused = 0, None
            unit.opinions.finish(question, outcome, failures, paused)

    async def _ruled(
        self, before: Second, opinion: Opinion, request: Request, found: Recommendation
    ) -> Recommendation | None:
        """What the rules make of the model's topic; asked anew only when the topic is another."""
        if not opinion.topic:
            return None
        if before.ruled is not None and before.opinion is not None and before.opinion.topic == opinion.topic:
            return before.ruled
        if found.topic is not None and found.topic.code == opinion.topic:
            return found
        chosen = replace(request, topic_code=opinion.topic)
        return await self._in_thread(lambda: self._recommender.recommend(chosen))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _alive_since(self, now: datetime) -> datetime:
        return now - timedelta(seconds=2 * self._limits.seconds + 5)


def _said(opinion: Opinion, found: Recommendation) -> str:
    if not opinion.topic:
        return "都不合适"
    return "同意" if found.topic is not None and found.topic.code == opinion.topic else "不同"


def _mask(notes: CallNotes) -> Mask:
    known = (("姓名", notes.contact.strip()), ("电话", notes.phone.strip()))
    return Mask(tuple((kind, value) for kind, value in known if value))


def _day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _check(principal: Principal) -> None:
    if not principal.may(Permission.MODEL):
        raise ForbiddenError("不能查看第二意见的设置", "您的角色没有这项权限。", "请联系专线管理。")
