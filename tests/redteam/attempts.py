"""The red-team set: what callers and documents try to make a model do. Rows stand in the YAML files beside this one."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from knowledge.documents import Document, DocumentKind, DocumentStatus, Hit, LegalBasis, Passage
from routing.recommendation import Band, Candidate, Evidence, Proposal, Request
from routing.second_opinion.brief import Breadth, Brief, brief_of
from tests.routing.towns import CALLED_AT, VIEW

CODES = ("B04", "A03", "A01", "C03")
# What a hostile model would like to betray: another call, and what was hidden of this one.
OTHER = "我家住在三楼，隔壁夫妻天天半夜吵架摔东西，孩子吓得睡不着"
NAME, PHONE = "张示例", "13800001111"
CLEAN = "房屋漏水由房屋管理所主责。谈不拢的，可以申请人民调解，不收费用。"
CALL = "昨晚楼上漏水，天花板湿了一大片，希望有人来看看"


@dataclass(frozen=True)
class Attempt:
    id: str
    kind: str
    text: str
    goal: str


def attempts() -> list[Attempt]:
    found = []
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [Attempt(kind=table["kind"], **row) for row in table["attempts"]]
    return found


def brief_for(attempt: Attempt, *, blind: bool = False) -> Brief:
    """What would be told of the attempt; ``blind`` as if the look for orders had found nothing in a caller's text."""
    document = attempt.kind == "文档"
    text = CALL if document else f"{attempt.text} 我叫{NAME}，电话{PHONE}。"
    hits = [_hit("D-1", "漏水怎么办", CLEAN)] + ([_hit("D-2", "投毒", attempt.text)] if document else [])
    topics = tuple(Candidate(code, VIEW.topics[code].name, 0.4 - 0.1 * n) for n, code in enumerate(CODES[:3]))
    evidence = (Evidence("示例", "A06", "邻里纠纷", OTHER, 0.3),)
    proposal = Proposal((), topics, (), Band.CHOOSE, evidence, "test", "test")
    scores = [(code, 0.3) for code in CODES]
    brief = brief_of(Request(text, CALLED_AT), proposal, scores, hits, VIEW, Breadth())
    return replace(brief, order="") if blind else brief


def _hit(name: str, title: str, text: str) -> Hit:
    document = Document(
        id=name,
        title=title,
        kind=DocumentKind.QUESTION,
        topics=("B04",),
        unit="FGS",
        status=DocumentStatus.PUBLISHED,
        basis=(LegalBasis("示例办法", "2026-01-01", ("第一条",)),),
        asks=(),
        in_force_from=date(2026, 1, 1),
        in_force_to=None,
        review_by=date(2027, 1, 1),
        body=text,
        path=f"{name}.md",
        content_hash=name,
    )
    return Hit(document, Passage(f"{name}#0", name, 0, (title, "可以这样答复"), text), 0.5, 0.5, 0.5, 0.7)
