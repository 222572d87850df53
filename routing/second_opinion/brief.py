"""What a second opinion is told: first candidates with definition and duty, passages, similar tickets, why in doubt.

A ``Brief`` is the plain truth inside the process; ``sendable`` makes the hidden version of it that may leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.documents import Hit
from routing.answer import cited
from routing.recommendation import Band, Citation, Evidence, Proposal, Request, TicketType
from routing.second_opinion.masking import Mask, one_way
from routing.second_opinion.orders import has_hidden, orders_in, visible
from routing.taxonomy import PackView, Topic

SIMILAR = 3
_WORDS_OF_SIMILAR = 120
_WHY = {
    Band.CHOOSE: "前几个事项分数接近或都不高",
    Band.CENTRE: "没有一个事项分数够高",
    Band.UNKNOWN: "内容太少，听不出事项",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic that may be answered, with its line of the duty list; ``lead`` empty: not the town's."""

    code: str
    name: str
    definition: str
    lead: str
    support: tuple[str, ...]
    score: float

    @property
    def label(self) -> str:
        """How the topic is written to and by the model."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that may be cited, by its short ``mark`` (P1, P2 …)."""

    mark: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier call that reads alike and the topic that people settled on."""

    text: str
    topic: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a model is told about one call. ``first`` is the fast proposal's topic code, empty when none.

    ``left_out`` counts passages that give orders or hide something; ``order`` is the caller's, if there is one: then
    nothing may be sent. ``unit_names`` are all units of the town, for the support check.
    """

    text: str
    address: str
    first: str
    band: Band
    doubt: str
    choices: tuple[Choice, ...]
    types: tuple[str, ...]
    sources: tuple[Source, ...]
    similar: tuple[Similar, ...]
    unit_names: frozenset[str]
    order: str = ""
    left_out: int = 0

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the units that the candidates' duty lines know."""
        names = [name for choice in self.choices for name in (choice.lead, *choice.support) if name]
        return tuple(dict.fromkeys(names))

    def choice(self, code: str) -> Choice | None:
        """The candidate of this code."""
        return next((choice for choice in self.choices if choice.code == code), None)

    def source(self, mark: str) -> Source | None:
        """The passage of this mark."""
        return next((source for source in self.sources if source.mark == mark), None)


@dataclass(frozen=True, slots=True)
class Breadth:
    """How much is told: numbers of candidates and passages, and characters of the longest passage and of the text."""

    candidates: int = 5
    passages: int = 3
    passage_characters: int = 320
    text_characters: int = 1500


def brief_of(
    request: Request,
    proposal: Proposal,
    scores: Sequence[tuple[str, float]],
    hits: Sequence[Hit],
    view: PackView,
    breadth: Breadth,
) -> Brief:
    """Gather what is told; ``scores`` are topic codes with probabilities, best first."""
    clean = [hit for hit in hits if not _suspect(hit)]
    known = [(code, score) for code, score in scores if code in view.topics]
    choices = tuple(_choice(view.topics[code], score, view) for code, score in known[: breadth.candidates])
    return Brief(
        text=visible(request.text)[: breadth.text_characters],
        address=visible(request.address)[:100],
        first=proposal.topics[0].code if proposal.topics else "",
        band=proposal.band,
        doubt=doubt_of(proposal),
        choices=choices,
        types=tuple(kind.value for kind in TicketType),
        sources=tuple(
            Source(
                f"P{number}", visible(hit.passage.text)[: breadth.passage_characters], cited(hit.document, hit.passage)
            )
            for number, hit in enumerate(clean[: breadth.passages], 1)
        ),
        similar=_similar(proposal.evidence),
        unit_names=frozenset(unit.name for unit in view.unit_refs()),
        order=orders_in(request.text) or orders_in(request.address),
        left_out=len(hits) - len(clean),
    )


def sendable(brief: Brief, mask: Mask) -> Brief:
    """The brief with the caller's things behind marks and other people's gone for good."""
    similar = one_way(one.text for one in brief.similar)
    return replace(
        brief,
        text=mask.hide(brief.text),
        address=mask.hide(brief.address),
        similar=tuple(replace(one, text=text) for one, text in zip(brief.similar, similar, strict=True)),
    )


def doubt_of(proposal: Proposal) -> str:
    """Why the fast proposal is not sure, in Chinese; empty when it is."""
    why = _WHY.get(proposal.band, "")
    if not why or not proposal.topics:
        return why
    named = "，".join(f"{topic.name} {topic.score:.0%}" for topic in proposal.topics)
    return f"{why}（{named}）"


def _choice(topic: Topic, score: float, view: PackView) -> Choice:
    lead = view.unit_ref(topic.lead)
    support = tuple(ref.name for ref in map(view.unit_ref, topic.support) if ref)
    return Choice(topic.code, topic.name, topic.definition, lead.name if lead else "", support, score)


def _suspect(hit: Hit) -> bool:
    return has_hidden(hit.passage.text) or bool(orders_in(hit.passage.text, document=True))


def _similar(evidence: Sequence[Evidence]) -> tuple[Similar, ...]:
    alike = [one for one in evidence if one.kind == "示例" and not orders_in(one.text)]
    return tuple(Similar(visible(one.text)[:_WORDS_OF_SIMILAR], f"{one.code} {one.title}") for one in alike[:SIMILAR])
