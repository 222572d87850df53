"""Real Chroma, embedded and as a server: edits are found, withdrawn documents are gone, processes get along."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from knowledge.bootstrap import Knowledge, KnowledgeSettings, open_knowledge
from knowledge.ports import VectorIndexError
from knowledge.vector_index import collection_name, open_folder, open_server
from tests.knowledge.makers import BODY, DAY, CharacterEmbedder, source, write

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
LAMP = "## 可以这样答复\n路灯不亮由市政部门来修，请告诉我路名和灯杆号码。\n"
COUNT = 30


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    write(folder, "常见问答/stall.md", source("C01-stall"))
    write(folder, "常见问答/lamp.md", source("E01-lamp", title="路灯不亮找谁修", asks=None, body=LAMP))
    return folder


def opened(docs: Path, state: Path, embedder: str = "characters", url: str = "") -> Knowledge:
    return Knowledge(KnowledgeSettings(docs, state, chroma_url=url), lambda _: CharacterEmbedder(embedder))


@pytest.fixture
def knowledge(docs: Path, tmp_path: Path) -> Iterator[Knowledge]:
    found = opened(docs, tmp_path / "state")
    yield found
    found.close()


def first(knowledge: Knowledge, query: str, on: date = DAY) -> str:
    hits = knowledge.retriever.search(query, on=on)
    return hits[0].document.id if hits else ""


def test_a_second_sync_changes_nothing(knowledge: Knowledge) -> None:
    report = knowledge.sync()
    assert (report.added, report.touched) == (2, 2)
    again = knowledge.sync()
    assert (again.touched, again.unchanged, again.problems) == (0, 2, ())


def test_the_first_search_reads_the_documents(knowledge: Knowledge) -> None:
    assert first(knowledge, "路灯不亮找谁修") == "E01-lamp"
    assert [p.heading_path[-1] for p in knowledge.passages_of["E01-lamp"]] == ["可以这样答复"]


def test_an_edit_is_found_and_the_old_wording_is_not(knowledge: Knowledge, docs: Path) -> None:
    knowledge.sync()
    write(docs, "常见问答/lamp.md", source("E01-lamp", title="井盖松动找谁修", asks=None, body=BODY))
    assert knowledge.sync().changed == 1
    assert first(knowledge, "井盖松动") == "E01-lamp"
    assert all("灯杆" not in h.passage.text for h in knowledge.retriever.search("灯杆号码", on=DAY))


@pytest.mark.parametrize("change", [{"status": "停用"}, {"status": "草稿"}, {"in_force_to": "2026-11-22"}])
def test_what_is_not_in_force_does_not_answer(knowledge: Knowledge, docs: Path, change: dict[str, str | None]) -> None:
    knowledge.sync()
    write(docs, "常见问答/stall.md", source("C01-stall", **change))
    knowledge.sync()
    assert "C01-stall" not in [h.document.id for h in knowledge.retriever.search("无证设摊怎么反映", on=DAY)]
    assert "C01-stall" in [d.id for d in knowledge.documents()], "it stays for audit"


def test_a_deleted_document_is_gone(knowledge: Knowledge, docs: Path) -> None:
    knowledge.sync()
    (docs / "常见问答/stall.md").unlink()
    assert knowledge.sync().removed == 1
    assert first(knowledge, "无证设摊怎么反映") != "C01-stall"


def test_a_broken_document_is_reported_and_the_others_answer(knowledge: Knowledge, docs: Path) -> None:
    write(docs, "常见问答/bad.md", "---\nid: [\n---\n")
    assert [p.path for p in knowledge.sync().problems] == ["常见问答/bad.md"]
    assert [p.path for p in knowledge.problems()] == ["常见问答/bad.md"]
    assert first(knowledge, "路灯不亮找谁修") == "E01-lamp"


def test_vectors_of_two_embedders_never_meet(docs: Path, tmp_path: Path) -> None:
    assert collection_name(CharacterEmbedder("a")) != collection_name(CharacterEmbedder("b"))
    for name in ("a", "b"):
        knowledge = opened(docs, tmp_path / "state", name)
        assert knowledge.sync().added == 2
        assert first(knowledge, "路灯不亮找谁修") == "E01-lamp"
        knowledge.close()


def test_a_restart_encodes_nothing_again(docs: Path, tmp_path: Path) -> None:
    opened(docs, tmp_path / "state").sync()
    embedder = CharacterEmbedder()
    knowledge = Knowledge(KnowledgeSettings(docs, tmp_path / "state"), lambda _: embedder)
    assert knowledge.sync().touched == 0
    assert embedder.encoded == []
    knowledge.close()


def test_a_deleted_vector_folder_is_filled_again(docs: Path, tmp_path: Path) -> None:
    opened(docs, tmp_path / "state", "a").close()
    before = opened(docs, tmp_path / "first")
    before.sync()
    before.close()
    shutil.copytree(tmp_path / "first", tmp_path / "second", ignore=shutil.ignore_patterns("vectors"))
    knowledge = opened(docs, tmp_path / "second")
    assert knowledge.sync().unchanged == 2
    hits = knowledge.retriever.search("路灯不亮找谁修", on=DAY)
    assert hits[0].vector_score is not None
    knowledge.close()


def _sync_elsewhere(docs: Path, state: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.knowledge.syncer", str(docs), str(state)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_processes_sync_a_new_folder_at_once(docs: Path, tmp_path: Path) -> None:
    for number in range(COUNT):
        write(docs, f"常见问答/n{number}.md", source(f"N-{number}", title=f"第{number}号通知", asks=None))
    running = [_sync_elsewhere(docs, tmp_path / "state") for _ in range(3)]
    outputs = [process.communicate(timeout=240)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sorted(outputs) == [["0", "0", "0", "32"], ["0", "0", "0", "32"], ["32", "0", "0", "0"]]
    manifest = json.loads(next((tmp_path / "state" / "knowledge").glob("*.json")).read_text(encoding="utf-8"))
    assert len(manifest["documents"]) == COUNT + 2
    knowledge = opened(docs, tmp_path / "state")
    assert knowledge.sync().touched == 0
    assert first(knowledge, "第7号通知") == "N-7"
    knowledge.close()


def test_what_another_process_wrote_is_seen_by_an_open_index(knowledge: Knowledge, docs: Path, tmp_path: Path) -> None:
    knowledge.sync()
    write(docs, "常见问答/lid.md", source("E02-lid", title="井盖松动找谁修", asks=None, body=LAMP))
    (docs / "常见问答/stall.md").unlink()
    assert _sync_elsewhere(docs, tmp_path / "state").communicate(timeout=240)[0].split() == ["1", "0", "1", "1"]
    assert knowledge.sync().touched == 0
    hits = knowledge.retriever.search("井盖松动找谁修", on=DAY)
    assert hits[0].document.id == "E02-lid"
    assert hits[0].vector_score == pytest.approx(1.0, abs=1e-3)
    assert "C01-stall" not in {h.document.id for h in hits}


def test_searches_go_on_while_documents_change(knowledge: Knowledge, docs: Path) -> None:
    knowledge.sync()
    found, stop = [], threading.Event()

    def search() -> None:
        while not stop.is_set():
            found.append(first(knowledge, "路灯不亮找谁修"))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        write(docs, "常见问答/stall.md", source("C01-stall", title=f"设摊说明第{number}版"))
        assert knowledge.sync().changed == 1
    stop.set()
    for thread in threads:
        thread.join()
    assert set(found) == {"E01-lamp"}


def test_the_watcher_sees_an_edit(knowledge: Knowledge, docs: Path) -> None:
    knowledge.sync()
    knowledge.watch(seconds=0.02)
    write(docs, "常见问答/lid.md", source("E02-lid", title="井盖松动找谁修", asks=None))
    seen = threading.Event()
    for _ in range(1000):
        if "E02-lid" in {d.id for d in knowledge.documents()}:
            break
        seen.wait(0.02)
    assert first(knowledge, "井盖松动找谁修") == "E02-lid"


def test_wrong_places_are_named(docs: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="知识库文件夹不存在"):
        open_knowledge(KnowledgeSettings(tmp_path / "none", tmp_path / "state"))
    with pytest.raises(VectorIndexError, match="地址写法不对"):
        open_server("localhost:8000", "kb-test")
    with pytest.raises(VectorIndexError, match="向量库打不开"):
        open_server(f"http://127.0.0.1:{_free_port()}", "kb-test")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "chroma.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(VectorIndexError, match="索引会自动重建"):
        open_folder(tmp_path / "bad", "kb-test")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A real Chroma server on a free port."""
    port = _free_port()
    command = [
        str(Path(sys.executable).parent / "chroma"),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    process = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pause = threading.Event()
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        pause.wait(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=30)


def test_a_chroma_server_is_shared(docs: Path, tmp_path: Path, server: str) -> None:
    one, two = opened(docs, tmp_path / "one", url=server), opened(docs, tmp_path / "two", url=server)
    one.sync()
    two.sync()
    write(docs, "常见问答/lid.md", source("E02-lid", title="井盖松动找谁修", asks=None))
    one.sync()
    two.sync()
    for knowledge in (one, two):
        assert first(knowledge, "井盖松动找谁修") == "E02-lid"
        knowledge.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
