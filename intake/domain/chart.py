"""附件3 drawn from the table: ``python -m intake.domain.chart`` writes docs/lifecycle.md and docs/lifecycle.svg."""

import sys
from collections import Counter
from collections.abc import Iterable
from html import escape
from pathlib import Path

from intake.domain.access import Role
from intake.domain.guards import LABELS, in_order
from intake.domain.lifecycle import TABLE, Step
from intake.domain.states import ASIDE, FINAL, HELD, TicketState

S = TicketState
DOCS = Path(__file__).resolve().parents[2] / "docs"
_MAIN = (S.ACCEPTED, S.PENDING, S.DISPATCHED, S.CONTACT, S.HANDLING, S.RESOLVED, S.CALLBACK, S.ARCHIVED)
_HEAD = """# 工单的一生（附件3）

本页由 `python -m intake.domain.chart` 从 `intake/domain/lifecycle.py` 的状态表生成，
测试核对它与表一致；请改表，不要改本页。

![流程图](lifecycle.svg)
"""
_FOOT = "撤诉：归档以前的任何一步都可以。退单、提交综合网格、镇领导协调：已派单、先行联系、办理中都可以。"
_BOX = (150, 40)
_ROW = 86
_X = {"left": 30, "main": 330, "right": 790}
_SIDES: dict[TicketState, tuple[str, float]] = {
    **{state: ("main", float(i)) for i, state in enumerate(_MAIN)},
    S.REFERRED: ("left", 0),
    S.TRANSFERRED: ("left", 1),
    S.ANSWERED: ("left", 2),
    S.WITHDRAWN: ("left", 5),
    S.RETURNED: ("right", 2),
    S.GRID: ("right", 3.5),
    S.LEADERS: ("right", 5),
}


def markdown() -> str:
    """The whole page: diagram for readers of Markdown, then every line of the table."""
    return "\n".join((_HEAD, "```mermaid", mermaid(), "```", "", *_rows(), ""))


def mermaid() -> str:
    """A state diagram; lines that keep the state are in the table only."""
    ids = {state: f"s{number}" for number, state in enumerate(TicketState)}
    lines = ["stateDiagram-v2", *(f'    state "{state.value}" as {ids[state]}' for state in TicketState)]
    for source, target, names in arrows():
        lines.append(f"    {ids[source] if source else '[*]'} --> {ids[target]}: {'／'.join(names)}")
    lines += [f"    {ids[state]} --> [*]" for state in TicketState if state in FINAL]
    return "\n".join(lines)


def arrows() -> list[tuple[TicketState | None, TicketState, tuple[str, ...]]]:
    """From, to and names of all lines that change the state; a return from an aside leads to 办理, where most go."""
    found: dict[tuple[TicketState | None, TicketState], dict[str, None]] = {}
    for line in TABLE:
        target = S.HANDLING if line.back else line.target
        if target is not None:
            found.setdefault((line.source, target), {})[line.name] = None
    return [(source, target, tuple(names)) for (source, target), names in found.items()]


def _rows() -> Iterable[str]:
    yield "每一步还须不早于上一次办理；时间、办理人、原因随事件一起保存。“系统管理”可以代任何人办理，另行留痕。"
    yield ""
    yield "| 状态 | 事件 | 之后 | 谁可以做 | 依据 | 条件 |"
    yield "|---|---|---|---|---|---|"
    for line in TABLE:
        cells = (line.source or "—", line.name, _target(line), _by(line), line.clause, _guards(line))
        yield f"| {' | '.join(cells)} |"


def _target(line: Step) -> str:
    if line.back:
        return "回到原状态"
    return line.target.value if line.target else "不变"


def _by(line: Step) -> str:
    return "、".join(role.value for role in Role if role in line.by and role is not Role.ADMIN) or "系统"


def _guards(line: Step) -> str:
    return "；".join(LABELS[guard] for guard in line.guards if guard is not in_order)


def svg() -> str:
    """The chart as a picture of its own, without any drawing library."""
    height = 60 + _ROW * len(_MAIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 {height}" font-family="sans-serif" font-size="13">',
        '<defs><marker id="a" markerWidth="9" markerHeight="9" refX="8" refY="4" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#456"/></marker></defs>',
        f'<rect width="980" height="{height}" fill="#fff"/>',
    ]
    drawn = [a for a in arrows() if not (a[1] is S.WITHDRAWN or (a[1] in ASIDE and a[0] in HELD[:-1]))]
    seen: Counter[TicketState] = Counter()
    for source, target, names in drawn:
        if source is not None:
            aside = next((state for state in (source, target) if state in ASIDE), source)
            parts.append(_arrow(source, target, names, seen[aside]))
            seen[aside] += 1
    parts += [_box(state) for state in TicketState]
    parts.append(f'<text x="30" y="{height - 14}" fill="#555">{_FOOT}</text>')
    return "\n".join((*parts, "</svg>", ""))


def _centre(state: TicketState) -> tuple[float, float]:
    column, row = _SIDES[state]
    return _X[column] + _BOX[0] / 2, 30 + row * _ROW + _BOX[1] / 2


def _box(state: TicketState) -> str:
    x, y = _centre(state)
    fill = "#e8f3e8" if state in FINAL else "#fff3e0" if state in ASIDE else "#e8f0fb"
    return (
        f'<rect x="{x - _BOX[0] / 2}" y="{y - _BOX[1] / 2}" width="{_BOX[0]}" height="{_BOX[1]}" rx="8" fill="{fill}" '
        f'stroke="#456"/><text x="{x}" y="{y + 5}" text-anchor="middle">{state.value}</text>'
    )


def _arrow(source: TicketState, target: TicketState, names: tuple[str, ...], count: int) -> str:
    """Straight between neighbours and columns, a curve for steps that jump over others.

    Labels of an aside stand one below the other beside its box; ``count`` says how many stand there already.
    """
    (x1, y1), (x2, y2) = _centre(source), _centre(target)
    half, tall = _BOX[0] / 2, _BOX[1] / 2
    label = escape("／".join(names))
    if x1 == x2 and abs(y2 - y1) <= _ROW * 1.6:
        shift, sign = (0, 1) if y2 > y1 else (-40, -1)
        path = f"M{x1 + shift},{y1 + sign * tall} L{x2 + shift},{y2 - sign * tall}"
        at = (x1 + 6 + shift, (y1 + y2) / 2 + 4)
    elif x1 == x2:
        side = -1 if y2 < y1 else 1
        edge, bend = x1 + side * half, x1 + side * (half + 60)
        path = f"M{edge},{y1} C{bend},{y1} {bend},{y2} {edge},{y2}"
        at = (edge + (8 if side > 0 else -118), (y1 + y2) / 2)
    else:
        sign = 1 if x2 > x1 else -1
        drop = -8 if sign > 0 else 8
        path = f"M{x1 + sign * half},{y1 + drop} L{x2 - sign * half},{y2 + drop}"
        at = ((x1 + x2) / 2 - 40, (y1 + y2) / 2 + drop - 4)
        if source in ASIDE or target in ASIDE:
            label = ("← " if source in ASIDE else "→ ") + label
            at = (_X["right"] - 150, _centre(source if source in ASIDE else target)[1] - 22 + 15 * count)
    return (
        f'<path d="{path}" fill="none" stroke="#456" marker-end="url(#a)"/>'
        f'<text x="{at[0]}" y="{at[1]}" font-size="10" fill="#345" stroke="#fff" stroke-width="3" '
        f'paint-order="stroke">{label}</text>'
    )


def write(folder: Path = DOCS) -> None:
    """Write both files."""
    (folder / "lifecycle.md").write_text(markdown(), encoding="utf-8")
    (folder / "lifecycle.svg").write_text(svg(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
