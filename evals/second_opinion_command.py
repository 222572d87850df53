"""``python -m evals second-opinion``: what asking a language model gains and costs."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from evals.cases import load_cases
from evals.report import table
from evals.second_opinion import ARMS, Asker, compare, draw, run, whole_desk
from intake.router_desk import open_router_for
from intake.settings import Settings


def second_opinion(
    cases: Annotated[Path, typer.Option(help="用例文件", exists=True, dir_okay=False)] = Path(
        "evals/data/questions.jsonl"
    ),
    gguf: Annotated[Path | None, typer.Option(help="在本机开一个模型服务的权重；不填用 HOTLINE_LLM_URL")] = None,
    doubted: Annotated[int, typer.Option(help="没把握的用例取多少条", min=1)] = 70,
    sure: Annotated[int, typer.Option(help="有把握的用例取多少条", min=0)] = 15,
    arm: Annotated[list[str] | None, typer.Option(help="给模型看什么：" + "、".join(ARMS) + "；可重复")] = None,
    seconds: Annotated[float, typer.Option(help="单次最长用时")] = 600.0,
    whole: Annotated[bool, typer.Option(help="听完整个回答（量用时与词元），不加则听到事项为止")] = False,
    kept: Annotated[Path, typer.Option(help="逐条结果（JSONL），中断后接着做")] = Path(
        "var/evals/second-opinion.jsonl"
    ),
    seed: Annotated[int, typer.Option(help="抽样种子")] = 1,
) -> None:
    """Classifier and language model on the same cases, paired; accuracy, time and tokens by mode."""
    from evals.local_model import serve_gguf
    from routing.second_opinion.briefs import Briefs
    from routing.second_opinion.chain import Chain
    from routing.second_opinion.ports import CallLimits, Endpoint

    settings = Settings()
    router = open_router_for(settings)
    loaded = load_cases(cases)
    drawn = draw(router, loaded, doubted, sure, seed)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        endpoint = settings.llm.endpoint
        if gguf is not None:
            endpoint = Endpoint(stack.enter_context(serve_gguf(gguf)), gguf.stem)
        elif settings.llm.problem:
            typer.echo(settings.llm.problem, err=True)
            raise typer.Exit(2)
        chain = Chain(endpoint, CallLimits(seconds, settings.llm.answer_tokens, 0))
        asker = Asker(router, chain, Briefs(router, settings.llm.breadth), whole=whole)
        rows = run(asker, drawn, arm or list(ARMS), kept, lambda line: typer.echo(line, err=True))
    everyone = draw(router, loaded, len(loaded), 0, seed)
    share = len(everyone) / len(draw(router, loaded, len(loaded), len(loaded), seed))
    for name in arm or ARMS:
        of_arm = [row for row in rows if row.arm == name]
        for group, title in ((True, "没把握"), (False, "有把握")):
            few = [row for row in of_arm if row.doubt is group]
            if few:
                compared = compare(few)
                typer.echo(table(f"{endpoint.model} · {name} · {title}的 {len(few)} 条", compared.figures))
                typer.echo(f"听从模型减快速建议：{compared.test}")
        typer.echo(
            f"全部来电（没把握占 {share:.0%}），若都听从模型："
            + _by_mode(whole_desk(of_arm, {True: share, False: 1 - share}))
        )


def _by_mode(figures: dict[str, float]) -> str:
    return "；".join(f"{mode} {value:.3f}" for mode, value in figures.items())
