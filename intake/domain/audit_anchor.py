"""Anchors: what the chain was at the end of a day, kept outside, so that a rewritten or cut chain shows (pure)."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from intake.domain.audit_chain import AuditHead, ChainFault, span


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain at ``at``: number and hash of the last entry, and how many entries there were."""

    day: date
    sequence: int
    hash: str
    count: int
    at: datetime

    @property
    def name(self) -> str:
        """Name of its file."""
        return f"audit-{self.day.isoformat()}.json"


def fields_of(anchor: Anchor) -> dict[str, str]:
    """What leaves the desk, as words: no name and no content of anything."""
    return {
        "day": anchor.day.isoformat(),
        "sequence": str(anchor.sequence),
        "hash": anchor.hash,
        "count": str(anchor.count),
        "at": anchor.at.isoformat(),
    }


def anchor_text(anchor: Anchor, secret: str) -> str:
    """The file: one JSON object, signed when there is a secret."""
    fields = fields_of(anchor)
    signed = {**fields, "signature": _sign(fields, secret)} if secret else fields
    return json.dumps(signed, ensure_ascii=False, indent=1) + "\n"


def read_anchor(text: str, secret: str) -> Anchor:
    """The anchor of a file; ValueError (Chinese) when it cannot be read or, with a secret, is not signed by it."""
    try:
        found = json.loads(text)
        fields = {name: str(found[name]) for name in ("day", "sequence", "hash", "count", "at")}
        anchor = Anchor(
            date.fromisoformat(fields["day"]),
            int(fields["sequence"]),
            fields["hash"],
            int(fields["count"]),
            datetime.fromisoformat(fields["at"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"读不懂（{error}）") from error
    if secret and not hmac.compare_digest(str(found.get("signature", "")), _sign(fields, secret)):
        raise ValueError("签名不对或没有签名，文件被改动过，或不是用现在的密钥签的")
    return anchor


def _sign(fields: dict[str, str], secret: str) -> str:
    body = json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class AnchorCheck:
    """Compares the entries that go by with the anchors; afterwards ``faults`` says which days do not fit."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._anchors = sorted(anchors, key=lambda anchor: (anchor.sequence, anchor.day))
        self._wanted = {anchor.sequence for anchor in self._anchors}
        self._seen: dict[int, str] = {}

    def note(self, sequence: int, hash_: str) -> None:
        """One entry of the chain."""
        if sequence in self._wanted:
            self._seen[sequence] = hash_

    def faults(self, head: AuditHead) -> tuple[ChainFault, ...]:
        """Entries that are gone from the end, and stretches that were written anew together with their hashes."""
        found, good = [], 0
        for anchor in self._anchors:
            if anchor.sequence > head.last:
                gone = span(head.last + 1, anchor.sequence)
                said = f"{gone}被删除：{anchor.day} 的锚定记到第 {anchor.sequence} 条，现在链尾只到第 {head.last} 条。"
                found.append(ChainFault(head.last + 1, said))
            elif anchor.sequence and self._seen.get(anchor.sequence, "") != anchor.hash:
                said = (
                    f"第 {good + 1} 条至第 {anchor.sequence} 条之间被改写、删除或调换过（连同哈希重算）："
                    f"第 {anchor.sequence} 条与 {anchor.day} 的锚定不符。"
                )
                found.append(ChainFault(anchor.sequence, said))
            else:
                good = anchor.sequence
        return tuple(found)
