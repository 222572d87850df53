"""Look and keys of the console: system fonts, no request to another host, one screen at 1366×768."""

from pathlib import Path

_HERE = Path(__file__).parent
CSS = (_HERE / "desk.css").read_text(encoding="utf-8")
HEAD = f"<script>\n{(_HERE / 'desk.js').read_text(encoding='utf-8')}</script>"

SPEECH = f"<script>\n{(_HERE / 'speech.js').read_text(encoding='utf-8')}</script>"

# merge.js is commented for readers; Gradio wants the bare function.
_MERGE_LINES = (_HERE / "merge.js").read_text(encoding="utf-8").splitlines()
MERGE_JS = "\n".join(line for line in _MERGE_LINES if not line.startswith("//"))

# The draft belongs to the browser tab: sessionStorage survives a reload and is not shared with the next tab.
DRAFT_ID_JS = """
() => {
  let id = sessionStorage.getItem('desk-draft');
  if (!id) { id = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random().toString(16).slice(2);
             sessionStorage.setItem('desk-draft', id); }
  return id;
}
"""
_FORGET = "() => { sessionStorage.removeItem('desk-draft'); history.replaceState(null, '', location.pathname); "
NEW_DRAFT_JS = _FORGET + DRAFT_ID_JS.strip()[len("() => {") :]
# A draft fills only what is still empty: an operator may type before the page has finished loading.
RESTORE_JS = """
(restored, ...now) => {
  const kept = restored ? JSON.parse(restored) : [];
  const empty = (v) => v === '' || v === null || v === undefined || v === false || (Array.isArray(v) && !v.length);
  return now.map((v, i) => empty(v) && kept[i] !== undefined ? kept[i] : v);
}
"""
FOCUS_JS = "() => { const t = document.querySelector('#call-text textarea'); if (t) t.focus(); }"
# What a link or button that was drawn as HTML hands to the page (desk.js).
PRESSED_JS = "() => [window.pressedValue || '']"
