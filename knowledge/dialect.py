"""Shanghainese words and fillers of speech in a caller's sentence, put into the words that documents use (pure).

Only what a caller says is changed, never a document. Chosen from general knowledge of the dialect, not from questions.
"""

import re

from knowledge.text import dictionary_words

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
# Whole wordings, the longest first where one begins another.
_WORDINGS = """
啥地方 哪里|啥辰光 什么时候|啥物事 什么东西|啥人 谁|啥个 什么|做啥 干什么|为啥 为什么|哪能 怎么|哪里搭 哪里
阿拉 我们|伊拉 他们|侬伲 你们|自家 自己|迭个 这个|迭张 这张|迭只 这个|迭笔 这笔|迭能 这样|格个 这个|搿个 这个
埃个 那个|几钿 多少钱|铜钿 钱|钞票 钱|价钿 价钱|辰光 时候|今朝 今天|明朝 明天|后日 后天|昨日 昨天|前日 前天
号头 月|老早 以前|夜里向 夜里|屋里向 家里|屋里 家里|里向 里面|高头 上面|下头 下面|外头 外面|门口头 门口
隔壁头 隔壁|边浪 边上|路浪 路上|马路浪 马路上|楼浪 楼上|上街沿 人行道|小囡 孩子|囡囡 孩子|囡儿 女儿|阿侄 侄子
爷娘 父母|脚踏车 自行车|物事 东西|闲话 话|声响 声音|晓得 知道|白相 玩|困觉 睡觉|汏浴 洗澡|落雨 下雨|吵相骂 吵架
打相打 打架|吃勿消 受不了|弄勿清 弄不清|勿要 不要|勿好 不好|勿会 不会|勿肯 不肯|勿让 不让|勿准 不准|勿是 不是
呒没 没有|呒啥 没什么|覅 不要|好勿好 好不好|会勿会 会不会|能勿能 能不能|要勿要 要不要|交关 很多|邪气 很|忒 太
蛮 很|臭煞 臭死|烦煞 烦死|吓煞 吓死|轧闹猛 凑热闹|关脱 关掉|烧脱 烧掉|拆脱 拆掉|坏脱 坏掉|落脱 掉了
拖得脱 能拖走|赖脱 赖掉|拨伊 给他|拨我 给我|拨侬 给你|治伊 治他|叫伊 叫他
"""
_SINGLE = {
    "伊": "他",
    "侬": "你",
    "迭": "这",
    "搿": "这",
    "勿": "不",
    "啥": "什么",
    "掼": "扔",
    "汏": "洗",
    "咋": "怎么",
}
# A word of its own only where the dictionary does not bind it to its neighbour (金额, 伊利).
_OF = "额"
_ASKING = "伐"
_PAIRS = dict(pair.split() for line in _WORDINGS.split("\n") for pair in line.split("|") if pair.strip())
_KNOWN = re.compile("|".join(sorted(map(re.escape, _PAIRS), key=len, reverse=True)))
_FILLERS = re.compile(
    r"(?:^|(?<=[\s,，。!！?？;；]))"
    r"(?:喂+|嗯+|呃+|哎呀?|唉|啊|就是说|就是那个|就是呀|就是|那个那个|那个啥|就那个|那个|反正就是|反正|我就想问|我想问一下|请问一下|请问)"
    r"[\s,，]+"
)


def plainly(said: str) -> str:
    """``said`` (normalised, lower case) without opening fillers and with dialect words in standard Chinese."""
    text = said
    while (shorter := _FILLERS.sub("", text)) != text and shorter.strip():
        text = shorter
    return _HAN.sub(lambda run: _run(run[0]), text)


def _run(run: str) -> str:
    if not _KNOWN.search(run) and not any(c in run for c in (*_SINGLE, _OF, _ASKING)):
        return run
    plain = _KNOWN.sub(lambda found: _PAIRS[found[0]], run)
    words = dictionary_words(plain)
    for place, word in enumerate(words):
        if word in _SINGLE:
            words[place] = _SINGLE[word]
        elif word == _OF and 0 < place < len(words) - 1:
            words[place] = "的"
        elif word == _ASKING and place == len(words) - 1:
            words[place] = "吗"
    return "".join(words)
