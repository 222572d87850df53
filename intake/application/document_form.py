"""A document as its keeper fills it in: boxes of text in, the file's text out, and back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from intake.domain.errors import FieldProblem, InvalidInputError
from knowledge.documents import Document, DocumentKind, DocumentStatus, LegalBasis
from knowledge.writing import render_markdown

_SPLIT = re.compile(r"\s*[|｜]\s*")
_COMMAS = re.compile(r"[、,，;；\s]+")
SKELETON = "## 可以这样答复\n\n\n## 办理要点\n- \n\n## 依据\n"


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """Boxes of text: ``asks`` one a line, ``basis`` 法律名称｜版本｜条款、条款 one law a line, days as 2026-01-31.

    An open-ended document has an empty ``in_force_to``.
    """

    id: str
    title: str
    kind: str
    topics: tuple[str, ...]
    unit: str
    status: str
    asks: str
    basis: str
    in_force_from: str
    in_force_to: str
    review_by: str
    body: str


def form_of(document: Document) -> DocumentForm:
    """The boxes of a document."""
    basis = "\n".join(f"{b.law}｜{b.version}｜{'、'.join(b.articles)}" for b in document.basis)
    ended = document.in_force_to.isoformat() if document.in_force_to else ""
    return DocumentForm(
        document.id,
        document.title,
        document.kind.value,
        document.topics,
        document.unit,
        document.status.value,
        "\n".join(document.asks),
        basis,
        document.in_force_from.isoformat(),
        ended,
        document.review_by.isoformat(),
        document.body,
    )


def source_of(form: DocumentForm) -> str:
    """The file's text; raises InvalidInputError that names every box that is wrong."""
    problems: list[FieldProblem] = []
    started = _day(form.in_force_from, "in_force_from", "生效日", problems)
    ended = _day(form.in_force_to, "in_force_to", "失效日", problems) if form.in_force_to.strip() else None
    review = _day(form.review_by, "review_by", "复核日", problems)
    basis = tuple(_basis(form.basis.splitlines(), problems))
    for name, shown, value in (
        ("id", "编号", form.id),
        ("title", "标题", form.title),
        ("kind", "类别", form.kind),
        ("unit", "负责单位", form.unit),
        ("body", "正文", form.body),
    ):
        if not value.strip():
            problems.append(FieldProblem(name, f"没有填写{shown}。"))
    if not form.topics:
        problems.append(FieldProblem("topics", "没有选择事项。"))
    if problems or started is None or review is None:
        told = "".join(p.message for p in problems)
        raise InvalidInputError("文档没有保存", told, "您填写的内容都还在，请改好再保存。", tuple(problems))
    return render_markdown(
        Document(
            id=form.id.strip(),
            title=" ".join(form.title.split()),
            kind=DocumentKind(form.kind),
            topics=form.topics,
            unit=form.unit,
            status=DocumentStatus(form.status or DocumentStatus.DRAFT.value),
            basis=basis,
            asks=tuple(dict.fromkeys(ask for line in form.asks.splitlines() if (ask := " ".join(line.split())))),
            in_force_from=started,
            in_force_to=ended,
            review_by=review,
            body=form.body,
            path="",
            content_hash="",
        )
    )


def _basis(lines: Iterable[str], problems: list[FieldProblem]) -> Iterable[LegalBasis]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = _SPLIT.split(line.strip())
        if len(parts) != 3 or not all(parts):
            problems.append(
                FieldProblem("basis", f"依据第 {number} 行读不懂，应写成：法律名称｜版本日期｜第几条、第几条。")
            )
            continue
        yield LegalBasis(parts[0].strip("《》"), parts[1], tuple(a for a in _COMMAS.split(parts[2]) if a))


def _day(text: str, name: str, shown: str, problems: list[FieldProblem]) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems.append(FieldProblem(name, f"{shown}“{text.strip()}”不是日期，请写成 2026-01-31 的样子。"))
        return None
