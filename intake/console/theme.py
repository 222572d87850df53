"""Look and keys of the console: system fonts, no request to another host, one screen at 1366×768."""

CSS = """
:root { --ok:#157347; --warn:#b25e00; --bad:#b42318; --ink:#1f2328; --soft:#57606a; --line:#d0d7de; }
.gradio-container { max-width: none !important; padding: 6px 12px !important;
  font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif !important; }
footer { display: none !important; }
.topbar { display:flex; gap:16px; align-items:baseline; border-bottom:1px solid var(--line); padding:2px 0 4px; }
.topbar b { font-size:17px; } .topbar .who { margin-left:auto; color:var(--soft); font-size:13px; }
.topbar a { font-size:14px; } .sample { color:var(--warn); font-size:12px; }
.emergency { background:var(--bad); color:#fff; padding:8px 14px; border-radius:6px; display:flex; gap:14px;
  align-items:baseline; flex-wrap:wrap; }
.emergency .big { font-size:21px; font-weight:700; } .emergency .why { font-size:12px; opacity:.9; }
.notice { border-left:4px solid var(--warn); background:#fff8ec; color:#5c3300; padding:4px 10px; margin:2px 0; font-size:13px; }
.saved { border-left:4px solid var(--ok); background:#eefaf2; color:#0b4d2c; padding:6px 10px; font-size:14px; }
.failed { border-left:4px solid var(--bad); background:#fff1f0; color:#6b120b; padding:6px 10px; font-size:14px; }
.elements { display:flex; gap:6px; flex-wrap:wrap; font-size:13px; }
.elements .el { border:1px solid var(--line); border-radius:12px; padding:1px 9px; }
.elements .miss { border-color:var(--warn); color:var(--warn); }
.ask { font-size:14px; color:var(--warn); font-weight:600; margin:2px 0; }
#proposal { max-height:calc(100vh - 92px); overflow-y:auto; border:1px solid var(--line); border-radius:8px; padding:8px 10px; }
#left, #middle { max-height:calc(100vh - 60px); overflow-y:auto; }
.panel h4 { margin:7px 0 3px; font-size:13px; color:var(--soft); font-weight:600; }
.panel p { margin:2px 0; } .panel ul, .panel ol { margin:2px 0 2px 16px; padding:0; } .panel li { margin:2px 0; }
.panel, .panel li, .panel p { font-size:13.5px; line-height:1.45; color:var(--ink); }
.panel.empty { color:var(--soft); padding:30px 8px; }
.panel .grid { display:grid; grid-template-columns:1fr 1fr; gap:12px; }
.verdict { display:flex; gap:8px; flex-wrap:wrap; align-items:center; font-size:15px; }
.chip { border-radius:10px; padding:1px 8px; font-size:12px; background:#eaeef2; color:var(--ink); }
.out-dispatch { background:#ddf4e4; color:#0b4d2c; } .out-emergency { background:var(--bad); color:#fff; }
.out-notours, .out-centre { background:#fff1d6; color:#5c3300; } .out-ask { background:#eaeef2; }
.band-accept { background:var(--ok); color:#fff; } .band-choose { background:#fff1d6; color:#5c3300; }
.band-centre, .band-unknown { background:#f3d9d6; color:#6b120b; }
.ledger { background:#e2e6ff; color:#22307a; } .provisional, .unverified { background:#fff1d6; color:#5c3300; }
.cand { display:grid; grid-template-columns:auto auto 1fr 60px 38px; gap:6px; align-items:center; font-size:13px; }
.cands:not(:first-child) .cand, .grid .cands:last-child .cand { grid-template-columns:auto 1fr 60px 38px; }
.cand .code, .clause { color:var(--soft); font-size:12px; } .cand kbd { font-size:10px; padding:0 3px; }
.bar { background:#eaeef2; height:8px; border-radius:4px; overflow:hidden; display:inline-block; min-width:60px; }
.bar i { display:block; height:100%; background:#2f6feb; } .bar.late i { background:var(--bad); }
.clocks .bar { width:100%; } .pct { font-variant-numeric:tabular-nums; font-size:12px; text-align:right; }
.why { color:var(--soft); font-size:12px; } .none { color:var(--soft); }
.place.other { color:var(--bad); font-weight:600; } .place.unclear { color:var(--warn); } .place.ours { color:var(--ok); }
.version { color:var(--soft); font-size:11px !important; border-top:1px dashed var(--line); margin-top:6px !important; }
body.folded #right { display:none; }
#middle .form, #left .form { gap:6px; } .reason textarea, .reason input { background:#fff8ec !important; }
.tight button { min-width:0 !important; padding:4px 6px !important; font-size:12.5px !important; }
table.form2 { border-collapse:collapse; width:100%; } table.form2 td, table.form2 th { border:1px solid var(--line); padding:4px 8px; font-size:14px; text-align:left; vertical-align:top; }
table.form2 th { width:110px; background:#f6f8fa; font-weight:600; } table.form2 td { white-space:pre-wrap; word-break:break-all; }
.timeline li { font-size:13px; } .hits td a { font-family:ui-monospace, monospace; }
"""

# Keys: Ctrl+Enter saves, Alt+1/2/3 takes a candidate, Alt+N starts a new call, Alt+P folds the proposal away.
HEAD = """
<script>
document.addEventListener('keydown', (e) => {
  const press = (id) => { const b = document.querySelector('#' + id); if (b) { e.preventDefault(); b.click(); } };
  if (e.ctrlKey && e.key === 'Enter') press('save');
  else if (e.altKey && ['1', '2', '3'].includes(e.key)) press('pick-' + e.key);
  else if (e.altKey && (e.key === 'n' || e.key === 'N')) press('new-call');
  else if (e.altKey && (e.key === 'p' || e.key === 'P')) {
    e.preventDefault(); document.body.classList.toggle('folded');
    localStorage.setItem('desk-folded', document.body.classList.contains('folded') ? '1' : '');
  }
});
if (localStorage.getItem('desk-folded')) document.addEventListener('DOMContentLoaded', () => document.body.classList.add('folded'));
</script>
"""

# The draft belongs to the browser tab: sessionStorage survives a reload and is not shared with the next tab.
DRAFT_ID_JS = """
() => {
  let id = sessionStorage.getItem('desk-draft');
  if (!id) { id = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random().toString(16).slice(2);
             sessionStorage.setItem('desk-draft', id); }
  return id;
}
"""
NEW_DRAFT_JS = "() => { sessionStorage.removeItem('desk-draft'); " + DRAFT_ID_JS.strip()[len("() => {") :]
FOCUS_JS = "() => { const t = document.querySelector('#call-text textarea'); if (t) t.focus(); }"
