"""``hotline import F.xlsx``: the same import as on the page, waited for."""

from pathlib import Path
from typing import Annotated

import typer

from intake.domain.access import Principal, Role
from intake.domain.errors import NotReadyError
from intake.settings import Settings


def import_file(
    path: Annotated[Path, typer.Argument(help="12345 导出的 xlsx 或 CSV")],
    dispatch: Annotated[bool, typer.Option("--dispatch", help="把握高的直接按建议派单；不加则全部待派单")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不建单")] = False,
    report: Annotated[Path | None, typer.Option(help="问题清单写到这个 xlsx 文件")] = None,
) -> None:
    """导入 12345 导出文件：列自动识别（或沿用上次确认的），每个好行建一张工单；有误的行写进问题清单。"""
    from intake.application.import_ports import JobState, RowState
    from intake.bootstrap import open_services
    from intake.spreadsheet import read_file

    person = Principal("命令行", Role.ADMIN)
    services = open_services(Settings())
    try:
        view = services.imports.upload(*read_file(path), person)
        said = "，".join(f"{f.value}＝{view.job.headers[c]}" for f, c in view.job.mapping.items())
        typer.echo(f"共 {view.total} 行。列：{said}", err=True)
        view = services.imports.check(view.job.job_id, view.job.mapping, person)
        if not dry_run:
            view = services.imports.start(view.job.job_id, person, dispatch=dispatch)
            while view.job.state is JobState.RUNNING:
                services.imports.work(services.clock())
                view = services.imports.view(view.job.job_id, person, 0)
                typer.echo(f"\r… {view.share:.1%}", err=True, nl=False)
            typer.echo("", err=True)
        told = "，".join(f"{state.value} {view.counts[state]} 行" for state in RowState if view.counts.get(state))
        typer.echo(f"{view.job.file_name}：{told}。导入编号 {view.job.job_id}。")
        if report is not None:
            try:
                report.write_bytes(services.imports.report(view.job.job_id, person))
            except OSError as error:
                detail = f"{report}：{error.strerror}。"
                raise NotReadyError("问题清单写不出", detail, "工单已导入；可在导入页下载问题清单。") from error
    finally:
        services.close()
    if view.counts.get(RowState.BROKEN):
        raise typer.Exit(1)
