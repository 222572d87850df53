"""Invented scored cases for the tests of figures, comparison, report and store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from evals.run_store import Judge, Run, RunHead, data_hash, new_id
from evals.scored import Scored

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def scored(id: str, gold: str, said: str, sure: float = 0.9, band: str = "建议采纳", **more: str) -> Scored:
    """A case of topic ``gold`` to which ``said`` was proposed."""
    return Scored(
        id=id,
        text=f"测试诉求 {id}",
        topic=gold,
        accept=(gold,),
        lead="ZFD",
        topics=((said, sure), ("K05", 0.05), ("K04", 0.02)),
        said_lead=more.pop("said_lead", "ZFD"),
        band=band,
        ms=10.0,
        **more,
    )


def a_run(
    cases: Sequence[Scored], peers: Mapping[str, Sequence[tuple[str, ...]]] | None = None, name: str = "试"
) -> Run:
    """A run of these cases."""
    hashed = data_hash(cases)
    head = RunHead(
        new_id(AT, hashed), name, AT, "测试评测员", hashed, len(cases), Judge("m1", "d1", "p1", "k1"), ("注",)
    )
    return Run(head, tuple(cases), {n: tuple(said) for n, said in (peers or {}).items()})
