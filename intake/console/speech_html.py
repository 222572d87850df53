"""The strip of speech under the notes; ``speech.js`` fills it."""

from html import escape

_STRIP = (
    '<div class="speech" id="speech" data-testid="speech">'
    '<button type="button" class="sp-mic" title="Alt+V">● 听写（Alt+V）</button>'
    '<label class="sp-file">上传录音<input type="file" accept="audio/*,.alaw,.al,.ulaw,.ul,.amr,.m4a"></label>'
    '<span class="sp-state" role="status" data-testid="speech-state"></span>'
    '<div class="sp-partial" data-testid="speech-partial"></div>'
    '<details class="sp-turns" hidden><summary>转写全文（坐席的话只在这里）</summary><ol></ol></details></div>'
)


def speech_html(problem: str) -> str:
    """The strip, or what is missing."""
    if problem:
        return f'<div class="notice" data-testid="speech-problem">语音没有就绪：{escape(problem)}</div>'
    return _STRIP
