"""Read the labelled examples of a town pack (``examples/*.jsonl``); all broken rows are named at once."""

import json
from collections.abc import Container
from pathlib import Path

from routing.recommendation import TicketType
from routing.taxonomy import Example


class ExampleError(ValueError):
    """Examples cannot be used; the message (Chinese) names file, row and remedy."""


def load_examples(folder: Path, topics: Container[str]) -> tuple[Example, ...]:
    """Read every ``*.jsonl`` of ``folder`` in order of name; raises ``ExampleError`` with all problems."""
    examples: list[Example] = []
    problems: list[str] = []
    types = {t.value for t in TicketType}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                example = Example(str(row["topic"]), str(row["type"]), str(row.get("voice", "")), str(row["text"]))
            except (ValueError, KeyError, TypeError) as error:
                problems.append(f"{path} 第 {number} 行：读不懂（{error}），应为含 topic、type、text 的 JSON 对象")
                continue
            if example.topic not in topics:
                problems.append(
                    f"{path} 第 {number} 行：事项代码“{example.topic}”不在 topics.yaml 中，请改正或删除该行"
                )
            if example.kind not in types:
                problems.append(f"{path} 第 {number} 行：工单类型“{example.kind}”应为 {'、'.join(sorted(types))} 之一")
            if not example.text.strip():
                problems.append(f"{path} 第 {number} 行：text 为空，请补上来电原话或删除该行")
            examples.append(example)
    if not examples and not problems:
        problems.append(f"{folder}：没有标注示例（*.jsonl），分类器无从学习，请补充")
    if problems:
        raise ExampleError("示例数据有误：\n" + "\n".join(problems[:50]))
    return tuple(examples)
