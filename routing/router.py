"""From a request to a recommendation: place, passages, proposal, answer, rules. The one call that the desk makes."""

from datetime import date
from zoneinfo import ZoneInfo

from knowledge.bootstrap import Knowledge
from knowledge.documents import Hit
from routing.answer import AnswerPolicy, compose_answer
from routing.call_kind import call_nature
from routing.earlier import sought
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
        answers: AnswerPolicy,
        earlier: EarlierTickets | None = None,
    ) -> None:
        self.packs = packs
        self.examples = examples
        self.calendar = calendar
        self.knowledge = knowledge
        self.models = models
        self._answers = answers
        self._earlier = earlier or NoEarlierTickets()
        self._passages = PassageRetriever(search=knowledge.retriever, limit=SEARCHED)

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
        proposal, hits = self.propose(request)
        answer = self._answer(request, proposal, hits, view)
        around = self._around(request, proposal, place, view)
        return recommend(request, proposal, place, view, self.calendar, answer, around)

    def without_history(self) -> "Router":
        """The same router, blind to saved tickets: an evaluation must not find the very ticket that it replays."""
        return Router(self.packs, self.examples, self.calendar, self.models, self.knowledge, self._answers)

    def propose(self, request: Request) -> tuple[Proposal, tuple[Hit, ...]]:
        """Only the model's part: proposal and the passages found, before any rule."""
        hits = self.passages(request)
        return self.models.current().propose(request.text, self.view_of(request), hits), hits

    def passages(self, request: Request) -> tuple[Hit, ...]:
        """The passages found for a request, in force on the call's day."""
        return hits_of(self._passages.invoke(request.text, on=request.called_at.astimezone(SHANGHAI).date()))

    def _around(self, request: Request, proposal: Proposal, place: Place, view: PackView) -> Circumstances:
        """What is known beside the proposal: kind of call, earlier tickets, several matters."""
        topics = (request.topic_code,) if request.topic_code else tuple(c.code for c in proposal.topics[:1])
        found = self._earlier.find(sought(request, place, topics))
        model = self.models.current()
        matters = matters_of(request.text, lambda part: model.propose(part, view), view)
        return Circumstances(call_nature(request.text, view), found, matters)

    def place(self, request: Request) -> Place:
        """Only the place of a request."""
        return locate(request.address, request.text, self.pack.on(request.called_at.astimezone(SHANGHAI).date()))

    def _answer(self, request: Request, proposal: Proposal, hits: tuple[Hit, ...], view: PackView) -> Answer:
        scores = {candidate.code: candidate.score for candidate in proposal.topics}
        code = proposal.topics[0].code if proposal.topics else ""
        if request.topic_code in view.topics:
            code, scores = request.topic_code, {request.topic_code: 1.0}
        return compose_answer(hits, self.knowledge.passages_of, scores, self._answers, _who_knows(code, view))


def _who_knows(topic: str, view: PackView) -> str:
    """The unit or number that can answer when the knowledge base cannot."""
    if topic not in view.topics:
        return ""
    known = view.topics[topic]
    lead = view.unit_ref(known.lead)
    return lead.name if lead else known.referral
