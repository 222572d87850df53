"""Read town-pack YAML with line numbers; every problem is collected, none stops the reading."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from routing.taxonomy import Validity


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it stands, what is wrong and what to do (both Chinese)."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.message} → {self.remedy}"


class TownPackError(ValueError):
    """The town pack cannot be used; ``problems`` holds all of them, and the message lists them by file and line."""

    def __init__(self, folder: Path, problems: tuple[Problem, ...]) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"镇级资料包 {folder} 有 {len(problems)} 处错误，未载入，现有数据不受影响：\n{listed}")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value with its line (1-based): a scalar's text, a list, or a mapping."""

    line: int
    value: "str | list[Node] | dict[str, Node]"


@dataclass(frozen=True, slots=True)
class Located:
    """Where a row stands, for problems that are found later."""

    file: str
    line: int


@dataclass(slots=True)
class Problems:
    """The collector that all readers share."""

    found: list[Problem] = field(default_factory=list)

    def add(self, where: Located, message: str, remedy: str) -> None:
        """Note one problem at ``where``."""
        self.found.append(Problem(where.file, where.line, message, remedy))


def read_file(folder: Path, name: str, problems: Problems) -> "Row":
    """Read one file as its top mapping; a missing, empty or broken file is a problem and reads as empty."""
    top = Located(name, 1)
    path = folder / name
    try:
        composed = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        problems.add(top, "缺少文件", f"请从示例资料包复制一份 {name} 后按本镇情况修改")
        return _unreadable(top)
    except UnicodeDecodeError:
        problems.add(top, "不是 UTF-8 编码", "请用 UTF-8 编码另存")
        return _unreadable(top)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add(Located(name, line), f"YAML 写法有误（{error.problem}）", "请检查该行的缩进、冒号和引号")
        return _unreadable(top)
    except yaml.YAMLError as error:
        problems.add(top, f"YAML 无法读取（{str(error).splitlines()[0]}）", "请删去看不见的控制字符后另存")
        return _unreadable(top)
    if not isinstance(composed, yaml.MappingNode):
        problems.add(top, "文件为空或不是“键: 值”的形式", f"请参照示例资料包填写 {name}")
        return _unreadable(top)
    node = _convert(composed, name, problems)
    return Row(top, node.value if isinstance(node.value, dict) else {}, problems)


def _unreadable(top: Located) -> "Row":
    # Its fields are all missing because of the fault already noted: what else would be said goes unheard.
    return Row(top, {}, Problems())


def _convert(node: yaml.Node, file: str, problems: Problems) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Node(line, [_convert(child, file, problems) for child in node.value])
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Node] = {}
        for key, child in node.value:
            if key.value in mapping:
                problems.add(Located(file, key.start_mark.line + 1), f"键“{key.value}”重复", "请只保留一处")
            mapping[str(key.value)] = _convert(child, file, problems)
        return Node(line, mapping)
    empty = node.tag == "tag:yaml.org,2002:null"
    return Node(line, "" if empty else str(node.value))


@dataclass(slots=True)
class Row:
    """A mapping being read; a wrong field is noted as a problem and read as empty."""

    where: Located
    fields: dict[str, Node]
    problems: Problems
    read: set[str] = field(default_factory=set)

    def at(self, key: str) -> Located:
        """Line of a field, or of the row where the field is missing."""
        node = self.fields.get(key)
        return Located(self.where.file, node.line) if node else self.where

    def text(self, key: str, required: bool = True) -> str:
        """Text of a field."""
        self.read.add(key)
        node = self.fields.get(key)
        value = node.value if node else ""
        if not isinstance(value, str):
            self.problems.add(self.at(key), f"“{key}”应为一个值", f"请把“{key}”写成一行文字，不要写成列表")
            return ""
        if required and not value.strip():
            self.problems.add(self.at(key), f"缺少“{key}”", f"请填写“{key}”")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """List of texts; a missing list is empty."""
        return tuple(_text_items(self._items(key), self.where.file, key, self.problems))

    def combos(self, key: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """List of combos, each a list of word lists."""
        found = []
        for combo in self._items(key):
            parts = combo.value if isinstance(combo.value, list) else []
            words = [part.value if isinstance(part.value, list) else [] for part in parts]
            if len(words) < 2 or not all(words):
                place = Located(self.where.file, combo.line)
                self.problems.add(place, f"“{key}”的每组至少要有两个非空词表", "请写成 [[词, 词], [词, 词]]")
                continue
            found.append(tuple(tuple(_text_items(w, self.where.file, key, self.problems)) for w in words))
        return tuple(found)

    def rows(self, key: str, required: bool = True) -> Iterator["Row"]:
        """Rows of a list of mappings; an empty list is a problem when ``required``."""
        items = self._items(key)
        if required and not items:
            self.problems.add(self.at(key), f"“{key}”没有任何条目", f"请至少填写一条“{key}”")
        for item in items:
            where = Located(self.where.file, item.line)
            if isinstance(item.value, dict):
                row = Row(where, item.value, self.problems)
                yield row
                row.finish()
            else:
                self.problems.add(where, f"“{key}”的条目应为“键: 值”的形式", "请参照示例资料包填写")

    def mapping(self, key: str) -> "Row":
        """A nested mapping; a missing one is empty."""
        self.read.add(key)
        node = self.fields.get(key)
        if node is not None and isinstance(node.value, dict):
            return Row(Located(self.where.file, node.line), node.value, self.problems)
        self.problems.add(self.at(key), f"缺少“{key}”", f"请参照示例资料包填写“{key}”")
        return Row(self.where, {}, self.problems)

    def day(self, key: str, required: bool = True) -> date | None:
        """A date written 2026-01-31."""
        value = self.text(key, required)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.problems.add(self.at(key), f"“{key}”不是有效日期：{value}", "请写成 2026-01-31 的形式")
            return None

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number within limits."""
        value = self.text(key)
        if value.removeprefix("-").isdecimal() and least <= int(value) <= most:
            return int(value)
        if value:
            self.problems.add(self.at(key), f"“{key}”应为 {least} 到 {most} 的整数，现为：{value}", "请改正该数")
        return least

    def flag(self, key: str) -> bool:
        """true or false; missing means false."""
        value = self.text(key, required=False).lower()
        if value not in {"", "true", "false"}:
            self.problems.add(self.at(key), f"“{key}”应为 true 或 false，现为：{value}", "请改正")
        return value == "true"

    def validity(self) -> Validity:
        """The dates ``from`` (required) and ``to`` (last day, optional)."""
        start, end = self.day("from"), self.day("to", required=False)
        if start and end and end < start:
            self.problems.add(self.at("to"), f"失效日 {end} 早于生效日 {start}", "请核对 from 与 to")
            end = None
        return Validity(start or date.min, end)

    def finish(self) -> None:
        """Report keys that nobody reads: most often a slip of the pen."""
        for key in self.fields.keys() - self.read:
            self.problems.add(self.at(key), f"不认识的键“{key}”", "请核对拼写，或删去该行")

    def _items(self, key: str) -> list[Node]:
        self.read.add(key)
        node = self.fields.get(key)
        if node is None or node.value == "":
            return []
        if isinstance(node.value, list):
            return node.value
        self.problems.add(self.at(key), f"“{key}”应为列表", "请写成 [甲, 乙]，或每行一个“- ”")
        return []


def _text_items(items: list[Node], file: str, key: str, problems: Problems) -> Iterator[str]:
    for item in items:
        if isinstance(item.value, str) and item.value:
            yield item.value
        else:
            problems.add(Located(file, item.line), f"“{key}”里有空项或嵌套", "请删去空项")
