"""Command line of the evaluator: ``python -m evals run|bench``."""

from pathlib import Path
from typing import Annotated

import typer

from evals.cases import CaseError, load_cases
from evals.metrics import Figure, macro_f1_figure, mean, paired
from evals.peers import TfidfSvm
from evals.report import as_json, confusions, peer_lines, table, write_json
from evals.runner import Judged, figures, run
from intake.router_desk import open_router_for
from intake.settings import Settings
from knowledge.embedding import load_embedder
from routing.router import Router

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="评测：在没有人调过参的数据上，说清分得准不准。")


@cli.command("run")
def run_command(
    cases: Annotated[Path, typer.Option(help="用例文件（JSONL）", exists=True, dir_okay=False)],
    json: Annotated[Path | None, typer.Option(help="结果写到此 JSON 文件")] = None,
    peer: Annotated[bool, typer.Option(help="同批对照 tf-idf + 线性 SVM")] = True,
) -> None:
    """Run every case through the router and print figures with intervals beside the peer."""
    try:
        loaded = load_cases(cases)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    router = open_router_for(Settings())
    judged = run(router, loaded, _progress)
    measured = figures(judged)
    typer.echo(table(f"{cases.name}：{len(loaded)} 条", measured))
    if peer and any(j.case.accept for j in judged):
        typer.echo(_peer(router, judged))
    typer.echo(confusions(judged))
    if json:
        meta = {
            "cases": cases.name,
            "model": judged[0].recommendation.proposal.model_version,
            "data_hash": judged[0].recommendation.proposal.data_hash,
            "pack": judged[0].recommendation.pack_version,
        }
        write_json(json, as_json(judged, measured, meta))
        typer.echo(f"结果已写入 {json}")


def _progress(done: int, total: int) -> None:
    if done % 100 == 0 or done == total:
        typer.echo(f"… {done}/{total}", err=True)


def _peer(router: Router, judged: tuple[Judged, ...]) -> str:
    examples = router.examples
    svm = TfidfSvm([e.text for e in examples], [e.topic for e in examples])
    topical = [j for j in judged if j.case.accept]
    said = [svm.top3(j.case.text) for j in topical]
    right = [top[0] in j.case.accept for top, j in zip(said, topical, strict=True)]
    gold = [j.case.topic or j.case.accept[0] for j in topical]
    labels = [g if r else top[0] for g, r, top in zip(gold, right, said, strict=True)]
    measured: dict[str, Figure] = {
        "topic_top1": mean(right),
        "topic_top3": mean([any(t in j.case.accept for t in top) for top, j in zip(said, topical, strict=True)]),
        "topic_macro_f1": macro_f1_figure(gold, labels),
    }
    return peer_lines("tf-idf + 线性 SVM", measured, paired([j.topic_right for j in topical], right))


@cli.command()
def answers(
    questions: Annotated[Path, typer.Option(help="有答案的问题")] = Path("evals/data/cases.jsonl"),
    foreign: Annotated[Path, typer.Option(help="知识库没有答案的问题")] = Path("evals/data/unanswerable.jsonl"),
) -> None:
    """Fit the answer threshold on the odd questions, report it and the one in use on the even ones."""
    from evals import answering
    from routing.bootstrap import ANSWERS

    router = open_router_for(Settings())
    known, unknown = answering.ask_all(router, questions), answering.ask_all(router, foreign)
    fitted = answering.fit(known[1::2], unknown[1::2])
    typer.echo(f"奇数题上拟合：{fitted}\n在用：{ANSWERS}")
    typer.echo(table("偶数题上（拟合值）", answering.figures(known[::2], unknown[::2], fitted)))
    typer.echo(table("偶数题上（在用值）", answering.figures(known[::2], unknown[::2], ANSWERS)))


@cli.command("desk")
def desk_command(
    rows: Annotated[Path, typer.Option(help="真实来电文本（JSONL，含 id、text）", exists=True)],
    table_to: Annotated[Path, typer.Option("--out", help="逐条结果写到此 JSONL（不要提交）")],
    count: Annotated[int, typer.Option(help="抽取条数")] = 200,
    seed: Annotated[int, typer.Option(help="抽样种子")] = 1,
) -> None:
    """Put real texts through the whole desk path by API: suggest, save, read back."""
    import json

    from evals import desk_path

    results = desk_path.walk(desk_path.draw(rows, count, seed))
    table_to.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in results) + "\n", encoding="utf-8")
    typer.echo(desk_path.summary(results))


@cli.command("transfer")
def transfer_command(
    train: Annotated[Path, typer.Option(help="学习用工单（JSONL：id、text、unit）", exists=True, dir_okay=False)],
    test: Annotated[Path, typer.Option(help="评测用工单（JSONL：id、text、unit）", exists=True, dir_okay=False)],
    json: Annotated[Path | None, typer.Option(help="结果写到此 JSON 文件")] = None,
    peer: Annotated[bool, typer.Option(help="同批对照 tf-idf + 线性 SVM、向量近邻")] = False,
) -> None:
    """Another town's tickets: train the production classifier on A's units and nothing of ours, score it on B."""
    from evals.peers import EmbeddingNeighbours, TfidfSvm
    from evals.transfer import compare_with_peers, transfer
    from routing.classifiers.training import TrainingError

    embedder = load_embedder(Settings().embedding_model)
    try:
        done = transfer(train, test, embedder, _step)
    except (CaseError, TrainingError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(table(f"{train.name} → {test.name}", done.figures))
    typer.echo(f"训练 {done.train_s:.1f} 秒，单条时延 p95 {done.latency_ms_p95:.1f} 毫秒")
    if peer:
        peers = (TfidfSvm, lambda texts, labels: EmbeddingNeighbours(texts, labels, embedder))
        typer.echo(compare_with_peers(done, train, test, peers))
    if json:
        write_json(json, done.as_json())
        typer.echo(f"结果已写入 {json}")


@cli.command("retrieve")
def retrieve_command(
    pairs: Annotated[Path, typer.Option(help="问答对（JSONL：id、question、reply）", exists=True, dir_okay=False)],
    json: Annotated[Path | None, typer.Option(help="结果写到此 JSON 文件")] = None,
    peer: Annotated[bool, typer.Option(help="同批对照字符 tf-idf、只用词、只用向量")] = False,
) -> None:
    """Does a question find its own reply? The production retriever over all replies of the file."""
    from evals.retrieve import char_tfidf, retrieve
    from knowledge.fusion import Mix

    try:
        done = retrieve(pairs)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(table(pairs.name, done.figures))
    if peer:
        typer.echo(table("同批对照：字符 2–3 元 tf-idf", char_tfidf(pairs).figures))
        typer.echo(table("只用词", retrieve(pairs, Mix(1.0, 0.0)).figures))
        typer.echo(table("只用向量", retrieve(pairs, Mix(0.0, 1.0)).figures))
    if json:
        write_json(json, done.as_json())
        typer.echo(f"结果已写入 {json}")


def _step(step: str, share: float) -> None:
    typer.echo(f"… {step} {share:.0%}", err=True)


@cli.command()
def bench(
    cases: Annotated[Path, typer.Option(help="取其中的文本")] = Path("evals/data/cases.jsonl"),
    calls: Annotated[int, typer.Option(help="进程内测多少次", min=20)] = 300,
    typists: Annotated[int, typer.Option(help="HTTP 上同时打字的坐席数", min=1, max=32)] = 10,
) -> None:
    """Print p50/p95 of a proposal in process and over HTTP, beside tf-idf + SVM on the same texts."""
    from evals.bench import bench_http, bench_in_process

    texts = [case.text for case in load_cases(cases)]
    typer.echo(bench_in_process(open_router_for(Settings()), (texts * (calls // len(texts) + 1))[:calls]))
    typer.echo(bench_http(texts, typists))


if __name__ == "__main__":
    cli()
