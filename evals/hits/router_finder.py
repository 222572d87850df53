"""``Finder`` over the desk's own router: its search, its topic scores, its answer."""

from collections.abc import Sequence
from datetime import date, datetime, time

from evals.evaluate import judge_of
from evals.hits.finder import ANYTHING, Finding, FoundDocument, Narrowing
from evals.run_store import Judge
from evals.runner import SHANGHAI
from intake.domain.errors import NotReadyError
from knowledge.documents import Document, Hit
from routing.answer import support
from routing.bootstrap import ANSWERS
from routing.recommendation import Answer, Candidate, Request
from routing.router import SEARCHED, Router


class RouterFinder:
    """See ``Finder``; saved tickets play no part, because a question of a test is not a call."""

    def __init__(self, router: Router) -> None:
        self._router = router.without_history()

    @property
    def depth(self) -> int:
        """See ``Finder``."""
        return SEARCHED

    def find(self, question: str, on: date, narrowing: Narrowing = ANYTHING) -> Finding:
        """See ``Finder``."""
        request = Request(question, datetime.combine(on, time(12), SHANGHAI))
        proposal, hits = self._router.propose(request)
        answer = self._router.recommend(request).answer
        found = listed = _ranked(hits, proposal.topics)
        if narrowing != ANYTHING:
            listed = _ranked(self._narrowed(question, on, narrowing), proposal.topics)
        return Finding(question, on, listed, proposal.topics, answer, ANSWERS.threshold, _why(answer, found))

    def documents(self) -> tuple[Document, ...]:
        """See ``Finder``."""
        return self._router.knowledge.documents()

    def judge(self) -> Judge:
        """See ``Finder``."""
        return judge_of(self._router)

    def _narrowed(self, question: str, on: date, narrowing: Narrowing) -> tuple[Hit, ...]:
        topics = frozenset({narrowing.topic}) if narrowing.topic else None
        most = len(self.documents()) if narrowing.unit else SEARCHED
        hits = self._router.knowledge.retriever.search(question, on=on, limit=most, topics=topics)
        return tuple(hit for hit in hits if narrowing.takes(hit.document))[:SEARCHED]


def _ranked(hits: Sequence[Hit], topics: Sequence[Candidate]) -> tuple[FoundDocument, ...]:
    """In the order in which the answer is chosen."""
    scores = {candidate.code: candidate.score for candidate in topics}
    found = [
        FoundDocument(
            hit.document,
            hit.passage,
            hit.score,
            hit.closeness,
            min(1.0, sum(scores.get(code, 0.0) for code in hit.document.topics)),
            support(hit, scores, ANSWERS),
        )
        for hit in hits
    ]
    return tuple(sorted(found, key=lambda one: one.support, reverse=True))


def _why(answer: Answer, found: Sequence[FoundDocument]) -> str:
    if not found:
        return "没有一篇当日有效的文档与这句话有共同的意思。"
    best = found[0]
    sum_of = f"贴切 {best.closeness:.2f} + {ANSWERS.topic_weight:.1f} × 事项概率 {best.topic:.2f}"
    said = f"“{best.document.title}”的支持度为 {best.support:.2f}（{sum_of}）"
    if answer.found:
        return f"{said}，达到答复门槛 {ANSWERS.threshold:.2f}。"
    return f"最有把握的{said}，没有达到答复门槛 {ANSWERS.threshold:.2f}，所以不答。"


def router_finder(recommender: object) -> RouterFinder:
    """The finder of a desk; raises NotReadyError where the desk has no router of ours."""
    if not isinstance(recommender, Router):
        raise NotReadyError("不能做命中测试", "当前的派单引擎不支持命中测试。", "请联系系统管理。")
    return RouterFinder(recommender)
