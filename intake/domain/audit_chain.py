"""The audit chain: every entry carries the hash of the one before, so a changed or missing line shows (pure)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line: who did what to which subject, with a digest of the content (never personal data itself)."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    digest: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first entry at which the chain is broken, and how, in Chinese."""

    sequence: int
    sentence: str


def entry_hash(sequence: int, at: datetime, actor: str, action: str, subject: str, digest: str, previous: str) -> str:
    """SHA-256 (hex) over all fields of an entry; each is preceded by its length, so no two splits collide."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (str(sequence), moment, actor, action, subject, digest, previous)
    return hashlib.sha256("".join(f"{len(f)}:{f}" for f in fields).encode()).hexdigest()


def next_entry(
    sequence: int, previous: str, at: datetime, actor: str, action: str, subject: str, digest: str
) -> AuditEntry:
    """Build the entry that follows ``previous`` (``GENESIS`` for the first, whose sequence is 1)."""
    own = entry_hash(sequence, at, actor, action, subject, digest, previous)
    return AuditEntry(sequence, at, actor, action, subject, digest, previous, own)


def verify(entries: Iterable[AuditEntry]) -> ChainFault | None:
    """Check entries in order from the first; None when the chain is whole."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.sequence != expected:
            return ChainFault(entry.sequence, f"第 {expected} 条缺失，接下来是第 {entry.sequence} 条。")
        if entry.previous != previous:
            return ChainFault(entry.sequence, f"第 {entry.sequence} 条与前一条的哈希对不上。")
        own = entry_hash(
            entry.sequence, entry.at, entry.actor, entry.action, entry.subject, entry.digest, entry.previous
        )
        if own != entry.hash:
            return ChainFault(entry.sequence, f"第 {entry.sequence} 条的内容被改动过。")
        previous, expected = entry.hash, expected + 1
    return None
