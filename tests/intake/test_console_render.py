"""What the desk draws: nothing of a caller's text becomes markup, and midnight is written as the paper means it."""

from dataclasses import replace
from datetime import UTC, datetime

from intake.application.queries import TicketPage
from intake.application.summarise import Summary
from intake.console.messages import failed_html, saved_html, summary_html
from intake.console.render import banner_html, clocks_html, deadline, findings_html, proposal_html
from intake.console.ticket_html import page_html, ticket_html
from intake.domain.errors import FieldProblem, InvalidInputError
from routing.recommendation import (
    Banner,
    CallKind,
    Candidate,
    Clock,
    Escalation,
    EscalationLevel,
    Finding,
    Matter,
    Override,
    Related,
    UnitRef,
)
from tests.intake.samples import sample_ticket

NASTY = "<script>alert(1)</script>"


def test_exclusive_midnight_is_written_as_24_oclock_of_the_day_before() -> None:
    assert deadline(datetime(2026, 10, 8, 16, tzinfo=UTC)) == "2026-10-08（周四）24:00"
    assert deadline(datetime(2026, 10, 8, 10, 30, tzinfo=UTC)) == "2026-10-08（周四）18:30"


def test_callers_words_never_become_markup() -> None:
    ticket = sample_ticket(text=NASTY + "门口有人摆摊")
    ticket = replace(ticket, contact=NASTY, address=NASTY)
    shown = ticket_html(ticket, [(ticket.created_at, NASTY, NASTY)], ticket.created_at)
    shown += banner_html(Banner("119", NASTY, NASTY)) + summary_html(Summary(NASTY, "", NASTY, "", ("地点",), NASTY))
    shown += findings_html([Finding(NASTY, 1, NASTY, True, NASTY)])
    shown += failed_html(InvalidInputError(NASTY, NASTY, NASTY, (FieldProblem("text", NASTY),)))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_ticket_page_shows_form_clauses_clocks_and_who_decided() -> None:
    ticket = sample_ticket()
    override = Override("lead_code", "ZFD", "SQB", "测试原因")
    ticket = replace(ticket, confirmation=replace(ticket.confirmation, overrides=(override,)))
    shown = ticket_html(ticket, [], ticket.created_at)
    for label in ("来电日期", "工单类型", "联系人", "联系电话", "诉求地址", "诉求描述", "承办单位"):
        assert f"<th>{label}</th>" in shown
    assert ticket.number in shown
    assert "细则-" in shown
    assert "测试原因" in shown
    assert all(clock.why in shown for clock in ticket.clocks)


def test_a_spent_clock_is_drawn_late_and_a_provisional_one_is_marked() -> None:
    start, end = datetime(2027, 1, 4, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
    clock = Clock("先行联系", "细则-6-1", 1, start, end, True, "放假安排未公布")
    assert "late" in clocks_html((clock,), end)
    assert "late" not in clocks_html((clock,), start)
    assert "暂定" in clocks_html((clock,))


def test_silent_rules_are_folded_away_as_the_trace() -> None:
    shown = findings_html([Finding("紧急", 1, "细则-2", False, "没有险情"), Finding("主管", 6, "细则-8", True, "归甲")])
    assert shown.index("归甲") < shown.index("未触发的规则（1）") < shown.index("没有险情")


def test_no_proposal_and_no_hits_say_so_instead_of_showing_nothing() -> None:
    assert "边听边记" in proposal_html(None)
    assert "没有符合条件的工单" in page_html(TicketPage((), 0, 1, 20))


def test_a_repeated_save_says_that_no_second_ticket_was_made() -> None:
    assert "已保存" in saved_html(sample_ticket(), True)
    assert "未重复建单" in saved_html(sample_ticket(), False)


def test_kind_of_call_earlier_tickets_matters_and_the_ladder_are_drawn_without_markup() -> None:
    shown = sample_ticket().recommendation
    unit = UnitRef("GJB", NASTY)
    shown = replace(
        shown,
        kind=CallKind.PROGRESS,
        kind_words=(NASTY,),
        related=(Related("JT20261101-0001", True, unit, NASTY, NASTY, sure=False),),
        matters=(
            Matter(NASTY, Candidate("D05", "路灯照明", 0.9), unit),
            Matter("乙", Candidate("D08", "出租车", 0.9), None),
        ),
        escalations=(Escalation(EscalationLevel.GRID, unit, NASTY, ("JT20261101-0001",)),),
        place=replace(shown.place, question=NASTY),
    )
    drawn = proposal_html(shown)
    assert "<script>" not in drawn
    for words in ("来电类别：进度查询", "一次来电 2 件事", "D05", "本镇没有主责单位", "可升级协调", "综合网格"):
        assert words in drawn
    assert drawn.count('href="/desk/tickets?number=JT20261101-0001"') == 2
    assert drawn.count("&lt;script&gt;") >= 6


def test_a_progress_call_without_its_ticket_says_what_to_ask() -> None:
    shown = replace(sample_ticket().recommendation, kind=CallKind.PROGRESS, related=())
    assert "请问清工单编号" in proposal_html(shown)
    plain = replace(shown, kind=CallKind.NEW)
    assert all(name not in proposal_html(plain) for name in ("来电类别", "件事", "可升级协调"))
