"""Which recognised pieces are not what somebody said: invented by the model over silence, music or noise (pure)."""

import re

from intake.speech.ports import Piece
from knowledge.text import squeeze

NOBODY = "没有听到说话（音乐或噪声），已略过。"
UNCLEAR = "没有听清，已略过；请向来电人核实。"
STOCK = "识别模型自己编的套话（字幕、订阅一类），已略过。"
REPEATS = "同样的字重复出现，多半不是原话，已略过。"
ECHO = "只是重复了给识别模型的提示词，已略过。"
SURE = -1.1
SURE_OF_SHORT = -0.6  # over a breath or a click the model likes to write a name from its prompt
SHORT_S = 1.5
MOST_A_SECOND = 12  # nobody speaks more characters a second

# Whisper learnt from subtitles and writes their closing lines where nobody speaks; each pattern is a whole piece.
_STOCK = re.compile(
    r"(?:中文)?字幕(?:志愿者|提供|组|由|by|制作|校对).*"
    r"|(?:本)?(?:节目|视频|影片|字幕)由.*(?:提供|制作)"
    r"|.*(?:明镜与点点|明镜需要您的支持|amaraorg|优优独播剧场|yoyotelevisionseries).*"
    r"|(?:请)?(?:不吝)?点赞(?:和)?订阅.*|(?:欢迎|记得|请)?(?:点赞)?订阅(?:我的|本)?(?:频道)?(?:点赞)?.*打赏.*"
    r"|(?:谢谢|感谢)(?:大家|您的?|你的?)?(?:收看|观看|收听)(?:本(?:节目|视频))?(?:我们)?(?:下期|下次)?(?:再见)?"
    r"|(?:我们)?(?:下期|下集)(?:节目|视频)?再见"
    r"|(?:作词|作曲|编曲|演唱|词曲|李宗盛)+.*"
    r"|(?:music|applause|音乐|掌声|笑声)+"
    r"|thanksforwatching.*|subtitlesby.*",
    re.I,
)
_AGAIN = re.compile(r"(.{1,8}?)\1{4,}")


def doubt(piece: Piece, hint: str) -> str:
    """Why this piece is left out (Chinese); empty when it stands."""
    said = squeeze(piece.text)
    if not said or (piece.silence > 0.6 and piece.sureness < -0.7):
        return NOBODY
    if _STOCK.fullmatch(said):
        return STOCK
    if said.startswith("地名") or (len(said) >= 10 and said in squeeze(hint)):
        return ECHO
    again = _AGAIN.search(said)
    if piece.squeezed > 2.4 or (again is not None and len(again[0]) * 2 > len(said)):
        return REPEATS
    if piece.sureness < (SURE if piece.end - piece.start >= SHORT_S else SURE_OF_SHORT) or len(
        said
    ) > MOST_A_SECOND * max(piece.end - piece.start, 0.5):
        return UNCLEAR
    return ""


_LANGUAGES = {
    "en": "英语",
    "ja": "日语",
    "ko": "韩语",
    "yue": "粤语",
    "fr": "法语",
    "de": "德语",
    "es": "西班牙语",
    "ru": "俄语",
    "ar": "阿拉伯语",
    "vi": "越南语",
    "th": "泰语",
    "pt": "葡萄牙语",
    "it": "意大利语",
    "id": "印尼语",
    "ms": "马来语",
}


def foreign(language: str) -> str:
    """The notice for a stretch in another language."""
    return f"听起来是{_LANGUAGES.get(language, f'另一种语言（{language}）')}，没有转写成中文；请用对方的语言记录。"
