"""``Finder`` over the desk's own router: its search, its topic scores, its answer."""

from datetime import date, datetime, time

from evals.evaluate import judge_of
from evals.hits.finder import ANYTHING, Finding, FoundDocument, Narrowing
from evals.run_store import Judge
from evals.runner import SHANGHAI
from intake.domain.errors import NotReadyError
from knowledge.documents import Document
from routing.finding import Found
from routing.recommendation import Answer, Request
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
        recommended = self._router.recommend(request)
        found = listed = self._router.find(request)
        if narrowing != ANYTHING:
            topics = frozenset({narrowing.topic}) if narrowing.topic else None
            units = frozenset({narrowing.unit}) if narrowing.unit else None
            listed = self._router.find(request, topics=topics, units=units)
        documents, topics_said = _listed(listed), recommended.proposal.topics
        answer = recommended.answer
        return Finding(question, on, documents, topics_said, answer, found.threshold, _why(answer, found))

    def documents(self) -> tuple[Document, ...]:
        """See ``Finder``."""
        return self._router.knowledge.documents()

    def judge(self) -> Judge:
        """See ``Finder``."""
        return judge_of(self._router)


def _listed(found: Found) -> tuple[FoundDocument, ...]:
    """In the order in which the answer is chosen."""
    return tuple(
        FoundDocument(
            one.hit.document, one.hit.passage, one.hit.score, one.hit.closeness, one.topic, min(1.0, one.support)
        )
        for one in found.documents
    )


def _why(answer: Answer, found: Found) -> str:
    if not found.documents:
        return "没有一篇当日有效的文档与这句话有共同的意思。"
    best = found.documents[0]
    parts = f"贴切 {best.hit.closeness:.2f}，事项概率 {best.topic:.2f}"
    said = f"“{best.hit.document.title}”能答复这句话的把握为 {best.support:.2f}（{parts}）"
    if answer.found:
        return f"{said}，达到答复门槛 {found.threshold:.2f}。"
    return f"最有把握的{said}，没有达到答复门槛 {found.threshold:.2f}，所以不答。"


def router_finder(recommender: object) -> RouterFinder:
    """The finder of a desk; raises NotReadyError where the desk has no router of ours."""
    if not isinstance(recommender, Router):
        raise NotReadyError("不能做命中测试", "当前的派单引擎不支持命中测试。", "请联系系统管理。")
    return RouterFinder(recommender)
