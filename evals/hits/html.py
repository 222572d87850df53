"""What the page 命中测试 shows, as HTML (pure)."""

from collections.abc import Mapping, Sequence

from evals.hits.asked import Asked
from evals.hits.compare import HitsCompared
from evals.hits.figures import NAMES, figures
from evals.hits.finder import Finding
from evals.hits.marking import pieces
from evals.hits.service import Added
from evals.hits.store import HitHead, HitRun
from evals.html_report import fill
from evals.report import paired_text

CARDS = ("r_at_1", "r_at_3", "r_at_10", "mrr", "answered", "refused")
COLUMNS = ("r_at_1", "r_at_3", "mrr", "answered", "refused")
MOST = 200
Names = Mapping[str, str]


def finding_html(finding: Finding, units: Names, narrowed: bool) -> str:
    """The answer with its reason, probable topics, and the ranked documents with their passages."""
    rows = [(found, tuple(pieces(found.passage.text, finding.question))) for found in finding.documents]
    return fill("hits_finding.html.j2", finding=finding, rows=rows, units=units, narrowed=narrowed)


def runs_html(heads: Sequence[HitHead]) -> str:
    """The kept runs with their main figures as bars."""
    rows = [(head, [head.metrics.get(key) for key in COLUMNS]) for head in heads]
    return fill("hits_runs.html.j2", rows=rows, columns=[NAMES[key] for key in COLUMNS])


def run_html(run: HitRun, titles: Names, topics: Names) -> str:
    """Figures as cards and the misses of one run."""
    measured = figures(run.asked)
    misses = [asked for asked in run.asked if asked.miss]
    return fill(
        "hits_run.html.j2",
        run=run,
        cards=[(NAMES[key], measured[key]) for key in CARDS if measured[key].count],
        misses=misses[:MOST],
        count=len(misses),
        titles=titles,
        topics=topics,
    )


def compared_html(found: HitsCompared) -> str:
    """Both runs as bars under each other, paired tests, what is found now and what was lost."""
    first, second = figures(found.first.asked), figures(found.second.asked)
    tests = [
        (NAMES[name], first[name], second[name], paired_text(test), name in found.worse)
        for name, test in found.tests.items()
    ]
    return fill("hits_compared.html.j2", found=found, tests=tests, most=MOST)


def added_html(added: Added) -> str:
    """What the new way of asking changed."""
    return fill("hits_added.html.j2", added=added)


def miss_label(asked: Asked) -> str:
    """A miss as it stands in the list to choose from."""
    text = asked.question.text
    return f"{asked.question.id}　{text[:40]}{'…' if len(text) > 40 else ''}（{asked.miss}）"
