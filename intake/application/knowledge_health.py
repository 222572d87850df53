"""The knowledge base examined for the page 知识体检 and the API; it only reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intake.application.knowledge_base import KnowledgeBase
from intake.application.ports import Directory, Transactions
from intake.domain.access import Permission, Principal
from intake.domain.errors import ForbiddenError, NotReadyError
from intake.domain.ticket import SHANGHAI
from knowledge.checks.findings import TownCodes, Usage
from knowledge.documents import Document
from knowledge.health import Health, examine
from knowledge.statute_index import load_statutes

USAGE_DAYS = 90
# Below this many answers nothing can be said of a document that was never among them.
FEWEST_ANSWERS = 200


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The health of one day with the titles of the documents; ``answers`` is how many the usage was counted from."""

    health: Health
    titles: Mapping[str, str]
    answers: int
    since: date

    @property
    def usage_counted(self) -> bool:
        """Whether there were answers enough to say what was never found."""
        return self.answers >= FEWEST_ANSWERS


class KnowledgeHealth:
    """Use case of the page 知识体检."""

    def __init__(
        self,
        transactions: Transactions,
        base: Callable[[], KnowledgeBase],
        directory: Directory,
        clock: Callable[[], datetime],
    ) -> None:
        self._transactions = transactions
        self._base = base
        self._directory = directory
        self._clock = clock

    def examine(self, principal: Principal) -> HealthReport:
        """Examine all documents today; raises ForbiddenError, or NotReadyError where the index of laws is broken."""
        if not principal.may(Permission.KNOWLEDGE):
            raise ForbiddenError("不能查看知识体检", "您的角色没有这项权限。", "请联系知识管理人员。")
        base, now = self._base(), self._clock()
        today = now.astimezone(SHANGHAI).date()
        documents = base.documents()
        begin = now - timedelta(days=USAGE_DAYS)
        since = begin.astimezone(SHANGHAI).date()
        with self._transactions.read() as unit:
            found = unit.documents.shown_counts(begin)
        answers = sum(found.values())
        usage = Usage(since, found) if answers >= FEWEST_ANSWERS else None
        try:
            statutes = load_statutes()
        except ValueError as error:
            raise NotReadyError("体检没有做完", f"{error}", "文档不受影响，照常答复。") from error
        health = examine(documents, today, self._codes(documents, today), statutes, usage, base.problems())
        return HealthReport(health, {document.id: document.title for document in documents}, answers, since)

    def _codes(self, documents: tuple[Document, ...], today: date) -> TownCodes:
        """Codes of today; a unit that was open when some document began and is no longer counts as closed."""
        units = {unit.code: unit.name for unit in self._directory.units(today)}
        begun = {document.in_force_from for document in documents if document.unit not in units}
        earlier = {unit.code: unit.name for day in begun for unit in self._directory.units(day)}
        closed = {code: name for code, name in earlier.items() if code not in units}
        return TownCodes({topic.code: topic.name for topic in self._directory.topics(today)}, units, closed)
