"""From a request to a recommendation: place, passages, proposal, answer, rules. The one call that the desk makes."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from knowledge.bootstrap import Knowledge
from knowledge.documents import Hit
from knowledge.text import normalise
from routing.answer import compose_answer
from routing.call_kind import call_nature
from routing.earlier import sought
from routing.finding import CANDIDATES, Found, TopicScores, rank
from routing.finding_model import FindingModel
from routing.matters import matters_of
from routing.model_shelf import ModelShelf
from routing.pack_source import PackSource
from routing.passages import PassageRetriever, hits_of
from routing.place import locate
from routing.policy import recommend
from routing.ports import Circumstances, EarlierTickets, NoEarlierTickets
from routing.recommendation import Answer, Place, Proposal, Recommendation, Request
from routing.taxonomy import Example, PackView, TownPack
from routing.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEARCHED = 8


class Router:
    """Holds what was loaded at start; has no state of a call and may be shared by threads."""

    def __init__(
        self,
        packs: PackSource,
        examples: tuple[Example, ...],
        calendar: WorkCalendar,
        models: ModelShelf,
        knowledge: Knowledge,
        finding: FindingModel,
        earlier: EarlierTickets | None = None,
    ) -> None:
        self.packs = packs
        self.examples = examples
        self.calendar = calendar
        self.knowledge = knowledge
        self.models = models
        self.finding = finding
        self._earlier = earlier or NoEarlierTickets()
        self._passages = PassageRetriever(search=knowledge.retriever, limit=CANDIDATES)

    @property
    def pack(self) -> TownPack:
        """The town pack in use."""
        return self.packs.current()

    @property
    def model_version(self) -> str:
        """Version of the classifier that is in use."""
        return self.models.current().version

    def view(self, day: date) -> PackView:
        """The town pack as it stood on ``day``."""
        return self.pack.on(day)

    def view_of(self, request: Request) -> PackView:
        """The town pack as it stood on the call's day (Asia/Shanghai)."""
        return self.view(request.called_at.astimezone(SHANGHAI).date())

    def recommend(self, request: Request) -> Recommendation:
        """Recommend by the rules and documents of the call's day (Asia/Shanghai)."""
        view = self.view_of(request)
        place = locate(request.address, request.text, view)
        hits = self._hits(request)
        proposal = self._proposal(request, hits, view)
        found = rank(request.text, hits, self._likely(request, hits, proposal, view), self.finding, SEARCHED)
        answer = self._answer(request, proposal, found, view)
        around = self._around(request, proposal, place, view)
        return recommend(request, proposal, place, view, self.calendar, answer, around)

    def without_history(self) -> "Router":
        """The same router, blind to saved tickets: an evaluation must not find the very ticket that it replays."""
        return Router(self.packs, self.examples, self.calendar, self.models, self.knowledge, self.finding)

    def propose(self, request: Request) -> tuple[Proposal, tuple[Hit, ...]]:
        """Only the model's part: proposal and the passages found, before any rule."""
        hits = self._hits(request)
        return self._proposal(request, hits, self.pack.on(_day(request))), hits[:SEARCHED]

    def find(
        self,
        request: Request,
        limit: int = SEARCHED,
        topics: frozenset[str] | None = None,
        units: frozenset[str] | None = None,
    ) -> Found:
        """The documents that answer a request, best first, of one of ``topics`` and ``units``: what the answer is of.

        The topics of the request itself are proposed by the classifier, or what the operator chose.
        """
        hits, likely = self.candidates(request, topics, units)
        return rank(request.text, hits, likely, self.finding, limit)

    def candidates(
        self, request: Request, topics: frozenset[str] | None = None, units: frozenset[str] | None = None
    ) -> tuple[tuple[Hit, ...], TopicScores]:
        """What ``find`` ranks: all documents that are looked at, and the probable topics of what was meant."""
        hits, view = self._hits(request, topics, units), self.pack.on(_day(request))
        return hits, self._likely(request, hits, None, view)

    def _hits(
        self, request: Request, topics: frozenset[str] | None = None, units: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        return hits_of(self._passages.invoke(request.text, on=_day(request), topics=topics, units=units))

    def _proposal(self, request: Request, hits: Sequence[Hit], view: PackView) -> Proposal:
        return self.models.current().propose(request.text, view, hits[:SEARCHED])

    def _likely(self, request: Request, hits: Sequence[Hit], said: Proposal | None, view: PackView) -> TopicScores:
        """Probabilities of topics: the operator's choice, else of what was meant (``said``: proposed for the words)."""
        if request.topic_code in view.topics:
            return {request.topic_code: 1.0}
        meant = hits[0].signals.meant if hits else request.text
        if said is None or meant != normalise(request.text)[: len(meant)]:
            said = self.models.current().propose(meant, view)
        return {candidate.code: candidate.score for candidate in said.topics}

    def _around(self, request: Request, proposal: Proposal, place: Place, view: PackView) -> Circumstances:
        """What is known beside the proposal: kind of call, earlier tickets, several matters."""
        topics = (request.topic_code,) if request.topic_code else tuple(c.code for c in proposal.topics[:1])
        found = self._earlier.find(sought(request, place, topics))
        model = self.models.current()
        matters = matters_of(request.text, lambda part: model.propose(part, view), view)
        return Circumstances(call_nature(request.text, view), found, matters)

    def place(self, request: Request) -> Place:
        """Only the place of a request."""
        return locate(request.address, request.text, self.pack.on(_day(request)))

    def _answer(self, request: Request, proposal: Proposal, found: Found, view: PackView) -> Answer:
        code = proposal.topics[0].code if proposal.topics else ""
        if request.topic_code in view.topics:
            code = request.topic_code
        return compose_answer(found, self.knowledge.passages_of, _who_knows(code, view))


def _day(request: Request) -> date:
    return request.called_at.astimezone(SHANGHAI).date()


def _who_knows(topic: str, view: PackView) -> str:
    """The unit or number that can answer when the knowledge base cannot."""
    if topic not in view.topics:
        return ""
    known = view.topics[topic]
    lead = view.unit_ref(known.lead)
    return lead.name if lead else known.referral
