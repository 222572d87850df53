"""The command ``hotline``: serve, propose, user add, token add, migrate. Heavy parts load only where they are used."""

import importlib
import json
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from intake.cli_audit import audit_app
from intake.cli_doctor import doctor
from intake.cli_import import import_file
from intake.cli_kb import kb_app
from intake.domain.access import Principal, Role, Scope
from intake.domain.errors import DeskError, NotReadyError
from intake.domain.ticket import SHANGHAI
from intake.settings import Settings

if TYPE_CHECKING:
    from intake.application.services import Services
    from intake.application.suggest import Suggestion

IMPORT_SECONDS = 0.5
Named = TypeVar("Named", Role, Scope)
app = typer.Typer(no_args_is_help=True, add_completion=False, help="九亭镇便民服务专线坐席台")
user_app = typer.Typer(no_args_is_help=True, help="账号")
token_app = typer.Typer(no_args_is_help=True, help="系统对接用的令牌")
ticket_app = typer.Typer(no_args_is_help=True, help="工单")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")
app.add_typer(ticket_app, name="ticket")
app.add_typer(audit_app, name="audit")
app.add_typer(kb_app, name="kb")
app.command("import")(import_file)
app.command("doctor")(doctor)


def main() -> None:
    """Run the command line; a refusal is told in Chinese, with exit status 1."""
    try:
        app()
    except DeskError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


@app.command("serve")
def serve() -> None:
    """准备数据库与索引，启动接口和坐席台。"""
    settings = Settings()
    door = _take_port(settings.host, settings.port)
    typer.echo(f"正在启动：状态目录 {settings.var}")
    services = _open(settings)
    admin = services.accounts.ensure_first_admin()
    if admin:
        typer.echo("已建立首个管理员（密码只显示这一次，请记下）：")
        typer.echo(f"  用户名 {admin.name}\n  密码   {admin.password}")
    services.warm()
    import uvicorn

    from intake.sweeper import Repeater, Sweeper

    # The door stands above this package; it is looked up by name, so that imports point downwards only.
    application = importlib.import_module("app").create_app(settings, services)
    door.listen(2048)  # from here on a browser that comes early waits instead of being refused
    typer.echo(f"坐席台已就绪：http://{settings.host}:{settings.port}/desk/   接口说明：/docs   停止：Ctrl+C")
    chores = (
        ("文档留痕", services.documents.note_changes),
        ("资料留痕", services.watch_files),
        ("审计锚定", services.anchoring),
    )
    sweeper = Sweeper(services.sweep, services.clock, settings.sweep_seconds, chores)
    importer = Repeater("import", (("导入", services.imports.work),), services.clock, IMPORT_SECONDS)
    workers = (sweeper, importer)
    for worker in workers:
        worker.start()
    try:
        uvicorn.Server(uvicorn.Config(application, log_level="warning")).run(sockets=[door])
    finally:
        for worker in workers:
            worker.stop()
        services.close()


@app.command("propose")
def propose(
    address: Annotated[str, typer.Option(help="诉求地址")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """从标准输入读一段来电内容，给出建议。"""
    from intake.domain.call import CallNotes

    services = _open(Settings())
    try:
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        suggestion = services.suggest(CallNotes(text, datetime.now(UTC), address))
    finally:
        services.close()
    if suggestion.recommendation is None:
        typer.echo("".join(suggestion.notices), err=True)
        raise typer.Exit(1)
    typer.echo(_as_json(suggestion) if as_json else _as_text(suggestion))


@app.command("migrate")
def migrate_database() -> None:
    """把数据库升级到最新结构。"""
    _open(Settings()).close()
    typer.echo("数据库已是最新结构。")


@app.command("train")
def train(
    tune: Annotated[bool, typer.Option("--tune", help="一并微调 HOTLINE_TRANSFORMER 所指的预训练模型")] = False,
) -> None:
    """用已定事项的工单重新训练分类器；与现用模型比较，未见变差才启用。"""
    from intake.domain.access import Principal

    services = _open(Settings())
    try:
        done = services.learning.run(Principal("命令行", Role.ADMIN), _every_hundredth(), tune)
    finally:
        services.close()
    typer.echo(f"{done.said}\n现用模型：{done.version}")


@app.command("sweep")
def sweep(
    now: Annotated[str, typer.Option(help="按这个时刻催办，如 2026-11-23T09:00:00+08:00；不填为现在")] = "",
) -> None:
    """催办：到期前提醒、到期催办、逾期再催；可由定时任务调用，多个进程同时运行也只催一次。"""
    moment = _moment(now)
    services = _open(Settings())
    try:
        report = services.sweep(moment)
    finally:
        services.close()
    typer.echo(report.sentence())
    if report.failures:
        raise typer.Exit(1)


@app.command("recompute")
def recompute(reason: Annotated[str, typer.Option(help="原因，写入工单记录")] = "节假日表或时限已更新") -> None:
    """改过放假安排或时限之后，重算未办结工单的时限；已归档的不动。"""
    services = _open(Settings())
    try:
        looked, changed = services.recompute(reason, services.clock())
    finally:
        services.close()
    typer.echo(f"查看未办结工单 {looked} 张，时限有变化 {changed} 张。")


@user_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="用户名")],
    role: Annotated[str, typer.Option(help="角色：" + "、".join(r.value for r in Role))],
    unit: Annotated[str, typer.Option(help="承办单位账号的单位代码")] = "",
    ask: Annotated[bool, typer.Option("--ask-password", help="自己输入密码；不加则随机生成")] = False,
) -> None:
    """新建账号；随机密码只显示一次。"""
    chosen = _one_of(Role, role, "角色")
    typed = typer.prompt("密码", hide_input=True, confirmation_prompt=True) if ask else ""
    services = _open(Settings())
    try:
        password = services.accounts.add(name, chosen, unit, typed)
    finally:
        services.close()
    typer.echo(f"已建立账号 {name}（{chosen.value}）。" + ("" if ask else f"密码（只显示这一次）：{password}"))


@token_app.command("add")
def add_token(
    name: Annotated[str, typer.Argument(help="用途名称")],
    scope: Annotated[list[str], typer.Option(help="权限范围：" + "、".join(s.value for s in Scope) + "；可重复")],
) -> None:
    """发放令牌；标准输出只有令牌本身，只显示一次。"""
    scopes = frozenset(_one_of(Scope, part, "权限范围") for value in scope for part in value.split(","))
    services = _open(Settings())
    try:
        token = services.accounts.add_token(name, scopes)
    finally:
        services.close()
    typer.echo("令牌只显示这一次，请妥善保存：", err=True)
    typer.echo(token)


@ticket_app.command("show")
def show_ticket(number: Annotated[str, typer.Argument(help="工单编号，如 JT20261123-0001")]) -> None:
    """显示一张工单：表单各栏、时限与剩余工作时间、全部经过；号码打码。"""
    from intake.ticket_text import ticket_text

    services = _open(Settings())
    try:
        reader = Principal("命令行", Role.AUDITOR)
        ticket = services.tickets.get(number, reader)
        history = services.tickets.history(number, reader)
        file = services.tickets.file(number, reader)
        typer.echo(ticket_text(ticket, file, history, services.terms(), services.clock()))
    finally:
        services.close()


@ticket_app.command("form")
def print_form(
    numbers: Annotated[list[str], typer.Argument(help="工单编号，可写几个")],
    out: Annotated[Path, typer.Option("--out", help="写到这个 docx 文件")],
    whole_phone: Annotated[bool, typer.Option(help="打印完整号码（记入审计）")] = False,
) -> None:
    """把一张或几张工单写成信息记录表（附件2，Word）。"""
    services = _open(Settings())
    try:
        content = services.forms.docx(numbers, Principal("命令行", Role.ADMIN), whole_phone)
    finally:
        services.close()
    out.write_bytes(content)
    typer.echo(f"已写入 {out}（{len(numbers)} 张）。")


@app.command("demo")
def demo(
    tickets: Annotated[int, typer.Option(help="编多少张工单的经过", min=1, max=200_000)] = 300,
    seed: Annotated[int, typer.Option(help="同一个种子编出同样的经过")] = 1,
    keep: Annotated[bool, typer.Option("--if-empty", help="已有演示数据就不再生成")] = False,
) -> None:
    """把空的数据库填成演示：虚构的来电与办理经过，走的是真实的登记与办理步骤。"""
    from intake.demo.command import tell

    tell(Settings(), tickets, seed, keep, typer.echo)


def _every_hundredth() -> Callable[[str, float], None]:
    """Say a step at every hundredth of the way: a fine-tuning has thousands."""
    said = [-1]

    def say(step: str, share: float) -> None:
        if int(share * 100) != said[0]:
            said[0] = int(share * 100)
            typer.echo(f"… {step} {share:.0%}", err=True)

    return say


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if value else datetime.now(UTC)
    except ValueError as error:
        raise typer.BadParameter(f"时间写法不对：{value}，例：2026-11-23T09:00:00+08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _open(settings: Settings) -> "Services":
    from intake.bootstrap import open_services

    return open_services(settings)


def _take_port(host: str, port: int) -> socket.socket:
    """Take the address before anything is loaded; raises NotReadyError when it is in use."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        remedy = "请先停掉已在运行的坐席台，或用 HOTLINE_PORT 换一个端口。"
        raise NotReadyError("端口用不了", f"{host}:{port} 无法使用（{error.strerror}）。", remedy) from error
    return door


def _one_of(kind: type[Named], value: str, label: str) -> Named:
    known = {member.value: member for member in kind}
    if value.strip() not in known:
        raise typer.BadParameter(f"没有这个{label}：{value}。可选：{'、'.join(known)}")
    return known[value.strip()]


def _as_json(suggestion: "Suggestion") -> str:
    from intake.web.schemas import suggestion_json

    return json.dumps(suggestion_json(suggestion), ensure_ascii=False, indent=2)


def _as_text(suggestion: "Suggestion") -> str:
    found = suggestion.recommendation
    if found is None:
        return ""
    first = [f"{c.code} {c.name} {c.score:.0%}" for c in found.proposal.topics]
    lines = [
        f"处理方式：{found.outcome.value}（{found.proposal.band.value}）",
        f"工单类型：{found.proposal.types[0].name if found.proposal.types else '—'}",
        f"诉求事项：{'；'.join(first) or '—'}",
        f"承办单位：{found.lead.name if found.lead else '—'}"
        + "".join(f"；协办 {unit.name}" for unit in found.support),
        *(f"  {finding.clause} {finding.sentence}" for finding in found.findings if finding.fired),
        f"建议答复：{found.answer.text if found.answer.found else '知识库暂无答案'}",
        *(f"时限：{clock.name} {clock.why}" for clock in found.clocks),
        *suggestion.notices,
    ]
    if suggestion.summary.next_question:
        lines.append(f"接着问：{suggestion.summary.next_question}")
    if found.banner:
        lines.insert(0, f"【紧急】请立即转接 {found.banner.number}。{found.banner.sentence}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
