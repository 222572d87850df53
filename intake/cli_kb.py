"""The command ``hotline kb``: list, show, publish, withdraw, export, import, rebuild; the use cases of 知识库."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.domain.access import Principal, Role
from intake.domain.ticket import SHANGHAI
from intake.settings import Settings

if TYPE_CHECKING:
    from intake.application.services import Services

kb_app = typer.Typer(no_args_is_help=True, help="知识库")
KEEPER = Principal("命令行", Role.ADMIN)
Key = Annotated[str, typer.Argument(help="文档编号，如 A01-huanWuYe")]
Reason = Annotated[str, typer.Option("--reason", help="原因，记入审计")]


@contextmanager
def _services() -> "Iterator[Services]":
    from intake.bootstrap import open_services

    services = open_services(Settings())
    try:
        yield services
    finally:
        services.close()


@kb_app.command("list")
def list_documents(
    status: Annotated[str, typer.Option(help="只列这个状态：草稿、待核验、已发布、停用")] = "",
) -> None:
    """列出文档：编号、状态、事项、标题；写错的文件连同行号。"""
    with _services() as services:
        for document in services.documents.listed(KEEPER):
            if not status or document.status.value == status:
                typer.echo(f"{document.id}\t{document.status.value}\t{'、'.join(document.topics)}\t{document.title}")
        for problem in services.documents.problems(KEEPER):
            typer.echo(str(problem), err=True)


@kb_app.command("show")
def show(document_id: Key) -> None:
    """一篇文档：全文、检查结果、历史。"""
    with _services() as services:
        opened = services.documents.open(document_id, KEEPER)
    typer.echo(f"{opened.source.path}\n{opened.source.text}")
    for fault in opened.checked.faults:
        typer.echo(fault.message)
    for problem in opened.checked.problems:
        typer.echo(str(problem))
    for version in opened.versions:
        when = version.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        typer.echo(f"第 {version.number} 版 {when} {version.by} {version.deed.value} {version.status} {version.reason}")


@kb_app.command("publish")
def publish(
    document_id: Key,
    reason: Reason,
    at: Annotated[str, typer.Option(help="从何时起，如 2027-01-01T08:00；不填为立即")] = "",
) -> None:
    """发布一篇文档现在的内容，立即或到时自动生效。"""
    moment = _moment(at)
    with _services() as services:
        source = services.documents.open(document_id, KEEPER).source
        services.documents.publish(source.text, source.hash, reason, KEEPER, moment)
    typer.echo(f"{document_id} 已发布。" if moment is None else f"{document_id} 已预定 {moment:%Y-%m-%d %H:%M} 生效。")


@kb_app.command("withdraw")
def withdraw(document_id: Key, reason: Reason) -> None:
    """停用一篇文档：一秒内不再用来答复，内容留档。"""
    with _services() as services:
        services.documents.withdraw(document_id, reason, KEEPER)
    typer.echo(f"{document_id} 已停用。")


@kb_app.command("restore")
def restore(document_id: Key, number: Annotated[int, typer.Argument(help="版本号")], reason: Reason) -> None:
    """恢复一个旧版本。"""
    with _services() as services:
        done = services.documents.restore(document_id, number, reason, KEEPER)
    typer.echo(f"{document_id} 已恢复第 {number} 版，状态为“{done.status.value}”。")


@kb_app.command("export")
def export(out: Annotated[Path, typer.Argument(help="写到这个 .zip 或 .xlsx 文件")]) -> None:
    """整库导出：zip 为文件原样，xlsx 为一行一篇。"""
    if out.suffix not in (".zip", ".xlsx"):
        raise typer.BadParameter("文件名应以 .zip 或 .xlsx 结尾")
    with _services() as services:
        content = services.exchange.export(out.suffix[1:], KEEPER)
    out.write_bytes(content)
    typer.echo(f"已写入 {out}。")


@kb_app.command("import")
def import_library(
    file: Annotated[Path, typer.Argument(help="导出过的 zip 或 xlsx", exists=True, dir_okay=False)],
    reason: Reason = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会怎样，不写入")] = False,
) -> None:
    """导入整库：新增和改动的写入，其余不动；先列出每篇会怎样。"""
    from intake.application.document_exchange import told
    from knowledge.exchange.plan import Verdict

    with _services() as services:
        data = file.read_bytes()
        if dry_run:
            plan = services.exchange.plan(file.name, data, KEEPER)
        else:
            plan = services.exchange.take_back(file.name, data, reason, KEEPER)
    for item in plan.items:
        if item.verdict is not Verdict.SAME:
            typer.echo(f"{item.verdict.value}\t{item.path or item.origin}\t{''.join(str(r) for r in item.reasons)}")
    typer.echo(("只列出，没有写入：" if dry_run else "已导入：") + told(plan))


@kb_app.command("rebuild")
def rebuild(
    model: Annotated[str, typer.Option(help="sentence-transformers 文件夹或名称；不填换回设置里的")] = "",
) -> None:
    """换用另一个向量模型：在现用索引旁边重建，完成后切换；运行中的服务两秒内跟上。"""
    with _services() as services:
        services.rebuilding.run(KEEPER, model, lambda done, total: typer.echo(f"… {done}/{total}", err=True))
    typer.echo(f"检索已换用{model or '默认向量模型'}。")


def _moment(at: str) -> datetime | None:
    if not at:
        return None
    try:
        found = datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter(f"时间写法不对：{at}，例：2027-01-01T08:00") from error
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
