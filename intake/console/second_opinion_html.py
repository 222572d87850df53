"""The second opinion as HTML: one line beside the proposal, more when it is opened; it fills no field (pure)."""

from html import escape

from intake.application.second_opinion import Preview, Second, SecondOpinionStatus
from intake.application.second_opinion_ports import Logged
from intake.console.render import moment
from routing.recommendation import Outcome, Recommendation
from routing.second_opinion.opinion import Opinion

THINKING = '<div class="second" data-testid="second">第二意见：等待模型……</div>'
_STRUCK = "未经核对的内容已划去"


def second_html(second: Second, found: Recommendation) -> str:
    """The line, and below it what the model read from the call and its cited draft."""
    if second.fault:
        return (
            f'<div class="second failed-line" data-testid="second">第二意见暂缺：{escape(second.fault)}，'
            "快速建议照常可用。</div>"
        )
    opinion = second.opinion
    if opinion is None or not (opinion.topic or opinion.complete):
        return THINKING
    differs = opinion.complete and not _agrees(opinion, found)
    adopt = (
        '<button type="button" class="copy-answer adopt-second">采用这个事项</button>'
        if differs and opinion.topic
        else ""
    )
    more = (
        adopt + _reason(opinion) + _elements(opinion) + _unit_word(second, opinion) + _draft(opinion) + _footer(second)
    )
    return (
        f'<details class="second{" differs" if differs else ""}" data-testid="second"{" open" if differs else ""}>'
        f"<summary>{_line(second, opinion, found)}</summary>{more}</details>"
    )


def _agrees(opinion: Opinion, found: Recommendation) -> bool:
    return found.topic is not None and found.topic.code == opinion.topic


def _line(second: Second, opinion: Opinion, found: Recommendation) -> str:
    going_on = "" if opinion.complete else "……"
    if not opinion.topic:
        return "第二意见：前几个事项都不合适，请再问一句或转城运中心研判"
    ruled = second.ruled
    name = f"{opinion.topic} {ruled.topic.name}" if ruled and ruled.topic else opinion.topic
    where = f" → {_where(ruled)}" if ruled else ""
    kinds = found.proposal.types
    type_too = f"（{opinion.type}）" if opinion.type and (not kinds or kinds[0].code != opinion.type) else ""
    if _agrees(opinion, found):
        return f"第二意见：同意 {escape(name)}{escape(type_too)}{going_on}"
    return f"第二意见不同：<b>{escape(name)}</b>{escape(where)}{escape(type_too)}{going_on}"


def _where(ruled: Recommendation) -> str:
    """Where the rules send the model's topic; the model itself has no say in it."""
    if ruled.outcome is Outcome.DISPATCH and ruled.lead:
        return f"按规则主责 {ruled.lead.name}"
    return f"按规则{ruled.outcome.value}"


def _reason(opinion: Opinion) -> str:
    quote = f"来电原话“{escape(opinion.quote)}”。" if opinion.quote else ""
    why = escape(opinion.why)
    return f'<p class="why" data-testid="second-why">理由：{quote}{why}</p>' if quote or why else ""


def _unit_word(second: Second, opinion: Opinion) -> str:
    """The model's unit where it is not the one of the rules: shown as an error of the model, not as a choice."""
    ruled = second.ruled
    lead = ruled.lead.name if ruled and ruled.lead else ""
    if not opinion.unit or not ruled or opinion.unit == lead:
        return ""
    settled = lead or ruled.outcome.value
    said = f"模型以为由“{escape(opinion.unit)}”办，规则已定为“{escape(settled)}”，以规则为准。"
    return f'<p class="why">{said}</p>'


def _elements(opinion: Opinion) -> str:
    told = "；".join(f"{name}：{escape(value)}" for name, value in opinion.elements.items() if value)
    missing = f"（没说清：{'、'.join(opinion.missing)}）" if opinion.missing and opinion.complete else ""
    return f'<p data-testid="second-summary">{told}{missing}</p>' if told or missing else ""


def _draft(opinion: Opinion) -> str:
    rows = "".join(
        f"<li>{escape(one.text)} <span class='why'>《{escape(one.citation.title)}》{escape(one.citation.section)}"
        f" · 自 {one.citation.in_force_from:%Y-%m-%d} 起 · {escape(one.citation.status)}</span></li>"
        for one in opinion.draft
    )
    return f'<h4>答复草稿（每句有出处，仅供参考）</h4><ol data-testid="second-draft">{rows}</ol>' if rows else ""


def _footer(second: Second) -> str:
    opinion = second.opinion
    if opinion is None or not opinion.complete:
        return ""
    struck = f" · {_STRUCK} {len(opinion.struck)} 处" if opinion.struck else ""
    left = f" · 有 {second.left_out} 段文档含写给系统的话，未采用" if second.left_out else ""
    return f'<p class="version">{escape(second.model)} · {second.seconds:.1f} 秒{struck}{left} · 不改动左边任何一栏</p>'


def status_html(status: SecondOpinionStatus) -> str:
    """How it is set up, what today has cost, and the log of hashes."""
    budget, tally = status.budget, status.tally
    where = f"{escape(status.model or '未填模型')} · {escape(status.url or '未填地址')}"
    rows = [
        f'<div class="notice" data-testid="second-mode">第二意见：<b>{escape(status.mode.value)}</b> · {where}</div>'
    ]
    if status.problem:
        rows.append(f'<div class="failed">{escape(status.problem)}设好后重新启动，可用 hotline doctor 检查。</div>')
    paused = f" · 暂停到 {moment(tally.paused_until)}" if tally.paused_until else ""
    rows.append(
        f'<p data-testid="second-costs">今日：{tally.calls} 次 · {tally.tokens} 词元{_of(budget.day_tokens)} · '
        f"{tally.micros / 1_000_000:.2f} 元{_of(budget.day_micros / 1_000_000)} · "
        f"{tally.millis / 1000:.0f} 秒{_of(budget.day_millis / 1000)} · 正在问 {tally.running}（至多 {budget.queue}）"
        f" · 连续失败 {tally.failures} 次{paused}</p>"
    )
    lines = "".join(_log_line(line) for line in status.recent)
    names = ("时间", "坐席", "模型", "送出（SHA-256 前 12 位，字数）", "收到", "词元", "用时", "结果")
    head = "".join(f"<th>{name}</th>" for name in names)
    rows.append(f'<table class="runs"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>')
    return "".join(rows)


def _of(limit: float) -> str:
    return f" / {limit:,.10g}" if limit else ""


def _log_line(line: Logged) -> str:
    question, outcome = line.question, line.outcome
    came = f"{outcome.reply_hash[:12]}，{outcome.reply_length}" if outcome and outcome.reply_hash else "—"
    cost = f"{outcome.tokens_in}+{outcome.tokens_out}" if outcome else "—"
    took = f"{outcome.millis / 1000:.1f} 秒" if outcome else "—"
    cells = (
        moment(question.started_at),
        question.actor,
        question.model,
        f"{question.sent_hash[:12]}，{question.sent_length}",
        came,
        cost,
        took,
        outcome.said if outcome else "未结束",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def preview_html(preview: Preview) -> str:
    """What would be sent, to the letter, and what stays here."""
    if preview.fault:
        return f'<div class="notice" data-testid="preview">{escape(preview.fault)}。这段内容一个字也不会送出。</div>'
    marks = "".join(f"<tr><td>{escape(mark)}</td><td>{escape(value)}</td></tr>" for mark, value in preview.pairs)
    stays = (
        '<table class="runs"><thead><tr><th>送出的记号</th><th>留在本机的原文</th></tr></thead>'
        f"<tbody>{marks}</tbody></table>"
        if marks
        else "<p>没有需要遮盖的姓名、电话、证件、车牌、门牌。</p>"
    )
    left = f"有 {preview.left_out} 段文档含写给系统的话或看不见的字，未采用。" if preview.left_out else ""
    return (
        f"<h4>留在本机的</h4>{stays}<h4>将要送出的全部内容</h4>"
        f"<p>{preview.length} 字，约 {preview.tokens} 词元，SHA-256 {preview.sent_hash}。{left}本页只显示，不送出。</p>"
        f'<pre class="passage" data-testid="preview">{escape(preview.body)}</pre>'
    )
