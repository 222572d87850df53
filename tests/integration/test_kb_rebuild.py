"""Another embedder beside the live index: searches go on, edits meanwhile count, a kill changes nothing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.bootstrap import Knowledge, KnowledgeSettings
from knowledge.embedder_choice import Chosen
from knowledge.embedding import EmbedderMissingError
from knowledge.ports import Embedder
from tests.knowledge.makers import BODY, DAY, CharacterEmbedder, source, write

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
COUNT = 60


class OtherEmbedder(CharacterEmbedder):
    """Vectors of another length: the two can never be taken for each other."""

    dimensions = 128


def load(model: str) -> Embedder:
    if model == "无此模型":
        raise EmbedderMissingError("向量模型不在这里：无此模型。")
    return OtherEmbedder("other") if model == "other" else CharacterEmbedder()


def opened(docs: Path, state: Path) -> Knowledge:
    return Knowledge(KnowledgeSettings(docs, state), load)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    for n in range(COUNT):
        write(folder, f"常见问答/N-{n}.md", source(f"N-{n}", title=f"第{n}号通知怎么办理", asks="[]", body=BODY))
    return folder


@pytest.fixture
def knowledge(docs: Path, tmp_path: Path) -> Iterator[Knowledge]:
    found = opened(docs, tmp_path / "state")
    found.sync()
    yield found
    found.close()


def ask(knowledge: Knowledge, number: int = 7) -> tuple[str, float | None]:
    hit = knowledge.retriever.search(f"第{number}号通知怎么办理", on=DAY)[0]
    return hit.document.id, hit.vector_score


def test_searches_and_edits_go_on_until_the_switch(knowledge: Knowledge, docs: Path) -> None:
    heard: list[tuple[int, int]] = []

    def say(done: int, total: int) -> None:
        if not heard:
            write(docs, "常见问答/new.md", source("X-new", title="新出的办法怎么办理", asks="[]"))
            knowledge.sync()
        heard.append((done, total))
        assert ask(knowledge)[0] == "N-7"
        assert knowledge.in_use.model == ""

    knowledge.rebuild(Chosen("other", "2026-11-23T10:05:00+08:00", "管理员"), say)
    assert heard[-1][0] == heard[-1][1]
    assert (knowledge.in_use.model, knowledge.in_use.by) == ("other", "管理员")
    assert ask(knowledge) == ("N-7", pytest.approx(1.0, abs=1e-3))
    assert knowledge.retriever.search("新出的办法怎么办理", on=DAY)[0].document.id == "X-new"
    (docs / "常见问答/new.md").unlink()
    assert knowledge.sync().removed == 1
    assert "X-new" not in {h.document.id for h in knowledge.retriever.search("新出的办法怎么办理", on=DAY)}
    assert knowledge.embedder.dimensions == CharacterEmbedder.dimensions  # the classifier keeps its own


def test_other_processes_and_a_restart_follow(knowledge: Knowledge, docs: Path, tmp_path: Path) -> None:
    knowledge.watch(seconds=0.05)
    elsewhere = opened(docs, tmp_path / "state")
    elsewhere.rebuild(Chosen("other"), lambda done, total: None)
    elsewhere.close()
    wait = threading.Event()
    for _ in range(400):
        if knowledge.retriever._side()[0].name == "other":
            break
        wait.wait(0.05)
    assert knowledge.retriever._side()[0].name == "other"
    assert ask(knowledge) == ("N-7", pytest.approx(1.0, abs=1e-3))
    again = opened(docs, tmp_path / "state")
    assert again.sync().touched == 0
    assert ask(again)[0] == "N-7"
    again.rebuild(Chosen(""), lambda done, total: None)
    assert again.in_use.model == ""
    again.close()


def test_a_model_that_is_missing_changes_nothing(knowledge: Knowledge, docs: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissingError):
        knowledge.rebuild(Chosen("无此模型"), lambda done, total: None)
    assert knowledge.in_use.model == ""
    choice = tmp_path / "state/knowledge/embedder.json"
    choice.write_text('{"model": "无此模型", "at": "", "by": ""}', encoding="utf-8")
    again = opened(docs, tmp_path / "state")
    assert ask(again)[0] == "N-7"
    again.close()
    choice.write_text("{", encoding="utf-8")
    again = opened(docs, tmp_path / "state")
    assert ask(again)[0] == "N-7"
    again.close()


def test_a_kill_in_the_middle_leaves_the_old_index_answering(docs: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = opened(docs, state)
    first.sync()
    first.close()
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "tests/integration/rebuilder.py"), str(docs), str(state)]
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "half"
    child.send_signal(signal.SIGKILL)
    child.wait(30)
    survivor = opened(docs, state)
    assert survivor.in_use.model == ""
    assert ask(survivor) == ("N-7", pytest.approx(1.0, abs=1e-3))
    heard: list[int] = []
    survivor.rebuild(Chosen("other"), lambda done, total: heard.append(total))
    assert 0 < sum(heard[:1]) < len(survivor._ready_shelf().entries)  # it went on where it was
    assert ask(survivor) == ("N-7", pytest.approx(1.0, abs=1e-3))
    survivor.close()
