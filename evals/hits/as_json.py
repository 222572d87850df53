"""Findings, runs and comparisons as JSON, for the API and for files."""

from typing import Any

from evals.hits.asked import Asked, as_row
from evals.hits.compare import HitsCompared, Moved
from evals.hits.figures import figures
from evals.hits.finder import Finding
from evals.hits.service import Added
from evals.hits.store import HitRun, head_row
from evals.metrics import Figure


def finding_json(finding: Finding) -> dict[str, Any]:
    """What callers get."""
    return {
        "question": finding.question,
        "day": finding.day.isoformat(),
        "documents": [
            {
                "id": f.document.id,
                "title": f.document.title,
                "status": f.document.status.value,
                "section": " / ".join(f.passage.heading_path),
                "passage": f.passage.text,
                "score": round(f.score, 4),
                "closeness": round(f.closeness, 4),
                "topic": round(f.topic, 4),
                "support": round(f.support, 4),
            }
            for f in finding.documents
        ],
        "topics": [{"code": c.code, "name": c.name, "score": round(c.score, 4)} for c in finding.topics],
        "answer": {"found": finding.answer.found, "text": finding.answer.text, "document": finding.answered_from},
        "threshold": finding.threshold,
        "why": finding.why,
    }


def run_json(run: HitRun) -> dict[str, Any]:
    """Head, figures with intervals, and every question."""
    return {
        **head_row(run.head),
        "figures": {key: figure_json(figure) for key, figure in figures(run.asked).items() if figure.count},
        "asked": [{**as_row(a), "miss": a.miss} for a in run.asked],
    }


def compared_json(found: HitsCompared) -> dict[str, Any]:
    """Paired tests, what is found now and what was lost."""
    return {
        "first": found.first.head.id,
        "second": found.second.head.id,
        "common": found.common,
        "left_out": found.left_out,
        "worse": list(found.worse),
        "tests": {
            name: {
                **figure_json(test.difference),
                "only_second": test.only_first,
                "only_first": test.only_second,
                "p": round(test.p_value, 6),
            }
            for name, test in found.tests.items()
        },
        "found": [_moved(one) for one in found.found],
        "lost": [_moved(one) for one in found.lost],
    }


def added_json(added: Added) -> dict[str, Any]:
    """Rank before and now."""
    return {
        "document": added.document.id,
        "ask": added.ask,
        "rank_before": added.rank_before,
        "rank_now": added.rank_now,
        "now": finding_json(added.now),
    }


def figure_json(figure: Figure) -> dict[str, float | int]:
    """A figure with its interval."""
    return {
        "value": round(figure.value, 4),
        "low": round(figure.low, 4),
        "high": round(figure.high, 4),
        "count": figure.count,
    }


def _moved(moved: Moved) -> dict[str, Any]:
    asked: Asked = moved.after
    return {
        "id": asked.question.id,
        "question": asked.question.text,
        "before": moved.before.miss or "对",
        "after": asked.miss or "对",
    }
