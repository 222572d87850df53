"""Do the tickets' histories still say what the audit chain recorded? Each step's digest is held against its events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from intake.application.ports import JsonValue, UnitOfWork
from intake.application.snapshot import digest, encode
from intake.domain.audit_chain import AuditEntry, ChainFault
from intake.domain.events import EVENT_LABELS, TicketEvent
from intake.domain.events_handling import TicketUrged

# Urgings are recorded many tickets to an entry.
_LABELS = frozenset(EVENT_LABELS.values()) - {EVENT_LABELS[TicketUrged.__name__]}
# These say {"event": …}; every other step says {"events": […]}.
_SINGLE = frozenset({"来电并入", "时限重算"})
_REGISTERED = "登记工单"


@dataclass
class StepNotes:
    """Collects, while the chain is read, what it says of each ticket's steps."""

    steps: dict[str, list[AuditEntry]] = field(default_factory=dict)

    def note(self, entries: Iterable[AuditEntry]) -> Iterator[AuditEntry]:
        """Pass the entries on."""
        for entry in entries:
            if entry.action == _REGISTERED or _count(entry):
                self.steps.setdefault(entry.subject, []).append(entry)
            yield entry

    def faults(self, unit: UnitOfWork) -> Iterator[ChainFault]:
        """Tickets whose events were changed, removed or added behind the desk's back."""
        for number, entries in self.steps.items():
            yield from _compare(number, entries, unit.tickets.events(number))


def _compare(number: str, entries: Sequence[AuditEntry], events: Sequence[TicketEvent]) -> Iterator[ChainFault]:
    left = [event for event in events if not isinstance(event, TicketUrged)]
    if entries[0].action != _REGISTERED:
        yield ChainFault(entries[0].sequence, f"工单 {number} 没有登记记录，却有办理记录。")
        return
    # The events of the registration come first; a step of the same moment may follow them.
    at = next((i for i, event in enumerate(left) if event.at != entries[0].at), len(left))
    starts: Sequence[int] = range(at, 0, -1)
    for entry in entries[1:]:
        count = _count(entry)
        found = next((i for i in starts if _digest(entry, left[i : i + count]) == entry.digest), None)
        if found is None:
            said = f"与第 {entry.sequence} 条“{entry.action}”不符"
            yield ChainFault(entry.sequence, f"工单 {number} 的经过被改动：{said}。")
            return
        at = found + count
        starts = (at,)
    if at < len(left):
        yield ChainFault(entries[-1].sequence, f"工单 {number} 的经过里有 {len(left) - at} 条没有审计记录。")


def _count(entry: AuditEntry) -> int:
    """How many events this entry tells of; 0 when it is not a step of a ticket."""
    if entry.action in _SINGLE:
        return 1
    labels = entry.action.split("、")
    return len(labels) if all(label in _LABELS for label in labels) else 0


def _digest(entry: AuditEntry, events: Sequence[TicketEvent]) -> str:
    if len(events) != _count(entry):
        return ""
    content: Mapping[str, JsonValue] = (
        {"event": encode(events[0])} if entry.action in _SINGLE else {"events": [encode(event) for event in events]}
    )
    return digest(dict(content))
