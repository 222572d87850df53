"""What became of suggested answers: adopted, edited, rejected with the reason. The evidence for gaps and for health."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.application.knowledge_ports import AnswerUse, Verdict
from intake.application.ports import Transactions
from intake.domain.access import Permission, Principal
from intake.domain.call import clean_text
from intake.domain.concealing import conceal
from intake.domain.errors import FieldProblem, ForbiddenError, invalid
from routing.recommendation import Answer

WINDOW = timedelta(days=90)
MAX_SAID = 2_000
UNSAID = "没有写原因"
_KEPT = "工单不受影响，这一条还没有记下。"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How a document fared: how often it stood in an answer, what operators did with it, why it was not used."""

    shown: int = 0
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


class Answers:
    """Notes what operators do with answers, and tells a document's keeper how it fares."""

    def __init__(self, transactions: Transactions, clock: Callable[[], datetime]) -> None:
        self._transactions = transactions
        self._clock = clock

    def note(
        self,
        principal: Principal,
        draft_id: str,
        verdict: Verdict,
        words: str,
        answer: Answer,
        question: str,
        topic: str,
    ) -> AnswerUse:
        """Keep one verdict on the answer of one call; a later one replaces it.

        ``words``: why it was rejected, or what was said instead; asked for, but a verdict without them counts too:
        the caller is on the line. Raises InvalidInputError where they are too many.
        """
        if not principal.may(Permission.SUGGEST):
            raise ForbiddenError("不能评价答复", "您的角色不使用坐席台。", "请由坐席记录。")
        words = clean_text(words).strip()
        if len(words) > MAX_SAID:
            raise invalid((FieldProblem("words", f"内容超过 {MAX_SAID} 字。"),), _KEPT)
        use = AnswerUse(
            principal.name,
            draft_id,
            self._clock(),
            tuple(dict.fromkeys(c.document_id for c in answer.citations)),
            verdict,
            (conceal(words) or UNSAID) if verdict is Verdict.REJECTED else "",
            conceal(words) if verdict is Verdict.EDITED else "",
            conceal(question),
            topic,
        )
        with self._transactions.write() as unit:
            unit.documents.note_use(use)
        return use

    def verdicts(self, document_id: str, principal: Principal) -> Verdicts:
        """How one document fared in the last ninety days."""
        if not principal.may(Permission.KNOWLEDGE):
            raise ForbiddenError("不能查看", "您的角色没有这项权限。", "请联系知识管理人员。")
        since = self._clock() - WINDOW
        with self._transactions.read() as unit:
            uses = [use for use in unit.documents.uses(since) if document_id in use.documents]
            shown = unit.documents.shown_counts(since).get(document_id, 0)
        return Verdicts(shown, Counter(use.verdict for use in uses), tuple(use.reason for use in uses if use.reason))
