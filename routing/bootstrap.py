"""Composition root of routing: reads the town pack, trains or loads the classifier, wires the router."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.bootstrap import Knowledge
from routing.classifiers import store
from routing.classifiers.stack import Stack
from routing.classifiers.training import TrainingSet, train
from routing.examples import load_examples
from routing.finding_model import read_finding_model
from routing.gazetteer import EXTRA_PLACES
from routing.holiday_calendar import open_calendar
from routing.learning import topic_data, type_data
from routing.model_shelf import ModelShelf
from routing.pack_source import PackSource
from routing.ports import EarlierTickets
from routing.router import Router

log = logging.getLogger(__name__)
DEFAULT_TOWN = Path(__file__).parent / "data" / "jiuting"


@dataclass(frozen=True, slots=True)
class RoutingSettings:
    """``town``: folder of the town pack; ``state``: writable folder for trained models."""

    state: Path
    town: Path = DEFAULT_TOWN


def open_router(
    settings: RoutingSettings,
    knowledge: Knowledge,
    say: Callable[[str], None] | None = None,
    earlier: EarlierTickets | None = None,
) -> Router:
    """Open a router; the first time, or when the examples changed, the classifier is trained (about half a minute)."""
    packs = PackSource(settings.town, settings.state, EXTRA_PLACES)
    pack = packs.current()
    examples = load_examples(settings.town / "examples", {topic.code for topic in pack.topics})

    def first() -> tuple[Stack, Stack]:
        return (
            _stack("topic", topic_data(pack, examples), settings.state, knowledge, say),
            _stack("type", type_data(examples), settings.state, knowledge, say),
        )

    models = ModelShelf(settings.state / "models", lambda: knowledge.embedder, first)
    models.current()
    return Router(packs, examples, open_calendar(settings.town), models, knowledge, read_finding_model(), earlier)


def _stack(name: str, data: TrainingSet, state: Path, knowledge: Knowledge, say: Callable[[str], None] | None) -> Stack:
    """Load the model of exactly this data and embedder, or train and keep it; a damaged file is trained anew."""
    embedder = knowledge.embedder
    folder = state / "models" / f"{name}-{data.data_hash[:12]}-{_slug(embedder.name)}"
    try:
        return Stack(store.load(folder), embedder)
    except (OSError, ValueError, KeyError) as error:
        if folder.exists():
            log.warning("model in %s is not usable (%s); training again", folder, error)
    if say:
        say(f"正在训练分类器（{'事项' if name == 'topic' else '工单类型'}，{len(data.texts)} 条示例）……")
    learned = train(data, embedder)
    store.save(learned, folder)
    return Stack(learned, embedder)


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name)[-40:]
