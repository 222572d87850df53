"""Does a passage really say this? Words, numbers, units and negations are compared, sentence by sentence (pure).

The check is strict rather than clever: a paraphrase that wanders too far is struck, which costs a sentence; an invented
fee or office that is read to a caller costs his trust.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

# Share of a sentence's character pairs that must stand in one place (two neighbouring sentences) of the passage.
LEAST_SHARE = 0.75
# Of every clause so much must stand there too, and no run of so many pairs may be new.
LEAST_OF_CLAUSE = 0.6
LONGEST_STRANGE = 4
_WINDOW = 2
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MEASURES = (
    "个工作日|个小时|个月|个人|工作日|小时|分钟|平方米|平方|公里|星期|周岁|万元|亿元|块钱|毫克|分贝|天|日|月|年|元|块|角|分|倍|成|条|款|项|章|次|号|层|楼|户|人|岁|点|周|折|米|届|份|张|名"
    "|个|以上|以下|%"
)
_NUMBER = re.compile(
    rf"(第)?(\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+|半)(?:分之([零〇一二两三四五六七八九十百千]+))?({_MEASURES})?"
)
_OFFICE = re.compile(
    r"[一-鿿]{1,10}?(?:办公室|中心|大队|支队|中队|委员会|居委会|村委会|街道|派出所|法院|检察院|公安|管理所|管理局|服务所|服务站|事务所|公司|热线|窗口|局|科|处|站|部门)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+\-]+@[\w\-]+\.\w+", re.I)
_NOT = re.compile(r"(?:不得|不能|不可|不用|不必|不需|无需|无须|不会|不是|没有|禁止|严禁|不|未|无|没|勿|免|非)")
_DENIED = re.compile(r"[一-鿿]{1,2}")
_POLITE = re.compile(
    r"^(?:您好|你好|请问|好的|是的|另外|此外|同时|根据资料|据资料|根据规定|您可以|可以|请您|请|建议您|建议)[，,：:]?"
)
_MARKS = re.compile(r"[^\w一-鿿\ue000-\uf8ff]+")
_CLAUSE = re.compile(r"[，,。；;：:！!？?、\n]+")
_END = re.compile(r"[。！？!?\n]+")
_LEAST_CHARACTERS = 4
_PRIVATE = 0xE000  # signs that no text holds: `_fold` keeps them out
Number = tuple[float, float, str]


def unsupported(sentence: str, passage: str, unit_names: Collection[str] = ()) -> str:
    """Why the passage does not carry the sentence, in Chinese; empty when it does."""
    said, source = _fold(sentence), _fold(passage)
    bare = _POLITE.sub("", said)
    if len(re.findall(r"[一-鿿]", bare)) < _LEAST_CHARACTERS:
        return "不是一句中文"
    if any(link not in source for link in _LINK.findall(said)):
        return "网址或邮箱不在出处里"
    names = [name for name in unit_names if name in said]
    strange = [name for name in names if name not in source]
    if strange:
        return f"单位“{strange[0]}”不在出处里"
    offices = [office for office in _OFFICE.findall(said) if office[-4:] not in source]
    if offices:
        return f"“{offices[0]}”不在出处里"
    numbers: dict[Number, str] = {}
    windows = [_canonical(window, numbers) for window in _windows(source)]
    return _best_reason([_against(_canonical(bare, numbers), window, names, numbers) for window in windows])


def _against(said: str, window: str, names: Sequence[str], numbers: dict[Number, str]) -> tuple[float, str]:
    """Share of the sentence found in one place of the passage, and what speaks against it there."""
    pairs, found = _pairs(said), set(_pairs(window))
    share = sum(1 for pair in pairs if pair in found) / max(1, len(pairs))
    signs = [sign for sign in said if sign in numbers.values()]
    strange = [sign for sign in signs if sign not in window]
    if share < LEAST_SHARE and not (strange and share > LEAST_SHARE / 2):
        return share, "出处里找不到这句话的内容"
    if strange:
        return share, f"数字“{_written(strange[0], numbers)}”不在出处里"
    if _smuggled(said, found):
        return share, "有一截不在出处里"
    if any(not _same_place(part, said, window) for part in (*signs, *names)):
        return share, "数字或单位用在了别的事上"
    if _turned_round(said, window):
        return share, "肯定、否定与出处不一致"
    return share, ""


def _smuggled(said: str, found: Collection[str]) -> bool:
    """Whether a part that the passage does not have rides in a sentence that it has: a clause, or a run of words."""
    for clause in _CLAUSE.split(said):
        pairs = _pairs(clause)
        unknown = [pair not in found for pair in pairs]
        if sum(unknown) > len(pairs) * (1 - LEAST_OF_CLAUSE):
            return True
        if "1" * LONGEST_STRANGE in "".join("01"[strange] for strange in unknown):
            return True
    return False


def _same_place(part: str, said: str, window: str) -> bool:
    """Whether a number or unit stands where the passage has it: with the same words before it or behind it."""
    bare, there = _MARKS.sub("", said), _MARKS.sub("", window)
    at = bare.find(part)
    before, behind = bare[max(0, at - 2) : at + len(part)], bare[at : at + len(part) + 3]
    return (len(before) > len(part) and before in there) or (len(behind) > len(part) and behind in there)


def _best_reason(judged: Sequence[tuple[float, str]]) -> str:
    if any(not reason for _, reason in judged):
        return ""
    return max(judged, default=(0.0, "出处是空的"))[1]


def _windows(source: str) -> list[str]:
    sentences = [part for part in _END.split(source) if part.strip()]
    return ["。".join(sentences[i : i + _WINDOW]) for i in range(max(1, len(sentences) - _WINDOW + 1))] or [source]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    return "".join(c for c in plain if not "\ue000" <= c <= "\uf8ff")


def _pairs(text: str) -> list[str]:
    bare = _MARKS.sub("", text)
    return [bare[i : i + 2] for i in range(len(bare) - 1)]


def _canonical(text: str, numbers: dict[Number, str]) -> str:
    """The text with every number as one private sign: 五个工作日 and 5个工作日 get the same one, 五天 another."""

    def sign(match: re.Match[str]) -> str:
        ordinal, value, share, measure = match.groups()
        if not value[0].isdigit() and not (ordinal or share or measure) and len(value) < 2:
            return match.group()  # 一 in 一起: no number
        if value in ("千万", "百万", "万一") and not measure:
            return match.group()
        kind = ("第" if ordinal else "") + (measure or "").removeprefix("个")
        number = (_value(value), _value(share) if share else 0.0, kind)
        return numbers.setdefault(number, chr(_PRIVATE + len(numbers)))

    return _NUMBER.sub(sign, text)


def _value(text: str) -> float:
    if text == "半":
        return 0.5
    if text[0].isdigit():
        return float(text)
    total, section, digit = 0, 0, 0
    if not any(c in _TENS or c == "万" for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))  # 一二三四五: a telephone that is read out
    for c in text:
        if c in _DIGITS:
            digit = digit * 10 + _DIGITS[c]  # 三十七九 is no number, and must not pass for 三十九
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = 0
        else:
            total += (section + digit or 1) * 10_000
            section = digit = 0
    return float(total + section + digit)


def _written(sign: str, numbers: dict[Number, str]) -> str:
    value, share, kind = next(number for number, known in numbers.items() if known == sign)
    whole = f"{share:g}/{value:g}" if share else f"{value:g}"
    return f"{whole}{kind.removeprefix('第')}"


def _turned_round(said: str, window: str) -> bool:
    """Whether a clause denies what the clause most like it in the passage says, or the other way about."""
    there = [clause for clause in _CLAUSE.split(window) if clause]
    for clause in _CLAUSE.split(said):
        pairs = set(_pairs(clause))
        if not pairs or not there:
            continue
        like = max(there, key=lambda other: len(pairs & set(_pairs(other))))
        if _negations(clause, within=like) != _negations(like, within=clause):
            return True
    return any(_whole(said, other) and _denials(said) != _denials(other) for other in window.split("。"))


def _whole(said: str, sentence: str) -> bool:
    """Whether the sentence is the passage's own, to nearly the last word: then it denies as often."""
    pairs = set(_pairs(sentence))
    return bool(pairs) and len(pairs & set(_pairs(said))) >= 0.9 * len(pairs)


def _denials(text: str) -> int:
    return len(_NOT.findall(text))


def _negations(text: str, within: str) -> set[str]:
    """What is denied in ``text`` and named ``within`` the other, denied or not.

    That is the two characters behind the negation, at the end of a clause the two before it.
    """
    named = _MARKS.sub("", within)
    plain = _MARKS.sub("", _NOT.sub("", within))  # 不得停放 names 停放 too
    denied: set[str] = set()
    for match in _NOT.finditer(text):
        behind = _DENIED.match(text, match.end())
        words = behind.group() if behind else text[max(0, match.start() - 2) : match.start()]
        if words and (words in plain or words in named):
            denied.add(words)
    return denied
