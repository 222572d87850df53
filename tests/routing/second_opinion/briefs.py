"""Briefs for tests: a call about a broken door with three candidates and two passages."""

from dataclasses import replace
from datetime import date
from typing import Any

from routing.recommendation import Band, Citation, TicketType
from routing.second_opinion.brief import Brief, Choice, Similar, Source

FUND = (
    "动用维修资金由房屋管理所指导监督，社区管理办公室协办。派单后一个工作日内会联系您，五个工作日内答复。"
    "面积和人数都占三分之二以上的业主参与表决，其中过半数同意。维修资金收支每半年公布一次，您可以要求查看，挪用的要追回并处罚。"
)
LEAK = "房屋漏水由房屋管理所主责。谈不拢的，可以申请人民调解，不收费用。请先拍照录像，记下时间。"
UNITS = frozenset({"房屋管理所", "社区管理办公室", "综合行政执法队", "城市运行管理中心"})


def source(mark: str, text: str, title: str = "维修资金怎么用") -> Source:
    citation = Citation(f"doc-{mark}", title, "可以这样答复", date(2026, 1, 1), "待核验", "示例依据")
    return Source(mark, text, citation)


def brief(text: str = "我们楼昨晚屋顶漏水，想用维修资金修一修，希望房管所管一管", **changes: Any) -> Brief:
    """A brief of this text; ``changes`` replace other fields."""
    made = Brief(
        text=text,
        address="亭中小区",
        first="A03",
        band=Band.CHOOSE,
        doubt="前几个事项分数接近或都不高（维修资金与公共设施维修 41%，房屋漏水与质量安全 38%）",
        choices=(
            Choice(
                "A03", "维修资金与公共设施维修", "维修资金、公共部位破损维修", "房屋管理所", ("社区管理办公室",), 0.4
            ),
            Choice("B04", "房屋漏水与质量安全", "房屋漏水、外墙脱落", "房屋管理所", (), 0.38),
            Choice("Z01", "法院诉讼", "不属本镇", "", (), 0.05),
        ),
        types=tuple(kind.value for kind in TicketType),
        sources=(source("P1", FUND), source("P2", LEAK, "漏水怎么办")),
        similar=(Similar("屋顶渗水三年了，修了四次没用", "B04 房屋漏水与质量安全"),),
        unit_names=UNITS,
    )
    return replace(made, **changes)
