"""Run tests/scenarios/*.yaml: calls that a clerk can read, with what the rules must make of them.

The scenarios give topic and certainty as the proposal, so that the rules are tested apart from the model.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from routing.call_kind import call_nature
from routing.earlier import EarlierTicket
from routing.holiday_calendar import open_calendar
from routing.pack import load_town_pack
from routing.place import locate
from routing.policy import recommend
from routing.ports import Circumstances
from routing.recommendation import (
    Answer,
    Band,
    Candidate,
    Matter,
    Outcome,
    Proposal,
    Recommendation,
    Request,
    UnitRef,
)
from routing.sla import SHANGHAI
from routing.taxonomy import PackView

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "routing" / "data" / "jiuting"
FOLDER = ROOT / "tests" / "scenarios"
PACK = load_town_pack(TOWN)
CALENDAR = open_calendar(TOWN)
GIVEN = {"标题", "规则", "来电", "地址", "来电时间", "事项", "把握", "区间", "坐席确认属本镇", "坐席选定事项", "应"}
GIVEN |= {"在前工单", "几件事"}
EARLIER = {
    "编号",
    "时间",
    "事项",
    "承办",
    "首接",
    "地址",
    "同一来电人",
    "办结",
    "重新派单",
    "超期",
    "退单",
    "不满意",
    "已提交网格",
}
OUTCOME_KEYS = {"处理方式", "主责", "协办", "台账", "转接", "告知", "依据", "规则", "属地", "社区", "事项"}
OUTCOME_KEYS |= {"来电类别", "原工单", "相关工单", "升级"}
EXPECTED = OUTCOME_KEYS | {"先行联系截止", "答复截止", "暂定", "说明含", "未触发"}


def _scenarios() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for number, scenario in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            yield pytest.param(scenario, id=f"{path.stem}-{number}-{scenario['标题']}")


SCENARIOS = list(_scenarios())


def _topic_code(name: str, view: PackView) -> str:
    codes = [topic.code for topic in view.topics.values() if topic.name == name]
    assert len(codes) == 1, f"事项名称“{name}”不在目录中"
    return codes[0]


def _play(scenario: dict[str, Any]) -> Recommendation:
    called_at = datetime.fromisoformat(str(scenario["来电时间"])).replace(tzinfo=SHANGHAI)
    view = PACK.on(called_at.date())
    score = float(scenario.get("把握", 0.95))
    topics: tuple[Candidate, ...] = ()
    if "事项" in scenario:
        code = _topic_code(scenario["事项"], view)
        topics = (Candidate(code, view.topics[code].name, score),)
    proposal = Proposal((), topics, (), Band(scenario.get("区间", "建议采纳")), (), "scenario", "scenario")
    chosen = scenario.get("坐席选定事项", "")
    request = Request(
        text=scenario["来电"],
        called_at=called_at,
        address=scenario.get("地址", ""),
        place_is_ours=bool(scenario.get("坐席确认属本镇", False)),
        topic_code=_topic_code(chosen, view) if chosen else "",
    )
    place = locate(request.address, request.text, view)
    around = Circumstances(
        call=call_nature(request.text, view),
        earlier=tuple(_earlier(row, view) for row in scenario.get("在前工单", [])),
        matters=tuple(_matter(name, view) for name in scenario.get("几件事", [])),
    )
    return recommend(request, proposal, place, view, CALENDAR, Answer(found=False, text=""), around)


def _earlier(row: dict[str, Any], view: PackView) -> EarlierTicket:
    assert set(row) <= EARLIER, f"不认识的键：{set(row) - EARLIER}"
    closed_on = row.get("办结")
    lead = _unit(row["承办"], view)
    return EarlierTicket(
        number=row["编号"],
        called_at=datetime.fromisoformat(str(row["时间"])).replace(tzinfo=SHANGHAI),
        topic_code=_topic_code(row["事项"], view),
        topic_name=row["事项"],
        lead=lead,
        first_lead=_unit(row["首接"], view) if "首接" in row else lead,
        community_code=locate(row.get("地址", ""), "", view).community_code,
        address=row.get("地址", ""),
        same_phone=bool(row.get("同一来电人", False)),
        open=closed_on is None,
        closed_at=datetime.fromisoformat(str(closed_on)).replace(tzinfo=SHANGHAI) if closed_on else None,
        redispatches=int(row.get("重新派单", 0)),
        overdue=bool(row.get("超期", False)),
        refused=bool(row.get("退单", False)),
        unsatisfied=bool(row.get("不满意", False)),
        submitted=bool(row.get("已提交网格", False)),
    )


def _unit(name: str, view: PackView) -> UnitRef:
    """A unit by name; one that is not in the directory is a unit of former days."""
    return next((unit for unit in view.unit_refs() if unit.name == name), UnitRef("已撤销", name))


def _matter(name: str, view: PackView) -> Matter:
    topic = view.topics[_topic_code(name, view)]
    return Matter(name, view.candidate(topic.code), view.unit_ref(topic.lead))


def _said(result: Recommendation) -> dict[str, Any]:
    """The recommendation in the clerk's words, in the shape of a scenario's 应."""
    fired = [finding for finding in result.findings if finding.fired]
    due = {clock.name: f"{clock.deadline:%Y-%m-%d %H:%M}" for clock in result.clocks}
    return {
        "处理方式": result.outcome.value,
        "主责": result.lead.name if result.lead else "",
        "协办": [unit.name for unit in result.support],
        "台账": result.ledger,
        "转接": result.banner.number if result.banner else "",
        "告知": result.referral,
        "依据": fired[0].clause if fired else "",
        "规则": fired[0].order if fired else 0,
        "属地": result.place.territory.value,
        "社区": result.place.community,
        "先行联系截止": due.get("先行联系", ""),
        "答复截止": due.get("答复", ""),
        "暂定": [clock.name for clock in result.clocks if clock.provisional],
        "事项": result.topic.name if result.topic else "",
        "来电类别": result.kind.value,
        "原工单": result.linked,
        "相关工单": [ticket.number for ticket in result.related],
        "升级": [rung.level.value for rung in result.escalations],
    }


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario: dict[str, Any]) -> None:
    assert set(scenario) <= GIVEN, f"不认识的键：{set(scenario) - GIVEN}"
    expected = dict(scenario["应"])
    assert expected
    assert set(expected) <= EXPECTED, f"不认识的键：{set(expected) - EXPECTED}"
    result = _play(scenario)
    sentences = "".join(finding.sentence for finding in result.findings) + "".join(c.why for c in result.clocks)
    for words in _listed(expected.pop("说明含", [])):
        assert words in sentences
    silent = {finding.order for finding in result.findings if not finding.fired}
    assert set(_listed(expected.pop("未触发", []))) <= silent
    said = _said(result)
    assert {key: said[key] for key in expected} == expected


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_leaves_a_whole_trace(scenario: dict[str, Any]) -> None:
    result = _play(scenario)
    assert [finding.order for finding in result.findings] == list(range(1, 10))
    assert all(finding.sentence and finding.clause.startswith("细则-") for finding in result.findings)
    assert sum(finding.fired for finding in result.findings if finding.order not in (7, 9)) <= 1
    assert bool(result.clocks) == (result.outcome is Outcome.DISPATCH)


def test_there_are_scenarios_for_every_rule() -> None:
    assert len(SCENARIOS) >= 30
    assert {param.values[0]["规则"] for param in SCENARIOS} == set(range(1, 10))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
