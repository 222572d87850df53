"""The page 知识库 drawn: the list, one document's state, preview with findings, history, two wordings side by side."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from intake.application.knowledge_base import Checked, Opened
from intake.application.knowledge_ports import DocumentVersion
from intake.console.render import SHANGHAI, moment
from knowledge.comparing import Change, Pair
from knowledge.documents import ANSWERING, Document, DocumentStatus, Passage
from knowledge.library import Plan
from knowledge.problems import Severity, SourceProblem

MOST, MOST_BROKEN = 400, 5
READ_ALOUD = "可以这样答复"
_CHIP = {
    DocumentStatus.DRAFT: "out-ask",
    DocumentStatus.UNVERIFIED: "out-centre",
    DocumentStatus.PUBLISHED: "out-dispatch",
    DocumentStatus.WITHDRAWN: "band-unknown",
}


def cards_html(documents: Sequence[Document], plans: Sequence[Plan]) -> str:
    """How many documents there are of each status, and what is planned."""
    counts = [(status.value, sum(d.status is status for d in documents)) for status in DocumentStatus]
    cards = "".join(f'<div class="card"><b>{n}</b><span>{name}</span></div>' for name, n in counts)
    waiting = sum(not plan.refused for plan in plans)
    cards += f'<div class="card"><b>{waiting}</b><span>预定发布</span></div>'
    total = sum(n for _, n in counts) or 1
    colours = {"草稿": "#8c959f", "待核验": "#d4a72c", "已发布": "#2da44e", "停用": "#cf222e"}
    bar = "".join(
        f'<i style="width:{n / total * 100:.1f}%;background:{colours[name]}" title="{name} {n}"></i>'
        for name, n in counts
        if n
    )
    return f'<div class="cards">{cards}</div><div class="stack" aria-hidden="true">{bar}</div>'


def broken_html(problems: Sequence[SourceProblem], plans: Sequence[Plan]) -> str:
    """Files that are no documents, with line and remedy, and publications that were refused when their time came."""
    paths = list(dict.fromkeys(p.path for p in problems))
    told = "".join(_broken_file(path, [p for p in problems if p.path == path]) for path in paths[:MOST_BROKEN])
    if len(paths) > MOST_BROKEN:
        told += f'<div class="failed">还有 {len(paths) - MOST_BROKEN} 个文件写错了，见“体检”页。</div>'
    return told + "".join(
        f'<div class="failed">{_link(p.document_id, p.document_id)} 预定 {moment(p.at)} 的发布没有执行：'
        "文档在预定之后被改动过。请打开看清，再发布或取消预定。</div>"
        for p in plans
        if p.refused
    )


def _broken_file(path: str, problems: Sequence[SourceProblem]) -> str:
    key = path.rpartition("/")[2].removesuffix(".md")
    first = problems[0]
    more = f"（另有 {len(problems) - 1} 处）" if len(problems) > 1 else ""
    return (
        f'<div class="failed">{_link(key, path)} 第 {first.line} 行：{escape(first.message)}。{escape(first.remedy)}。'
        f"{more}这篇暂不参与答复，其余不受影响。</div>"
    )


def list_html(
    documents: Sequence[Document], plans: Sequence[Plan], drafts: Iterable[str], names: Mapping[str, str], today: date
) -> str:
    """The documents as a table; a click opens one. ``names``: of topics and units by code."""
    planned = {plan.document_id for plan in plans}
    aside = set(drafts)
    rows = "".join(_row(d, d.id in planned, d.id in aside, names, today) for d in documents[:MOST])
    if not rows:
        return "<p>没有符合的文档。可以放宽上面的条件，或新建一篇。</p>"
    more = f"<p>共 {len(documents)} 篇，只列出前 {MOST} 篇，请缩小范围。</p>" if len(documents) > MOST else ""
    return (
        '<table class="runs docs" data-testid="documents"><thead><tr><th>标题</th><th>状态</th><th>事项</th>'
        f"<th>单位</th></tr></thead><tbody>{rows}</tbody></table>{more}"
    )


def _row(document: Document, planned: bool, aside: bool, names: Mapping[str, str], today: date) -> str:
    marks = ['<span class="chip">预定</span>'] if planned else []
    marks += ['<span class="chip">有暂存</span>'] if aside else []
    if document.status in ANSWERING and not document.answers_on(today):
        late = document.in_force_to is not None and document.in_force_to < today
        marks.append(f'<span class="chip out-notours">{"已过期" if late else "未生效"}</span>')
    topics = " ".join(f'<span title="{escape(names.get(t, ""))}">{escape(t)}</span>' for t in document.topics)
    return (
        f"<tr><td>{_link(document.id, document.title)}</td>"
        f"<td>{status_chip(document.status)}{''.join(marks)}</td>"
        f"<td>{topics}</td><td>{escape(names.get(document.unit, document.unit))}</td></tr>"
    )


def _link(document_id: str, words: str) -> str:
    key = escape(document_id)
    return f'<a data-press="pick-doc" data-value="{key}" href="/desk/knowledge?id={key}">{escape(words)}</a>'


def status_chip(status: DocumentStatus) -> str:
    """The status as a coloured mark."""
    return f'<span class="chip {_CHIP[status]}">{status.value}</span>'


def state_html(opened: Opened) -> str:
    """What the document is just now: status, file, what is planned, what lies aside, faults of the file."""
    found = opened.checked.document
    parts = [f"<code>{escape(opened.source.path)}</code>"]
    if found:
        parts.insert(0, f"{status_chip(found.status)} <b>{escape(found.title)}</b>")
    html = f'<div class="verdict" data-testid="document-state">{" ".join(parts)}</div>'
    if opened.plan:
        told = "没有执行：文档在预定之后被改动过" if opened.plan.refused else "到时自动生效，此前按现在的内容答复"
        html += f'<div class="notice">已预定 {moment(opened.plan.at)} 发布新内容（{told}）。</div>'
    if opened.draft is not None:
        html += '<div class="notice">这里是暂存的修改，还没有发布；来电人听到的仍是现在的内容。</div>'
    faults = "".join(f"<li>{escape(fault.message)}</li>" for fault in opened.checked.faults)
    if faults:
        html += f'<div class="failed">文件有错误，暂不参与答复，请在“源文件”里改正：<ul>{faults}</ul></div>'
    return html


def preview_html(checked: Checked) -> str:
    """What callers would hear, what the linter says, and every passage with its path."""
    if checked.document is None:
        faults = "".join(f"<li>{escape(fault.message)}</li>" for fault in checked.faults)
        return f'<div class="failed" data-testid="preview">还不是一篇完整的文档：<ul>{faults}</ul></div>'
    spoken = [p for p in checked.passages if READ_ALOUD in p.heading_path]
    heard = "".join(f"<p>{escape(line)}</p>" for p in spoken for line in p.text.split("\n"))
    passages = "".join(_passage_html(p) for p in checked.passages)
    return (
        f'<div class="panel" data-testid="preview">{_findings_html(checked.problems)}'
        f'<h4>来电人会听到</h4><div class="answer">{heard or "没有“可以这样答复”一节，只能摘读正文。"}</div>'
        f"<h4>会按这些问法找到</h4><p>{'　'.join(escape(ask) for ask in checked.document.asks) or '（没有问法）'}</p>"
        f"<h4>检索用的 {len(checked.passages)} 个段落</h4>{passages}</div>"
    )


def _findings_html(problems: Sequence[SourceProblem]) -> str:
    if not problems:
        return '<div class="saved">检查通过，没有问题。</div>'
    return "".join(
        f'<div class="{"failed" if p.severity is Severity.ERROR else "notice"}">{p.severity.value}：'
        f"{escape(in_words(p.message))}。{escape(in_words(p.remedy))}。</div>"
        for p in problems
    )


_BOXES = {
    "in_force_from": "生效日",
    "in_force_to": "失效日",
    "review_by": "复核日",
    "basis": "依据",
    "version": "版本",
    "asks": "问法",
}


def in_words(message: str) -> str:
    """A message about the file in the words of the form."""
    for name, shown in _BOXES.items():
        message = message.replace(name, shown)
    return message


def _passage_html(passage: Passage) -> str:
    path = " › ".join(escape(part) for part in passage.heading_path[1:]) or "（无小标题）"
    return f'<div class="passage"><span class="why">{path}</span><br>{escape(passage.text)}</div>'


def history_html(versions: Sequence[DocumentVersion]) -> str:
    """Every wording that there was: when, by whom, what and why."""
    if not versions:
        return "<p>还没有历史。</p>"
    names = ("版", "时间", "谁", "做了什么", "状态", "原因")
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(_version_row(v) for v in versions)
    return (
        f'<table class="runs history" data-testid="history"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _version_row(version: DocumentVersion) -> str:
    begins = f"（{moment(version.planned_for)} 起）" if version.planned_for else ""
    return (
        f'<tr><td class="num">{version.number}</td><td>{version.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}</td>'
        f"<td>{escape(version.by)}</td><td>{version.deed.value}{begins}</td><td>{escape(version.status)}</td>"
        f"<td>{escape(version.reason)}</td></tr>"
    )


def compare_html(pairs: Sequence[Pair], before: str, after: str) -> str:
    """Two wordings side by side; what went is struck, what came is underlined; equal stretches are shortened."""
    rows: list[str] = []
    for number, pair in enumerate(pairs):
        near = any(not other.same for other in pairs[max(0, number - 2) : number + 3])
        if not near:
            if rows and rows[-1] != _GAP:
                rows.append(_GAP)
            continue
        rows.append(f"<tr><td>{_pieces(pair, old=True)}</td><td>{_pieces(pair, old=False)}</td></tr>")
    if not any(not pair.same for pair in pairs):
        return f'<p data-testid="compare">{escape(before)}与{escape(after)}内容相同。</p>'
    return (
        f'<table class="runs compare" data-testid="compare"><thead><tr><th>{escape(before)}</th>'
        f"<th>{escape(after)}</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


_GAP = '<tr><td colspan="2" class="why">……</td></tr>'


def _pieces(pair: Pair, *, old: bool) -> str:
    tag = {Change.SAME: "", Change.GONE: "del", Change.CAME: "ins"}
    parts = []
    for piece in pair.before if old else pair.after:
        name = tag[piece.change]
        parts.append(f"<{name}>{escape(piece.text)}</{name}>" if name else escape(piece.text))
    return "".join(parts)
