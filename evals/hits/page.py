"""The page 命中测试: ask one question, test a file of questions, compare two tests, add a way of asking to a miss."""

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from evals.hits.asked import Asked
from evals.hits.finder import Narrowing
from evals.hits.html import added_html, compared_html, finding_html, miss_label, run_html, runs_html
from evals.hits.service import HitTests, who_may_add
from evals.page_html import notes_html, progress_html
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.domain.access import Permission, Principal
from intake.domain.errors import DeskError, InvalidInputError
from knowledge.documents import Document

ANY = "不限"


class HitActions:
    """Handlers of the page over the retrieval tests."""

    def __init__(self, services: Services, tests: HitTests, desk: DeskActions) -> None:
        self._services = services
        self._tests = tests
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar, what may be chosen, what is going on, the kept runs; who may add a way of asking."""
        principal = self._desk.principal(request)
        top = topbar_html(principal, self._services)
        try:
            state = progress_html(self._tests.progress(principal), "提问")
            day = self._tests.today()
            topics = [(ANY, ""), *((f"{t.code} {t.name}", t.code) for t in self._services.directory.topics(day))]
            units = [(ANY, ""), *((u.name, u.code) for u in self._services.directory.units(day))]
            documents = [(_title(d), d.id) for d in self._tests.documents(principal)]
        except DeskError as error:
            return [top, failed_html(error), *[gr.skip()] * 10]
        may = principal.may(Permission.KNOWLEDGE)
        hint = (
            ""
            if may
            else f'<div class="notice">没问对的句子要加为问法，请交给{who_may_add()}；您的角色不能改知识库。</div>'
        )
        return [
            top,
            state,
            gr.update(choices=topics, value=""),
            gr.update(choices=units, value=""),
            *self._lists(principal),
            gr.update(choices=documents, interactive=may),
            gr.update(interactive=may),
            gr.update(interactive=may),
            hint,
        ]

    def ask(self, request: gr.Request, question: str, day: str, topic: str | None, unit: str | None) -> list[Any]:
        """One question; the question and the best document are offered below as a new way of asking."""
        try:
            principal = self._desk.principal(request)
            narrowing = Narrowing(topic or "", unit or "")
            finding = self._tests.ask(principal, question or "", _day(day), narrowing)
        except DeskError as error:
            return [failed_html(error), gr.skip(), gr.skip(), gr.skip()]
        units = {u.code: u.name for u in self._services.directory.units(finding.day)}
        best = finding.documents[0].document.id if finding.documents else None
        shown = finding_html(finding, units, narrowing != Narrowing())
        return [shown, gr.update(value=finding.question[:100]), gr.update(value=best), ""]

    def start_file(self, request: gr.Request, file: str | None, name: str, day: str) -> str:
        """Begin with an uploaded file."""
        principal = self._desk.principal(request)
        try:
            if not file:
                raise InvalidInputError("没有选文件", "还没有选择问题文件。", "请先点左边的框选择文件。")
            path = Path(file)
            notes = self._tests.start_file(principal, path, name.strip() or path.name, _day(day))
        except DeskError as error:
            return failed_html(error)
        return notes_html(notes)

    def stop(self, request: gr.Request) -> str:
        """Stop what is running."""
        try:
            self._tests.stop(self._desk.principal(request))
        except DeskError as error:
            return failed_html(error)
        return ""

    def follow(self, request: gr.Request, shown: str) -> list[Any]:
        """What is going on; when a run has ended since, the lists are drawn anew and it is opened."""
        principal = self._desk.principal(request)
        try:
            progress = self._tests.progress(principal)
        except DeskError:
            return [gr.skip()] * 6
        bar = progress_html(progress, "提问")
        if progress.running or not progress.run_id or progress.run_id == shown:
            return [bar, gr.skip(), gr.skip(), gr.skip(), gr.skip(), shown]
        runs, chosen, first, second = self._lists(principal)
        return [bar, runs, {**chosen, "value": progress.run_id}, first, second, progress.run_id]

    def show(self, request: gr.Request, run_id: str | None) -> list[Any]:
        """Figures and misses of one kept run, and its misses to choose from."""
        nothing = gr.update(choices=[], value=None)
        if not run_id:
            return ["", nothing]
        principal = self._desk.principal(request)
        try:
            run = self._tests.open(principal, run_id)
            titles = {d.id: d.title for d in self._tests.documents(principal)}
        except DeskError as error:
            return [failed_html(error), nothing]
        topics = {t.code: t.name for t in self._services.directory.topics(run.head.day)}
        misses = [(miss_label(a), a.question.id) for a in run.asked if a.miss and a.question.answerable]
        return [run_html(run, titles, topics), gr.update(choices=misses, value=None)]

    def choose(self, request: gr.Request, run_id: str | None, question_id: str | None) -> list[Any]:
        """A miss was chosen: its words and the document that it should have found."""
        if not run_id or not question_id:
            return [gr.skip(), gr.skip(), gr.skip()]
        principal = self._desk.principal(request)
        try:
            run = self._tests.open(principal, run_id)
            documents = self._tests.documents(principal)
        except DeskError:
            return [gr.skip(), gr.skip(), gr.skip()]  # deleted meanwhile: the list of runs says so
        asked = next((a for a in run.asked if a.question.id == question_id), None)
        if asked is None:
            return [gr.skip(), gr.skip(), gr.skip()]
        return [gr.update(value=asked.question.text), gr.update(value=_meant(asked, documents)), ""]

    def add(self, request: gr.Request, ask: str, document_id: str | None) -> str:
        """Add the words as a way of asking of the document, and ask again."""
        try:
            principal = self._desk.principal(request)
            if not document_id:
                raise InvalidInputError("问法没有加入", "还没有选文档。", "请选择应当回答这句话的文档。")
            return added_html(self._tests.add_ask(principal, document_id, ask or ""))
        except DeskError as error:
            return failed_html(error)

    def compare(self, request: gr.Request, first: str | None, second: str | None) -> str:
        """Two kept runs beside each other."""
        if not first or not second or first == second:
            return '<div class="notice">请在两个框里选择不同的两次测试。</div>'
        try:
            return compared_html(self._tests.compare(self._desk.principal(request), first, second))
        except DeskError as error:
            return failed_html(error)

    def drop(self, request: gr.Request, run_id: str | None) -> list[Any]:
        """Delete the run that is shown."""
        principal = self._desk.principal(request)
        try:
            self._tests.drop(principal, run_id or "")
        except DeskError as error:
            return [failed_html(error), gr.skip(), gr.skip(), gr.skip(), gr.skip()]
        runs, chosen, first, second = self._lists(principal)
        said = f'<div class="saved">已删除测试 {escape(run_id or "")}。</div>'
        return [said, runs, {**chosen, "value": None}, first, second]

    def _lists(self, principal: Principal) -> list[Any]:
        heads = self._tests.runs(principal)
        choices = [(f"{head.at:%m-%d %H:%M:%S} {head.name}", head.id) for head in heads]
        return [runs_html(heads), *[gr.update(choices=choices)] * 3]


def _day(text: str | None) -> date | None:
    if not (text or "").strip():
        return None
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError as error:
        raise InvalidInputError("日期读不懂", f"“{text}”不是有效的日期。", "请写成 2026-01-31 的样子。") from error


def _meant(asked: Asked, documents: Sequence[Document]) -> str | None:
    """The document that the question should have found; where only a topic is said, the best found one of it.

    None where that leaves nothing: a document picked by chance would be taught a wrong question.
    """
    if asked.question.documents:
        return asked.question.documents[0]
    right = {d.id for d in documents if asked.question.takes(d.id, d.topics)}
    return next((one.id for one in asked.found if one.id in right), None)


def _title(document: Document) -> str:
    return f"{document.id} {document.title}（{document.status.value}）"
