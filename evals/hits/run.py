"""One retrieval test, whole: every question through production, its figures, and what answered."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from evals.hits.asked import ask_all
from evals.hits.figures import figures
from evals.hits.finder import Finder
from evals.hits.questions import Question
from evals.hits.store import HitHead, HitRun, data_hash
from evals.run_folder import new_id


def run_hits(
    finder: Finder,
    questions: Sequence[Question],
    name: str,
    by: str,
    at: datetime,
    day: date,
    say: Callable[[str, float], None],
    notes: Sequence[str] = (),
) -> HitRun:
    """Ask all ``questions`` as calls of ``day``; ``say`` hears step and share done (0..1)."""
    judge = finder.judge()
    asked = ask_all(finder, questions, day, say)
    values = {key: figure.value for key, figure in figures(asked).items() if figure.count}
    hashed = data_hash(asked)
    # Two tests of one file within a second differ in what was found or how long it took: neither replaces the other.
    own = hashlib.sha256(repr((judge, asked)).encode()).hexdigest()
    head = HitHead(
        new_id(at, own), name, at, by, day, hashed, len(asked), finder.depth, judge, tuple(notes), metrics=values
    )
    return HitRun(head, asked)
