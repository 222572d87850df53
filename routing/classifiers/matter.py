"""What of a note is the matter: without the frame of an earlier ticket and without the units' answers (pure)."""

import re

# “交警来电反馈：（工单编号…）《关于…的问题》工单处理情况 工单内容：……”: the frame says who wrote, not what happened.
_FRAME = re.compile(r"^.{0,40}?[(（]?工单(?:编)?号[^)）《]{0,40}[)）]?\s*(?=《)")
_CONTENT = re.compile(r"工单内容[:：]?\s*")
# “2026-01-03 08:38 某某局答复：……”: what a unit answered last time would speak louder than the caller.
_ANSWER = re.compile(
    r"\s*\d{4}-\d{1,2}-\d{1,2}[\sT]*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*[^，。；\s]{0,24}?(?:答复|回复|反馈|[:：])"
)
LEAST = 8


def matter_of(text: str) -> str:
    """The part of ``text`` that says what happened; the whole text where too little would be left."""
    kept = _FRAME.sub("", text)
    content = _CONTENT.split(kept, maxsplit=1)
    if len(content) == 2 and len(content[1].strip()) >= LEAST:
        kept = content[1]
    answer = _ANSWER.search(kept)
    if answer and answer.start() >= LEAST:
        kept = kept[: answer.start()]
    return kept if len(kept.strip()) >= LEAST else text
