"""Put another embedder into use for searching: indexed beside the live one, with progress, switched at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.application.background import Background, Progress, Say
from intake.application.knowledge_base import KnowledgeBase
from intake.application.ports import Transactions
from intake.domain.access import Permission, Principal
from intake.domain.errors import ConflictError, ForbiddenError
from knowledge.embedder_choice import Chosen


@dataclass(frozen=True, slots=True)
class SearchStatus:
    """The embedder that searches (empty: the one that the settings name), and the rebuild under way."""

    chosen: Chosen
    progress: Progress


class Rebuilding:
    """One rebuild at a time in this process; one that is killed is begun again and goes on where it was."""

    def __init__(
        self, transactions: Transactions, base: Callable[[], KnowledgeBase], clock: Callable[[], datetime]
    ) -> None:
        self._transactions = transactions
        self._base = base
        self._clock = clock
        self._background = Background("重建索引", "现用索引照常工作")

    def status(self, principal: Principal) -> SearchStatus:
        """What searches, and what is going on."""
        _check(principal)
        return SearchStatus(self._base().in_use(), self._background.progress)

    def start(self, principal: Principal, model: str) -> None:
        """Begin in the background; raises ConflictError while one is running."""
        _check(principal)

        def work(say: Say) -> str:
            done = self.run(principal, model, lambda n, of: say(f"编入索引 {n}/{of} 条", n / max(of, 1)))
            return f"已换用{done.model or '默认向量模型'}。"

        self._background.start(work, "读取向量模型")

    def run(self, principal: Principal, model: str, say: Callable[[int, int], None]) -> Chosen:
        """Rebuild now and wait; an empty ``model`` means the configured one. Raises ConflictError (Chinese)."""
        _check(principal)
        chosen = Chosen(model.strip(), self._clock().isoformat(), principal.name)
        try:
            self._base().rebuild(chosen, say)
        except (OSError, ValueError) as error:
            raise ConflictError("没有换用", f"{error}", "现用的索引照常工作。") from error
        with self._transactions.write() as unit:
            unit.audit.append(self._clock(), principal.name, "换用向量模型", chosen.model or "默认", {})
        return chosen


def _check(principal: Principal) -> None:
    if not principal.may(Permission.MODEL):
        raise ForbiddenError("不能更换向量模型", "您的角色没有这项权限。", "请联系专线管理或系统管理。")
