"""The life of a document: new, edit, check, publish now or at a date, withdraw, restore; who did it and why is kept.

The file in the folder is the master. The database keeps every wording that it has had; what was changed by hand is
noticed and kept as well, so that there is one history whichever way was taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NoReturn

from intake.application.knowledge_base import Checked, KnowledgeBase, Opened
from intake.application.knowledge_ports import Deed, DocumentVersion
from intake.application.ports import JsonValue, Transactions, UnitOfWork
from intake.domain.access import Permission, Principal
from intake.domain.errors import ConflictError, FieldProblem, ForbiddenError, InvalidInputError, NotFoundError
from intake.domain.ticket import SHANGHAI
from knowledge.chunking import passages_of
from knowledge.documents import ANSWERING, Document, DocumentStatus
from knowledge.library import BadSourceError, Library, LibraryBusyError, Plan, Source, StaleSourceError
from knowledge.lint import Surroundings
from knowledge.problems import SourceProblem
from knowledge.writing import render_markdown

FILES = "文件"
MIN_REASON = 2
LONGEST_PLAN = timedelta(days=366 * 2)
A_MOMENT = timedelta(minutes=5)  # who types the present minute means now


class Documents:
    """Use cases of the page 知识库, the API and the commands; all write the same files."""

    def __init__(
        self, transactions: Transactions, base: Callable[[], KnowledgeBase], clock: Callable[[], datetime]
    ) -> None:
        self._transactions = transactions
        self._base = base
        self._clock = clock

    def listed(self, principal: Principal) -> tuple[Document, ...]:
        """All documents of every status, by id."""
        _check(principal)
        return self._base().documents()

    def problems(self, principal: Principal) -> tuple[SourceProblem, ...]:
        """Files that cannot be read as documents, with line and remedy."""
        _check(principal)
        return self._base().problems()

    def plans(self, principal: Principal) -> tuple[Plan, ...]:
        """What begins later, and what was refused when its time came."""
        _check(principal)
        return self._base().library.plans()

    def drafts(self, principal: Principal) -> tuple[str, ...]:
        """Ids of documents with work that lies aside."""
        _check(principal)
        return self._base().library.drafts()

    def open(self, document_id: str, principal: Principal) -> Opened:
        """One document with its history; raises NotFoundError."""
        _check(principal)
        library = self._base().library
        source = _found(library, document_id)
        checked = self.check(source.text, principal)
        self.note_changes(self._clock())
        with self._transactions.read() as unit:
            versions = unit.documents.versions(document_id)
        plan = next((p for p in library.plans() if p.document_id == document_id), None)
        return Opened(source, checked, library.draft(document_id), plan, versions)

    def check(self, text: str, principal: Principal) -> Checked:
        """What this text would be, without writing anything."""
        _check(principal)
        found = self._base().library.check(text)
        if isinstance(found, tuple):
            faults = tuple(FieldProblem(f"第 {f.line} 行", f"第 {f.line} 行：{f.message}。{f.remedy}。") for f in found)
            return Checked(None, (), faults)
        ids = frozenset(document.id for document in self._base().documents())
        around = Surroundings(self._clock().astimezone(SHANGHAI).date(), ids)
        return Checked(found, passages_of(found), (), self._base().library.lint(text, found, around))

    def save(self, text: str, expected: str | None, reason: str, principal: Principal) -> Document:
        """Write a draft or an unverified document, new (``expected`` None) or changed; raises InvalidInputError.

        What is published is changed by publishing only: an edit must neither slip in unseen nor take it off the air.
        """
        document = self._sound(text, principal)
        before = self._known(document.id)
        published = DocumentStatus.PUBLISHED
        if document.status is published or (before and before.status is published):
            raise ConflictError(
                "文档没有保存",
                f"“{document.title}”是已发布的文档，改动要发布才生效。",
                "请在知识库页按“保存”暂存，或用“发布”让改动生效；您填写的内容都还在。",
            )
        if document.status in ANSWERING:  # 待核验 is read out as well, with its mark
            _reasoned(reason)
            self._refuse_errors(text, principal, "文档没有保存", "可以先把状态改为“草稿”保存，您填写的内容都还在。")
        deed = Deed.NEW if expected is None else Deed.EDIT
        return self._write(text, expected, deed, reason or "起草", principal)

    def keep_draft(self, document_id: str, text: str, principal: Principal) -> None:
        """Keep work on a published document aside: it goes on answering as it was."""
        _check(principal)
        library = self._base().library
        _found(library, document_id)
        library.save_draft(document_id, text)

    def drop_draft(self, document_id: str, principal: Principal) -> None:
        """Throw the work aside away."""
        _check(principal)
        self._base().library.drop_draft(document_id)

    def publish(
        self, text: str, expected: str | None, reason: str, principal: Principal, at: datetime | None = None
    ) -> Document:
        """Let this text answer, from now or from ``at`` (aware) on; its status becomes 已发布.

        Raises InvalidInputError for an unsound text or a missing reason, ConflictError where it was changed meanwhile.
        """
        found = self._sound(text, principal)
        _reasoned(reason)
        text = render_markdown(replace(found, status=DocumentStatus.PUBLISHED))
        self._refuse_errors(
            text, principal, "文档没有发布", "已在答复的内容不变；可以先保存（已发布的为暂存），您填写的内容都还在。"
        )
        if at is not None and at < self._clock() - A_MOMENT:
            raise InvalidInputError(
                "文档没有发布", "生效的时间已经过去。", "要立即生效请把时间留空；您填写的内容都还在。"
            )
        if at is None or at <= self._clock():
            return self._write(text, expected, Deed.PUBLISH, reason, principal)
        return self._plan(text, expected, reason, principal, at)

    def withdraw(self, document_id: str, reason: str, principal: Principal) -> Document:
        """停用: gone from answers at once, kept for who asks what was said before; a plan for it is cancelled."""
        _check(principal)
        _reasoned(reason)
        library = self._base().library
        source = _found(library, document_id)
        found = library.check(source.text)
        if isinstance(found, tuple):
            raise InvalidInputError("文档没有停用", "文件有错误，本来就没有参与答复。", "请先改正文件，再停用。")
        library.cancel(document_id)
        text = render_markdown(replace(found, status=DocumentStatus.WITHDRAWN))
        return self._write(text, source.hash, Deed.WITHDRAW, reason, principal)

    def restore(self, document_id: str, number: int, reason: str, principal: Principal) -> Document:
        """Put an older wording into the place of the present one; raises NotFoundError.

        A document that answers goes on answering, with the older words; another takes the status that it had then.
        """
        _check(principal)
        _reasoned(reason)
        version = self.version(document_id, number, principal)
        current, known = self._base().library.find(document_id), self._known(document_id)
        text = version.text
        if known and known.status in ANSWERING:
            text = render_markdown(replace(self._sound(text, principal), status=known.status))
            self._refuse_errors(text, principal, "没有恢复", "现在的内容照常答复，没有改动。")
        told = f"恢复第 {number} 版：{reason}"
        return self._write(text, current.hash if current else None, Deed.RESTORE, told, principal)

    def version(self, document_id: str, number: int, principal: Principal) -> DocumentVersion:
        """One older wording; raises NotFoundError."""
        _check(principal)
        with self._transactions.read() as unit:
            version = unit.documents.version(document_id, number)
        if version is None:
            raise NotFoundError("没有这个版本", f"文档 {document_id} 没有第 {number} 版。", "请从历史列表中选择。")
        return version

    def cancel(self, document_id: str, reason: str, principal: Principal) -> bool:
        """Take a planned publication back, its text is kept aside; False when there was none."""
        _check(principal)
        plan = next((p for p in self._base().library.plans() if p.document_id == document_id), None)
        library = self._base().library
        if plan is None or not library.cancel(document_id):
            return False
        if library.find(document_id) is not None:
            library.save_draft(document_id, plan.text)
        planned = library.check(plan.text)
        with self._transactions.write() as unit:
            document = planned if isinstance(planned, Document) else None
            _note(unit, document_id, self._clock(), principal.name, Deed.CANCEL, reason, document, plan.text, plan.at)
        return True

    def add_ask(self, document_id: str, ask: str, principal: Principal) -> Document:
        """Add one way of asking, so that a question which missed its document finds it; raises InvalidInputError."""
        _check(principal)
        ask = " ".join(ask.split())
        if not 2 <= len(ask) <= 100:
            raise InvalidInputError("问法没有加入", "问法应为 2 到 100 个字。", "请删短后重试。")
        source = _found(self._base().library, document_id)
        document = self._sound(source.text, principal)
        if ask in (document.title, *document.asks):
            return document
        text = render_markdown(replace(document, asks=(*document.asks, ask)))
        return self._write(text, source.hash, Deed.EDIT, f"加入问法“{ask}”", principal)

    def take_in(self, texts: Sequence[tuple[str, str]], reason: str, principal: Principal) -> tuple[Document, ...]:
        """Write imported documents (file name, text) over what they replace; all are checked before the first."""
        _check(principal)
        _reasoned(reason)
        found = [(name, text, self._sound(text, principal)) for name, text in texts]
        written = []
        try:
            for name, text, document in found:
                held = self._base().library.find(document.id)
                expected = held.hash if held else None
                written.append(self._write(text, expected, Deed.IMPORT, reason, principal, name))
        finally:
            self._base().sync()
        return tuple(written)

    def note_changes(self, now: datetime) -> int:
        """Keep the wording of every file that was changed by hand or by its plan; each once, by one process."""
        base = self._base()
        with self._transactions.read() as unit:
            known = unit.documents.hashes()
        there = {document.id: document for document in base.documents()}
        changed = [d for d in there.values() if known.get(d.id) != d.content_hash]
        gone = [key for key, digest in known.items() if digest and key not in there]
        if not changed and not gone:
            return 0
        noted = 0
        with self._transactions.write() as unit:
            known = unit.documents.hashes()  # somebody may have noted the same in between
            for document in changed:
                if known.get(document.id) != document.content_hash:
                    noted += self._note_file(unit, document, document.id in known, now)
            for key in gone:
                if known.get(key) and base.library.find(key) is None:
                    noted += _note(unit, key, now, FILES, Deed.REMOVED, "文件已不在知识库文件夹里", None, "")
        return noted

    def _note_file(self, unit: UnitOfWork, document: Document, known: bool, now: datetime) -> bool:
        source = self._base().library.find(document.id)
        if source is None or source.hash != document.content_hash:
            return False  # changed again meanwhile: the next look sees it
        planned = next((v for v in unit.documents.versions(document.id) if v.hash == source.hash), None)
        if planned and planned.deed is Deed.PLAN:
            return _note(unit, document.id, now, planned.by, Deed.PLANNED, planned.reason, document, source.text)
        deed = Deed.FILE if known else Deed.FOUND
        return _note(unit, document.id, now, FILES, deed, "", document, source.text)

    def _plan(self, text: str, expected: str | None, reason: str, principal: Principal, at: datetime) -> Document:
        now, document = self._clock(), self._sound(text, principal)
        if at > now + LONGEST_PLAN:
            raise InvalidInputError("文档没有预定", "预定的时间在两年以后。", "请核对年份。")
        with self._transactions.write() as unit:
            _note(unit, document.id, now, principal.name, Deed.PLAN, reason, document, text, at)
            try:
                planned = self._base().library.plan(text, expected, at)
            except (StaleSourceError, LibraryBusyError) as error:
                _refuse(error)
        self._base().library.drop_draft(document.id)
        return planned

    def _write(
        self, text: str, expected: str | None, deed: Deed, reason: str, principal: Principal, name: str = ""
    ) -> Document:
        """File and history together: the file is replaced last; should the commit fail, the look at files mends it."""
        base = self._base()
        found = self._sound(text, principal)
        if any(p.document_id == found.id and not p.refused for p in base.library.plans()):
            raise ConflictError(
                "文档没有保存", "这篇文档有预定的修改还没有到期。", "请先取消预定，再改；您填写的内容都还在。"
            )
        if deed is not Deed.IMPORT:
            self.note_changes(self._clock())
        with self._transactions.write() as unit:
            _note(unit, found.id, self._clock(), principal.name, deed, reason.strip(), found, text)
            try:
                written = base.library.put(text, expected, name)
            except (StaleSourceError, BadSourceError, LibraryBusyError) as error:
                _refuse(error)
        base.library.drop_draft(found.id)
        if deed is not Deed.IMPORT:  # an import is seen as a whole
            base.sync()
        return written

    def _refuse_errors(self, text: str, principal: Principal, title: str, remedy: str) -> None:
        """What the linter calls an error is not read out to callers."""
        errors = self.check(text, principal).errors
        if errors:
            told = tuple(FieldProblem(f"第 {e.line} 行", f"{e.message}。{e.remedy}。") for e in errors)
            raise InvalidInputError(title, "".join(t.message for t in told), remedy, told)

    def _sound(self, text: str, principal: Principal) -> Document:
        checked = self.check(text, principal)
        if checked.document is None:
            raise InvalidInputError(
                "文档没有保存",
                "".join(fault.message for fault in checked.faults),
                "您填写的内容都还在，请按提示改好再保存。",
                checked.faults,
            )
        return checked.document

    def _known(self, document_id: str) -> Document | None:
        return next((d for d in self._base().documents() if d.id == document_id), None)


def next_review(today: date) -> date:
    """When a document written today is looked at again unless somebody says otherwise: in a year."""
    return today + timedelta(days=365)


def _note(
    unit: UnitOfWork,
    document_id: str,
    now: datetime,
    by: str,
    deed: Deed,
    reason: str,
    document: Document | None,
    text: str,
    planned_for: datetime | None = None,
) -> bool:
    """One line of history and one entry of the audit chain."""
    version = DocumentVersion(
        document_id,
        unit.documents.next_number(document_id),
        now,
        by,
        deed,
        reason,
        document.status.value if document else "",
        document.title if document else "",
        document.content_hash if document else "",
        text,
        planned_for,
    )
    if not unit.documents.add_version(version):
        return False  # another process noted the same change
    content: dict[str, JsonValue] = {
        "number": version.number,
        "reason": reason,
        "status": version.status,
        "sha256": version.hash,
        "planned_for": planned_for.isoformat() if planned_for else None,
    }
    unit.audit.append(now, by, f"知识库：{deed.value}", document_id, content)
    return True


def _found(library: Library, document_id: str) -> Source:
    try:
        source = library.find(document_id)
    except BadSourceError:
        source = None
    if source is None:
        raise NotFoundError("没有这篇文档", f"没有找到编号 {document_id[:64]}。", "请从列表中选择。")
    return source


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON:
        raise InvalidInputError("没有执行", "没有写原因。", "请写明为什么这样改，日后有人会问；您填写的内容都还在。")


def _refuse(error: Exception) -> NoReturn:
    if isinstance(error, BadSourceError):
        raise InvalidInputError("文档没有保存", str(error), "您填写的内容都还在，请改好再保存。") from error
    raise ConflictError("文档没有保存", str(error), "您填写的内容都还在。") from error


def _check(principal: Principal) -> None:
    if not principal.may(Permission.KNOWLEDGE):
        raise ForbiddenError("不能维护知识库", "您的角色没有这项权限。", "请联系知识管理人员。")


def shanghai_moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of the town's clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
