"""Print a run as a table beside its peer, and write it as JSON for other tools."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.metrics import Figure, Paired
from evals.runner import Judged

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
    "latency_ms_p50": "时延 p50 毫秒",
    "latency_ms_p95": "时延 p95 毫秒",
}


def table(title: str, figures: Mapping[str, Figure]) -> str:
    """Lines of name, value, interval and number of cases."""
    rows = [f"== {title} =="]
    for key, figure in figures.items():
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


def confusions(judged: Sequence[Judged], limit: int = 15) -> str:
    """The most frequent confusions of topic, each with one text."""
    wrong = [j for j in judged if j.case.accept and not j.topic_right]
    pairs = Counter((j.case.topic or j.case.accept[0], j.topics[0] if j.topics else "—") for j in wrong)
    rows = [f"== 最常见的误判（共 {len(wrong)} 条）=="]
    for (gold, said), count in pairs.most_common(limit):
        sample = next(
            j for j in wrong if (j.case.topic or j.case.accept[0], j.topics[0] if j.topics else "—") == (gold, said)
        )
        rows.append(f"{gold} → {said} ×{count}\t{sample.case.id}\t{sample.case.text[:60]}")
    return "\n".join(rows)


def as_json(judged: Sequence[Judged], figures: Mapping[str, Figure], meta: Mapping[str, str]) -> dict[str, Any]:
    """``metrics`` (values), ``intervals``, ``meta`` and one entry per case; NaN becomes null."""
    return {
        "meta": dict(meta),
        "metrics": {key: _number(f.value) for key, f in figures.items()},
        "intervals": {key: [_number(f.low), _number(f.high)] for key, f in figures.items()},
        "counts": {key: f.count for key, f in figures.items()},
        "cases": [
            {
                "id": j.case.id,
                "type": j.recommendation.proposal.types[0].code,
                "topics": [{"code": c.code, "score": c.score} for c in j.recommendation.proposal.topics],
                "lead": j.recommendation.lead.code if j.recommendation.lead else "",
                "outcome": j.recommendation.outcome.value,
                "band": j.recommendation.proposal.band.value,
                "ms": round(j.ms, 2),
            }
            for j in judged
        ],
    }


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write UTF-8 JSON; the folder must exist."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
