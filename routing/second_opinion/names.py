"""Find names of persons in Chinese text: said to be one, surname with a title, or tagged as one by the word list."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白"
    "龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐葛柴伍覃岳"
)
_DOUBLE = "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒"
_TITLES = (
    "先生|女士|小姐|阿姨|师傅|阿婆|大爷|大妈|老伯"
    "|老师|医生|律师|同志|经理|主任|书记|队长|所长|局长|科长|老板|老师傅|爷叔|奶奶|爷爷|叔叔"
)
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_SAID = re.compile(
    rf"(?:我叫|名叫|名字叫|叫做|本人|姓名[是为：:]?|联系人[是为：:]?|当事人[是为：:]?|业主[是为：:]|户主[是为：:]?)\s*({_SURNAME}[一-鿿]{{1,2}}?)"
    r"(?=[，。,.；;！!？?、\s（(的住在今是和与被电手身]|$)"
)
_TITLED = re.compile(rf"({_SURNAME}[一-鿿]{{0,2}}?)(?:{_TITLES})")
_SURNAMED = re.compile(rf"(?:我|免贵|他|她|房东|业主)姓({_SURNAME})")
_NO_GIVEN = "副的了是在和都就也"
_NO_NAMES_FILE = Path(__file__).resolve().parent.parent / "data" / "no_names.txt"


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    """Words that the word list calls a name and callers do not."""
    return frozenset(_NO_NAMES_FILE.read_text(encoding="utf-8").split())


def names_in(text: str) -> list[str]:
    """Names in the order of finding; a bare surname with title (王先生) gives the surname with it out of the text."""
    found = [match.group(1) for match in _SAID.finditer(text)]
    for match in _TITLED.finditer(text):
        name = match.group(1)
        found.append(name if len(name) > 1 else match.group())
    found += [match.group() for match in _SURNAMED.finditer(text)]
    found += [
        word
        for word, flag in _tagger().lcut(text)
        if flag == "nr" and 2 <= len(word) <= 4 and _starts_like_a_name(word) and word not in _no_names()
    ]
    return [name for name in found if name not in _no_names() and name[-1] not in _NO_GIVEN]


def _starts_like_a_name(word: str) -> bool:
    return re.match(_SURNAME, word) is not None and not word.startswith(("老", "小"))


@lru_cache(maxsize=1)
def _tagger() -> Any:
    import jieba.posseg  # its dictionary takes a second: only where a text is to leave the process

    return jieba.posseg.POSTokenizer(jieba.posseg.dt.tokenizer)
