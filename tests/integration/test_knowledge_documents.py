"""The documents that are shipped: sound, found by their own titles and ways of asking, with the town pack's codes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.bootstrap import Knowledge, KnowledgeSettings
from knowledge.lint import lint
from routing.bootstrap import DEFAULT_TOWN
from routing.pack import load_town_pack
from tests.knowledge.makers import DAY, CharacterEmbedder

pytestmark = pytest.mark.integration
DOCS = Path(__file__).resolve().parents[2] / "kb_docs"


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    found = Knowledge(KnowledgeSettings(DOCS, tmp_path_factory.mktemp("state")), lambda _: CharacterEmbedder())
    yield found
    found.close()


def test_no_document_has_a_problem() -> None:
    pack = load_town_pack(DEFAULT_TOWN)
    problems = lint(DOCS, frozenset(t.code for t in pack.topics), frozenset(u.code for u in pack.units))
    assert not problems, "\n".join(str(problem) for problem in problems)


def test_every_title_finds_its_document_first(knowledge: Knowledge) -> None:
    wrong = {}
    for document in knowledge.documents():
        hits = knowledge.retriever.search(document.title, on=DAY)
        if document.answers_on(DAY) and hits[0].document.id != document.id:
            wrong[document.title] = hits[0].document.title
    assert knowledge.documents()
    assert not wrong


def test_every_way_of_asking_finds_its_document_first(knowledge: Knowledge) -> None:
    asked = [(ask, d.id) for d in knowledge.documents() if d.answers_on(DAY) for ask in d.asks]
    wrong = [ask for ask, key in asked if knowledge.retriever.search(ask, on=DAY)[0].document.id != key]
    assert len(asked) >= 150
    assert not wrong


def test_every_answer_can_be_read_aloud(knowledge: Knowledge) -> None:
    for document in knowledge.documents():
        spoken = [p for p in knowledge.passages_of[document.id] if "可以这样答复" in p.heading_path]
        assert spoken, document.path
        assert all(len(p.text) <= 300 for p in knowledge.passages_of[document.id])


def test_nothing_changes_the_second_time(knowledge: Knowledge) -> None:
    knowledge.sync()
    assert knowledge.sync().touched == 0
