"""What an imported row is registered as: what the desk proposes, but nothing is said to have been done that was not."""

from dataclasses import replace

from intake.application.ports import Recommender
from intake.application.register import NewTicket
from intake.application.suggest import request_of
from intake.domain.confirmation import LABELS
from intake.domain.import_rows import ImportRow
from routing.recommendation import Band, Outcome, Recommendation, Request, TicketType

_WAITS = "从市 12345 平台导入，待人工核对派单"
_URGENT = "从市 12345 平台导入，识别为紧急情形，请立即核对"


class OncePerRow:
    """A recommender that is asked the same only once while one row is registered; for one thread.

    Between rows it forgets: the row before may be the earlier ticket of the next.
    """

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._asked: list[tuple[Request, Recommendation]] = []

    def next_row(self) -> None:
        """Forget what was asked."""
        self._asked.clear()

    def recommend(self, request: Request) -> Recommendation:
        """See ``Recommender``."""
        for asked, answer in self._asked:
            own = answer.topic.code if answer.topic else ""
            if asked == request or (own == request.topic_code and asked == replace(request, topic_code="")):
                return answer  # the row follows the model's topic: asked for it by name, the answer is the same
        self._asked.append((request, self._recommender.recommend(request)))
        return self._asked[-1][1]


def new_ticket(row: ImportRow, recommender: Recommender, *, dispatch: bool) -> NewTicket:
    """The row with the desk's proposal.

    Nobody was answered, referred or put through by an import: all that is not a sure dispatch waits for a person.
    """
    found = recommender.recommend(request_of(row.notes))
    outcome = _outcome(found, dispatch=dispatch)
    proposal = found.proposal
    settled = found.outcome is not Outcome.ASK
    proposed = TicketType(proposal.types[0].code) if proposal.types else TicketType.COMPLAINT
    reasons = dict.fromkeys(LABELS, _URGENT if found.outcome is Outcome.EMERGENCY else _WAITS)
    return NewTicket(
        notes=row.notes,
        ticket_type=(row.ticket_type or proposed).value,
        topic_code=proposal.topics[0].code if proposal.topics and settled else "",
        outcome=outcome.value,
        lead_code=found.lead.code if found.lead else "",
        support_codes=tuple(unit.code for unit in found.support),
        reasons=reasons | {"ticket_type": "按市平台的工单类型"},
        external=row.external,
    )


def _outcome(found: Recommendation, *, dispatch: bool) -> Outcome:
    if found.outcome is Outcome.JOINED:
        return Outcome.JOINED
    sure = found.outcome is Outcome.DISPATCH and found.proposal.band is Band.ACCEPT
    return Outcome.DISPATCH if dispatch and sure else Outcome.CENTRE
