"""The measuring commands on a little town of their own: real embedder, real index, real classifier."""

import json
from pathlib import Path

import pytest

from evals.peers import EmbeddingNeighbours, TfidfSvm
from evals.retrieve import char_tfidf, retrieve
from evals.transfer import compare_with_peers, transfer
from knowledge.embedding import load_embedder
from routing.classifiers.training import TrainingError

pytestmark = pytest.mark.integration
SAID = {
    "电": ("停电了", "电表跳闸", "电线掉下来", "整栋楼没电", "变压器响", "电费怎么算"),
    "水": ("停水了", "水管爆裂", "水压太小", "自来水发黄", "下水道堵了", "水费怎么算"),
    "树": ("树倒了", "树枝挡光", "绿化带枯了", "草坪没人修", "树根拱起来", "修剪树木"),
}


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def _town(path: Path, opening: str) -> Path:
    rows = [
        {"id": f"{unit}{i}", "text": opening + text, "unit": unit}
        for unit, texts in SAID.items()
        for i, text in enumerate(texts)
    ]
    return _write(path, rows)


def test_transfer_learns_the_units_of_the_file_and_nothing_else(tmp_path: Path) -> None:
    train, test = _town(tmp_path / "a.jsonl", "我家"), _town(tmp_path / "b.jsonl", "小区里")
    done = transfer(train, test, load_embedder())
    content = done.as_json()
    assert set(content["metrics"]) == {"top1", "top3", "macro_f1", "coverage_at_95", "train_s", "latency_ms_p95"}
    assert content["metrics"]["top1"] > 0.7
    assert content["metrics"]["top3"] == 1.0
    assert {unit["code"] for case in content["cases"] for unit in case["units"]} == set(SAID)
    said = compare_with_peers(done, train, test, (TfidfSvm, lambda t, u: EmbeddingNeighbours(t, u, load_embedder())))
    assert "tf-idf" in said
    assert "向量近邻" in said
    assert "配对检验" in said


def test_a_training_file_of_one_unit_is_refused_with_the_remedy(tmp_path: Path) -> None:
    rows = [{"id": str(i), "text": f"停水{i}次了", "unit": "水"} for i in range(20)]
    train = _write(tmp_path / "a.jsonl", rows)
    with pytest.raises(TrainingError, match="至少需要两类"):
        transfer(train, train, load_embedder())


def test_every_question_is_ranked_among_all_replies(tmp_path: Path) -> None:
    rows = [
        {
            "id": "1",
            "question": "路灯坏了半个月没人修",
            "reply": "您好，关于路灯不亮的问题，市政所将于三日内维修路灯。",
        },
        {"id": "2", "question": "自来水发黄能不能喝", "reply": "您好，水质发黄系管道检修所致，放水后可恢复正常。"},
        {"id": "3", "question": "广场舞太吵", "reply": "您好，已劝导广场舞队降低音量，并约定晚九点前结束。"},
    ]
    pairs = _write(tmp_path / "pairs.jsonl", rows)
    content = retrieve(pairs).as_json()
    assert content["metrics"] == {"r_at_1": 1.0, "r_at_10": 1.0, "mrr": 1.0}
    assert [case["id"] for case in content["cases"]] == ["1", "2", "3"]
    assert char_tfidf(pairs).figures["r_at_10"].value == 1.0
