"""The sample pack is whole and agrees with the domain; a spoiled pack names every fault with file, line and remedy."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from routing.holiday_calendar import open_calendar
from routing.pack import PACK_FILES, TownPackError, load_town_pack
from routing.pack_reader import Problem
from tests.routing.towns import PACK, TOWN, VIEW, copy_town


def _spoil(folder: Path, name: str, old: str, new: str) -> Path:
    path = copy_town(folder) / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def _problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(TownPackError) as caught:
        load_town_pack(folder)
    assert all(p.file in PACK_FILES and p.line >= 1 and p.message and p.remedy for p in caught.value.problems)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def test_the_sample_has_27_communities_and_says_that_it_is_a_sample() -> None:
    ours = [area for area in VIEW.areas.values() if area.ours]
    assert len(ours) == 27
    assert all(area.street == "九亭镇" and area.code.startswith("310117107") for area in ours)
    assert Counter(a.street for a in VIEW.areas.values() if not a.ours)["九里亭街道"] == 15
    assert PACK.is_sample
    assert PACK.town.notice


@pytest.mark.parametrize("name", PACK_FILES)
def test_every_file_opens_with_the_sample_mark(name: str) -> None:
    assert (TOWN / name).read_text(encoding="utf-8").startswith("# 示例数据，由各镇替换。")


def test_every_topic_leads_somewhere() -> None:
    for topic in VIEW.topics.values():
        assert topic.referral if not topic.lead else VIEW.unit_ref(topic.lead)
        assert all(VIEW.unit_ref(code) for code in topic.support)
    assert {t.ledger for t in VIEW.topics.values() if t.ledger} == {"群租", "无证设摊", "停车管理"}


def test_service_levels_are_those_of_the_clauses() -> None:
    assert [(s.name, s.working_days, s.clause, s.start.value) for s in VIEW.service_levels] == [
        ("先行联系", 1, "细则-6-1", "派单"),
        ("答复", 5, "细则-6-1", "派单"),
        ("办结反馈", 0, "细则-6-2", "办结"),
        ("回访", 1, "细则-5-4", "收到答复"),
    ]


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    same = load_town_pack(copy_town(tmp_path))
    assert same.version == PACK.version
    changed = load_town_pack(_spoil(tmp_path, "units.yaml", "name: 派出所", "name: 派出所甲"))
    assert changed.version != PACK.version
    assert changed.version.startswith("jiuting-2025.06+")


def test_rows_are_seen_only_while_in_force() -> None:
    in_2025 = {d.code for d in PACK.on(date(2025, 12, 31)).designations}
    in_2026 = {d.code for d in PACK.on(date(2026, 3, 1)).designations}
    assert in_2025 == {"示例指定-2"}
    assert in_2026 == {"示例指定-1", "示例指定-3"}


def test_a_day_before_the_pack_sees_its_first_day() -> None:
    assert PACK.on(date(1970, 1, 1)).emergency == PACK.on(PACK.town.begins).emergency
    assert PACK.on(date(1970, 1, 1)).topics


def test_units_and_own_communities_can_hold_a_ticket() -> None:
    refs = VIEW.unit_refs()
    assert len(refs) == len(VIEW.units) + 27
    assert VIEW.unit_ref("310117107002") is not None
    assert VIEW.unit_ref("310117006001") is None


def test_a_lead_that_changes_on_a_day(tmp_path: Path) -> None:
    folder = copy_town(tmp_path)
    path = folder / "topics.yaml"
    text = path.read_text(encoding="utf-8")
    old = "    lead: RSS\n    clause: 细则-8\n    from: 2025-06-26\n"
    assert old in text
    later = old.replace("lead: RSS", "lead: YJB").replace("2025-06-26", "2026-07-01")
    row = "  - code: I01\n    group: 劳动与社保\n    name: 欠薪与劳动争议\n    definition: 拖欠工资\n" + later
    path.write_text(text.replace(old, old.rstrip() + "\n    to: 2026-06-30\n" + row), encoding="utf-8")
    pack = load_town_pack(folder)
    assert pack.on(date(2026, 6, 30)).topics["I01"].lead == "RSS"
    assert pack.on(date(2026, 7, 1)).topics["I01"].lead == "YJB"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("topics.yaml", "lead: FGS", "lead: XXX", "引用了不存在的单位 XXX"),
        ("topics.yaml", "lead: FGS", "lead: [FGS, SQB]", "只能有一个主责单位"),
        ("topics.yaml", "support: [SQB]", "support: [SQB, QQQ]", "引用了不存在的单位 QQQ"),
        ("topics.yaml", "support: [SQB]", "support: [FGS]", "主责单位又列为协办"),
        ("topics.yaml", "    referral: 交通服务监督 12328\n", "", "既无主责单位也无转介去向"),
        ("topics.yaml", "    support: [FGS, PCS]\n", "", "跨部门事项 B01 没有主责或协办单位"),
        ("topics.yaml", "code: A02", "code: A01", "两个主责单位 FGS 与 SQB"),
        ("topics.yaml", "from: 2025-06-26", "from: 2025-13-26", "不是有效日期"),
        ("topics.yaml", "from: 2025-06-26", "from: 2025-06-26\n    to: 2025-01-01", "早于生效日"),
        ("topics.yaml", "definition:", "defnition:", "不认识的键“defnition”"),
        ("units.yaml", "code: DZB", "code: CYZX", "单位代码 CYZX 重复"),
        ("units.yaml", "kind: line", "kind: lines", "“lines”不认识"),
        ("units.yaml", "    name: 城市运行管理中心\n", "", "缺少“name”"),
        ("units.yaml", "name: 城市运行管理中心", "name: 城市运行管理中心\n    name: 别名", "键“name”重复"),
        ("units.yaml", "units:", "units: []\nold:", "没有任何条目"),
        ("units.yaml", "name: 社区管理办公室", "name: [社区管理办公室]", "应为一个值"),
        ("designations.yaml", "unit: FGS", "unit: ABC", "引用了不存在的单位 ABC"),
        ("designations.yaml", "topics: [D02]", "topics: [D99]", "引用了不存在的事项 D99"),
        ("designations.yaml", "'310117107040'", "'310117006001'", "不存在或不属本镇的社区"),
        ("designations.yaml", "topics: [E02]\n    areas: ['310117107002']", "areas: []", "没有写明事项或社区"),
        ("service_levels.yaml", "working_days: 5", "working_days: 五", "整数"),
        ("service_levels.yaml", "start: 派单", "start: 接单", "“接单”不认识"),
        ("emergency.yaml", "discounts: [过去,", "discounts: [从前,", "“从前”不认识"),
        ("emergency.yaml", "numbers: ['119']", "numbers: []", "没有转接号码"),
        ("emergency.yaml", "- [[拿着,", "- [[],[拿着,", "每组至少要有两个非空词表"),
        ("scope.yaml", "topics: [Z01, I01, H02, B07]", "topics: [Z09]", "引用了不存在的事项 Z09"),
        ("holidays.yaml", "2026-10-10]", "2026-10-07]", "既列为放假又列为上班"),
        ("holidays.yaml", "2026-10-10]", "2027-10-10]", "不在 2026 年"),
        ("holidays.yaml", "to: 2026-01-03", "to: 2025-01-03", "起止不对"),
        ("places.yaml", "code: '310117006013'", "code: '999'", "社区代码 999 不存在"),
        ("places.yaml", "name: 洞泾, kind: street, street: 洞泾镇", "name: 洞泾, kind: street", "哪个街镇或区"),
        ("pack.yaml", "centre_unit: CYZX", "centre_unit: DZB", "不是 units.yaml 中的 centre 单位"),
        ("pack.yaml", "outside_topic: Z01", "outside_topic: Z99", "不在 topics.yaml 中"),
        ("pack.yaml", "sample: true", "sample: 是", "应为 true 或 false"),
        ("areas.yaml", "    ours: true", "    ours: false", "没有任何本镇社区"),
        ("areas.yaml", "code: '310117107002'", "code: '310117107001'", "社区代码 310117107001 重复"),
    ],
)
def test_a_spoiled_value_is_named(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    folder = _spoil(tmp_path, name, old, new)
    assert any(message in p.message and p.file == name for p in _problems(folder))


def test_the_line_is_the_line_of_the_fault(tmp_path: Path) -> None:
    folder = _spoil(tmp_path, "service_levels.yaml", "working_days: 5", "working_days: 999")
    lines = (folder / "service_levels.yaml").read_text(encoding="utf-8").splitlines()
    [problem] = _problems(folder)
    assert "999" in lines[problem.line - 1]


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    folder = _spoil(tmp_path, "topics.yaml", "lead: FGS", "lead: XXX")
    for name, old, new in (
        ("designations.yaml", "unit: ZFD", "unit: ABC"),
        ("service_levels.yaml", "start: 办结", "start: 结束"),
        ("holidays.yaml", "2026-01-04", "2026-01-99"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert {p.file for p in _problems(folder)} == {
        "topics.yaml", "designations.yaml", "service_levels.yaml", "holidays.yaml",
    }  # fmt: skip


def test_a_designation_to_a_closed_unit(tmp_path: Path) -> None:
    old = "    remit: 消防通道、消防设施隐患\n    clause: 细则-8\n    from: 2025-06-26\n"
    folder = _spoil(tmp_path, "units.yaml", old, old + "    to: 2026-05-31\n")
    closed = [p for p in _problems(folder) if "XFZ" in p.message and "2026-06-01 已撤销" in p.message]
    assert {p.file for p in closed} == {"topics.yaml", "designations.yaml"}


def test_a_designation_to_a_topic_that_ended(tmp_path: Path) -> None:
    text = (TOWN / "topics.yaml").read_text(encoding="utf-8")
    start = text.index("code: G02")
    row = text[start : text.index("from: 2025-06-26", start) + len("from: 2025-06-26")]
    folder = _spoil(tmp_path, "topics.yaml", row, row + "\n    to: 2026-05-31")
    assert any("引用的事项 G02 在 2026-06-01 不在目录中" in p.message for p in _problems(folder))


def test_the_centre_must_exist_on_every_day(tmp_path: Path) -> None:
    folder = _spoil(tmp_path, "units.yaml", "from: 2025-06-26", "from: 2025-06-26\n    to: 2027-12-31")
    assert any("centre_unit 引用的单位 CYZX 在 2028-01-01" in p.message for p in _problems(folder))


def test_overlapping_designations(tmp_path: Path) -> None:
    folder = copy_town(tmp_path)
    path = folder / "designations.yaml"
    extra = "  - {code: 重复, topics: [G02, G03], unit: YJB, reason: 试, clause: 细则-8, from: 2026-06-01}\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    [problem] = _problems(folder)
    assert "对同一事项和社区同日有效" in problem.message


@pytest.mark.parametrize("name", PACK_FILES)
def test_a_missing_file_is_one_problem(tmp_path: Path, name: str) -> None:
    (copy_town(tmp_path) / name).unlink()
    [problem] = _problems(tmp_path)
    assert (problem.file, problem.message) == (name, "缺少文件")


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"a: [1\nb: 2\n", "units: 是".encode("gbk"), b"a: \x00\n"])
def test_an_unreadable_file_is_one_problem(tmp_path: Path, content: bytes) -> None:
    (copy_town(tmp_path) / "units.yaml").write_bytes(content)
    [problem] = _problems(tmp_path)
    assert problem.file == "units.yaml"


def test_a_missing_folder_names_every_file(tmp_path: Path) -> None:
    assert [p.file for p in _problems(tmp_path / "没有")] == list(PACK_FILES)


def test_the_calendar_alone_refuses_a_broken_list(tmp_path: Path) -> None:
    folder = _spoil(tmp_path, "holidays.yaml", "2026-10-10]", "2026-10-32]")
    with pytest.raises(TownPackError, match="2026-10-32"):
        open_calendar(folder)
