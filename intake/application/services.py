"""Everything that screens, API and commands call, in one object; index and model open at first use."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from intake.application.accounts import Accounts
from intake.application.anchoring import Anchoring
from intake.application.answers import Answers
from intake.application.document_exchange import DocumentExchange
from intake.application.documents import Documents
from intake.application.drafts import Drafts
from intake.application.forms import Forms
from intake.application.gaps import Gaps
from intake.application.handle import Handle
from intake.application.imports import Imports
from intake.application.incoming import IncomingCalls
from intake.application.knowledge_base import KnowledgeBase
from intake.application.knowledge_health import KnowledgeHealth
from intake.application.learning import Learning
from intake.application.overdue import Recompute, Sweep
from intake.application.places import Places
from intake.application.ports import Directory, Gazetteer, Recommender, Trainer, Transactions
from intake.application.queries import TicketQueries
from intake.application.rebuilding import Rebuilding
from intake.application.register import NewTicket, Register, Registered
from intake.application.second_opinion import BriefMaker, SecondOpinions
from intake.application.speech_port import Speech
from intake.application.suggest import Suggest
from intake.application.watch_files import WatchFiles
from intake.application.worklists import Worklists
from intake.domain.access import Principal
from intake.domain.clocks import Terms
from intake.domain.errors import NotReadyError
from intake.domain.ticket import TopicRef
from routing.recommendation import Clock, Recommendation, Request, UnitRef


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the desk: does it work, and if not, why (Chinese)."""

    name: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The routing side as the desk uses it; ``sample`` marks the sample town pack, ``close`` frees index and model."""

    recommender: Recommender
    directory: Directory
    checks: Callable[[], Sequence[Check]]
    close: Callable[[], None]
    sample: bool = False
    trainer: Trainer | None = None
    gazetteer: Gazetteer | None = None
    knowledge: KnowledgeBase | None = None
    briefs: BriefMaker | None = None


class LazyDesk:
    """Opens the routing side once, at first use, whichever thread comes first; is Recommender and Directory itself."""

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        self._open = open_desk
        self._desk: Desk | None = None
        self._failure = "尚未打开，正在启动。"
        self._lock = threading.Lock()

    def get(self) -> Desk:
        """Return the opened desk; raises NotReadyError with what is missing."""
        with self._lock:
            if self._desk is None:
                try:
                    self._desk = self._open()
                except NotReadyError as error:
                    self._failure = error.detail
                    raise
            return self._desk

    def recommend(self, request: Request) -> Recommendation:
        """See ``Recommender``."""
        return self.get().recommender.recommend(request)

    def units(self, day: date) -> tuple[UnitRef, ...]:
        """See ``Directory``."""
        return self.get().directory.units(day)

    def topics(self, day: date) -> tuple[TopicRef, ...]:
        """See ``Directory``."""
        return self.get().directory.topics(day)

    def clocks(self, dispatched_at: datetime) -> tuple[Clock, ...]:
        """See ``Directory``."""
        return self.get().directory.clocks(dispatched_at)

    def trainer(self) -> Trainer:
        """The classifier that learns; raises NotReadyError when this desk has none."""
        trainer = self.get().trainer
        if trainer is None:
            raise NotReadyError("不能训练模型", "当前的派单引擎不支持学习。", "请联系系统管理。")
        return trainer

    def gazetteer(self) -> Gazetteer:
        """The place names of the town; raises NotReadyError when this desk has none."""
        gazetteer = self.get().gazetteer
        if gazetteer is None:
            raise NotReadyError("不能维护地名", "当前的派单引擎没有地名库。", "请联系系统管理。")
        return gazetteer

    def knowledge_base(self) -> KnowledgeBase:
        """The knowledge base to be kept; raises NotReadyError when this desk has none."""
        base = self.get().knowledge
        if base is None:
            raise NotReadyError("不能维护知识库", "当前的派单引擎没有知识库。", "请联系系统管理。")
        return base

    def terms(self) -> Terms:
        """See ``Directory``."""
        return self.get().directory.terms()

    def checks(self) -> tuple[Check, ...]:
        """Whether index and model work, without opening them: a start-up that is still running is not ready."""
        if self._desk is None:
            return (Check("索引与模型", False, self._failure),)
        return tuple(self._desk.checks())

    def close(self) -> None:
        """Release what was opened."""
        with self._lock:
            if self._desk is not None:
                self._desk.close()
                self._desk = None


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that screens, API and commands call."""

    clock: Callable[[], datetime]
    desk: LazyDesk
    transactions: Transactions
    suggest: Suggest
    save: Register
    handle: Handle
    worklists: Worklists
    terms: Callable[[], Terms]
    sweep: Sweep
    recompute: Recompute
    anchoring: Anchoring
    watch_files: WatchFiles
    tickets: TicketQueries
    calls: IncomingCalls
    calls_secret: str
    imports: Imports
    accounts: Accounts
    drafts: Drafts
    learning: Learning
    rebuilding: Rebuilding
    places: Places
    documents: Documents
    exchange: DocumentExchange
    answers: Answers
    gaps: Gaps
    health: KnowledgeHealth
    second_opinion: SecondOpinions
    forms: Forms
    demo: bool
    speech: Speech | None
    check_database: Callable[[], Check]
    close_database: Callable[[], None]

    @property
    def directory(self) -> Directory:
        """Units, topics and clocks of the town pack."""
        return self.desk

    @property
    def pack_is_sample(self) -> bool:
        """True while the town pack is the sample that a town has to replace."""
        return self.desk.get().sample

    def register(self, new: NewTicket, principal: Principal, key: str) -> Registered:
        """Save a confirmed call now; see ``Register``."""
        return self.save(new, principal, key, self.clock())

    def warm(self) -> None:
        """Open index and model now and draw one recommendation, so that the first caller does not wait."""
        self.desk.recommend(Request(text="小区门口路灯不亮", called_at=self.clock()))
        self.second_opinion.warm()

    def ready(self) -> tuple[Check, ...]:
        """Which parts work: database, index, model."""
        return (self.check_database(), *self.desk.checks())

    def close(self) -> None:
        """Close index, model and database connections."""
        self.second_opinion.close()
        if self.speech is not None:
            self.speech.close()
        self.desk.close()
        self.close_database()
