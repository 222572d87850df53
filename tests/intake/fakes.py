"""Hand-written fakes of the ports: a recommender that decides by one word, four topics, a settable clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from intake.application.services import Check, Desk
from intake.domain.clocks import Terms
from intake.domain.ticket import SHANGHAI, TopicRef
from routing.earlier import numbers_in
from routing.recommendation import (
    Answer,
    Band,
    Banner,
    CallKind,
    Candidate,
    Citation,
    Clock,
    Evidence,
    Finding,
    Outcome,
    Place,
    Proposal,
    Recommendation,
    Related,
    Request,
    Territory,
    TicketType,
    UnitRef,
)
from routing.second_opinion.brief import Brief, Choice, Source
from tests.intake.terms import TERMS

NOW = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)  # Monday 10:05 in Shanghai
UNITS = {"ZFD": "综合行政执法队", "SQB": "社区管理办公室", "FGS": "房管所", "CYZX": "城市运行管理中心"}
TOPICS = {
    "C01": TopicRef("C01", "无证设摊", "城市管理", "ZFD", ("SQB",), "无证设摊"),
    "A01": TopicRef("A01", "物业服务", "物业", "FGS", ("SQB",)),
    "Z01": TopicRef("Z01", "法院诉讼", "其他", "", (), "", "请向法院或 12348 咨询。"),
    "S01": TopicRef("S01", "居住证", "人口", "SQB"),
}
_KNOWN_UNTIL = 2026


@dataclass
class SettableClock:
    """A clock that stands until it is moved."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


class FakeDirectory:
    """Units and topics of the fake town; clocks count calendar days, years after 2026 are provisional."""

    def units(self, day: date) -> tuple[UnitRef, ...]:
        return tuple(UnitRef(code, name) for code, name in UNITS.items())

    def topics(self, day: date) -> tuple[TopicRef, ...]:
        return tuple(TOPICS.values())

    def clocks(self, dispatched_at: datetime) -> tuple[Clock, ...]:
        return tuple(_clock(name, days, dispatched_at) for name, days in (("先行联系", 1), ("办结答复", 5)))

    def terms(self) -> Terms:
        return TERMS


def _clock(name: str, days: int, start: datetime) -> Clock:
    day = start.astimezone(SHANGHAI).date() + timedelta(days=days + 1)
    deadline = datetime.combine(day, time(), SHANGHAI)
    provisional = day.year > _KNOWN_UNTIL
    return Clock(name, "细则-6-1", days, start, deadline, provisional, f"自派单次日起 {days} 日")


@dataclass
class FakeRecommender:
    """摊 → C01, 法院 → Z01, 燃气味 → emergency, 居住证 → S01 (inquiry), else A01; 随便 → to be asked."""

    asked: list[Request] = field(default_factory=list)

    def recommend(self, request: Request) -> Recommendation:
        self.asked.append(request)
        first = self._topic(request.text)
        topic = TOPICS[request.topic_code or first]
        kind = "咨询" if "居住证" in request.text else "投诉求助"
        outcome = self._outcome(request, topic)
        lead = UnitRef(topic.lead, UNITS[topic.lead]) if topic.lead and outcome is Outcome.DISPATCH else None
        support = tuple(UnitRef(code, UNITS[code]) for code in topic.support) if lead else ()
        banner = Banner("119", "有燃气泄漏危险。", "燃气味") if outcome is Outcome.EMERGENCY else None
        clocks = FakeDirectory().clocks(request.called_at) if outcome is Outcome.DISPATCH else ()
        return Recommendation(
            proposal=_proposal(kind, first, "随便" in request.text),
            outcome=outcome,
            place=Place(Territory.OURS, "310117107001", "亭中社区居委会", "九亭镇", "亭中"),
            topic=Candidate(topic.code, topic.name, 0.8),
            lead=lead,
            support=support,
            ledger=topic.ledger,
            referral=topic.referral,
            banner=banner,
            findings=(Finding("主管", 6, "细则-8", True, f"{topic.name}由主责单位办理。", topic.lead),),
            clocks=clocks,
            answer=_answer(kind),
            pack_version="测试-1",
            kind=CallKind.PROGRESS if numbers_in(request.text) else CallKind.NEW,
            related=tuple(Related(number, True, None, "说出了编号") for number in numbers_in(request.text)),
        )

    @staticmethod
    def _topic(text: str) -> str:
        words = {"摊": "C01", "法院": "Z01", "居住证": "S01"}
        return next((code for word, code in words.items() if word in text), "A01")

    @staticmethod
    def _outcome(request: Request, topic: TopicRef) -> Outcome:
        if numbers_in(request.text):
            return Outcome.JOINED
        if "燃气味" in request.text:
            return Outcome.EMERGENCY
        if "随便" in request.text and not request.topic_code:
            return Outcome.ASK
        return Outcome.DISPATCH if topic.lead else Outcome.NOT_OURS


def _proposal(kind: str, first: str, unsure: bool) -> Proposal:
    codes = [first, *(code for code in TOPICS if code != first)][:3]
    return Proposal(
        types=(Candidate(kind, kind, 0.9), Candidate("意见建议", "意见建议", 0.1)),
        topics=tuple(Candidate(c, TOPICS[c].name, 0.8 - 0.3 * i) for i, c in enumerate(codes)),
        units=(Candidate("ZFD", UNITS["ZFD"], 0.7),),
        band=Band.UNKNOWN if unsure else Band.ACCEPT,
        evidence=(Evidence("示例", "C01", "无证设摊", "门口有人摆摊", 0.7),),
        model_version="fake-1",
        data_hash="abc",
    )


def _answer(kind: str) -> Answer:
    if kind != "咨询":
        return Answer(False, "可由房管所答复。")
    citation = Citation("S01-juzhu", "居住证怎么办", "可以这样答复", date(2026, 1, 1), "待核验", "示例依据")
    return Answer(True, "带身份证到社区事务受理中心办理。", (citation,), "待核验")


class FakeBriefs:
    """All four topics as candidates, the recommender's first first, and one passage."""

    def __init__(self, order: str = "") -> None:
        self.order = order

    def __call__(self, request: Request, recommendation: Recommendation | None = None) -> Brief:
        first = FakeRecommender._topic(request.text)
        codes = [first, *(code for code in TOPICS if code != first)]
        choices = tuple(
            Choice(c, TOPICS[c].name, f"{TOPICS[c].name}方面的诉求", UNITS.get(TOPICS[c].lead, ""), (), 0.5)
            for c in codes
        )
        citation = Citation("S01-juzhu", "居住证怎么办", "可以这样答复", date(2026, 1, 1), "待核验", "示例依据")
        source = Source("P1", "带身份证到社区事务受理中心办理，五个工作日内办结。", citation)
        kinds = tuple(kind.value for kind in TicketType)
        names = frozenset(UNITS.values())
        return Brief(
            request.text, request.address, first, Band.CHOOSE, "", choices, kinds, (source,), (), names, self.order
        )


def fake_desk(recommender: FakeRecommender | None = None, briefs: FakeBriefs | None = None) -> Callable[[], Desk]:
    """An opener for ``open_services``."""
    fake = recommender or FakeRecommender()
    checks = lambda: (Check("索引", True), Check("模型", True))  # noqa: E731
    return lambda: Desk(fake, FakeDirectory(), checks, lambda: None, True, briefs=briefs or FakeBriefs())
