"""Makes briefs with the router that the desk uses."""

from routing.recommendation import Recommendation, Request
from routing.router import Router
from routing.second_opinion.brief import Breadth, Brief, brief_of


class Briefs:
    """Holds the router and how much a model is told."""

    def __init__(self, router: Router, breadth: Breadth | None = None) -> None:
        self._router = router
        self._breadth = breadth or Breadth()

    def __call__(self, request: Request, recommendation: Recommendation | None = None) -> Brief:
        """The brief of one call; the proposal is drawn anew unless the recommendation has it."""
        router = self._router
        hits = tuple(one.hit for one in router.find(request).documents)
        model, view = router.models.current(), router.view_of(request)
        # The desk has its proposal already: drawing it again would take time from the next one.
        proposal = recommendation.proposal if recommendation else model.propose(request.text, view, hits)
        scores = sorted(model.topic_scores(request.text).items(), key=lambda item: -item[1])
        first = [(topic.code, topic.score) for topic in proposal.topics]
        rest = [pair for pair in scores if pair[0] not in {code for code, _ in first}]
        return brief_of(request, proposal, [*first, *rest], hits, view, self._breadth)
