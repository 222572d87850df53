"""Documents in from other files, and the whole library out and in again; nothing is published by it by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.application.documents import Documents, next_review
from intake.application.knowledge_base import KnowledgeBase
from intake.application.ports import Directory, Transactions
from intake.domain.access import Permission, Principal
from intake.domain.errors import ForbiddenError, InvalidInputError
from intake.domain.ticket import SHANGHAI
from knowledge.documents import Document, DocumentKind, DocumentStatus
from knowledge.exchange.archive import export_zip, import_zip
from knowledge.exchange.drafts import KEPT, DraftDocument, FileReading
from knowledge.exchange.plan import ImportPlan, Verdict
from knowledge.exchange.reading import read_files
from knowledge.exchange.workbook import export_xlsx, import_xlsx
from knowledge.writing import render_markdown

MOST_FILES = 50
MOST_DRAFTS = 300


@dataclass(frozen=True, slots=True)
class Placing:
    """Where drafts belong that do not say it themselves: kind, topics (codes), unit (code)."""

    kind: DocumentKind
    topics: tuple[str, ...]
    unit: str


class DocumentExchange:
    """Use cases of the page 导入导出 of the knowledge base."""

    def __init__(
        self,
        transactions: Transactions,
        documents: Documents,
        base: Callable[[], KnowledgeBase],
        directory: Directory,
        clock: Callable[[], datetime],
    ) -> None:
        self._transactions = transactions
        self._directory = directory
        self._documents = documents
        self._base = base
        self._clock = clock

    def read(self, files: Sequence[tuple[str, bytes]], principal: Principal) -> tuple[FileReading, ...]:
        """Drafts of each file with the passages that they would give, or why it is refused; nothing is written."""
        _check(principal)
        if len(files) > MOST_FILES:
            raise InvalidInputError("文件没有读", f"一次选了 {len(files)} 个，最多 {MOST_FILES} 个。", "请分几次导入。")
        return read_files(files)

    def keep(
        self, drafts: Sequence[DraftDocument], placing: Placing, reason: str, principal: Principal
    ) -> tuple[Document, ...]:
        """Write drafts as 草稿: they answer nobody until somebody has looked at each and publishes it."""
        _check(principal)
        if not drafts:
            raise InvalidInputError("没有收入", "没有选中任何一篇。", "请先勾选要收入的草稿。")
        if len(drafts) > MOST_DRAFTS:
            raise InvalidInputError("没有收入", f"一次选了 {len(drafts)} 篇，最多 {MOST_DRAFTS} 篇。", "请分几次收入。")
        taken = {document.id for document in self._documents.listed(principal)}
        texts = []
        for draft in drafts:
            text, key = self._text(draft, placing, taken)
            taken.add(key)
            texts.append((f"{key}.md", text))
        return self._documents.take_in(texts, reason, principal)

    def export(self, form: str, principal: Principal) -> bytes:
        """The whole library as ``zip`` (the files as they are) or ``xlsx`` (a row a document); on record."""
        _check(principal)
        base = self._base()
        content = export_zip(base.library.folder) if form == "zip" else export_xlsx(base.documents())
        with self._transactions.write() as unit:
            unit.audit.append(self._clock(), principal.name, "知识库：导出", form, {"documents": len(base.documents())})
        return content

    def plan(self, name: str, data: bytes, principal: Principal) -> ImportPlan:
        """What an import of an exported library would do, document by document; nothing is written."""
        _check(principal)
        base = self._base()
        read = import_xlsx if name.lower().endswith(".xlsx") else import_zip
        return read(data, base.library.folder, base.library.codes())

    def take_back(self, name: str, data: bytes, reason: str, principal: Principal) -> ImportPlan:
        """Do what ``plan`` says: new and changed documents are written, with the status that they carry."""
        plan = self.plan(name, data, principal)
        if plan.refusal is not None:
            told = plan.refusal
            raise InvalidInputError("没有导入", f"{told.place}{told.message}。", f"{KEPT}。{told.remedy}。")
        texts = [(item.path, item.content.decode("utf-8-sig")) for item in plan.to_write()]
        if texts:
            self._documents.take_in(texts, reason, principal)
        return plan

    def _text(self, draft: DraftDocument, placing: Placing, taken: set[str]) -> tuple[str, str]:
        topics = self._known(draft.topics) or placing.topics
        (unit,) = self._known((draft.unit,)) or (placing.unit,)
        if not topics or not unit:
            raise InvalidInputError(
                "没有收入",
                f"{draft.origin}“{draft.title}”没有写明本镇目录里的事项或单位，整批都没有写入。",
                "请在下面选择事项和单位，再按一次；勾选和预览都还在。",
            )
        today = self._clock().astimezone(SHANGHAI).date()
        key = next(k for n in range(1, len(taken) + 2) if (k := f"{topics[0]}-daoRu-{n}") not in taken)
        document = Document(
            id=key,
            title=draft.title[:60] or "没有标题",
            kind=draft.kind or placing.kind,
            topics=topics,
            unit=unit,
            status=DocumentStatus.DRAFT,
            basis=draft.basis,
            asks=draft.asks,
            in_force_from=today,
            in_force_to=None,
            review_by=next_review(today),
            body=draft.body or "（没有正文）",
            path="",
            content_hash="",
        )
        return render_markdown(document), key

    def _known(self, written: Sequence[str]) -> tuple[str, ...]:
        """Codes of topics or units that a file names by code or by name; what the town does not have is left out."""
        today = self._clock().astimezone(SHANGHAI).date()
        names = {topic.name: topic.code for topic in self._directory.topics(today)}
        names |= {unit.name: unit.code for unit in self._directory.units(today)}
        codes = set(names.values())
        found = (text if text in codes else names.get(text, "") for text in written)
        return tuple(dict.fromkeys(code for code in found if code))


def told(plan: ImportPlan) -> str:
    """The plan in one sentence (Chinese)."""
    return "，".join(f"{verdict.value} {plan.count(verdict)} 篇" for verdict in Verdict)


def _check(principal: Principal) -> None:
    if not principal.may(Permission.KNOWLEDGE):
        raise ForbiddenError("不能维护知识库", "您的角色没有这项权限。", "请联系知识管理人员。")
