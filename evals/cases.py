"""An evaluation case: one call with what is right; and the check of one row of a file, whatever file it came from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from evals.cells import RowError, Value, cell_list, cell_text, known_code, yes_or_no
from intake.domain.concealing import conceal
from routing.recommendation import Outcome, TicketType

MAX_TEXT = 10_000

# What a column may be called.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "工单编号", "序号"),
    "text": ("诉求内容", "诉求描述", "内容", "文本", "question", "问题"),
    "address": ("地址", "诉求地址"),
    "called_at": ("来电时间", "来电日期"),
    "type": ("类型", "工单类型"),
    "topic": ("事项", "事项代码", "诉求事项", "正确事项"),
    "accept": ("可接受事项", "也算对", "topics"),
    "lead": ("主办单位", "承办单位", "单位", "正确单位"),
    "outcome": ("处理方式", "处理结果"),
    "voice": ("说法", "说法类型", "kind"),
    "source": ("来源",),
    "several": ("多件事", "几件事"),
}
NAME_OF = {alias.lower(): name for name, aliases in COLUMNS.items() for alias in (name, *aliases)}


class CaseError(ValueError):
    """The case file cannot be used; the message (Chinese) says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call with what is right; ``accept`` holds every topic code that counts as right (empty: topic not judged)."""

    id: str
    text: str
    address: str = ""
    called_at: datetime | None = None
    ticket_type: str = ""
    topic: str = ""
    accept: tuple[str, ...] = ()
    lead: str = ""
    outcome: str = ""
    voice: str = ""
    source: str = ""
    several: bool | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about a row (as the person counts rows; 0: the whole file). ``fatal``: the row is not evaluated."""

    row: int
    what: str
    remedy: str
    fatal: bool = True

    def __str__(self) -> str:
        where = f"第 {self.row} 行：" if self.row else ""
        return f"{where}{self.what}。{self.remedy}"


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes by code and by name, of topics and units of the town pack; empty: any code is taken as it is."""

    topics: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The cases that can be evaluated, and what is wrong with the other rows."""

    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The problems as sentences."""
        return tuple(str(p) for p in self.problems)


def codes_of(topics: Iterable[tuple[str, str]], units: Iterable[tuple[str, str]]) -> Codes:
    """Look-up by code and by name; pairs of code and name."""
    return Codes(*({key: code for code, name in pairs for key in (code, name)} for pairs in (topics, units)))


def check_rows(rows: Iterable[tuple[int, Mapping[str, Value] | Problem]], codes: Codes) -> Reading:
    """Turn numbered rows into cases; a bad row is left out and told with its remedy, the others are kept."""
    cases: list[Case] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    texts: dict[str, tuple[int, Case]] = {}
    for number, row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        try:
            case, notes = _case(number, row, codes)
        except RowError as error:
            problems.append(Problem(number, error.what, error.remedy))
            continue
        if case.id in seen:
            problems.append(Problem(number, f"编号 {case.id} 与第 {seen[case.id]} 行重复", "请改成不同的编号"))
            continue
        problems += [*notes, *_repeated(number, case, texts)]
        seen[case.id] = number
        texts.setdefault(case.text, (number, case))
        cases.append(case)
    return Reading(tuple(cases), (*_whole(cases), *problems))


def _repeated(number: int, case: Case, texts: Mapping[str, tuple[int, Case]]) -> list[Problem]:
    if case.text not in texts:
        return []
    before, other = texts[case.text]
    if set(case.accept) == set(other.accept) and case.lead == other.lead:
        return [Problem(number, f"文本与第 {before} 行相同", "同一句话会算两次，可以删去一行", fatal=False)]
    return [Problem(number, f"文本与第 {before} 行相同，标注却不同", "请核对哪个标注正确", fatal=False)]


def _whole(cases: list[Case]) -> list[Problem]:
    labelled = sum(bool(case.accept) for case in cases)
    if not cases or labelled == len(cases):
        return []
    if not labelled and not any(case.lead or case.ticket_type or case.outcome for case in cases):
        return [Problem(0, "整份文件没有标注", "只能列出系统的建议，没有正确率；请加上“事项”等列后再评", fatal=False)]
    unlabelled = len(cases) - labelled
    return [Problem(0, f"{unlabelled} 行没有标注事项", "这些行不计入事项的正确率，其余照常", fatal=False)]


def _case(number: int, row: Mapping[str, Value], codes: Codes) -> tuple[Case, list[Problem]]:
    """The case, and remarks that do not stop it; raises RowError."""
    notes: list[Problem] = []
    text = cell_text(row.get("text"))
    if not text:
        raise RowError("没有诉求内容（text）", "请补上，或删去该行")
    if len(text) > MAX_TEXT:
        raise RowError(f"诉求内容有 {len(text)} 字，超过 {MAX_TEXT} 字", "请删短或拆成几条")
    identity = cell_text(row.get("id"))
    if not identity:
        identity = f"第{number}行"
        notes.append(Problem(number, "没有编号", f"已用“{identity}”代替", fatal=False))
    listed = cell_list(row.get("accept"))
    topic = known_code(cell_text(row.get("topic")), codes.topics, "事项") or (
        known_code(listed[0], codes.topics, "事项") if listed and "topic" not in row else ""
    )
    accept = dict.fromkeys([*([topic] if topic else []), *(known_code(one, codes.topics, "事项") for one in listed)])
    case = Case(
        id=identity,
        text=conceal(text),
        address=conceal(cell_text(row.get("address"))),
        called_at=_moment(row.get("called_at")),
        ticket_type=_one_of(cell_text(row.get("type")), [t.value for t in TicketType], "工单类型"),
        topic=topic,
        accept=tuple(accept),
        lead=known_code(cell_text(row.get("lead")), codes.units, "单位"),
        outcome=_one_of(cell_text(row.get("outcome")), [o.value for o in Outcome], "处理方式"),
        voice=cell_text(row.get("voice")),
        source=cell_text(row.get("source")),
        several=yes_or_no(row.get("several")),
    )
    return case, notes


def _one_of(value: str, known: Collection[str], what: str) -> str:
    if value and value not in known:
        raise RowError(f"{what}“{value}”不存在", f"应为 {'、'.join(known)}")
    return value


def _moment(value: Value) -> datetime | None:
    if value is None or value == "":
        return None
    from evals.runner import SHANGHAI

    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(cell_text(value).replace("/", "-"))
    except ValueError as error:
        raise RowError(f"来电时间“{value}”读不懂", "请写成 2026-01-31 18:05 的样子") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def load_cases(path: Path, codes: Codes | None = None) -> tuple[Case, ...]:
    """All cases of a file; raises CaseError naming every row that cannot be evaluated, before anything is measured."""
    from evals.reading import read_cases

    found = read_cases(path, codes or Codes())
    fatal = [str(p) for p in found.problems if p.fatal]
    if fatal:
        more = f"\n……另有 {len(fatal) - 50} 处" if len(fatal) > 50 else ""
        raise CaseError(f"评测文件 {path.name} 有误，未开始评测：\n" + "\n".join(fatal[:50]) + more)
    if not found.cases:
        raise CaseError(f"{path.name}：没有评测用例。每行应是一条，至少有编号（id）与诉求内容（text）。")
    return found.cases
