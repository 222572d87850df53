"""Draw a recommendation as HTML for the desk: bars, bands, clocks and sources instead of tables of numbers.

Pure: every function returns a string, and every text that came from a caller or a document is escaped.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from routing.recommendation import (
    Answer,
    Band,
    Banner,
    CallKind,
    Candidate,
    Clock,
    Disagreement,
    Escalation,
    Evidence,
    Finding,
    Matter,
    Outcome,
    Place,
    Recommendation,
    Territory,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"
_BAND_CLASS = {
    Band.ACCEPT: "band-accept",
    Band.CHOOSE: "band-choose",
    Band.CENTRE: "band-centre",
    Band.UNKNOWN: "band-unknown",
}
_OUTCOME_CLASS = {
    Outcome.DISPATCH: "out-dispatch",
    Outcome.EMERGENCY: "out-emergency",
    Outcome.NOT_OURS: "out-notours",
    Outcome.CENTRE: "out-centre",
    Outcome.ASK: "out-ask",
    Outcome.JOINED: "out-centre",
}


def moment(value: datetime) -> str:
    """Format an aware datetime as the desk writes it: ``2026-11-23（周一）18:05`` in Asia/Shanghai."""
    local = value.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d}（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def deadline(value: datetime) -> str:
    """Format an exclusive deadline: midnight is written as 24:00 of the day before, as the paper means it."""
    local = value.astimezone(SHANGHAI)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        day = local - timedelta(days=1)
        return f"{day:%Y-%m-%d}（周{_WEEKDAYS[day.weekday()]}）24:00"
    return moment(local)


def banner_html(banner: Banner | None) -> str:
    """Draw the red banner of rule 1, or nothing."""
    if banner is None:
        return ""
    return (
        '<div class="emergency" role="alert" data-testid="banner">'
        f'<span class="big">请立即转接 {escape(banner.number)}</span>'
        f"<span>{escape(banner.sentence)}</span>"
        f'<span class="why">依据来电原话“{escape(banner.matched)}” · 细则-2 · '
        "本线不派单，保存后记为“紧急转接”</span></div>"
    )


def _bar(candidate: Candidate, key: str = "") -> str:
    percent = round(max(0.0, min(1.0, candidate.score)) * 100)
    hint = f"<kbd>{key}</kbd>" if key else ""
    code = "" if candidate.code == candidate.name else f'<span class="code">{escape(candidate.code)}</span>'
    return (
        f'<div class="cand{"" if key else " plain"}">{hint}{code}<span class="name">{escape(candidate.name)}</span>'
        f'<span class="bar"><i style="width:{percent}%"></i></span><span class="pct">{percent}%</span></div>'
    )


def _candidates(title: str, candidates: Sequence[Candidate], kind: str = "", keys: bool = False) -> str:
    if not candidates:
        return f'<div class="cands"><h4>{title}</h4><p class="none">暂无</p></div>'
    rows = "".join(_bar(c, f"Alt+{i}" if keys else "") for i, c in enumerate(candidates, 1))
    return f'<div class="cands {kind}"><h4>{title}</h4>{rows}</div>'


def _verdict(recommendation: Recommendation) -> str:
    lead = recommendation.lead.name if recommendation.lead else "—"
    support = "、".join(u.name for u in recommendation.support)
    outcome = recommendation.outcome
    band = recommendation.proposal.band
    parts = [
        f'<span class="chip {_OUTCOME_CLASS[outcome]}" data-testid="outcome">{escape(outcome.value)}</span>',
        f'<span class="chip {_BAND_CLASS[band]}" data-testid="band">{escape(band.value)}</span>',
    ]
    if recommendation.ledger:
        parts.append(f'<span class="chip ledger">台账：{escape(recommendation.ledger)}</span>')
    if outcome is Outcome.DISPATCH:
        parts.append(f'<span class="lead" data-testid="lead">主责 <b>{escape(lead)}</b></span>')
        if support:
            parts.append(f'<span class="support">协办 {escape(support)}</span>')
    if recommendation.referral:
        parts.append(f'<span class="support">请来电人联系：{escape(recommendation.referral)}</span>')
    return f'<div class="verdict">{"".join(parts)}</div>'


def place_html(place: Place) -> str:
    """One line that says where the matter lies and by which words."""
    words = f"（依据“{escape(place.matched)}”）" if place.matched else ""
    ask = f' <b data-testid="ask-place">{escape(place.question)}</b>' if place.question else ""
    if place.territory is Territory.OURS:
        return f'<p class="place ours">属地：九亭镇 {escape(place.community)}{words}{ask}</p>'
    if place.territory is Territory.OTHER:
        return f'<p class="place other">属地：{escape(place.street or "外街镇")}{words}，不在本镇</p>'
    return f'<p class="place unclear">属地不明{words}，请问清在哪个小区或路口{ask}</p>'


def related_html(recommendation: Recommendation) -> str:
    """What kind of call it is and by which words, with earlier tickets that it may be about, each with a link."""
    if not recommendation.related and recommendation.kind is CallKind.NEW:
        return ""
    rows = "".join(
        f'<li class="{"sure" if r.sure else "unsure"}">{_link(r.number)}'
        f'<span class="chip">{escape(r.why)}</span> {escape(r.sentence)}</li>'
        for r in recommendation.related
    )
    listed = f"<ul>{rows}</ul>" if rows else "<p>没有找到原工单，请问清工单编号或登记时的电话。</p>"
    words = "、".join(recommendation.kind_words)
    why = f'<span class="why">（依据“{escape(words)}”）</span>' if words else ""
    heading = f"<h4>来电类别：{escape(recommendation.kind.value)}{why}</h4>"
    return f'<div class="findings" data-testid="related">{heading}{listed}</div>'


def matters_html(matters: Sequence[Matter]) -> str:
    """Several matters of one call with the unit of each: one ticket with lead and support, or a ticket each."""
    if not matters:
        return ""
    rows = "".join(
        f'<li><span class="code">{escape(m.topic.code)}</span> <b>{escape(m.topic.name)}</b> '
        f"{escape(m.lead.name if m.lead else '本镇没有主责单位')}"
        f'<div class="why">{escape(m.text)}</div></li>'
        for m in matters
    )
    advice = "<p>可作一张工单由主责、协办单位一起办，也可按事项分开登记，由坐席决定。</p>"
    heading = f"<h4>一次来电 {len(matters)} 件事</h4>"
    return f'<div class="findings" data-testid="matters">{heading}<ol>{rows}</ol>{advice}</div>'


def escalations_html(escalations: Sequence[Escalation]) -> str:
    """Rungs that may be climbed and who may submit (细则-8); nothing is submitted by itself."""
    if not escalations:
        return ""
    rows = "".join(
        f'<li><span class="chip out-notours">{escape(e.level.value)}</span> {escape(e.reason)}：'
        f"{'、'.join(_link(number) for number in e.tickets)}</li>"
        for e in escalations
    )
    return f'<div class="findings" data-testid="escalations"><h4>可升级协调</h4><ul>{rows}</ul></div>'


def _link(number: str) -> str:
    shown = escape(number)
    return f'<a href="/desk/tickets?number={shown}" target="_blank">{shown}</a> '


def findings_html(findings: Iterable[Finding]) -> str:
    """Fired rules with clause first; the others folded away as the trace."""
    fired: list[str] = []
    silent: list[str] = []
    for finding in findings:
        row = (
            f'<li><span class="clause">{escape(finding.clause)}</span>'
            f"<b>规则{finding.order} {escape(finding.rule)}</b> {escape(finding.sentence)}</li>"
        )
        (fired if finding.fired else silent).append(row)
    trace = (
        f"<details><summary>未触发的规则（{len(silent)}）</summary><ul>{''.join(silent)}</ul></details>"
        if silent
        else ""
    )
    return f'<div class="findings"><h4>派单依据</h4><ul>{"".join(fired)}</ul>{trace}</div>'


def clocks_html(clocks: Sequence[Clock], now: datetime | None = None) -> str:
    """Each clock with rule, start, deadline and why; with ``now`` given, a bar shows how much of it is spent."""
    if not clocks:
        return '<div class="clocks"><h4>时限</h4><p class="none">本处理方式不计时限</p></div>'
    rows = []
    for clock in clocks:
        mark = '<span class="chip provisional">暂定</span>' if clock.provisional else ""
        spent = ""
        if now is not None:
            total = (clock.deadline - clock.start).total_seconds()
            share = 0 if total <= 0 else round(min(1.0, max(0.0, (now - clock.start).total_seconds() / total)) * 100)
            late = " late" if now >= clock.deadline else ""
            spent = f'<span class="bar{late}"><i style="width:{share}%"></i></span>'
        rows.append(
            f'<li><b>{escape(clock.name)}</b> <span class="clause">{escape(clock.clause)}</span>{mark}'
            f"<div>起 {moment(clock.start)} → 止 <b>{deadline(clock.deadline)}</b></div>{spent}"
            f'<div class="why">{escape(clock.why)}</div></li>'
        )
    return f'<div class="clocks"><h4>时限</h4><ul>{"".join(rows)}</ul></div>'


def answer_html(answer: Answer) -> str:
    """The suggested answer with its sources, or the honest sentence that there is none."""
    if not answer.found:
        return (
            '<div class="answer none"><h4>建议答复</h4>'
            f'<p data-testid="answer"><b>知识库暂无答案</b></p><p>{escape(answer.text)}</p></div>'
        )
    mark = f'<span class="chip unverified">{escape(answer.mark)}</span>' if answer.mark else ""
    kind = f'<span class="chip">{escape(answer.kind)}</span>' if answer.kind else ""
    sources = "".join(
        f"<li>《{escape(c.title)}》{escape(c.section)} · 自 {c.in_force_from:%Y-%m-%d} 起 · {escape(c.status)}"
        + (f'<div class="why">依据：{escape(c.basis)}</div>' if c.basis else "")
        + "</li>"
        for c in answer.citations
    )
    return (
        f'<div class="answer"><h4>建议答复 {kind}{mark}'
        f'<button class="copy-answer" data-text="{escape(answer.text)}">复制</button></h4>'
        f'<div data-testid="answer">{_said_html(answer)}</div>'
        f'<ol class="sources">{sources}</ol>{disagreements_html(answer.disagreements)}{_others_html(answer)}</div>'
    )


def _others_html(answer: Answer) -> str:
    """Other documents that may be meant, folded, each with its own wording."""
    if not answer.others:
        return ""
    titles = "".join(f"《{escape(other.title)}》" for other in answer.others)
    texts = "".join(
        f"<li><b>《{escape(other.title)}》</b>（自 {other.in_force_from:%Y-%m-%d} 起）"
        f"{f'<span class=chip>{escape(other.mark)}</span>' if other.mark else ''}"
        f'<button class="copy-answer" data-text="{escape(other.text)}">复制</button><p>{escape(other.text)}</p></li>'
        for other in answer.others
    )
    return f'<details data-testid="others"><summary>也可能问的是：{titles}</summary><ul>{texts}</ul></details>'


def _said_html(answer: Answer) -> str:
    """Each sentence with the number of its source; answers stored before sentences were kept are shown by line."""
    if not answer.sentences:
        return "".join(f"<p>{escape(line)}</p>" for line in answer.text.split("\n") if line.strip())
    sentences = "".join(
        f'<span>{escape(said.text)}<sup title="出处 {said.source}">{said.source}</sup></span>'
        for said in answer.sentences
    )
    return f"<p>{sentences}</p>"


def disagreements_html(disagreements: Sequence[Disagreement]) -> str:
    """Documents that say different things, side by side with their days: the newer one stands first."""
    if not disagreements:
        return ""
    rows = "".join(
        f"<li>{escape(d.what)}"
        f"<div>《{escape(d.first_title)}》（自 {d.first_from:%Y-%m-%d} 起）：{escape(d.first)}</div>"
        f"<div>《{escape(d.second_title)}》（自 {d.second_from:%Y-%m-%d} 起）：{escape(d.second)}</div></li>"
        for d in disagreements
    )
    told = "<b>文档说法不一，请勿合在一起答复：</b>"
    return f'<div class="failed" data-testid="disagree">{told}<ul>{rows}</ul></div>'


def evidence_html(evidence: Sequence[Evidence]) -> str:
    """Why the topic was proposed: passages and labelled examples, folded."""
    if not evidence:
        return ""
    rows = "".join(
        f'<li><span class="chip">{escape(e.kind)}</span> <b>{escape(e.code)} {escape(e.title)}</b> '
        f'<span class="pct">{round(e.score * 100)}%</span><div class="why">{escape(e.text)}</div></li>'
        for e in evidence
    )
    summary = f"<summary>为什么这样判断（相近示例与文档 {len(evidence)} 条）</summary>"
    return f'<details class="evidence">{summary}<ul>{rows}</ul></details>'


def proposal_html(recommendation: Recommendation | None) -> str:
    """The whole right-hand panel."""
    if recommendation is None:
        return '<div class="panel empty"><p>边听边记，记下来电内容后这里给出建议。</p></div>'
    proposal = recommendation.proposal
    return (
        '<div class="panel" data-testid="panel">'
        + _verdict(recommendation)
        + place_html(recommendation.place)
        + '<div class="grid">'
        + _candidates("诉求事项（前三）", proposal.topics, keys=True)
        + _candidates("承办单位（前三）", proposal.units)
        + "</div>"
        + _candidates("工单类型", proposal.types, "types")
        + related_html(recommendation)
        + matters_html(recommendation.matters)
        + escalations_html(recommendation.escalations)
        + findings_html(recommendation.findings)
        + answer_html(recommendation.answer)
        + clocks_html(recommendation.clocks)
        + evidence_html(proposal.evidence)
        + f'<p class="version">模型 {escape(proposal.model_version)} · 数据 {escape(proposal.data_hash[:12])}'
        f" · 规则库 {escape(recommendation.pack_version)}</p></div>"
    )
