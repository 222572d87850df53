// Keys: Ctrl+Enter saves, Alt+1/2/3 takes a candidate, Alt+N starts a new call, Alt+P folds the proposal away.
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
// A drop-down that already holds a value would append what is typed to it; selecting it first lets typing search anew.
document.addEventListener('focusin', (e) => {
  if (e.target.matches && e.target.matches('#middle input[role=listbox], #middle .wrap input')) setTimeout(() => e.target.select(), 0);
});
// A call that rings is taken here when the desk is empty, else on a page of its own; the address keeps it over a reload.
document.addEventListener('click', (e) => {
  const link = e.target.closest && e.target.closest('a.take-call');
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const text = document.querySelector('#call-text textarea'), button = document.querySelector('#take-call');
  if (!text || !button || text.value.trim()) { link.target = '_blank'; return; }
  e.preventDefault();
  history.replaceState(null, '', link.getAttribute('href'));
  window.deskCall = link.dataset.call; button.click();
});
// Links and buttons drawn as HTML press a hidden button of the page and hand it a value; the address keeps a link's page.
document.addEventListener('click', (e) => {
  const found = e.target.closest && e.target.closest('[data-press]');
  const button = found && document.querySelector('#' + found.dataset.press);
  if (!button || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  if (found.dataset.press === 'pick-doc' && !mayLeave()) return;
  if (found.href) history.replaceState(null, '', found.getAttribute('href'));
  window.pressedValue = found.dataset.value; button.click();
});
// The answer is copied as it stands, without the numbers of its sources; over plain http the old way is the only one.
document.addEventListener('click', (e) => {
  const button = e.target.closest && e.target.closest('button.copy-answer[data-text]');
  if (!button) return;
  const done = () => { button.textContent = '已复制'; setTimeout(() => { button.textContent = '复制'; }, 1500); };
  const text = button.dataset.text;
  if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
  const box = document.createElement('textarea'); box.value = text; document.body.append(box); box.select();
  if (document.execCommand('copy')) done();
  box.remove();
});
// The topic of the second opinion is taken over by a hidden button, so that Gradio hears of it.
document.addEventListener('click', (e) => {
  const button = e.target.closest && e.target.closest('button.adopt-second'), hidden = document.querySelector('#adopt-second');
  if (button && hidden) { e.preventDefault(); hidden.click(); }
});
// 知识库: what was typed there is asked about before it is left; what cannot be taken back is asked about before it is done.
const mayLeave = () => !window.kbDirty || confirm('这篇文档有没保存的改动，离开就丢掉了。要离开吗？');
document.addEventListener('input', (e) => {
  if (e.isTrusted && e.target.closest && e.target.closest('#kb-right') && !e.target.closest('#kb-reason, #kb-at')) window.kbDirty = true;
});
window.addEventListener('beforeunload', (e) => { if (window.kbDirty) e.preventDefault(); });
const ASKED = {
  'kb-withdraw': '停用后这篇文档立即不再用来答复。要停用吗？',
  'kb-drop': '暂存的修改会丢掉，不能找回。要丢弃吗？',
};
document.addEventListener('click', (e) => {
  const button = e.target.closest && e.target.closest('#kb-withdraw, #kb-drop, #kb-new');
  if (!button) return;
  const sure = button.id === 'kb-new' ? mayLeave() : confirm(ASKED[button.id]);
  if (!sure) { e.preventDefault(); e.stopImmediatePropagation(); }
}, true);
