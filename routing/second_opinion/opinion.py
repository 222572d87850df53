"""What remains of a model's answer once every word of it is checked against the call and the passages (pure).

Nothing of an answer is believed: quotation and summary must stand in the call, the reason in call or definition, each
sentence of the draft in its passage. What does not is struck before anybody sees it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.recommendation import Citation
from routing.second_opinion.brief import Brief, Source
from routing.second_opinion.masking import Mask
from routing.second_opinion.schema import ELEMENTS, Said
from routing.second_opinion.support import unsupported

# Shares of character pairs that must stand in what the words are about.
QUOTED = 1.0
SUMMARISED = 0.8
REASONED = 0.7
_SIGNS = re.compile(r"[^\w一-鿿〔〕]+")
_NAMED = re.compile(r"“[^”]*”")
_LINK = re.compile(r"https?:|www\.|://", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the draft with the passage that carries it."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Opinion:
    """What may be shown. ``topic`` is a candidate's code (empty: none fits or not yet said), ``unit`` the model's word.

    ``struck`` says why things were left out; the struck words themselves are gone. ``complete`` False: more is coming.
    """

    topic: str = ""
    type: str = ""
    unit: str = ""
    quote: str = ""
    why: str = ""
    elements: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    draft: tuple[Sentence, ...] = ()
    struck: tuple[str, ...] = ()
    complete: bool = False


def checked(said: Said, brief: Brief, mask: Mask, *, complete: bool = True) -> Opinion:
    """Check ``said`` against the brief as it was sent, then put the hidden values back."""
    told = f"{brief.text}\n{brief.address}"
    struck: list[str] = []
    quote = _kept(said.quote, told, QUOTED, "引用的原话不在来电里", struck)
    why = _kept(said.why, f"{told}\n{_duty(said.topic, brief)}", REASONED, "理由里有来电和职责之外的内容", struck)
    elements = {
        name: _kept(value, told, SUMMARISED, f"{name}不在来电里", struck)
        for name, value in (said.summary or {}).items()
    }
    draft = _draft(said, brief, struck)
    return Opinion(
        topic=said.topic,
        type=said.type,
        unit=said.unit,
        quote=mask.restore(quote),
        why=mask.restore(why),
        elements={name: mask.restore(value) for name, value in elements.items()},
        missing=tuple(name for name in ELEMENTS if said.summary is not None and not elements.get(name)),
        draft=draft,
        struck=tuple(struck),
        complete=complete,
    )


def _draft(said: Said, brief: Brief, struck: list[str]) -> tuple[Sentence, ...]:
    kept: list[Sentence] = []
    for text, mark in said.draft:
        source: Source | None = brief.source(mark)
        reason = unsupported(text, source.text, brief.unit_names) if source else "没有这个出处"
        if reason or source is None:
            struck.append("答复草稿划去一句：" + _NAMED.sub("", reason))  # what was struck is not told by the back door
        elif text not in {one.text for one in kept}:
            kept.append(Sentence(text, source.citation))
    return tuple(kept)


def _duty(topic: str, brief: Brief) -> str:
    choice = brief.choice(topic)
    return " ".join((choice.name, choice.definition, choice.lead, *choice.support)) if choice else ""


def _kept(value: str, source: str, least: float, why: str, struck: list[str]) -> str:
    if not value or not _bare(value):
        return ""
    if grounded(value, source, least):
        return value
    struck.append(why)
    return ""


def grounded(value: str, source: str, least: float) -> bool:
    """Whether ``value`` stands in ``source``: at least this share of its pairs, every number, and no link."""
    said, known = _bare(value), _bare(source)
    if _LINK.search(value) or any(number not in known for number in re.findall(r"\d+", said)):
        return False
    if len(said) < 2 or least >= 1.0:
        return said in known
    pairs = [said[i : i + 2] for i in range(len(said) - 1)]
    return sum(1 for pair in pairs if pair in known) >= least * len(pairs)


def _bare(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).lower()
