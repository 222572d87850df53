"""Print a run as a table beside its peer, and write it as JSON for other tools."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.breakdown import confusions
from evals.compare import Compared
from evals.evaluate import peer_results
from evals.metrics import Figure, Paired
from evals.run_store import Run
from evals.scored import Scored

NAMES = {
    "topic_top1": "事项 首位正确",
    "topic_top3": "事项 前三包含",
    "topic_macro_f1": "事项 宏平均F1",
    "type_accuracy": "工单类型 正确",
    "lead_top1": "承办单位 正确",
    "outcome_accuracy": "处理方式 正确",
    "accept_precision": "建议采纳中 正确",
    "accept_coverage": "建议采纳 占比",
    "coverage_at_95": "95%正确时可覆盖",
    "calibration_error": "校准误差(ECE)",
    "answered": "给出答复 占比",
    "answered_right": "给出的答复中 文档正确",
    "refused": "无答案的 如实说没有",
    "r_at_1": "首位文档正确",
    "r_at_3": "前三含正确文档",
    "r_at_10": "前十含正确文档",
    "mrr": "平均倒数排名",
    "faults": "未能评测 占比",
    "latency_ms_p50": "时延 p50 毫秒",
    "latency_ms_p95": "时延 p95 毫秒",
}


def table(title: str, figures: Mapping[str, Figure]) -> str:
    """Lines of name, value, interval and number of cases."""
    rows = [f"== {title} =="]
    for key, figure in figures.items():
        if not figure.count:
            continue  # no case states what is right for it
        interval = "" if math.isnan(figure.low) else f"  [{figure.low:.3f}, {figure.high:.3f}]"
        rows.append(f"{NAMES.get(key, key):<14}\t{figure.value:8.3f}{interval}\tn={figure.count}")
    return "\n".join(rows)


def peer_lines(name: str, figures: Mapping[str, Figure], compared: Paired) -> str:
    """The peer's figures and the paired comparison."""
    body = table(f"同批对照：{name}", figures)
    return (
        f"{body}\n本系统 − {name}（首位正确）：{compared.difference.value:+.3f} "
        f"[{compared.difference.low:+.3f}, {compared.difference.high:+.3f}]，仅本系统对 {compared.only_first}，"
        f"仅对照对 {compared.only_second}，配对检验 p={compared.p_value:.4f}"
    )


def confusion_lines(cases: Sequence[Scored], limit: int = 15) -> str:
    """The most frequent confusions of topic, each with one text."""
    found = confusions(cases)
    rows = [f"== 最常见的误判（共 {sum(c.count for c in found)} 条）=="]
    rows += [f"{c.gold} → {c.said or '—'} ×{c.count}\t{c.cases[0].id}\t{c.cases[0].text[:60]}" for c in found[:limit]]
    return "\n".join(rows)


def comparison(found: Compared, limit: int = 20) -> str:
    """A comparison as lines: every figure with its paired test, then the cases that changed, losses first."""
    rows = [
        f"== {found.second.head.name}（{found.second.head.id}） 比 {found.first.head.name}（{found.first.head.id}）==",
        f"共同用例 {found.common} 条" + (f"，未能配对 {found.left_out} 条" if found.left_out else ""),
    ]
    rows += [f"{NAMES[name]:<14}\t{paired_text(test)}" for name, test in found.tests.items()]
    rows.append(f"== 建议变了的 {len(found.changes)} 条 ==")
    for change in found.changes[:limit]:
        mark = "变差" if change.worse else "变好" if change.better else "改变"
        rows.append(
            f"{mark}\t{change.after.id}\t{change.before.first or '—'} → {change.after.first or '—'}"
            f"（正确 {change.after.gold or '—'}）\t{change.after.text[:50]}"
        )
    return "\n".join(rows)


def paired_text(test: Paired) -> str:
    """Difference with interval, who alone is right how often, and the test."""
    return (
        f"{test.difference.value:+.3f} [{test.difference.low:+.3f}, {test.difference.high:+.3f}]，"
        f"新对 {test.only_first}，新错 {test.only_second}，p={test.p_value:.3f}"
    )


def as_json(done: Run, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """``meta``, ``metrics`` (values), ``intervals``, ``counts``, ``peers`` and one entry a case; NaN becomes null."""
    head = done.head
    return {
        "meta": {
            "id": head.id,
            "cases": head.name,
            "data_hash": head.data_hash,
            "model": head.judge.model,
            "model_data_hash": head.judge.model_data,
            "pack": head.judge.pack,
            "documents": head.judge.documents,
        },
        "metrics": {key: _number(f.value) for key, f in figures.items()},
        "intervals": {key: [_number(f.low), _number(f.high)] for key, f in figures.items()},
        "counts": {key: f.count for key, f in figures.items()},
        "peers": {
            name: {key: _number(f.value) for key, f in values.items()} | {"p": _number(test.p_value)}
            for name, (values, test) in peer_results(done).items()
        },
        "cases": [
            {
                "id": s.id,
                "type": s.said_type,
                "topics": [{"code": code, "score": score} for code, score in s.topics],
                "lead": s.said_lead,
                "outcome": s.said_outcome,
                "band": s.band,
                "ms": s.ms,
            }
            for s in done.cases
        ],
    }


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write UTF-8 JSON; the folder must exist."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
