"""``hotline audit``: check the chain, against outside anchors too, and make the day's anchor by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.domain.audit_anchor import anchor_text
from intake.settings import Settings

if TYPE_CHECKING:
    from intake.application.services import Services

audit_app = typer.Typer(invoke_without_command=True, add_completion=False, help="审计链：核对、锚定")


@audit_app.callback()
def audit(context: typer.Context) -> None:
    """核对审计链是否完整；不完整时退出码为 1。"""
    if context.invoked_subcommand is None:
        verify(None)


@audit_app.command("verify")
def verify(
    anchors: Annotated[Path | None, typer.Option(help="外部锚定文件夹；链尾被删、整段重写只有锚定能查出")] = None,
) -> None:
    """核对审计链，逐条说明被改动、删除、调换的记录；不完整时退出码为 1。"""
    with _opened(Settings()) as services:
        report = services.anchoring.verify(anchors)
    typer.echo(report.sentence(), err=bool(report.faults))
    if report.faults:
        raise typer.Exit(1)


@audit_app.command("anchor")
def anchor() -> None:
    """做当天的锚定（每天一次，服务运行时会自动做），写入 HOTLINE_ANCHORS 文件夹并显示。"""
    settings = Settings()
    with _opened(settings) as services:
        made = services.anchoring(services.clock())
        services.sweep.deliver(services.clock())
    if made is None:
        typer.echo(f"当天已经锚定过，文件在 {settings.anchor_folder}。")
        return
    typer.echo(anchor_text(made, settings.anchor_secret), nl=False)
    typer.echo(f"已写入 {settings.anchor_folder / made.name}。", err=True)


@contextmanager
def _opened(settings: Settings) -> "Iterator[Services]":
    from intake.bootstrap import open_services

    services = open_services(settings)
    try:
        yield services
    finally:
        services.close()
