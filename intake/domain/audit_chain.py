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
class AuditHead:
    """The end of the chain as the head says it; ``last`` is the number of the last entry that is there."""

    sequence: int
    hash: str
    count: int
    last: int

    def fault(self) -> "ChainFault | None":
        """Entries that were cut off at the end while the head still knows of them."""
        if self.last < self.sequence:
            gone = span(self.last + 1, self.sequence)
            return ChainFault(
                self.last + 1, f"{gone}被删除：链尾记到第 {self.sequence} 条，表里只到第 {self.last} 条。"
            )
        return None


@dataclass(frozen=True, slots=True)
class ChainFault:
    """An entry at which the chain is broken, and how, in Chinese."""

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
    """The first place at which the chain is broken; None when it is whole."""
    return next(iter(faults(entries)), None)


def faults(entries: Iterable[AuditEntry]) -> tuple[ChainFault, ...]:
    """Every place at which the chain is broken: what was changed, removed, or moved and from where.

    Only what follows the first broken place is kept in memory.
    """
    rows: list[AuditEntry] = []
    whole = True
    for entry in entries:
        before = rows[-1] if rows else None
        fits = entry.previous == (before.hash if before else GENESIS)
        follows = entry.sequence == (before.sequence if before else 0) + 1
        whole = whole and fits and follows and _own_hash(entry, entry.sequence) == entry.hash
        if whole:
            rows.clear()
        rows.append(entry)
    return () if whole else _diagnose(rows)


def _own_hash(entry: AuditEntry, sequence: int) -> str:
    return entry_hash(sequence, entry.at, entry.actor, entry.action, entry.subject, entry.digest, entry.previous)


def _diagnose(rows: list[AuditEntry]) -> tuple[ChainFault, ...]:
    """``rows`` begins with the last whole entry, or with the first of all when that one is broken."""
    places = _places(rows)
    held = {place if place else row.sequence: row for row, place in zip(rows, places, strict=True)}
    first = rows[0].sequence if places[0] == rows[0].sequence and rows[0].sequence > 1 else 1
    found = [_gone(run) for run in _runs([n for n in range(first, max(held) + 1) if n not in held])]
    found += _moved(rows, places)
    for row, place in zip(rows, places, strict=True):
        before = held.get(place - 1)
        if not place:
            found.append(ChainFault(row.sequence, f"第 {row.sequence} 条的内容被改动过。"))
        elif before and row.previous != before.hash and _own_hash(before, place - 1) == before.hash:
            said = f"第 {row.sequence} 条与前一条的哈希对不上：两条中有一条连同哈希被改写过。"
            found.append(ChainFault(row.sequence, said))
        elif place == 1 and row.previous != GENESIS:
            found.append(ChainFault(1, "第 1 条不是链的开头：被改写过。"))
    return tuple(sorted(found, key=lambda fault: fault.sequence))


def _places(rows: list[AuditEntry]) -> list[int]:
    """For each entry the number that its hash was made with; 0 when its hash fits no likely one: it was changed."""
    by_hash = {row.hash: i for i, row in enumerate(rows)}
    places = [row.sequence if _own_hash(row, row.sequence) == row.hash else 0 for row in rows]
    again = True
    while again:
        again = False
        for i, row in enumerate(rows):
            if places[i]:
                continue
            before = by_hash.get(row.previous)
            likely = {row.sequence + 1, row.sequence - 1, places[before] + 1 if before is not None else 0}
            likely |= {1} if row.previous == GENESIS else set()
            places[i] = next((n for n in likely if n > 0 and _own_hash(row, n) == row.hash), 0)
            again = again or bool(places[i])
    return places


def _moved(rows: list[AuditEntry], places: list[int]) -> list[ChainFault]:
    """Stretches of entries that stand under another number than their own."""
    found: list[ChainFault] = []
    start = 0
    moves = [place - row.sequence if place else 0 for row, place in zip(rows, places, strict=True)]
    for i in range(1, len(rows) + 1):
        if i < len(rows) and moves[i] == moves[start]:
            continue
        if moves[start]:
            now, then = span(rows[start].sequence, rows[i - 1].sequence), span(places[start], places[i - 1])
            found.append(ChainFault(rows[start].sequence, f"{now}原是{then}：次序或编号被调换过。"))
        start = i
    return found


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _gone(run: tuple[int, int]) -> ChainFault:
    return ChainFault(run[0], f"{span(*run)}被删除。")


def span(first: int, last: int) -> str:
    """One entry or a stretch of them, in words."""
    return f"第 {first} 条" if first == last else f"第 {first} 条至第 {last} 条"
