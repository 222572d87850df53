"""Saved tickets through today's documents, rules and model: what would change, and what would have been right."""

from collections.abc import Iterator
from datetime import date, datetime

from evals.cases import Case
from evals.evaluate import Say, evaluate
from evals.run_store import Judge, Run, RunHead, data_hash, new_id
from evals.scored import Scored, score
from intake.application.ports import TicketFilter, Transactions
from intake.domain.concealing import conceal
from intake.domain.states import TicketState
from intake.domain.ticket import Ticket
from routing.router import Router

PAGE = 200


class NothingToReplayError(ValueError):
    """No ticket of these days has been settled (message in Chinese)."""


def replay(
    transactions: Transactions, router: Router, since: date, until: date, by: str, at: datetime, say: Say
) -> tuple[Run, Run]:
    """The tickets of calls from ``since`` to ``until`` (inclusive): as proposed then, and as proposed today.

    Right is what the ticket ended with: its topic, type and the unit that has it last. Tickets that the centre has
    still to judge are left out. Raises NothingToReplayError.
    """
    say("读取工单", 0.0)
    pairs = [(_case(t), t) for t in settled(transactions, since, until)]
    if not pairs:
        raise NothingToReplayError(f"{since} 至 {until} 没有已定事项的工单，无从回放。请换一段日期。")
    then = tuple(score(case, ticket.recommendation, 0.0) for case, ticket in pairs)
    name = f"工单回放 {since} 至 {until}"
    now = evaluate(router.without_history(), [case for case, _ in pairs], f"{name}（今天）", by, at, say, peers=False)
    return _as_then(then, f"{name}（当时）", by, at, [ticket for _, ticket in pairs]), now


def settled(transactions: Transactions, since: date, until: date) -> Iterator[Ticket]:
    """Tickets of these days whose topic a person has settled, newest first."""
    page = 1
    while True:
        with transactions.read() as unit:
            lines, total = unit.tickets.search(TicketFilter(date_from=since, date_to=until, page=page, size=PAGE), "")
            found = [unit.tickets.get(line.number) for line in lines]
        for ticket in found:
            if ticket is not None and ticket.topic is not None and ticket.state is not TicketState.PENDING:
                yield ticket
        if page * PAGE >= total:
            return
        page += 1


def _case(ticket: Ticket) -> Case:
    topic = ticket.topic.code if ticket.topic else ""
    return Case(
        id=ticket.number,
        text=conceal(ticket.text, ticket.contact),
        address=conceal(ticket.address, ticket.contact),
        called_at=ticket.called_at,
        ticket_type=ticket.ticket_type.value,
        topic=topic,
        accept=(topic,),
        lead=ticket.lead.code if ticket.lead else "",
        outcome=ticket.outcome.value,
        source="工单",
    )


def _as_then(cases: tuple[Scored, ...], name: str, by: str, at: datetime, tickets: list[Ticket]) -> Run:
    hashed = data_hash(cases)
    models = "、".join(sorted({t.model_version for t in tickets}))
    packs = "、".join(sorted({t.pack_version for t in tickets}))
    judge = Judge(models, "", packs, "")
    # One digit apart from the run of today, which has the same moment and data.
    run_id = new_id(at, hashed[1:] + hashed[0])
    return Run(RunHead(run_id, name, at, by, hashed, len(cases), judge), cases)
