"""Command line of the evaluator: ``python -m evals run|bench``."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.cases import CaseError, codes_of, load_cases
from evals.hits.commands import hits, hits_compare
from evals.html_report import html_report, names_of
from evals.reading import read_cases
from evals.report import as_json, confusion_lines, peer_lines, table, write_json
from evals.second_opinion_command import second_opinion
from intake.router_desk import open_router_for
from intake.settings import Settings
from knowledge.embedding import load_embedder
from routing.pack import load_town_pack

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="评测：在没有人调过参的数据上，说清分得准不准。")
cli.command("hits")(hits)
cli.command("hits-compare")(hits_compare)
cli.command("second-opinion")(second_opinion)


@cli.command("run")
def run_command(
    cases: Annotated[Path, typer.Option(help="用例文件（JSONL、CSV、xlsx）", exists=True, dir_okay=False)],
    json: Annotated[Path | None, typer.Option(help="结果写到此 JSON 文件")] = None,
    html: Annotated[Path | None, typer.Option(help="报告写到此 HTML 文件")] = None,
    peer: Annotated[bool, typer.Option(help="同批对照 SVM、向量近邻、semantic-router")] = True,
    skip_bad: Annotated[bool, typer.Option(help="有误的行跳过不评，其余照常")] = False,
    keep: Annotated[bool, typer.Option(help="存入评测记录（var/evals），可与别的评测比较")] = False,
) -> None:
    """Run every case through the router and print figures with intervals beside the peers."""
    from evals.evaluate import evaluate, peer_results
    from evals.figures import figures
    from evals.peers import semantic_router_at
    from evals.run_store import RunStore
    from evals.runner import SHANGHAI

    settings = Settings()
    try:
        pack = load_town_pack(settings.town)
        codes = codes_of([(t.code, t.name) for t in pack.topics], [(u.code, u.name) for u in pack.units])
        found = read_cases(cases, codes)
        loaded = found.cases if skip_bad and found.cases else load_cases(cases, codes)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for note in found.notes[:50]:
        typer.echo(note, err=True)
    semantic_router_at(settings.var / "peers")
    router = open_router_for(settings)
    done = evaluate(router, loaded, cases.name, "命令行", datetime.now(SHANGHAI), _Steps(), peer)
    measured = figures(done.cases)
    typer.echo(table(f"{cases.name}：{len(loaded)} 条", measured))
    for name, (values, test) in peer_results(done).items():
        if values["topic_top1"].count:
            typer.echo(peer_lines(name, values, test))
    typer.echo(confusion_lines(done.cases))
    if keep:
        RunStore(settings.var / "evals").save(done)
        typer.echo(f"已存为评测 {done.head.id}")
    if json:
        write_json(json, as_json(done, measured))
        typer.echo(f"结果已写入 {json}")
    if html:
        html.write_text(html_report(done, names_of(router)), encoding="utf-8")
        typer.echo(f"报告已写入 {html}")


class _Steps:
    """Says a step when it begins and every tenth of it."""

    def __init__(self) -> None:
        self._said = ("", -1)

    def __call__(self, step: str, share: float) -> None:
        tenth = (step, int(share * 10))
        if tenth != self._said:
            self._said = tenth
            typer.echo(f"… {step} {share:.0%}", err=True)


@cli.command()
def answers(
    fit: Annotated[bool, typer.Option("--fit", help="重新拟合排序与答复门槛，写入 routing/data/finding.json")] = False,
) -> None:
    """Figures of ranking and refusing on the development questions; with --fit the weights are fitted anew on them."""
    from evals import finding_fit, kb_questions
    from evals.runner import SHANGHAI

    router, now = open_router_for(Settings()), datetime.now(SHANGHAI)
    if fit:
        found = finding_fit.searched(router, finding_fit.development_rows(), now)
        finding_fit.write(finding_fit.fit(found, typer.echo), found, now)
        router = open_router_for(Settings())
    known = frozenset(d.id for d in router.knowledge.documents())
    questions = kb_questions.read_kb_questions(finding_fit.DATA / "kb_dev.jsonl", known)
    typer.echo(table("开发题（拟合用过，只供比较）", kb_questions.figures(kb_questions.ask(router, questions, now))))


@cli.command("kb")
def kb_command(
    questions: Annotated[Path, typer.Option(help="问题（JSONL：id、question、documents、answerable）")] = Path(
        "evals/data/kb_questions.jsonl"
    ),
    json: Annotated[Path | None, typer.Option(help="逐题结果写到此 JSON 文件")] = None,
    peer: Annotated[bool, typer.Option(help="同批对照字符 tf-idf、只用词、只用向量")] = True,
) -> None:
    """Does a question find the document that answers it, and is one that none answers refused? Through production."""
    from evals import kb_questions
    from evals.runner import SHANGHAI

    router, now = open_router_for(Settings()), datetime.now(SHANGHAI)
    try:
        known = frozenset(d.id for d in router.knowledge.documents())
        asked = kb_questions.read_kb_questions(questions, known)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    found = kb_questions.ask(router, asked, now)
    typer.echo(table(f"{questions.name}：{len(asked)} 题，{len(known)} 篇文档", kb_questions.figures(found)))
    if peer:
        for name, ranker in kb_questions.peers(router, now).items():
            typer.echo(table(name, kb_questions.rank_with(ranker, asked)))
    if json:
        write_json(json, {"cases": [{"id": a.question.id, "rank": a.rank, "answered": a.answered} for a in found]})
        typer.echo(f"结果已写入 {json}")


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


@cli.command()
def gate(
    accept: Annotated[bool, typer.Option("--accept", help="把本次结果记为新的基线")] = False,
) -> None:
    """Measure our own sets and compare with the accepted baseline; exit status 1 when worse or below the promise."""
    from evals.gate import check
    from evals.runner import SHANGHAI

    passed = check(open_router_for(Settings()), datetime.now(SHANGHAI), _Steps(), accept, typer.echo)
    typer.echo(
        "门禁通过。"
        if passed
        else "门禁未通过：请逐条看误判（python -m evals run），或说明理由后用 --accept 更新基线。"
    )
    raise typer.Exit(0 if passed else 1)


@cli.command("replay")
def replay_command(
    since: Annotated[str, typer.Option("--from", help="来电日期从，如 2026-11-01")],
    until: Annotated[str, typer.Option("--to", help="到（含当日）")],
    html: Annotated[Path | None, typer.Option(help="报告写到此 HTML 文件")] = None,
) -> None:
    """Saved tickets through today's documents, rules and model: what would change, what would have been right."""
    from evals.compare import compare
    from evals.html_report import compare_report
    from evals.replay import NothingToReplayError, replay
    from evals.report import comparison
    from evals.run_store import RunStore
    from evals.runner import SHANGHAI
    from intake.storage.engine import open_engine
    from intake.storage.unit_of_work import SqlTransactions

    settings = Settings()
    engine = open_engine(settings.database)
    try:
        days = date.fromisoformat(since), date.fromisoformat(until)
        router = open_router_for(settings)
        then, now = replay(SqlTransactions(engine), router, *days, "命令行", datetime.now(SHANGHAI), _Steps())
    except (NothingToReplayError, ValueError) as error:
        typer.echo(f"没有回放：{error}", err=True)
        raise typer.Exit(2) from error
    finally:
        engine.dispose()
    store = RunStore(settings.var / "evals")
    store.save(then)
    store.save(now)
    compared = compare(then, now)
    typer.echo(comparison(compared))
    if html:
        html.write_text(compare_report(compared, names_of(router)), encoding="utf-8")
        typer.echo(f"报告已写入 {html}")


@cli.command("compare")
def compare_command(
    first: Annotated[str, typer.Argument(help="评测编号（见 runs）")],
    second: Annotated[str, typer.Argument(help="评测编号，与第一个比较")],
) -> None:
    """Two kept runs case by case, with a paired test for every figure."""
    from evals.compare import compare
    from evals.report import comparison
    from evals.run_store import RunStore, UnknownRunError

    store = RunStore(Settings().var / "evals")
    try:
        typer.echo(comparison(compare(store.load(first), store.load(second))))
    except (UnknownRunError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


@cli.command("runs")
def runs_command() -> None:
    """The kept runs, newest first."""
    from evals.run_store import RunStore

    for head in RunStore(Settings().var / "evals").heads():
        top = f"{head.metrics['topic_top1']:.3f}" if "topic_top1" in head.metrics else "—"
        typer.echo(f"{head.id}\t{head.name}\t{head.count} 条\t首位正确 {top}\t{head.judge.model}")


@cli.command("curve")
def curve_command(
    svg: Annotated[Path, typer.Option(help="图写到此 SVG 文件")] = Path("docs/learning-curve.svg"),
    seeds: Annotated[int, typer.Option(help="每个点抽样几次", min=1)] = 3,
) -> None:
    """Learning curve on our own cases and questions: so many examples a topic, so many right (about 15 minutes)."""
    from evals.curve import curves, learning_curve
    from evals.gate import SETS
    from evals.plots import curve_svg

    router = open_router_for(Settings())
    cases = [case for path in SETS.values() for case in load_cases(path)]
    points = learning_curve(router, cases, (5, 10, 20, 30, 40, 1000), range(1, seeds + 1), typer.echo)
    for point in points:
        typer.echo(f"每事项至多 {point.each} 条（共 {point.examples}）\t{point.ours}\t对照 {point.peer}")
    most = max(point.each for point in points[:-1]) + 10  # "all" is drawn one step after the last
    drawn = {name: [*line[:-1], (most, line[-1][1])] for name, line in curves(points).items()}
    svg.write_text(curve_svg(drawn, "每个事项的示例条数（最右为全部）", "首位正确"), encoding="utf-8")
    typer.echo(f"图已写入 {svg}")


@cli.command("transfer")
def transfer_command(
    train: Annotated[Path, typer.Option(help="学习用工单（JSONL：id、text、unit）", exists=True, dir_okay=False)],
    test: Annotated[Path, typer.Option(help="评测用工单（JSONL：id、text、unit）", exists=True, dir_okay=False)],
    json: Annotated[Path | None, typer.Option(help="结果写到此 JSON 文件")] = None,
    peer: Annotated[bool, typer.Option(help="同批对照 tf-idf + 线性 SVM、向量近邻、semantic-router")] = False,
) -> None:
    """Another town's tickets: train the production classifier on A's units and nothing of ours, score it on B."""
    from evals.peers import EmbeddingNeighbours, SemanticRouter, TfidfSvm, semantic_router_at
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
        peers: list[Any] = [TfidfSvm, lambda texts, labels: EmbeddingNeighbours(texts, labels, embedder)]
        if semantic_router_at(Settings().var / "peers"):
            peers.append(lambda texts, labels: SemanticRouter(texts, labels, embedder))
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
    from evals.retrieve import char_tfidf, retrieve_mixed
    from knowledge.fusion import Mix

    try:
        mixes = [None, Mix(1.0, 0.0), Mix(0.0, 1.0)] if peer else [None]
        done, *halves = retrieve_mixed(pairs, mixes)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(table(pairs.name, done.figures))
    if peer:
        typer.echo(table("同批对照：字符 2–3 元 tf-idf", char_tfidf(pairs).figures))
        for name, half in zip(("只用词", "只用向量"), halves, strict=True):
            typer.echo(table(name, half.figures))
    if json:
        write_json(json, done.as_json())
        typer.echo(f"结果已写入 {json}")


def _step(step: str, share: float) -> None:
    typer.echo(f"… {step} {share:.0%}", err=True)


@cli.command("speech")
def speech_command(
    wavs: Annotated[
        Path, typer.Option(help="录音文件夹：旁有同名 .txt，或 transcripts.jsonl", exists=True, file_okay=False)
    ],
    words: Annotated[Path | None, typer.Option(help="文字另放在此文件（JSONL：file、text）", exists=True)] = None,
    views: Annotated[int, typer.Option(help="每段错开几十毫秒各听几遍", min=1, max=20)] = 1,
    minutes: Annotated[float, typer.Option(help="接成多长的一段来测速度，0 为不测")] = 2.0,
    json: Annotated[Path | None, typer.Option(help="结果写到此 JSON 文件")] = None,
) -> None:
    """Character errors on recorded speech beside plain faster-whisper, telephone versions too, and speed."""
    from evals import speech

    settings = Settings()
    try:
        recordings = speech.load(wavs, words)
        results = speech.report(recordings, settings, typer.echo, views)
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if minutes:
        results["long"] = speech.speed(speech.long_recording(recordings, minutes), settings, typer.echo)
    if json:
        write_json(json, results)
        typer.echo(f"结果已写入 {json}")


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


@cli.command()
def large(
    documents: Annotated[int, typer.Option(help="文档篇数", min=10)] = 1000,
    tickets: Annotated[int, typer.Option(help="已办工单件数", min=100)] = 20_000,
) -> None:
    """Time a town of some years: proposals and training with many documents and past tickets, beside the peer."""
    from evals.large import measure

    texts = [case.text for case in load_cases(Path("evals/data/cases.jsonl"))]
    found = measure(Settings(), documents, tickets, texts, typer.echo)
    typer.echo(f"训练 {found.train_s:.1f} 秒（对照 {found.peer_train_s:.1f} 秒），文档入索引 {found.index_s:.1f} 秒")
    typer.echo(table(f"完整建议：{found.documents} 篇文档、{found.tickets} 件工单", found.ours))
    typer.echo(table("对照：tf-idf + 线性 SVM 仅分类，同批文本", found.peer))


@cli.command("kb-bench")
def kb_bench_command(
    documents: Annotated[int, typer.Option(help="入索引和修改时的文档篇数", min=10)] = 1000,
    passages: Annotated[int, typer.Option(help="检索时的段落数", min=100)] = 10_000,
) -> None:
    """Time a large knowledge base: indexing, edit to found, search with and without filter beside char tf-idf."""
    import json

    from evals.kb_bench import measure

    lines = Path("evals/data/questions.jsonl").read_text(encoding="utf-8").splitlines()
    found = measure(Settings(), documents, passages, [json.loads(line)["question"] for line in lines], typer.echo)
    typer.echo(table(f"检索：{found.searched} 篇文档、{found.passages} 段", found.plain))
    typer.echo(table("检索，按事项和单位筛选", found.filtered))
    typer.echo(table("对照：字符 1–3 元 tf-idf，同批文本", found.peer))


if __name__ == "__main__":
    cli()
