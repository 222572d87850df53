// Speech on the desk: the microphone's sound goes out in half-second blocks, sentences come back and are written at the
// end of the notes as if typed. What stands there is never touched: the operator's edits win. Nothing of the sound is
// kept in the browser.
(() => {
  const API = '/api/v1/speech', RATE = 16000, BLOCK = 8000, OPERATOR = '坐席', MOST = 60e6;
  const TAP = "registerProcessor('tap', class extends AudioWorkletProcessor {"
    + "process(i) { if (i[0][0]) this.port.postMessage(i[0][0].slice()); return true; } });";
  const CLOSED = '麦克风没有打开：没有允许或没有接好。可以改为上传录音。';
  const MICROPHONE = { NotAllowedError: CLOSED, NotFoundError: CLOSED, NotReadableError: CLOSED,
    NotSupportedError: '这个浏览器不能转换麦克风的声音，请用 Chrome 或 Edge，或改为上传录音。' };
  const part = (name) => document.querySelector('#speech .sp-' + name);
  const draft = () => sessionStorage.getItem('desk-draft');
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const clock = (s) => Math.floor(s / 60) + ':' + String(Math.floor(s % 60)).padStart(2, '0');
  let run = null, composing = false;
  document.addEventListener('compositionstart', () => { composing = true; });
  document.addEventListener('compositionend', () => { composing = false; });

  async function ask(method, path, body) {
    const type = body instanceof Blob || body instanceof ArrayBuffer ? 'application/octet-stream' : 'application/json';
    const answer = await fetch(API + path, { method, body, headers: body ? { 'Content-Type': type } : {} });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error((said.detail || '') + (said.remedy || '')), { told: true });
    return said;
  }
  function state(text, bad) { const s = part('state'); s.textContent = text; s.classList.toggle('bad', !!bad); }
  function told(error) { return error.told ? error.message : '连不上服务器，语音停了；已经写下的都在，请手工接着记录。'; }

  // At the end of the notes, when no character is being composed; the caret stays where it is, or at the end if it was.
  async function write(owner, text) {
    while (composing) await wait(50);
    while (owner.held) await wait(100);
    const box = document.querySelector('#call-text textarea');
    if (!box || draft() !== owner.draft) { item('上一通的话，没有写进现在的诉求：' + text, 'left'); return; }
    const kept = box.value, from = box.selectionStart, to = box.selectionEnd;
    const joint = !kept || /[\s，。？！；：、,.?!;:]$/.test(kept) ? '' : '，';
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, kept + joint + text);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    if (document.activeElement === box && from < kept.length) box.setSelectionRange(from, to);
    else box.scrollTop = box.scrollHeight;
    owner.written += 1;
  }
  function item(text, kind) {
    const line = document.createElement('li');
    line.textContent = text; line.className = kind || '';
    part('turns').querySelector('ol').append(line); part('turns').hidden = false;
  }
  function show(owner, heard) {
    if (owner !== run) return;
    for (const turn of heard.turns.slice(owner.turns)) {
      item(clock(turn.start) + ' ' + (turn.speaker ? turn.speaker + '：' : '') + turn.text);
      if (turn.speaker !== OPERATOR) owner.line = owner.line.then(() => write(owner, turn.text));
    }
    for (const left of heard.left_out.slice(owner.left)) item(clock(left.start) + '–' + clock(left.end) + ' ' + left.reason, 'left');
    owner.turns = Math.max(owner.turns, heard.turns.length); owner.left = Math.max(owner.left, heard.left_out.length);
    part('partial').textContent = heard.partial ? heard.partial + '…' : '';
    if (heard.done) finished(owner, heard);
    else if (owner.file) state('正在转写 ' + clock(heard.heard) + ' / ' + clock(heard.seconds));
    else state(owner.ended ? '还在写最后几句……' : '正在听 ' + clock(heard.heard));
  }
  function finished(owner, heard) {
    owner.line.then(async () => { if (!owner.written && heard.told) await write(owner, heard.told); });
    const nothing = !heard.turns.length && !heard.left_out.length;
    const some = heard.left_out.length ? '，略过 ' + heard.left_out.length + ' 处，原因见下' : '';
    state(heard.problem || (nothing ? '没有听到说话。' : '转写完：' + heard.turns.length + ' 句' + some + '。'), heard.problem);
    run = null; buttons();
  }
  function buttons() {
    const mic = part('mic'); mic.textContent = run && !run.file && !run.ended ? '■ 停止听写' : '● 听写（Alt+V）';
    mic.classList.toggle('on', !!run && !run.file && !run.ended);
    mic.disabled = !!run && (run.file || run.ended); part('file').classList.toggle('off', !!run);
  }
  function begin(file) {
    part('turns').querySelector('ol').replaceChildren(); part('turns').hidden = true; part('partial').textContent = '';
    run = { file, draft: draft(), line: Promise.resolve(), turns: 0, left: 0, written: 0, ended: false, held: false };
    buttons(); return run;
  }
  function failed(owner, error) {
    release(owner); if (run === owner) run = null;
    state(told(error), true); part('partial').textContent = ''; buttons();
  }
  async function follow(owner) {
    while (run === owner) {
      await wait(600);
      try { show(owner, await ask('GET', '/jobs/' + owner.id)); } catch (error) { if (run === owner) failed(owner, error); return; }
    }
  }

  async function listen() {
    if (!navigator.mediaDevices) { state('浏览器只在 https 或本机地址上允许用麦克风；可以改为上传录音。', true); return; }
    const owner = begin(false);
    state('正在打开麦克风……');
    try {
      owner.media = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      owner.id = (await ask('POST', '/lines')).id;
      owner.context = new AudioContext({ sampleRate: RATE });
      const module = URL.createObjectURL(new Blob([TAP], { type: 'text/javascript' }));
      await owner.context.audioWorklet.addModule(module); URL.revokeObjectURL(module);
      const tap = new AudioWorkletNode(owner.context, 'tap'); owner.sound = []; owner.number = 0; owner.sending = Promise.resolve();
      tap.port.onmessage = (event) => { owner.sound.push(event.data); if (owner.sound.length * 128 >= BLOCK) send(owner); };
      owner.context.createMediaStreamSource(owner.media).connect(tap);
      state('正在听……');
    } catch (error) {
      failed(owner, MICROPHONE[error.name] ? { told: true, message: MICROPHONE[error.name] } : error);
    }
  }
  function send(owner) {
    const blocks = owner.sound, pcm = new Int16Array(blocks.reduce((n, b) => n + b.length, 0));
    owner.sound = []; let at = 0;
    for (const block of blocks) for (const v of block) pcm[at++] = Math.max(-1, Math.min(1, v)) * 32767;
    if (!pcm.length) return;
    const number = owner.number++;
    owner.sending = owner.sending.then(() => put(owner, number, pcm.buffer));
  }
  async function put(owner, number, body) {  // in order, and again when the line is down for a moment
    for (let tries = 0; run === owner; tries += 1) {
      try { show(owner, await ask('PUT', '/lines/' + owner.id + '/' + number, body)); return; } catch (error) {
        if (error.told || tries >= 8) { failed(owner, error); return; }
        await wait(500 * (tries + 1));
      }
    }
  }
  function release(owner) {
    if (owner.media) owner.media.getTracks().forEach((track) => track.stop());
    if (owner.context) owner.context.close().catch(() => {});
    owner.media = owner.context = null;
  }
  async function stop() {
    const owner = run;
    if (!owner || owner.file || owner.ended || !owner.id) return;
    owner.ended = true; send(owner); release(owner); buttons(); state('还在写最后几句……');
    await owner.sending;
    if (run !== owner) return;
    try { show(owner, await ask('POST', '/lines/' + owner.id + '/end')); await follow(owner); } catch (error) { failed(owner, error); }
  }
  async function upload(file) {
    if (run) return;
    const owner = begin(true);
    if (file.size > MOST) { failed(owner, { told: true, message: '文件超过 60 MB，没有上传。请剪成几段，或转成 mp3 后再传。' }); return; }
    state('正在上传……');
    try {
      owner.id = (await ask('POST', '/recordings?name=' + encodeURIComponent(file.name.slice(-200)), file)).id;
      await follow(owner);
    } catch (error) { failed(owner, error); }
  }

  document.addEventListener('change', (e) => {
    if (!e.target.matches || !e.target.matches('#speech input[type=file]')) return;
    const file = e.target.files[0]; e.target.value = ''; if (file) upload(file);
  });
  document.addEventListener('click', (e) => {
    if (!e.target.closest) return;
    if (e.target.closest('#speech .sp-mic')) { if (run) stop(); else listen(); }
    // Saving or a new call ends the line; sentences still to come wait for how it ends and never reach the next call.
    if (run && e.target.closest('#save, #new-call')) {
      const owner = run; owner.held = true; stop();
      (async () => {
        for (let i = 0; i < 100 && draft() === owner.draft && !(i > 5 && document.querySelector('#message .failed')); i += 1) await wait(100);
        owner.held = false;
      })();
    }
  });
  document.addEventListener('keydown', (e) => {
    if (e.altKey && (e.key === 'v' || e.key === 'V') && part('mic')) { e.preventDefault(); part('mic').click(); }
  });
})();
