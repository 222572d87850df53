"""The page 知识库: find a document, edit it, see what callers would hear, publish, withdraw, restore, compare."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from html import escape
from typing import Any

import gradio as gr

from intake.application.document_form import SKELETON, DocumentForm, form_of, source_of
from intake.application.documents import Documents, next_review
from intake.application.knowledge_base import Checked, Opened
from intake.application.knowledge_ports import DocumentVersion
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.knowledge_html import (
    broken_html,
    cards_html,
    compare_html,
    history_html,
    list_html,
    preview_html,
    state_html,
)
from intake.console.messages import failed_html, topbar_html
from intake.console.render import SHANGHAI, moment
from intake.domain.access import Principal
from intake.domain.errors import ConflictError, DeskError, InvalidInputError
from knowledge.comparing import compare_texts
from knowledge.documents import ANSWERING, Document, DocumentKind, DocumentStatus

ANY_TOPIC, ANY_UNIT = "全部事项", "全部单位"
NOW = ("现在的文件", "")
NEW = ""
AT_FORM = "%Y-%m-%d %H:%M"
KEEPING = [DocumentStatus.DRAFT.value, DocumentStatus.UNVERIFIED.value]


def saved_html(words: str) -> str:
    """What was done."""
    return f'<div class="saved" data-testid="kb-saved">{words}</div>'


class KnowledgeActions:
    """Handlers of the page over the documents' use cases; ``held`` is the id and hash of what is being edited."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    @property
    def _docs(self) -> Documents:
        return self._services.documents

    def _today(self) -> date:
        return self._services.clock().astimezone(SHANGHAI).date()

    def open_page(self, request: gr.Request) -> list[Any]:
        """Top bar, choices of the town pack, the list, and the document that the address names."""
        principal = self._desk.principal(request)
        top = topbar_html(principal, self._services)
        today = self._today()
        topics = [(f"{t.code} {t.name}", t.code) for t in self._services.directory.topics(today)]
        units = [(u.name, u.code) for u in self._services.directory.units(today)]
        choices = [gr.update(choices=topics), gr.update(choices=units)]
        filters = [gr.update(choices=[(ANY_TOPIC, ""), *topics]), gr.update(choices=[(ANY_UNIT, ""), *units])]
        wanted = request.query_params.get("id", "")
        return [top, *choices, *filters, *self.find(request, "", "", "", ""), *self.open(request, wanted)]

    def find(self, request: gr.Request, words: str, status: str, topic: str, unit: str) -> list[str]:
        """Counts, what is broken, and the documents that fit."""
        principal = self._desk.principal(request)
        try:
            documents = self._docs.listed(principal)
            plans = self._docs.plans(principal)
            told = broken_html(self._docs.problems(principal), plans)
            fitting = [d for d in documents if _fits(d, (words or "").strip(), status, topic, unit)]
            listed = list_html(fitting, plans, self._docs.drafts(principal), self._names(), self._today())
            return [cards_html(documents, plans), told, listed]
        except DeskError as error:
            return ["", failed_html(error), ""]

    def _names(self) -> dict[str, str]:
        today = self._today()
        topics = {topic.code: topic.name for topic in self._services.directory.topics(today)}
        return topics | {unit.code: unit.name for unit in self._services.directory.units(today)}

    def open(self, request: gr.Request, document_id: str) -> list[Any]:
        """Fill the boxes with one document, or with an empty one."""
        principal = self._desk.principal(request)
        if not document_id:
            return self._shown(None, self._blank(), "")
        try:
            opened = self._docs.open(document_id, principal)
        except DeskError as error:
            return self._shown(None, self._blank(), failed_html(error))
        return self._filled(opened, principal, "")

    def fresh(self, request: gr.Request) -> list[Any]:
        """Empty boxes for a new document."""
        self._desk.principal(request)
        return self._shown(None, self._blank(), "")

    def preview(self, request: gr.Request, *values: Any) -> list[Any]:
        """Check what is in the boxes; nothing is written."""
        principal = self._desk.principal(request)
        try:
            checked = self._docs.check(_text(values), principal)
        except DeskError as error:
            told = f"还不能检查：{escape(error.detail)}填好再看。"
            missing = f'<div class="notice" data-testid="preview">{told}</div>'
            return [missing, "", gr.update(selected="preview")]
        return [preview_html(checked), "", gr.update(selected="preview")]

    def save(self, request: gr.Request, held: tuple[str, str] | None, reason: str, *values: Any) -> list[Any]:
        """Keep it: a draft in its place, work on a published document aside."""

        def work(principal: Principal, text: str) -> tuple[str, str]:
            published = held and self._status(held[0], principal) is DocumentStatus.PUBLISHED
            if held and published:
                self._docs.keep_draft(held[0], text, principal)
                return held[0], "修改已暂存，没有发布；来电人听到的仍是原来的内容。"
            done = self._docs.save(text, held[1] if held else None, reason or "", principal)
            return done.id, _saved(done, self._docs.check(text, principal))

        return self._done(request, work, values)

    def publish(
        self, request: gr.Request, held: tuple[str, str] | None, reason: str, at: str, *values: Any
    ) -> list[Any]:
        """Let it answer, now or from a moment on."""

        def work(principal: Principal, text: str) -> tuple[str, str]:
            when = _moment(at)
            done = self._docs.publish(text, held[1] if held else None, reason or "", principal, when)
            if when is not None and when > self._services.clock():
                return done.id, f"已预定，{moment(when)} 起自动生效。"
            return done.id, "已发布，坐席台从现在起按这份内容答复。"

        return self._done(request, work, values)

    def withdraw(self, request: gr.Request, held: tuple[str, str] | None, reason: str) -> list[Any]:
        """Gone from answers at once."""

        def work(principal: Principal, _text: str) -> tuple[str, str]:
            done = self._docs.withdraw(_held(held), reason or "", principal)
            return done.id, "已停用，不再用来答复；内容留档，可从历史恢复。"

        return self._done(request, work, None)

    def cancel(self, request: gr.Request, held: tuple[str, str] | None, reason: str) -> list[Any]:
        """Take a planned publication back; its text stays in the boxes and aside."""

        def work(principal: Principal, _text: str) -> tuple[str, str]:
            key = _held(held)
            if self._docs.cancel(key, reason or "", principal):
                return key, "已取消预定，预定的内容转为暂存，没有发布。"
            return key, "这篇文档没有预定，没有改动。"

        return self._done(request, work, None)

    def drop(self, request: gr.Request, held: tuple[str, str] | None) -> list[Any]:
        """Throw the work that lies aside away (the browser has asked)."""

        def work(principal: Principal, _text: str) -> tuple[str, str]:
            key = _held(held)
            self._docs.drop_draft(key, principal)
            return key, "暂存的修改已丢弃，下面是现在的内容。"

        return self._done(request, work, None)

    def restore(self, request: gr.Request, held: tuple[str, str] | None, reason: str, number: str | None) -> list[Any]:
        """Put an older wording into force again."""

        def work(principal: Principal, _text: str) -> tuple[str, str]:
            done = self._docs.restore(_held(held), _number(number), reason or "", principal)
            answers = "坐席台从现在起按这份内容答复" if done.status in ANSWERING else "不会用来答复"
            return done.id, f"已恢复第 {number} 版，状态为“{done.status.value}”，{answers}。"

        return self._done(request, work, None)

    def compare(self, request: gr.Request, held: tuple[str, str] | None, a: str | None, b: str | None) -> str:
        """Two wordings side by side; an empty second one means the file as it is."""
        principal = self._desk.principal(request)
        try:
            key = _held(held)
            before = self._docs.version(key, _number(a), principal).text
            after = (
                self._docs.version(key, _number(b), principal).text
                if b
                else self._docs.open(key, principal).source.text
            )
        except DeskError as error:
            return failed_html(error)
        return compare_html(compare_texts(before, after), f"第 {a} 版", f"第 {b} 版" if b else NOW[0])

    def _done(
        self, request: gr.Request, work: Callable[[Principal, str], tuple[str, str]], values: tuple[Any, ...] | None
    ) -> list[Any]:
        """Do it and show the document anew; a refusal leaves every box as it is."""
        principal = self._desk.principal(request)
        try:
            key, told = work(principal, _text(values) if values is not None else "")
            return self._filled(self._docs.open(key, principal), principal, saved_html(told))
        except ConflictError as error:
            return self._conflict(principal, error, values)
        except DeskError as error:
            return [failed_html(error), *[gr.skip()] * (OUTPUTS - 1)]

    def _conflict(self, principal: Principal, error: ConflictError, values: tuple[Any, ...] | None) -> list[Any]:
        """Somebody was faster: both texts side by side, the boxes stay, and the next try is over the new text."""
        unchanged = [failed_html(error), *[gr.skip()] * (OUTPUTS - 1)]
        mine = _text(values) if values is not None else ""
        found = self._docs.check(mine, principal).document
        if found is None or "改动过" not in error.detail:
            return unchanged
        opened = self._docs.open(found.id, principal)
        last = opened.versions[0] if opened.versions else None
        who = f"{last.by} 于 {moment(last.at)}（{last.deed.value}）" if last else "别人"
        told = (
            f"{failed_html(error)}<div class='notice'>{escape(who)}改的在左，您写的在右；您的文字都还在框里。"
            "请把左边要紧的改动并进来，再按一次，就以您的为准。</div>"
        )
        both = compare_html(compare_texts(opened.source.text, mine), "现在的文件", "您写的")
        unchanged[0], unchanged[2] = told + both, (found.id, opened.source.hash)
        return unchanged

    def _status(self, document_id: str, principal: Principal) -> DocumentStatus | None:
        return next((d.status for d in self._docs.listed(principal) if d.id == document_id), None)

    def _blank(self) -> DocumentForm:
        today = self._today()
        review = next_review(today).isoformat()
        draft = DocumentStatus.DRAFT.value
        return DocumentForm(
            NEW, "", DocumentKind.QUESTION.value, (), "", draft, "", "", today.isoformat(), "", review, SKELETON
        )

    def _filled(self, opened: Opened, principal: Principal, message: str) -> list[Any]:
        shown = opened.checked
        if opened.draft is not None:
            shown = self._docs.check(opened.draft, principal)
        if shown.document is None:
            return self._shown(opened, replace(self._blank(), id=opened.source.path.rpartition("/")[2][:-3]), message)
        return self._shown(opened, form_of(shown.document), message)

    def _shown(self, opened: Opened | None, form: DocumentForm, message: str) -> list[Any]:
        """Everything on the right side: message, state, what is held, boxes, raw text, preview, history."""
        raw = (opened.draft if opened.draft is not None else opened.source.text) if opened else ""
        broken = opened is not None and opened.checked.document is None
        key = opened.checked.document.id if opened and opened.checked.document else form.id
        held = (key, opened.source.hash) if opened else None
        status = form.status if form.status in KEEPING else DocumentStatus.UNVERIFIED.value
        return [
            message,
            state_html(opened) if opened else '<div class="verdict"><b>新建文档</b></div>',
            held,
            gr.update(value=form.id, interactive=opened is None),
            form.title,
            form.kind,
            list(form.topics),
            form.unit or None,
            status,
            form.asks,
            form.basis,
            form.in_force_from,
            form.in_force_to,
            form.review_by,
            form.body,
            raw,
            broken,
            preview_html(opened.checked) if opened else "",
            history_html(opened.versions) if opened else "",
            *_versions(opened.versions if opened else ()),
            "",
            "",
            "",
        ]


OUTPUTS = 24


def _saved(done: Document, checked: Checked) -> str:
    """What saving means for callers, and what still keeps a draft from being published."""
    if done.status in ANSWERING:
        return f"已保存为“{done.status.value}”，坐席台从现在起按这份内容答复，并显示“待核验”。"
    errors = "".join(f"<li>{escape(e.message)}。{escape(e.remedy)}。</li>" for e in checked.errors)
    more = f"发布前还要改正：<ul>{errors}</ul>" if errors else ""
    return f"已保存为“{done.status.value}”，不会用来答复。{more}"


def _fits(document: Document, words: str, status: str, topic: str, unit: str) -> bool:
    if status and document.status.value != status:
        return False
    if (topic and topic not in document.topics) or (unit and unit != document.unit):
        return False
    places = (document.id, document.title, document.body, *document.asks)
    return not words or any(words in place for place in places)


def _text(values: tuple[Any, ...]) -> str:
    """The file's text from the boxes, or the raw text where the keeper edits that."""
    *boxes, raw, use_raw = values
    if use_raw:
        return str(raw or "")
    key, title, kind, topics, unit, status, asks, basis, started, ended, review, body = boxes
    texts = (str(value or "") for value in (asks, basis, started, ended, review, body))
    return source_of(
        DocumentForm(key or "", title or "", kind or "", tuple(topics or ()), unit or "", status or "", *texts)
    )


def _moment(at: str) -> datetime | None:
    if not (at or "").strip():
        return None
    text = at.strip().replace("/", "-").replace("T", " ")
    try:
        found = datetime.strptime(text, AT_FORM if " " in text else "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise InvalidInputError(
            "生效时间读不懂", f"“{text}”不是时间。", "请写成 2027-01-01 或 2027-01-01 08:00 的样子；其余内容都还在。"
        ) from error
    return found


def _versions(versions: Sequence[DocumentVersion]) -> list[Any]:
    """Choices of both boxes of versions; the one before the last is what one mostly wants to see or to have again."""
    choices = [
        (f"第 {v.number} 版 {v.at.astimezone(SHANGHAI):%m-%d %H:%M} {v.deed.value}", str(v.number)) for v in versions
    ]
    before = choices[min(1, len(choices) - 1)][1] if choices else None
    return [gr.update(choices=choices, value=before), gr.update(choices=[NOW, *choices], value=NOW[1])]


def _number(chosen: str | None) -> int:
    if not chosen:
        raise InvalidInputError("没有执行", "还没有选择版本。", "请先在“历史与比较”里选一版。")
    return int(chosen)


def _held(held: tuple[str, str] | None) -> str:
    if held is None:
        raise InvalidInputError("没有执行", "还没有打开一篇已有的文档。", "请先从左边的列表里点开一篇。")
    return held[0]
