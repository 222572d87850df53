"""Commands ``hits`` and ``hits-compare``: the retrieval test without a browser."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from evals.cases import CaseError, codes_of
from evals.hits.as_json import compared_json, run_json
from evals.hits.compare import HitsCompared, compare
from evals.hits.figures import NAMES, figures
from evals.hits.questions import SHAPE, Catalogue, check_questions
from evals.hits.router_finder import RouterFinder
from evals.hits.run import run_hits
from evals.hits.store import HitRun, HitStore
from evals.metrics import Figure
from evals.reading import read_rows_of
from evals.report import paired_text
from evals.run_store import UnknownRunError
from evals.runner import SHANGHAI
from intake.router_desk import open_router_for
from intake.settings import Settings
from routing.pack import load_town_pack

SHOWN = 50


def hits(
    file: Annotated[Path, typer.Option(help="问题文件（xlsx、CSV、JSONL）", exists=True, dir_okay=False)],
    json_to: Annotated[Path | None, typer.Option("--json", help="结果写到此 JSON 文件")] = None,
    day: Annotated[str, typer.Option(help="按哪一天有效的文档，空则今天")] = "",
    keep: Annotated[bool, typer.Option(help="存入命中测试记录（var/hits），页面上可看、可比较")] = False,
) -> None:
    """Ask every question of a file through the function that production uses; exit status 2 for an unusable file."""
    settings = Settings()
    at = datetime.now(SHANGHAI)
    on = date.fromisoformat(day) if day else at.date()
    finder = RouterFinder(open_router_for(settings))
    try:
        codes = codes_of([(topic.code, topic.name) for topic in load_town_pack(settings.town).topics], ())
        known = Catalogue({document.id: document for document in finder.documents()}, codes.topics, on)
        found = check_questions(read_rows_of(file, SHAPE), known)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for problem in found.problems[:SHOWN]:
        typer.echo(str(problem), err=True)
    if not found.questions:
        typer.echo(f"{file.name}：没有一行可以提问。", err=True)
        raise typer.Exit(2)
    notes = [str(problem) for problem in found.problems]
    done = run_hits(finder, found.questions, file.name, "命令行", at, on, lambda _, __: None, notes)
    typer.echo("\n".join(lines(done)))
    if keep:
        HitStore(settings.var / "hits").save(done)
        typer.echo(f"已存为命中测试 {done.head.id}")
    if json_to:
        json_to.write_text(json.dumps(run_json(done), ensure_ascii=False, indent=1), encoding="utf-8")
        typer.echo(f"结果已写入 {json_to}")


def hits_compare(
    first: Annotated[str, typer.Argument(help="命中测试编号")],
    second: Annotated[str, typer.Argument(help="命中测试编号，与第一个比较")],
    json_to: Annotated[Path | None, typer.Option("--json", help="结果写到此 JSON 文件")] = None,
) -> None:
    """Two kept retrieval tests question by question, with a paired test for every figure."""
    store = HitStore(Settings().var / "hits")
    try:
        found = compare(store.load(first), store.load(second))
    except (UnknownRunError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo("\n".join(compared_lines(found)))
    if json_to:
        json_to.write_text(json.dumps(compared_json(found), ensure_ascii=False, indent=1), encoding="utf-8")


def lines(done: HitRun) -> list[str]:
    """Figures with intervals, then what was missed."""
    measured = figures(done.asked)
    rows = [f"== {done.head.name}：{done.head.count} 句，按 {done.head.day} 有效的文档 =="]
    rows += [f"{NAMES[key]}\t{_figure(figure)}" for key, figure in measured.items() if figure.count]
    misses = [asked for asked in done.asked if asked.miss]
    rows += [f"== 没问对的 {len(misses)} 句 =="]
    for asked in misses[:SHOWN]:
        best = f"{asked.found[0].id} {asked.found[0].support:.2f}" if asked.found else "—"
        right = "、".join(asked.question.documents or asked.question.topics) or "无答案"
        rows.append(f"{asked.question.id}\t{asked.miss}\t期望 {right}\t实际 {best}\t{asked.question.text[:50]}")
    return rows


def compared_lines(found: HitsCompared) -> list[str]:
    """Paired tests, then what is found now and what was lost."""
    rows = [f"共同的问题 {found.common} 句，没有配上的 {found.left_out} 句"]
    rows += [f"{NAMES[name]}\t{paired_text(test)}" for name, test in found.tests.items()]
    for title, moved in (("新问对的", found.found), ("新问错的", found.lost)):
        rows.append(f"== {title} {len(moved)} 句 ==")
        for one in moved[:SHOWN]:
            change = f"{one.before.miss or '对'} → {one.after.miss or '对'}"
            rows.append(f"{one.after.question.id}\t{change}\t{one.after.question.text[:50]}")
    return rows


def _figure(figure: Figure) -> str:
    return f"{figure.value:.3f}  [{figure.low:.3f}, {figure.high:.3f}]  n={figure.count}"
