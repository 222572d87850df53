"""Anchors find what the chain alone cannot: a cut-off end, and a tail written anew with its hashes."""

from datetime import timedelta

import pytest

from intake.domain.audit_anchor import Anchor, AnchorCheck, anchor_text, read_anchor
from intake.domain.audit_chain import GENESIS, AuditEntry, AuditHead, faults, next_entry
from tests.intake.fakes import NOW

DAY = NOW.date()


def _chain(length: int, actor: str = "坐席甲", kept: list[AuditEntry] | None = None) -> list[AuditEntry]:
    entries = list(kept or [])
    for n in range(len(entries) + 1, length + 1):
        previous = entries[-1].hash if entries else GENESIS
        entries.append(next_entry(n, previous, NOW + timedelta(seconds=n), actor, "登记工单", f"JT-{n}", "d" * 64))
    return entries


def _anchor(entries: list[AuditEntry], days: int = 0) -> Anchor:
    last = entries[-1]
    return Anchor(DAY + timedelta(days=days), last.sequence, last.hash, len(entries), NOW)


def _against(entries: list[AuditEntry], *anchors: Anchor) -> list[str]:
    assert faults(entries) == ()  # the chain by itself looks whole
    check = AnchorCheck(anchors)
    for entry in entries:
        check.note(entry.sequence, entry.hash)
    last = entries[-1] if entries else None
    end = last.sequence if last else 0
    head = AuditHead(end, last.hash if last else GENESIS, len(entries), end)
    return [fault.sentence for fault in check.faults(head)]


def test_an_untouched_chain_fits_its_anchors() -> None:
    entries = _chain(6)
    assert _against(entries, _anchor(entries[:2]), _anchor(entries, 1)) == []


def test_a_cut_off_end_is_found_by_the_anchor_only() -> None:
    entries = _chain(6)
    (said,) = _against(entries[:4], _anchor(entries[:2]), _anchor(entries, 1))
    assert "第 5 条至第 6 条被删除" in said
    assert "链尾只到第 4 条" in said


def test_a_tail_written_anew_is_found_between_two_anchors() -> None:
    entries = _chain(6)
    forged = _chain(8, "坐席乙", entries[:3])
    (said,) = _against(forged, _anchor(entries[:2]), _anchor(entries, 1))
    assert "第 3 条至第 6 条之间被改写" in said


def test_an_anchor_is_read_back_and_its_signature_is_checked() -> None:
    anchor = _anchor(_chain(3))
    assert read_anchor(anchor_text(anchor, ""), "") == anchor
    signed = anchor_text(anchor, "秘密")
    assert read_anchor(signed, "秘密") == anchor
    for text, secret in ((signed, "别的"), (signed.replace('"3"', '"2"'), "秘密"), (anchor_text(anchor, ""), "秘密")):
        with pytest.raises(ValueError, match="签名不对"):
            read_anchor(text, secret)
    for text in ("", "[]", '{"day": "2026-13-01"}'):
        with pytest.raises(ValueError, match="读不懂"):
            read_anchor(text, "")
