"""The desk's view of the real router: town pack, knowledge and model are opened here, and only here."""

import logging

from intake.application.services import Check, Desk
from intake.domain.errors import NotReadyError
from intake.settings import Settings
from intake.town_directory import TownDirectory
from knowledge.bootstrap import Knowledge, KnowledgeSettings, open_knowledge
from routing.bootstrap import RoutingSettings, open_router
from routing.pack import load_town_pack
from routing.router import Router

_LOG = logging.getLogger(__name__)


def open_router_desk(settings: Settings) -> Desk:
    """Open town pack, index and classifier; raises NotReadyError that says what is missing."""
    try:
        return _open(settings)
    except (OSError, ValueError) as error:  # a broken pack, document folder, model folder or index
        raise NotReadyError("派单引擎没有打开", f"{error}", "已登记的工单不受影响。请按提示修正后重新启动。") from error


def open_router_for(settings: Settings) -> Router:
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
    return open_router(RoutingSettings(state=settings.var, town=settings.town), knowledge, _LOG.warning)


def _open(settings: Settings) -> Desk:
    router = open_router_for(settings)
    knowledge = router.knowledge
    knowledge.watch()  # a document edited, withdrawn or added is seen within a second
    return Desk(
        recommender=router,
        directory=TownDirectory(router.pack, router.calendar),
        checks=lambda: (_index_check(knowledge), Check("模型", True)),
        close=knowledge.close,
        sample=router.pack.is_sample,
    )


def _index_check(knowledge: Knowledge) -> Check:
    if not knowledge.documents():
        return Check("索引", False, "知识库里没有文档，请检查 kb_docs 目录。")
    return Check("索引", True)
