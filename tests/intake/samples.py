"""A saved ticket as the register makes it, for tests that only need one."""

from intake.domain.lifecycle import TicketState
from intake.domain.ticket import Ticket
from routing.recommendation import Confirmation, Outcome, Request, TicketType, UnitRef
from tests.intake.fakes import NOW, TOPICS, UNITS, FakeDirectory, FakeRecommender


def sample_ticket(number: str = "JT20261123-0001", text: str = "亭中小区门口每天晚上有人摆摊，没人管") -> Ticket:
    recommendation = FakeRecommender().recommend(Request(text, NOW))
    return Ticket(
        number=number,
        round=1,
        called_at=NOW,
        ticket_type=TicketType.COMPLAINT,
        contact="张先生",
        phone="13800000000",
        address="亭中小区门口",
        text=text,
        lead=UnitRef("ZFD", UNITS["ZFD"]),
        support=(UnitRef("SQB", UNITS["SQB"]),),
        topic=TOPICS["C01"],
        outcome=Outcome.DISPATCH,
        ledger="无证设摊",
        state=TicketState.DISPATCHED,
        findings=recommendation.findings,
        clocks=FakeDirectory().clocks(NOW),
        answer=recommendation.answer,
        recommendation=recommendation,
        confirmation=Confirmation(TicketType.COMPLAINT, "C01", Outcome.DISPATCH, "ZFD", ("SQB",)),
        warnings=(),
        pack_version=recommendation.pack_version,
        model_version=recommendation.proposal.model_version,
        created_by="坐席甲",
        created_at=NOW,
    )
