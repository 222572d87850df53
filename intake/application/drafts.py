"""Half-typed tickets kept on the server, so that a reload or a restart loses nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime

from intake.application.ports import Draft, JsonValue, Transactions
from intake.application.snapshot import canonical
from intake.domain.errors import FieldProblem, invalid

MAX_DRAFT = 400_000
MAX_DRAFT_ID = 100


class Drafts:
    """Drafts by owner and id; nobody reads another person's."""

    def __init__(self, transactions: Transactions, clock: Callable[[], datetime]) -> None:
        self._transactions = transactions
        self._clock = clock

    def save(self, owner: str, draft_id: str, payload: Mapping[str, JsonValue]) -> None:
        """Keep the newest state of a draft; raises InvalidInputError when id or content is too large."""
        if not draft_id or len(draft_id) > MAX_DRAFT_ID:
            raise invalid((FieldProblem("draft_id", f"草稿编号须为 1～{MAX_DRAFT_ID} 个字符。"),))
        if len(canonical(dict(payload))) > MAX_DRAFT:
            raise invalid((FieldProblem("payload", "草稿太长，没有存入草稿箱；页面上的内容还在。"),), "")
        with self._transactions.write() as unit:
            unit.drafts.save(owner, Draft(draft_id, dict(payload), self._clock()))

    def load(self, owner: str, draft_id: str) -> dict[str, JsonValue] | None:
        """Return the payload of one draft, None when there is none."""
        with self._transactions.read() as unit:
            draft = unit.drafts.load(owner, draft_id)
        return draft.payload if draft else None

    def latest(self, owner: str) -> Draft | None:
        """Return the draft that this person touched last."""
        with self._transactions.read() as unit:
            return unit.drafts.latest(owner)

    def discard(self, owner: str, draft_id: str) -> None:
        """Forget a draft (after the ticket was saved); no draft is no error."""
        with self._transactions.write() as unit:
            unit.drafts.discard(owner, draft_id)
