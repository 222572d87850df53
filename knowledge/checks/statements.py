"""What the sentences of a document claim: quantities, what may or must be done, and who is responsible (pure)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from knowledge.documents import Document
from knowledge.statutes import ARTICLE, read_numeral

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")
_CLAUSE = re.compile(r"[^，,：:。！？!?；;]+")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]|[“”\"'‘’]")
_LEAD = re.compile(r"^\s*(?:[-*+>#]+\s*|\d+[.、)]\s*|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、)")
_DIGITS = r"\d+(?:\.\d+)?"
_HAN = "零〇一二两三四五六七八九十百千"
_UNITS = (
    r"个?工作日|个?小时|分钟|个半?月|周岁|平方米|平方公里|公里|千米|厘米|分贝|天|日|周|年|元|%|岁|米|点|户|次|倍"
    r"|层|吨|公斤|克"
)
_SAME_UNIT = {"天": "日", "周岁": "岁", "个工作日": "工作日", "个小时": "小时", "千米": "公里"}
_FIRST_IS_VAGUE = frozenset({"点", "次", "层", "周", "年", "倍"})  # 一点, 一次, 一层: no quantity is meant
_QUANTITY = re.compile(
    rf"百分之(?P<percent>[{_HAN}]+|{_DIGITS})|(?P<below>[{_HAN}]+|\d+)分之(?P<above>[{_HAN}]+|\d+)"
    rf"|(?<![第0-9.{_HAN}])(?P<value>{_DIGITS}|[{_HAN}]+|半)(?P<scale>[万亿]?)(?P<unit>{_UNITS})"
)
_NUMBER = r"[\d零〇一二三四五六七八九十]"
_DATE = re.compile(
    rf"(?:\d{{4}}|[零〇一二三四五六七八九]{{4}})年(?:{_NUMBER}+月)?(?:{_NUMBER}+日)?"
    rf"|{_NUMBER}+月{_NUMBER}+[日号]|\d{{4}}-\d{{2}}-\d{{2}}"
)
_MAY_NOT = re.compile(r"不可以|不能够?|不得|不准|不许|不允许|禁止|严禁")
_MAY = re.compile(r"可以|能够|(?<!不)允许|准许|(?<![不才只功职可性智节])能(?![源力量耗否效动够])")
_NEED_NOT = re.compile(r"不需要|不用|无需|无须|不必|不应当|不应该|用不着")
_NEED = re.compile(
    r"(?<!不)需要|(?<!不)应当|(?<!不)应该|必须|务必|(?<![不重主只需还快将紧首必摘提想])要(?![求点么是素件害闻])"
)
_QUESTION = re.compile(r"[?？吗呢]|能不能|要不要|是否|可否|是不是|有没有|多少|几[个天年月点]|什么|怎么|怎样|哪|谁")
_CONDITION = re.compile(
    r"的$|的话$|时$|后$|前$|之间$|^(?:如果|要是|若|没有|未|凡|除|只有|一旦|因|遇|经|超过|不足|属于|不属|对|符合|达到)"
)
_NO_NAME = "(?!所|办|局|处|站|部门|中心|科|委)"
_OWNER = re.compile(
    rf"(?P<what>[^由归]{{2,}})(?:由|归)(?P<who>[^由归的]{{2,20}}?)(?:来|去|统一)?"
    rf"(?:(?:负责|主责|管理|管(?!理)|处理|受理|办理|查处|牵头|核定|审批|登记|指导){_NO_NAME})+(?P<rest>[^,]{{0,8}})$"
)
_FILLER = re.compile(r"一般|决定|[的了吧呢啊也都就还会请您你我他她它们在个之和与给去才、\s]")
# Words that say the same: without them a difference in wording would look like a difference in matter.
_SAME_WORD = (
    ("晚上", "夜间"),
    ("夜里", "夜间"),
    ("物业公司", "物业"),
    ("老年人", "老人"),
    ("处以", "处"),
    ("可处", "处"),
)
_SAME_LIMIT = re.compile(r"不得超过|不能超过|不可超过|不应超过")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; percent and shares are fractions of one with the unit 比例."""

    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One clause that claims something, with the sentence around it.

    ``own`` are the characters of what it speaks of, without numbers, polarity and filler; ``matter`` those and what
    the clause before it says where that is a condition; ``around`` those of the whole sentence. ``limits`` are the
    quantities of the condition, ``stance`` +1 or -1 for each of 能 and 需 that it speaks of, ``owner`` who is
    responsible.
    """

    document_id: str
    sentence: str
    clause: str
    own: frozenset[str]
    matter: frozenset[str]
    around: frozenset[str]
    limits: tuple[Quantity, ...]
    quantities: tuple[Quantity, ...]
    stance: tuple[tuple[str, int], ...]
    owner: str


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one document, laid out so that two documents are compared quickly."""

    by_units: Mapping[tuple[str, ...], tuple[Statement, ...]]
    stanced: tuple[Statement, ...]
    owned: tuple[Statement, ...]


@lru_cache(maxsize=8192)
def claims_of(document: Document) -> Claims:
    """The claims of a document's body; worked out once per wording."""
    found = [s for sentence in sentences(document.body) for s in _statements(document.id, sentence)]
    by_units: dict[tuple[str, ...], list[Statement]] = {}
    for statement in found:
        units = tuple(quantity.unit for quantity in (*statement.limits, *statement.quantities))
        if units and not statement.owner:
            by_units.setdefault(units, []).append(statement)
    return Claims(
        {units: tuple(statements) for units, statements in by_units.items()},
        tuple(s for s in found if s.stance and not s.owner),
        tuple(s for s in found if s.owner),
    )


def sentences(body: str) -> Iterator[str]:
    """Sentences of a body without headings, marks of lists and what stands in brackets."""
    for line in unicodedata.normalize("NFKC", body).splitlines():
        if line.lstrip().startswith(("#", "|", "```")):
            continue
        for sentence in _SENTENCE.findall(_ASIDE.sub("", _LEAD.sub("", line))):
            if sentence.strip():
                yield sentence.strip()


def matter_of(text: str) -> frozenset[str]:
    """The characters of ``text`` without filler, equal words as one."""
    for word, same in _SAME_WORD:
        text = text.replace(word, same)
    return frozenset(_FILLER.sub("", text)) - {"#"}


def quantities(clause: str) -> tuple[tuple[Quantity, ...], str]:
    """The quantities of a clause in order, and the clause with # for each."""
    found: list[Quantity] = []

    def replaced(match: re.Match[str]) -> str:
        quantity = _read(match)
        if quantity is None:
            return match[0]
        found.append(quantity)
        return "#"

    clause = _SAME_LIMIT.sub("不超过", clause)
    plain = _QUANTITY.sub(replaced, _DATE.sub("", ARTICLE.sub("", clause)))
    return tuple(found), plain


def _statements(document_id: str, sentence: str) -> Iterator[Statement]:
    clauses = [clause.strip() for clause in _CLAUSE.findall(sentence) if clause.strip()]
    around = matter_of(quantities(sentence)[1])
    before = ""
    for clause in clauses:
        limits, condition = quantities(before) if _CONDITION.search(before) else ((), "")
        before = clause
        if _QUESTION.search(clause):
            continue
        found, frame = quantities(clause)
        stance, bare = _stance(frame)
        owner = _OWNER.search(clause)
        if found or limits or stance or owner:
            who = owner["who"] if owner else ""
            own = matter_of(owner["what"] + owner["rest"] if owner else bare)
            matter = own | matter_of(condition)
            yield Statement(document_id, sentence, clause, own, matter, around, limits, found, stance, who)


def _stance(clause: str) -> tuple[tuple[tuple[str, int], ...], str]:
    """What a clause says of 能 (may) and 需 (must), and the clause without those words."""
    stance: dict[str, int] = {}
    for topic, sign, pattern in (("能", -1, _MAY_NOT), ("需", -1, _NEED_NOT), ("能", 1, _MAY), ("需", 1, _NEED)):
        if pattern.search(clause):
            stance.setdefault(topic, sign)
            clause = pattern.sub("", clause)
    return tuple(sorted(stance.items())), clause


def _read(match: re.Match[str]) -> Quantity | None:
    if match["percent"]:
        value = _number(match["percent"])
        return None if value is None else Quantity(value / 100, "比例")
    if match["below"]:
        below, above = _number(match["below"]), _number(match["above"])
        return None if not below or above is None else Quantity(above / below, "比例")
    value, unit = _number(match["value"]), _SAME_UNIT.get(match["unit"], match["unit"])
    if value is None or (value == 1 and unit in _FIRST_IS_VAGUE):
        return None
    if unit == "%":
        return Quantity(value / 100, "比例")
    return Quantity(value * {"": 1, "万": 10_000, "亿": 100_000_000}[match["scale"]], unit)


def _number(text: str) -> Fraction | None:
    if text[0].isdigit():
        return Fraction(text)
    if text == "半":
        return Fraction(1, 2)
    if len(text) == 2 and not set(text) & set("十百千零〇"):
        return None  # 七八, 三五: about
    number = read_numeral(text)
    return None if number is None else Fraction(number)
