"""Put the console's pages together and mount them into the API at ``/desk``, behind the same login."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from intake.application.services import Services

if TYPE_CHECKING:
    from intake.console.desk_actions import DeskActions

PATH = "/desk"


@dataclass(frozen=True, slots=True)
class ExtraPage:
    """A page of the console: its title, its path below ``/desk``, and how it is laid out and wired."""

    title: str
    path: str
    build: "Callable[[Any, DeskActions], None]"


def mount_console(api: FastAPI, services: Services, extra: Sequence[ExtraPage] = ()) -> FastAPI:
    """Mount the Gradio console; nothing of a call is kept in the browser but the draft's id."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # no request may leave the machine
    import gradio as gr

    from intake.console.theme import CSS, HEAD, SPEECH
    from intake.web.auth import console_user
    from intake.web.guard import MAX_UPLOAD

    mounted: FastAPI = gr.mount_gradio_app(
        api,
        build_console(services, extra),
        PATH,
        auth_dependency=console_user,
        theme=_theme(gr),
        css=CSS,
        head=HEAD + (SPEECH if services.speech else ""),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        show_error=True,
        enable_monitoring=False,
        max_file_size=MAX_UPLOAD,
    )
    return mounted


def _theme(gr: Any) -> Any:
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    size = gr.themes.sizes
    return gr.themes.Default(
        font=fonts,
        font_mono=["ui-monospace", "monospace"],
        spacing_size=size.spacing_sm,
        text_size=size.text_sm,
        radius_size=size.radius_sm,
    )


def build_console(services: Services, extra: Sequence[ExtraPage] = ()) -> Any:
    """Build the desk, the console's own pages and the ``extra`` ones."""
    import gradio as gr

    from intake.console.desk import build_desk, restore_on_load
    from intake.console.desk_actions import DeskActions
    from intake.console.desk_answer import AnswerActions, wire_answer
    from intake.console.desk_calls import CallActions, wire_calls
    from intake.console.second_opinion import SecondOpinionActions, wire_second
    from intake.console.speech_html import speech_html

    actions = DeskActions(services)
    # Uploads hold names and telephones: what Gradio keeps of them is gone after an hour.
    with gr.Blocks(
        title="九亭镇便民服务专线", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)
    ) as console:
        parts = build_desk(actions, None if services.speech is None else speech_html(services.speech.problem()))
        loaded = restore_on_load(console, parts, actions)
        wire_calls(console, loaded, parts, CallActions(services, actions))
        wire_answer(parts.shown, parts.draft_id, parts.use, AnswerActions(services, actions))
        wire_second(parts, SecondOpinionActions(services, actions))
    for known in (*_ticket_pages(services), *_knowledge_pages(services), *extra):
        with console.route(known.title, known.path, show_in_navbar=False) as page:
            known.build(page, actions)
    console.queue(default_concurrency_limit=16)
    return console


def _ticket_pages(services: Services) -> tuple[ExtraPage, ...]:
    from intake.console.importing import ImportActions, build_import
    from intake.console.model import ModelActions, build_model
    from intake.console.places import PlaceActions, build_places
    from intake.console.second_opinion import SecondOpinionActions, build_second_page
    from intake.console.tickets import TicketActions, build_tickets
    from intake.console.work import WorkActions, build_work

    return (
        ExtraPage("工单查询", "/tickets", lambda page, desk: build_tickets(page, TicketActions(services, desk))),
        ExtraPage("工作清单", "/work", lambda page, desk: build_work(page, WorkActions(services, desk))),
        ExtraPage("导入", "/import", lambda page, desk: build_import(page, ImportActions(services, desk))),
        ExtraPage("模型", "/model", lambda page, desk: build_model(page, ModelActions(services, desk))),
        ExtraPage(
            "第二意见",
            "/second-opinion",
            lambda page, desk: build_second_page(page, SecondOpinionActions(services, desk)),
        ),
        ExtraPage("地名", "/places", lambda page, desk: build_places(page, PlaceActions(services, desk))),
    )


def _knowledge_pages(services: Services) -> tuple[ExtraPage, ...]:
    from intake.console.kb_exchange import ExchangeActions, build_exchange
    from intake.console.kb_gaps import GapActions, build_gaps
    from intake.console.kb_health import HealthActions, build_health
    from intake.console.knowledge import KnowledgeActions
    from intake.console.knowledge_layout import build_knowledge

    return (
        ExtraPage("知识库", "/knowledge", lambda page, desk: build_knowledge(page, KnowledgeActions(services, desk))),
        ExtraPage(
            "知识导入导出", "/exchange", lambda page, desk: build_exchange(page, ExchangeActions(services, desk))
        ),
        ExtraPage("知识缺口", "/gaps", lambda page, desk: build_gaps(page, GapActions(services, desk))),
        ExtraPage("知识体检", "/health", lambda page, desk: build_health(page, HealthActions(services, desk))),
    )
