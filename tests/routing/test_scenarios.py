"""Run tests/scenarios/*.yaml: calls that a clerk can read, with what the rules must make of them.

The scenarios give topic and certainty as the proposal, so that the rules are tested apart from the model.
"""

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from routing.earlier import EarlierTicket
from routing.holiday_calendar import open_calendar
from routing.pack import load_town_pack
from routing.place import locate
from routing.policy import recommend
from routing.recommendation import Answer, Band, Candidate, Outcome, Proposal, Recommendation, Request
from routing.sla import SHANGHAI
from routing.taxonomy import PackView

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "routing" / "data" / "jiuting"
FOLDER = ROOT / "tests" / "scenarios"
PACK = load_town_pack(TOWN)
CALENDAR = open_calendar(TOWN)
GIVEN = {
    "标题",
    "规则",
    "来电",
    "地址",
    "来电时间",
    "事项",
    "把握",
    "区间",
    "坐席确认属本镇",
    "坐席选定事项",
    "原工单",
    "应",
}
OUTCOME_KEYS = {"处理方式", "主责", "协办", "台账", "转接", "告知", "依据", "规则", "属地", "社区", "事项"}
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
    return recommend(request, proposal, place, view, CALENDAR, Answer(found=False, text=""), _earlier(scenario, view))


def _earlier(scenario: dict[str, Any], view: PackView) -> list[EarlierTicket]:
    units = {unit.name: unit for unit in view.unit_refs()}
    return [
        EarlierTicket(
            number=row["编号"],
            called_at=datetime.combine(row["日期"], time(9), SHANGHAI),
            topic_code=_topic_code(row["事项"], view),
            topic_name=row["事项"],
            lead=units[row["单位"]],
            community_code="",
            address="",
            text="",
            same_phone=bool(row.get("同一电话", False)),
            open=bool(row["未办结"]),
            state="已派单" if row["未办结"] else "归档",
        )
        for row in scenario.get("原工单", [])
    ]


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
    assert [finding.order for finding in result.findings] == [1, 2, 3, 4, 5, 6, 8]
    assert all(finding.sentence and finding.clause.startswith("细则-") for finding in result.findings)
    assert sum(finding.fired for finding in result.findings) <= 1
    assert bool(result.clocks) == (result.outcome is Outcome.DISPATCH)


def test_there_are_scenarios_for_every_rule() -> None:
    assert len(SCENARIOS) >= 30
    assert {param.values[0]["规则"] for param in SCENARIOS} >= {1, 2, 3, 4, 5, 6, 8}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
