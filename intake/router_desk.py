"""The desk's view of the real router: town pack, knowledge and model are opened here, and only here."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from intake.application.knowledge_base import KnowledgeBase
from intake.application.ports import Learnt, ModelEntry, Transactions
from intake.application.services import Check, Desk
from intake.domain.errors import NotReadyError
from intake.domain.privacy import normalise_phone
from intake.settings import Settings
from intake.town_directory import TownDirectory
from knowledge.bootstrap import Knowledge, KnowledgeSettings, open_knowledge
from knowledge.library import Library
from knowledge.sources import Codes
from routing import gazetteer
from routing.bootstrap import RoutingSettings, open_router
from routing.earlier import EarlierTicket, Sought
from routing.learning import learn
from routing.pack import load_town_pack
from routing.pack_source import PackSource
from routing.ports import EarlierTickets
from routing.router import Router
from routing.second_opinion.briefs import Briefs
from routing.taxonomy import Alias, Lesson

_LOG = logging.getLogger(__name__)


class RouterTrainer:
    """``Trainer`` over the router's models."""

    def __init__(self, router: Router, transformer: Path | None = None) -> None:
        self._router = router
        self._transformer = transformer

    def transformer(self) -> str:
        """Name of the pretrained model that may be fine-tuned; empty when none is configured."""
        return self._transformer.name if self._transformer else ""

    def version(self) -> str:
        """Version of the model in use."""
        return self._router.model_version

    def history(self) -> tuple[ModelEntry, ...]:
        """Models that were put into use, oldest first."""
        return tuple(ModelEntry(r.version, r.lessons, r.at, r.by, r.said) for r in self._router.models.history())

    def learn(
        self, lessons: Sequence[Lesson], by: str, at: datetime, say: Callable[[str, float], None], tune: bool = False
    ) -> Learnt:
        """Train beside the model in use, compare, replace unless worse; one training at a time on this machine."""
        base = self._transformer if tune else None
        router = self._router
        with router.models.training():
            done = learn(
                router.pack, router.examples, lessons, router.models.topics, router.knowledge.embedder, say, base
            )
            said = done.sentence
            if not done.comparison.worse:
                router.models.install(done.topics, done.types, done.lessons, at, by, said)
        return Learnt(not done.comparison.worse, router.model_version, said)

    def go_back(self, version: str) -> None:
        """Put an earlier model into use again."""
        self._router.models.go_back(version)


class RouterGazetteer:
    """``Gazetteer`` over the router's pack."""

    def __init__(self, packs: PackSource) -> None:
        self._packs = packs

    def names(self, day: date) -> tuple[Alias, ...]:
        """See ``Gazetteer``."""
        return self._packs.current().on(day).aliases

    def areas(self, day: date) -> tuple[tuple[str, str], ...]:
        """See ``Gazetteer``."""
        return tuple((a.code, a.name) for a in self._packs.current().areas if a.valid.covers(day))

    def add(self, alias: Alias) -> None:
        """See ``Gazetteer``."""
        self._packs.change(gazetteer.add(alias))

    def close(self, alias: Alias, last_day: date) -> None:
        """See ``Gazetteer``."""
        self._packs.change(gazetteer.close(alias, last_day))


class StoredTickets:
    """``EarlierTickets`` over the desk's own database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def find(self, sought: Sought) -> tuple[EarlierTicket, ...]:
        """See ``EarlierTickets``; telephones are compared as they are stored."""
        with self._transactions.read() as unit:
            return unit.tickets.earlier(replace(sought, phone=normalise_phone(sought.phone)))


def open_router_desk(settings: Settings, transactions: Transactions) -> Desk:
    """Open town pack, index and classifier; raises NotReadyError that says what is missing."""
    try:
        return _open(settings, transactions)
    except (OSError, ValueError) as error:  # a broken pack, document folder, model folder or index
        raise NotReadyError("派单引擎没有打开", f"{error}", "已登记的工单不受影响。请按提示修正后重新启动。") from error


def open_router_for(settings: Settings, earlier: EarlierTickets | None = None) -> Router:
    """Open the router that the desk of these settings uses; evaluations measure this very one.

    Raises OSError or ValueError (Chinese) for a broken town pack, document folder, model folder or index.
    """
    pack = load_town_pack(settings.town)
    knowledge = open_knowledge(
        KnowledgeSettings(
            docs=settings.docs,
            state=settings.var,
            chroma_url=settings.chroma_url,
            embedding_model=settings.embedding_model,
            topic_codes=frozenset(topic.code for topic in pack.topics),
            unit_codes=frozenset(unit.code for unit in pack.units),
        )
    )
    _LOG.info("knowledge: %s", knowledge.sync())
    return open_router(RoutingSettings(state=settings.var, town=settings.town), knowledge, _LOG.warning, earlier)


def _open(settings: Settings, transactions: Transactions) -> Desk:
    router = open_router_for(settings, StoredTickets(transactions))
    knowledge = router.knowledge
    library = Library(settings.docs, lambda: _codes(router))
    # A document edited, withdrawn, added or planned for now is seen within a second.
    knowledge.watch(before=lambda: library.apply_due(datetime.now(UTC)))
    return Desk(
        recommender=router,
        directory=TownDirectory(router.pack, router.calendar),
        checks=lambda: (_index_check(knowledge), Check("模型", True)),
        close=knowledge.close,
        sample=router.pack.is_sample,
        trainer=RouterTrainer(router, settings.transformer),
        gazetteer=RouterGazetteer(router.packs),
        knowledge=KnowledgeBase(
            library,
            knowledge.documents,
            knowledge.problems,
            knowledge.sync,
            lambda: knowledge.embedder,
            lambda: knowledge.in_use,
            knowledge.rebuild,
        ),
        briefs=Briefs(router, settings.llm.breadth),
    )


def _codes(router: Router) -> Codes:
    pack = router.pack
    return Codes(frozenset(topic.code for topic in pack.topics), frozenset(unit.code for unit in pack.units))


def _index_check(knowledge: Knowledge) -> Check:
    if not knowledge.documents():
        return Check("索引", False, "知识库里没有文档，请检查 kb_docs 目录。")
    return Check("索引", True)
