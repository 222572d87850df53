"""Front matter of a knowledge document, read field by field with the line of each, so that an error can be found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is eight times as fast where it is built in
# libyaml composes by recursion in C: 90,000 brackets would end the whole process. A short text cannot nest that deep.
MAX_DEPTH, _SHORT = 30, 4_000
_NULL = "tag:yaml.org,2002:null"


class FrontMatterError(ValueError):
    """The front matter as a whole cannot be read; ``line`` counts from 1 in the file."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: line in the file (from 1), what, and what to do."""

    line: int
    message: str
    remedy: str


def split(source: str) -> tuple[str, str, int]:
    """Front matter, body, and the line (from 1) where the body begins; raises FrontMatterError."""
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        raise FrontMatterError(1, "文件开头没有文档信息", "第一行写 ---，照 kb_docs/README.md 的样式填写")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise FrontMatterError(1, "文档信息没有结束", "在最后一项之后另起一行写 ---")


@dataclass
class Fields:
    """Fields of one mapping; each reader returns a usable value and notes what is wrong in ``faults``."""

    nodes: Mapping[str, yaml.Node]
    first_line: int
    faults: list[Fault] = field(default_factory=list)

    def line(self, key: str) -> int:
        """Line of a field in the file, or of the front matter when the field is missing."""
        node = self.nodes.get(key)
        return node.start_mark.line + 2 if node else self.first_line

    def note(self, key: str, message: str, remedy: str) -> None:
        """Note a fault at the line of ``key``."""
        self.faults.append(Fault(self.line(key), message, remedy))

    def only(self, known: Iterable[str]) -> None:
        """Note every field that is not known (a misspelt field would otherwise be lost silently)."""
        for key in self.nodes:
            if key not in set(known):
                self.note(key, f"不认识的项“{key}”", f"改正拼写或删除；可用的项：{'、'.join(known)}")

    def text(self, key: str) -> str:
        """Text of a required field, or an empty text."""
        value = _scalar(self.nodes.get(key))
        if not value:
            self.note(key, f"缺少“{key}”或不是一行文字", f"补上一行：{key}: …")
        return value or ""

    def is_text(self, key: str, expected: str) -> bool:
        """Say whether a field is exactly ``expected``."""
        return _scalar(self.nodes.get(key)) == expected

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        """Texts of a list field; a missing optional one is empty."""
        node = self.nodes.get(key)
        if node is None or node.tag == _NULL:
            if required:
                self.note(key, f"缺少“{key}”", f"补上：{key}: [ … ]")
            return ()
        items = [_scalar(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else [None]
        if None in items or (required and not items):
            self.note(key, f"“{key}”应是非空的列表，每项一行文字", f"写成 {key}: [甲, 乙]，或每项一行以 - 开头")
        return tuple(item for item in items if item)

    def day(self, key: str, required: bool = True) -> date | None:
        """Day of a date field (YYYY-MM-DD); None where the field is missing, null or wrong."""
        node = self.nodes.get(key)
        if not required and (node is None or node.tag == _NULL):
            return None
        value = _scalar(node) or ""
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # such a day does not exist: noted below like any other wrong date
        self.note(key, f"“{key}”不是日期：{value or '空'}", f"写成 年-月-日，例如 {key}: 2026-01-01")
        return None

    def mappings(self, key: str) -> list["Fields"]:
        """Fields of each item of a list of mappings, which may be empty; their faults are collected here."""
        node = self.nodes.get(key)
        if not isinstance(node, yaml.SequenceNode):
            self.note(key, f"缺少“{key}”或不是列表", f"补上 {key}:，每项以 - 开头")
            return []
        found = []
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                found.append(Fields(_named(item), item.start_mark.line + 2, self.faults))
            else:
                self.faults.append(
                    Fault(item.start_mark.line + 2, f"“{key}”的这一项写法不对", "每项写 law、version、articles")
                )
        return found


def parse(front: str) -> Fields:
    """Fields of a front matter; raises FrontMatterError where it is no YAML mapping or names a field twice."""
    try:
        _check_depth(front)
        node = yaml.compose(front, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise FrontMatterError(line, "文档信息不是正确的 YAML", "检查这一行的冒号、缩进和引号") from error
    if not isinstance(node, yaml.MappingNode):
        raise FrontMatterError(2, "文档信息应是“项: 值”", "照 kb_docs/README.md 的样式填写")
    return Fields(_named(node), 1)


def _check_depth(front: str) -> None:
    depth = 0
    for event in yaml.parse(front, Loader=_LOADER) if len(front) > _SHORT else ():
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 2 if event.start_mark else 2
            raise FrontMatterError(line, "文档信息的括号或缩进层数太多", "照 kb_docs/README.md 的样式填写")


def _named(mapping: yaml.MappingNode) -> dict[str, yaml.Node]:
    named: dict[str, yaml.Node] = {}
    for key, value in mapping.value:
        name = _scalar(key) or ""
        if name in named:
            raise FrontMatterError(key.start_mark.line + 2, f"“{name}”写了两次", "只保留一处")
        named[name] = value
    return named


def _scalar(node: yaml.Node | None) -> str | None:
    if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL:
        return None
    return str(node.value).strip()
