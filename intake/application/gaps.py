"""Where the knowledge base has nothing to say: calls without an answer or with a rejected one, grouped, to a draft."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.application.document_form import DocumentForm, source_of
from intake.application.documents import Documents, next_review
from intake.application.knowledge_ports import Verdict
from intake.application.ports import Directory, Transactions
from intake.domain.access import Permission, Principal
from intake.domain.concealing import conceal
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from intake.domain.ticket import SHANGHAI
from knowledge.documents import Document, DocumentKind, DocumentStatus
from knowledge.gaps import Gap, OpenCall, find_gaps
from knowledge.ports import Embedder

DAYS = (30, 90, 365)
MOST = 1_500
_TITLE = 40


@dataclass(frozen=True, slots=True)
class GapReport:
    """The groups, and of how many calls they were made: without an answer, and with one that was not used."""

    gaps: tuple[Gap, ...]
    unanswered: int
    rejected: int
    since: datetime


class Gaps:
    """Use cases of the page 知识缺口."""

    def __init__(
        self,
        transactions: Transactions,
        directory: Directory,
        documents: Documents,
        embedder: Callable[[], Embedder],
        clock: Callable[[], datetime],
    ) -> None:
        self._transactions = transactions
        self._directory = directory
        self._documents = documents
        self._embedder = embedder
        self._clock = clock

    def report(self, principal: Principal, days: int = DAYS[0]) -> GapReport:
        """Groups of the last ``days`` days, the most frequent first; names and numbers are concealed."""
        if not principal.may(Permission.KNOWLEDGE):
            raise ForbiddenError("不能查看知识缺口", "您的角色没有这项权限。", "请联系知识管理人员。")
        if not 1 <= days <= DAYS[-1]:
            raise InvalidInputError("时间范围不对", f"{days} 天不在 1 到 {DAYS[-1]} 之间。", "请重新选择。")
        since = self._clock() - timedelta(days=days)
        with self._transactions.read() as unit:
            silent = unit.documents.unanswered(since, MOST)
            uses = unit.documents.uses(since)
        calls = [OpenCall(q.reference, q.at, conceal(q.text), q.topic_code, q.why) for q in silent]
        rejected = [use for use in uses if use.verdict is Verdict.REJECTED]
        calls += [
            OpenCall("", u.at, u.question, u.topic_code, f"答复未采用：{u.reason}", u.documents) for u in rejected
        ]
        return GapReport(find_gaps(calls, self._embedder()), len(silent), len(rejected), since)

    def draft(self, principal: Principal, days: int, number: int) -> Document:
        """Make a draft of a report's ``number``-th group (from 1); it answers nobody. Raises NotFoundError."""
        gaps = self.report(principal, days).gaps
        if not 1 <= number <= len(gaps):
            raise NotFoundError("没有这一组", f"现在只有 {len(gaps)} 组。", "请刷新列表后重新选择。")
        gap = gaps[number - 1]
        today = self._clock().astimezone(SHANGHAI).date()
        topics = {t.code: t for t in self._directory.topics(today)}
        topic = topics.get(gap.topic)
        if topic is None:
            raise InvalidInputError("没有生成草稿", "这一组来电还没有确定事项。", "请在知识库里新建，自己选择事项。")
        if written := self._written(principal, gap):
            raise ConflictError("没有再生成", f"这一组已有草稿 {written.id}“{written.title}”。", "请打开那篇接着写。")
        units = [unit.code for unit in self._directory.units(today)]
        body = _body(gap, topic.name)
        form = DocumentForm(
            self._free_id(principal, topic.code),
            f"待写：{_title(gap)}",
            DocumentKind.QUESTION.value,
            (topic.code,),
            topic.lead if topic.lead in units else units[0],
            DocumentStatus.DRAFT.value,
            "\n".join(gap.asks),
            "",
            today.isoformat(),
            "",
            next_review(today).isoformat(),
            body,
        )
        return self._documents.save(source_of(form), None, f"由知识缺口生成，{gap.count} 次来电", principal)

    def _written(self, principal: Principal, gap: Gap) -> Document | None:
        """A draft that was made of this group before: it carries one of the group's own sentences."""
        asks = set(gap.asks)
        drafts = (d for d in self._documents.listed(principal) if d.status is DocumentStatus.DRAFT)
        return next((d for d in drafts if asks & set(d.asks)), None)

    def _free_id(self, principal: Principal, topic: str) -> str:
        taken = {document.id for document in self._documents.listed(principal)}
        numbers = (n for n in range(1, len(taken) + 2) if f"{topic}-que-{n}" not in taken)
        return f"{topic}-que-{next(numbers)}"


def _title(gap: Gap) -> str:
    asks: Sequence[str] = gap.asks or (gap.example.text,)
    return re.sub(r"\s+", " ", asks[0])[:_TITLE]


def _body(gap: Gap, topic: str) -> str:
    examples = "\n".join(f"- {' '.join(call.text.split())[:60]}" for call in gap.calls[:5])
    reasons = sorted({call.why for call in gap.calls if call.why.startswith("答复未采用")})
    told = "".join(f"- {reason}\n" for reason in reasons[:5])
    return (
        "## 可以这样答复\n（待写：请按本镇规定写成可以照念的话，80 到 250 字。）\n\n"
        f"## 办理要点\n- 事项：{topic}；近期同类来电 {gap.count} 次，例如：\n{examples}\n{told}\n"
        "## 依据\n（待写：法律名称、版本、第几条；没有依据写明由哪个单位答复。）"
    )
