"""Put every case through the very function the desk calls, and write down what came back."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from evals.cases import Case
from evals.scored import Scored, faulty, score
from routing.recommendation import Request
from routing.router import Router

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LOG = logging.getLogger(__name__)


def run(
    router: Router, cases: Sequence[Case], progress: Callable[[int, int], None] | None = None
) -> tuple[Scored, ...]:
    """Recommend for every case; the first call is made once beforehand so that loading is not timed.

    A case that makes the desk fail is kept with its fault: an evaluator that crashes is not a score.
    """
    router.recommend(Request("小区门口有人占道摆摊", datetime.now(SHANGHAI)))
    scored = []
    for number, case in enumerate(cases, 1):
        request = Request(case.text, case.called_at or datetime.now(SHANGHAI), case.address)
        start = time.perf_counter()
        try:
            said = router.recommend(request)
            scored.append(score(case, said, (time.perf_counter() - start) * 1000))
        except Exception as error:  # whatever the desk trips over belongs into the report, with its case
            _LOG.exception("case %s", case.id)
            scored.append(faulty(case, f"{type(error).__name__}: {error}"))
        if progress:
            progress(number, len(cases))
    return tuple(scored)
