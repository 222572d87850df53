"""Put the console's pages together and mount them into the API at ``/desk``, behind the same login."""

import os
from typing import Any

from fastapi import FastAPI

from intake.application.services import Services

PATH = "/desk"


def mount_console(api: FastAPI, services: Services) -> FastAPI:
    """Mount the Gradio console; nothing of a call is kept in the browser but the draft's id."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # no request may leave the machine
    import gradio as gr

    from intake.console.theme import CSS, HEAD
    from intake.web.auth import console_user
    from intake.web.guard import MAX_UPLOAD

    mounted: FastAPI = gr.mount_gradio_app(
        api,
        build_console(services),
        PATH,
        auth_dependency=console_user,
        theme=_theme(gr),
        css=CSS,
        head=HEAD,
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


def build_console(services: Services) -> Any:
    """Build the pages: 坐席台, 工单查询 and 模型."""
    import gradio as gr

    from intake.console.desk import build_desk, restore_on_load
    from intake.console.desk_actions import DeskActions
    from intake.console.desk_calls import CallActions, wire_calls
    from intake.console.importing import ImportActions, build_import
    from intake.console.model import ModelActions, build_model
    from intake.console.tickets import TicketActions, build_tickets
    from intake.console.work import WorkActions, build_work

    actions = DeskActions(services)
    with gr.Blocks(title="九亭镇便民服务专线", analytics_enabled=False, fill_width=True) as console:
        parts = build_desk(actions)
        loaded = restore_on_load(console, parts, actions)
        wire_calls(console, loaded, parts, CallActions(services, actions))
    with console.route("工单查询", "/tickets", show_in_navbar=False) as tickets:
        build_tickets(tickets, TicketActions(services, actions))
    with console.route("工作清单", "/work", show_in_navbar=False) as work:
        build_work(work, WorkActions(services, actions))
    with console.route("导入", "/import", show_in_navbar=False) as importing:
        build_import(importing, ImportActions(services, actions))
    with console.route("模型", "/model", show_in_navbar=False) as model:
        build_model(model, ModelActions(services, actions))
    console.queue(default_concurrency_limit=16)
    return console
