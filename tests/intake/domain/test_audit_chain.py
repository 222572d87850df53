"""A changed, missing or moved line of the audit chain shows."""

from dataclasses import replace
from datetime import timedelta

from intake.domain.audit_chain import GENESIS, AuditEntry, next_entry, verify
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
    assert "第 2 条缺失" in fault.sentence


def test_a_rewritten_tail_does_not_fit() -> None:
    entries = _chain(3)
    entries[2] = next_entry(3, "f" * 64, NOW, "坐席甲", "登记工单", "JT-3", "d" * 64)
    fault = verify(entries)
    assert fault is not None
    assert "对不上" in fault.sentence
