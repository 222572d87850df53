"""The wrongly proposed cases of a run as a spreadsheet to work through."""

import io
from collections.abc import Sequence

from evals.html_report import TownNames
from evals.scored import Scored
from intake.spreadsheet import harmless

COLUMNS = {
    "编号": 16,
    "诉求内容": 60,
    "正确事项": 22,
    "建议事项": 26,
    "第二": 26,
    "第三": 26,
    "正确单位": 18,
    "建议单位": 18,
    "正确类型": 12,
    "建议类型": 12,
    "把握": 16,
    "错在哪里": 24,
}


def errors_xlsx(cases: Sequence[Scored], names: TownNames) -> bytes:
    """Every case with a wrong topic, unit, type or outcome; what was proposed with its score."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "误判"
    sheet.append(list(COLUMNS))
    for scored in cases:
        wrong = faults_of(scored)
        if wrong:
            sheet.append([harmless(value) for value in _row(scored, names, wrong)])
    for letter, width in zip("ABCDEFGHIJKL", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults_of(scored: Scored) -> tuple[str, ...]:
    """What is wrong with this case, in Chinese; empty when all that was stated was met."""
    found = []
    if scored.fault:
        return (f"未能评测：{scored.fault}",)
    if scored.accept and not scored.right:
        found.append("事项在前三之内" if any(c in scored.accept for c in scored.codes[:3]) else "事项")
    if scored.lead and scored.said_lead != scored.lead:
        found.append("承办单位")
    if scored.type and scored.said_type != scored.type:
        found.append("工单类型")
    if scored.outcome and scored.said_outcome != scored.outcome:
        found.append(f"处理方式（应为{scored.outcome}，建议{scored.said_outcome}）")
    return tuple(found)


def _row(scored: Scored, names: TownNames, wrong: tuple[str, ...]) -> list[str]:
    said = [f"{code} {names.topics.get(code, '')} {score:.0%}" for code, score in scored.topics[:3]]
    return [
        scored.id,
        scored.text,
        "、".join(f"{code} {names.topics.get(code, '')}".strip() for code in scored.accept),
        *[*said, "", "", ""][:3],
        names.units.get(scored.lead, scored.lead),
        names.units.get(scored.said_lead, scored.said_lead),
        scored.type,
        scored.said_type,
        scored.band,
        "；".join(wrong),
    ]
