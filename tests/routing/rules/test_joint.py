"""Rule 7: several matters with different leads get one 主责, the others support; a joint topic says why."""

from dataclasses import replace

from routing.ports import Circumstances, Ruling, fired
from routing.recommendation import Matter, Outcome
from routing.rules.joint import JointRule
from tests.routing.towns import VIEW, case


def matter(code: str) -> Matter:
    topic = VIEW.topics[code]
    return Matter(topic.definition, VIEW.candidate(code), VIEW.unit_ref(topic.lead))


def _around(*codes: str) -> Circumstances:
    return Circumstances(matters=tuple(matter(code) for code in codes))


def _decided(topic: str) -> Ruling:
    known = VIEW.topics[topic]
    support = tuple(unit for code in known.support if (unit := VIEW.unit_ref(code)) is not None)
    finding = fired(JointRule(), "规则六", "派单")
    return Ruling(replace(finding, order=6, rule="主管负责"), Outcome.DISPATCH, VIEW.unit_ref(known.lead), support)


def test_the_other_leads_support_the_lead_that_was_decided() -> None:
    ruling = JointRule().supplement(case("摆摊，另外路灯坏了", "C01", around=_around("C01", "D05")), _decided("C01"))
    assert ruling.finding.fired
    assert [unit.code for unit in ruling.support] == ["SJS", "GJB"]
    assert "规划建设和生态环境办公室协办" in ruling.finding.sentence
    assert "方案-4-2" in ruling.finding.sentence


def test_matters_of_one_unit_are_no_joint_matter() -> None:
    ruling = JointRule().supplement(case("摆摊，另外跨门", "C01", around=_around("C01", "C02")), _decided("C01"))
    assert (ruling.finding.fired, ruling.support) == (False, ())


def test_sure_parts_of_an_unsure_whole_name_the_lead() -> None:
    ruling = JointRule().judge(case("两件事", "", around=_around("C01", "D05")))
    assert ruling.outcome is Outcome.DISPATCH
    assert ruling.lead is not None
    assert (ruling.lead.code, [unit.code for unit in ruling.support]) == ("ZFD", ["GJB"])


def test_a_topic_marked_joint_gives_its_reason_and_keeps_its_support() -> None:
    assert VIEW.topics["B01"].joint
    decided = _decided("B01")
    ruling = JointRule().supplement(case("群租", "B01"), decided)
    assert ruling.finding.fired
    assert ruling.support == decided.support


def test_a_link_is_left_alone() -> None:
    decided = replace(_decided("C01"), outcome=Outcome.JOINED)
    assert not JointRule().supplement(case("x", "C01", around=_around("C01", "D05")), decided).finding.fired
