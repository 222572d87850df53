"""How the page 命中测试 is laid out and wired: three tabs, and below them the way of asking that is added."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from evals.hits.page import ANY, HitActions

_COLUMNS = "问题文件（xlsx、CSV、JSONL；列：问题、期望文档、事项、应无答案）"


@dataclass(frozen=True, slots=True)
class One:
    """Elements of the tab 问一句."""

    question: Any
    day: Any
    topic: Any
    unit: Any
    ask: Any
    finding: Any


@dataclass(frozen=True, slots=True)
class Many:
    """Elements of the tab 一批问题."""

    file: Any
    name: Any
    day: Any
    start: Any
    stop: Any
    message: Any
    state: Any
    runs: Any
    chosen: Any
    drop: Any
    body: Any
    miss: Any


@dataclass(frozen=True, slots=True)
class Two:
    """Elements of the tab 比较两次."""

    first: Any
    second: Any
    compare: Any
    compared: Any


@dataclass(frozen=True, slots=True)
class Adding:
    """Elements below the tabs: a way of asking for a document."""

    hint: Any
    words: Any
    document: Any
    add: Any
    added: Any


def build_hits(page: Any, actions: HitActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    with gr.Tabs():
        with gr.Tab("问一句", elem_id="hits-tab-one"):
            one = _one()
        with gr.Tab("一批问题", elem_id="hits-tab-many"):
            many = _many()
        with gr.Tab("比较两次", elem_id="hits-tab-two"):
            two = _two()
    adding = _adding()
    _wire(page, actions, top, one, many, two, adding)


def _one() -> One:
    with gr.Row(equal_height=True):
        question = gr.Textbox(label="照来电人的话问一句", max_lines=1, scale=6, elem_id="hits-question")
        day = gr.Textbox(label="哪一天（空：今天）", placeholder="2026-01-31", max_lines=1, scale=2, elem_id="hits-day")
        topic = gr.Dropdown([(ANY, "")], value="", label="只看事项", scale=3, elem_id="hits-topic")
        unit = gr.Dropdown([(ANY, "")], value="", label="只看单位", scale=3, elem_id="hits-unit")
        ask = gr.Button("提问", variant="primary", scale=1, elem_id="hits-ask")
    return One(question, day, topic, unit, ask, gr.HTML(elem_id="hits-finding"))


def _many() -> Many:
    with gr.Row():
        file = gr.File(
            label=_COLUMNS,
            file_types=[".xlsx", ".csv", ".jsonl", ".txt"],
            type="filepath",
            height=132,
            scale=5,
            elem_id="hits-file",
        )
        with gr.Column(scale=4):
            with gr.Row():
                name = gr.Textbox(label="名称（空则用文件名）", max_lines=1, elem_id="hits-name")
                day = gr.Textbox(
                    label="哪一天（空：今天）", placeholder="2026-01-31", max_lines=1, elem_id="hits-file-day"
                )
            with gr.Row():
                start = gr.Button("逐句提问", variant="primary", elem_id="hits-start")
                stop = gr.Button("停止", elem_id="hits-stop")
            gr.HTML('<a href="/api/v1/hits/example">下载一份表样</a>，照样填好再上传；文件用后不留在服务器上。')
    message = gr.HTML(elem_id="hits-message")
    state = gr.HTML(elem_id="hits-state")
    runs = gr.HTML(elem_id="hits-runs")
    with gr.Row(equal_height=True):
        chosen = gr.Dropdown([], value=None, label="看哪一次", scale=4, elem_id="hits-run")
        drop = gr.Button("删除这次", scale=1, elem_id="hits-drop")
        miss = gr.Dropdown([], value=None, label="选一句没问对的，填到最下方加为问法", scale=6, elem_id="hits-miss")
    return Many(file, name, day, start, stop, message, state, runs, chosen, drop, gr.HTML(elem_id="hits-body"), miss)


def _two() -> Two:
    with gr.Row(equal_height=True):
        first = gr.Dropdown([], value=None, label="之前", scale=4, elem_id="hits-first")
        second = gr.Dropdown([], value=None, label="之后", scale=4, elem_id="hits-second")
        compare = gr.Button("比较", variant="primary", scale=1, elem_id="hits-compare")
    return Two(first, second, compare, gr.HTML(elem_id="hits-compared"))


def _adding() -> Adding:
    with gr.Column(elem_id="hits-adding"):
        hint = gr.HTML(elem_id="hits-hint")
        added = gr.HTML(elem_id="hits-added")
        with gr.Row(equal_height=True):
            words = gr.Textbox(label="加问法：来电人的话（2 至 100 字）", max_lines=1, scale=5, elem_id="hits-words")
            document = gr.Dropdown([], value=None, label="应当回答它的文档", scale=5, elem_id="hits-document")
            add = gr.Button("把这句加为问法", scale=1, elem_id="hits-add")
    return Adding(hint, words, document, add, added)


def _wire(page: Any, actions: HitActions, top: Any, one: One, many: Many, two: Two, adding: Adding) -> None:
    asked, offered = (
        [one.question, one.day, one.topic, one.unit],
        [one.finding, adding.words, adding.document, adding.added],
    )
    one.ask.click(actions.ask, asked, offered)
    one.question.submit(actions.ask, asked, offered)
    shown = gr.State("")
    lists = [many.runs, many.chosen, two.first, two.second]
    many.start.click(actions.start_file, [many.file, many.name, many.day], many.message, show_progress="hidden")
    many.stop.click(actions.stop, None, many.message, show_progress="hidden")
    many.chosen.change(actions.show, [many.chosen], [many.body, many.miss])
    many.miss.change(actions.choose, [many.chosen, many.miss], [adding.words, adding.document], show_progress="hidden")
    many.drop.click(actions.drop, [many.chosen], [many.message, *lists])
    two.compare.click(actions.compare, [two.first, two.second], two.compared)
    adding.add.click(actions.add, [adding.words, adding.document], adding.added)
    timer = gr.Timer(1.0)
    timer.tick(actions.follow, [shown], [many.state, *lists, shown], show_progress="hidden")
    chosen_from = [adding.document, adding.words, adding.add, adding.hint]
    page.load(actions.open, None, [top, many.state, one.topic, one.unit, *lists, *chosen_from])
