"""How a recognised text is written down: Simplified Chinese, Chinese punctuation, no stray signs (pure)."""

import re

from knowledge.text import simplified

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_FULL = {",": "，", "?": "？", "!": "！", ";": "；", ":": "：", "｡": "。"}
_HALF = re.compile(r"[,?!;:｡]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[,:](?=\d)")
_PAUSE = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_LOOSE = re.compile(rf"(?<={_HAN})\s+(?=[0-9])|(?<=[0-9])\s+(?={_HAN})")
_STOP = re.compile(rf"(?<={_HAN})\.(?=$|\s|{_HAN})")
_MANY = re.compile(r"([，。？！；：、])[，。、；：]+")
_ENDS = "。？！…"


def written(text: str, *, whole: bool = True) -> str:
    """The text as an operator would type it; ``whole`` closes the sentence. Punctuation is turned, never dropped.

    A space between two characters is where the speaker paused: it becomes a comma.
    """
    plain = simplified(" ".join(text.replace("\ufffd", "").split()))
    plain = _PAUSE.sub("，", _LOOSE.sub("", plain))
    kept = {match.start() for match in _BETWEEN_DIGITS.finditer(plain)}
    plain = _HALF.sub(lambda sign: sign[0] if sign.start() in kept else _FULL[sign[0]], _STOP.sub("。", plain))
    plain = re.sub(r"\s*([，。？！；：、])\s*", r"\1", plain)
    plain = _MANY.sub(r"\1", plain).lstrip("，。？！；：、 ")
    if whole and plain:
        plain = plain.rstrip("，、；：")
        plain += "" if plain[-1:] in _ENDS else "。"
    return plain
