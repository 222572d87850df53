"""One evaluation, whole: cases through the desk's own function, peers on the same rows, figures, what judged them."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.util import find_spec

from evals.cases import Case
from evals.figures import figures, peer_figures
from evals.metrics import Figure, Paired, paired
from evals.peers import EmbeddingNeighbours, Peer, SemanticRouter, TfidfSvm
from evals.run_store import Judge, Run, RunHead, data_hash, new_id
from evals.runner import run
from routing.router import Router

Say = Callable[[str, float], None]


def evaluate(
    router: Router,
    cases: Sequence[Case],
    name: str,
    by: str,
    at: datetime,
    say: Say,
    peers: bool = True,
    notes: Sequence[str] = (),
) -> Run:
    """Judge all ``cases``; ``say`` hears step and share done (0..1). Peers learn from the desk's own examples."""
    share = 0.8 if peers else 1.0
    scored = run(router, cases, lambda done, total: say("逐条评测", share * done / total))
    said = {peer.name: _ask(peer, cases, say) for peer in _peers(router, say)} if peers else {}
    values = {key: figure.value for key, figure in figures(scored).items() if figure.value == figure.value}
    hashed = data_hash(scored)
    head = RunHead(
        new_id(at, hashed), name, at, by, hashed, len(scored), judge_of(router), tuple(notes), metrics=values
    )
    say("完成", 1.0)
    return Run(head, scored, said)


def judge_of(router: Router) -> Judge:
    """Versions of everything that takes part in a recommendation now."""
    digest = hashlib.sha256("".join(sorted(repr(d) for d in router.knowledge.documents())).encode()).hexdigest()
    model = router.models.current()
    return Judge(model.version, router.models.topics.learned.data_hash[:12], router.pack.version, digest[:12])


def peer_results(done: Run) -> dict[str, tuple[dict[str, Figure], Paired]]:
    """Figures of every peer of a run, and the paired test of the desk against it (desk − peer)."""
    topical = [s for s in done.cases if s.accept]
    found = {}
    for name, said in done.peers.items():
        tops = [top for s, top in zip(done.cases, said, strict=True) if s.accept]
        right = [bool(top) and top[0] in s.accept for s, top in zip(topical, tops, strict=True)]
        found[name] = (peer_figures(topical, tops), paired([s.right for s in topical], right))
    return found


def _peers(router: Router, say: Say) -> Sequence[Peer]:
    texts, labels = [e.text for e in router.examples], [e.topic for e in router.examples]
    embedder = router.knowledge.embedder
    say("训练对照", 0.8)
    found: list[Peer] = [TfidfSvm(texts, labels), EmbeddingNeighbours(texts, labels, embedder)]
    if find_spec("semantic_router"):  # brought by `make peers`
        found.append(SemanticRouter(texts, labels, embedder))
    return found


def _ask(peer: Peer, cases: Sequence[Case], say: Say) -> tuple[tuple[str, ...], ...]:
    say(f"对照：{peer.name}", 0.9)
    return tuple(peer.top3(case.text) for case in cases)
