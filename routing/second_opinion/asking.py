"""One question to a model: what is sent, what was heard, what it has cost (pure)."""

import json
from dataclasses import dataclass, field
from typing import Any

from routing.second_opinion.brief import Brief, sendable
from routing.second_opinion.masking import Mask
from routing.second_opinion.ports import AskError, Fault, Usage, estimated_tokens
from routing.second_opinion.prompt import Messages, messages_of
from routing.second_opinion.schema import schema_of


@dataclass(slots=True)
class Asking:
    """One question on its way: what is sent, what was heard, what it has cost; read it also after a failure."""

    brief: Brief
    mask: Mask
    draft: bool
    messages: Messages
    schema: dict[str, Any]
    usage: Usage = field(default_factory=Usage)
    heard: str = ""
    told: tuple[int, int] | None = None
    repaired: bool = False

    @property
    def sent(self) -> str:
        """Everything of the question that leaves the process, as one text."""
        return "\n".join(content for _, content in self.messages)

    @property
    def expected_tokens(self) -> int:
        """Tokens of the question before it is asked."""
        return prompt_tokens(self.messages, self.schema)


def prepare(brief: Brief, mask: Mask, *, draft: bool = True) -> Asking:
    """Hide what is personal and write the messages; raises ``AskError`` when the text gives orders or a value leaks."""
    if brief.order:
        raise AskError(Fault.ORDERS)
    hidden = sendable(brief, mask)
    asking = Asking(hidden, mask, draft, messages_of(hidden, draft=draft), schema_of(hidden, draft=draft))
    if mask.leaks(asking.messages[-1][1]):
        raise AskError(Fault.LEAK)
    return asking


def prompt_tokens(messages: Messages, schema: dict[str, Any]) -> int:
    """What a question costs at most before it is answered."""
    return sum(estimated_tokens(content) for _, content in messages) + estimated_tokens(json.dumps(schema)) // 2
