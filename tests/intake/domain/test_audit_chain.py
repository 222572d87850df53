"""A changed, missing or moved line of the audit chain shows."""

from dataclasses import replace
from datetime import timedelta

from intake.domain.audit_chain import GENESIS, AuditEntry, AuditHead, faults, next_entry, verify
from tests.intake.fakes import NOW


def _chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for n in range(1, length + 1):
        previous = entries[-1].hash if entries else GENESIS
        entries.append(next_entry(n, previous, NOW + timedelta(seconds=n), "坐席甲", "登记工单", f"JT-{n}", "d" * 64))
    return entries


def test_a_whole_chain_verifies() -> None:
    assert verify(_chain(5)) is None
    assert verify([]) is None


def test_every_field_is_covered() -> None:
    for change in (
        {"actor": "坐席乙"},
        {"action": "删除"},
        {"subject": "JT-9"},
        {"digest": "e" * 64},
        {"at": NOW},
        {"hash": "0" * 64},
    ):
        entries = _chain(3)
        entries[1] = replace(entries[1], **change)
        fault = verify(entries)
        assert fault is not None
        assert fault.sequence == 2


def test_a_missing_line_shows() -> None:
    entries = _chain(4)
    del entries[1]
    fault = verify(entries)
    assert fault is not None
    assert "第 2 条被删除" in fault.sentence


def test_a_rewritten_tail_does_not_fit() -> None:
    entries = _chain(3)
    entries[2] = next_entry(3, "f" * 64, NOW, "坐席甲", "登记工单", "JT-3", "d" * 64)
    fault = verify(entries)
    assert fault is not None
    assert "对不上" in fault.sentence


def _said(entries: list[AuditEntry]) -> list[str]:
    return [fault.sentence for fault in faults(entries)]


def test_every_broken_place_is_named() -> None:
    entries = _chain(9)
    entries[7] = replace(entries[7], actor="坐席乙")
    del entries[4]
    entries[1] = replace(entries[1], digest="e" * 64)
    assert _said(entries) == ["第 2 条的内容被改动过。", "第 5 条被删除。", "第 8 条的内容被改动过。"]


def test_entries_that_changed_places_are_told_from_changed_ones() -> None:
    entries = _chain(6)
    entries[2], entries[4] = replace(entries[4], sequence=3), replace(entries[2], sequence=5)
    told = "：次序或编号被调换过。"
    assert _said(entries) == [f"第 3 条原是第 5 条{told}", f"第 5 条原是第 3 条{told}"]
    entries = _chain(6)
    entries[0], entries[1] = replace(entries[1], sequence=1), replace(entries[0], sequence=2)
    assert _said(entries) == [f"第 1 条原是第 2 条{told}", f"第 2 条原是第 1 条{told}"]


def test_a_gap_that_was_closed_by_new_numbers_shows_both() -> None:
    entries = _chain(6)
    del entries[2]
    closed = [replace(entry, sequence=n) for n, entry in enumerate(entries, 1)]
    moved = "第 3 条至第 5 条原是第 4 条至第 6 条：次序或编号被调换过。"
    assert sorted(_said(closed)) == sorted(["第 3 条被删除。", moved])


def test_the_head_knows_of_entries_that_were_cut_off() -> None:
    fault = AuditHead(sequence=5, hash="x", count=3, last=3).fault()
    assert fault is not None
    assert "第 4 条至第 5 条被删除" in fault.sentence
    assert AuditHead(sequence=3, hash="x", count=3, last=3).fault() is None
