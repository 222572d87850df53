"""Suggested answer: the approved wording of the best document with its source, or “知识库暂无答案” (pure)."""

from collections.abc import Mapping, Sequence

from knowledge.clauses import section_of
from knowledge.documents import Document, DocumentStatus, Passage
from routing.answer_parts import AnswerKind, disagreements_of, said_of
from routing.finding import Found, Supported
from routing.recommendation import Alternative, Answer, Citation

READ_ALOUD = "可以这样答复"
CONTRADICTED_BY = 4  # so many of the best documents are held against each other
# The right document is first for 82 of 100 questions and among the first three for 93 (docs/evaluation.md).
OTHERS, MAYBE = 2, 0.1
UNVERIFIED_MARK = "待核验，请以承办单位答复为准"


def compose_answer(
    found: Found,
    passages: Mapping[str, Sequence[Passage]],
    who_knows: str,
) -> Answer:
    """Answer from the best document found; below the threshold say that there is none and who knows.

    ``passages`` maps a document id to all its passages in order; ``who_knows`` is a unit or referral in words.
    """
    if not found.answers:
        knows = (
            f"可请{who_knows}解答，或登记后由其回复来电人。"
            if who_knows
            else "请登记后转城运中心研判，由相关单位回复来电人。"
        )
        return Answer(found=False, text=f"知识库中没有足够贴切的文档，请勿自行答复。{knows}")
    best = found.documents[0].hit
    approved = _approved(best.document, passages)
    wording = approved or [best.passage]
    sections = _one_per_section(wording)
    numbers = {passage.heading_path: number for number, passage in enumerate(sections, start=1)}
    return Answer(
        found=True,
        text="\n".join(p.text for p in wording),
        citations=tuple(cited(best.document, p) for p in sections),
        mark=_mark(best.document),
        kind=AnswerKind.APPROVED if approved else AnswerKind.EXTRACT,
        sentences=said_of(wording, [numbers[p.heading_path] for p in wording]),
        disagreements=disagreements_of(best.document, [one.hit.document for one in found.documents[:CONTRADICTED_BY]]),
        others=tuple(_alternative(one, passages) for one in found.documents[1 : 1 + OTHERS] if one.support >= MAYBE),
    )


def _approved(document: Document, passages: Mapping[str, Sequence[Passage]]) -> list[Passage]:
    return [p for p in passages.get(document.id, ()) if READ_ALOUD in p.heading_path]


def _alternative(one: Supported, passages: Mapping[str, Sequence[Passage]]) -> Alternative:
    document = one.hit.document
    wording = _approved(document, passages) or [one.hit.passage]
    text = "\n".join(p.text for p in wording)
    return Alternative(document.id, document.title, text, document.in_force_from, _mark(document))


def _mark(document: Document) -> str:
    return UNVERIFIED_MARK if document.status is DocumentStatus.UNVERIFIED else ""


def _one_per_section(passages: Sequence[Passage]) -> list[Passage]:
    return list({p.heading_path: p for p in reversed(passages)}.values())[::-1]


def cited(document: Document, passage: Passage) -> Citation:
    """Source of a sentence that was taken from this passage."""
    basis = "；".join(f"《{b.law}》（{b.version}）{'、'.join(b.articles)}" for b in document.basis)
    section = section_of(passage.heading_path)
    return Citation(document.id, document.title, section, document.in_force_from, document.status.value, basis)
