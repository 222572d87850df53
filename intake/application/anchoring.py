"""The audit chain's outside: a daily anchor in a folder and through the webhook, and the check against them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.application.event_check import StepNotes
from intake.application.ports import Transactions
from intake.domain.audit_anchor import Anchor, AnchorCheck, anchor_text, fields_of, read_anchor
from intake.domain.audit_chain import AuditEntry, ChainFault, faults
from intake.domain.errors import NotReadyError
from intake.domain.ticket import SHANGHAI

ACTOR = "系统"
CHANNEL = "audit-anchor"  # stands where an urging has its unit
_MOST = 20
_REMEDY = "锚定已记在数据库里，没有丢；请检查 HOTLINE_ANCHORS 的文件夹，下次会再写。"


class AnchorFailedError(NotReadyError):
    """The anchor was made, but its file could not be written."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the chain found; ``anchored`` says up to which entry anchors vouch for it."""

    entries: int
    anchors: int
    anchored: int
    faults: tuple[ChainFault, ...]

    def sentence(self) -> str:
        """For the command line."""
        outside = f"，{self.anchors} 个锚定相符，已锚定到第 {self.anchored} 条" if self.anchors else ""
        if not self.faults:
            return f"审计链完整。共 {self.entries} 条{outside}。"
        shown = "\n".join(fault.sentence for fault in self.faults[:_MOST])
        more = f"\n……另有 {len(self.faults) - _MOST} 处。" if len(self.faults) > _MOST else ""
        return f"审计链不完整，{len(self.faults)} 处：\n{shown}{more}\n请保留数据库现状，用备份核对上述各条。"


class Anchoring:
    """Makes one anchor per day, whatever number of processes try; ``webhook``: put it into the outbox as well."""

    def __init__(self, transactions: Transactions, folder: Path, secret: str, webhook: bool) -> None:
        self._transactions = transactions
        self._folder = folder
        self._secret = secret
        self._webhook = webhook

    def __call__(self, now: datetime) -> Anchor | None:
        """Anchor the day of ``now`` if nobody has, then write the files that are missing; None: it was done before."""
        made = None
        with self._transactions.read() as unit:
            known = unit.anchors.has(now.astimezone(SHANGHAI).date())
        if not known:
            made = self._make(now)
        self._write()
        return made

    def _make(self, now: datetime) -> Anchor | None:
        with self._transactions.write() as unit:
            head = unit.audit.head()
            anchor = Anchor(now.astimezone(SHANGHAI).date(), head.sequence, head.hash, head.count, now)
            if not unit.anchors.claim(anchor):
                return None
            fields = fields_of(anchor)
            if self._webhook:
                unit.outbox.put(CHANNEL, f"{CHANNEL}/{anchor.day}", fields, now)
            unit.audit.append(now, ACTOR, "审计锚定", fields["day"], {**fields})
        return anchor

    def _write(self) -> None:
        """A file is written once; it belongs outside from then on and is never touched again."""
        with self._transactions.read() as unit:
            if not unit.anchors.unwritten():
                return
        with self._transactions.write() as unit:
            for anchor in unit.anchors.unwritten():
                _write_once(self._folder / anchor.name, anchor_text(anchor, self._secret))
                unit.anchors.written(anchor.day)

    def verify(self, folder: Path | None = None) -> AuditReport:
        """Check the chain, its head, the anchors in ``folder``, and the tickets' histories against the chain."""
        anchors, unreadable = _read(folder, self._secret) if folder else ((), ())
        check, steps = AnchorCheck(anchors), StepNotes()
        with self._transactions.read() as unit:
            head = unit.audit.head()
            found = [*unreadable, *faults(_noted(steps.note(unit.audit.entries()), check))]
            found += [] if found else steps.faults(unit)  # a broken chain says nothing about histories
        end = head.fault()
        found += [end] if end else []
        found += [fault for fault in check.faults(head) if not end or fault.sequence != end.sequence]
        anchored = max((anchor.sequence for anchor in anchors), default=0)
        return AuditReport(head.count, len(anchors), anchored, tuple(found))


def _noted(entries: Iterable[AuditEntry], check: AnchorCheck) -> Iterator[AuditEntry]:
    for entry in entries:
        check.note(entry.sequence, entry.hash)
        yield entry


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all; a file that is there already is left alone, and said so when it says something else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if path.read_text(encoding="utf-8") != text:
                raise AnchorFailedError("锚定文件内容不同", f"{path} 已存在，与本次锚定不一致，没有覆盖它。", _REMEDY)
            return
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise AnchorFailedError("锚定文件写不出", f"{path}：{error.strerror}。", _REMEDY) from error


def _read(folder: Path, secret: str) -> tuple[tuple[Anchor, ...], tuple[ChainFault, ...]]:
    """The anchors of a folder; a file that cannot be used is a fault too."""
    paths = sorted(folder.glob("audit-*.json"))
    if not paths:
        raise NotReadyError("没有锚定文件", f"{folder} 里没有 audit-日期.json。", "请核对 --anchors 的文件夹。")
    anchors, broken = [], []
    for path in paths:
        try:
            anchors.append(read_anchor(path.read_text(encoding="utf-8"), secret))
        except (OSError, ValueError) as error:
            broken.append(ChainFault(0, f"锚定文件 {path.name} 不能用：{error}。"))
    return tuple(anchors), tuple(broken)
