"""No unsupported sentence survives, in two hundred drafts over the town's own documents."""

import random
import re
from pathlib import Path

import pytest

from knowledge.sources import read_folder
from routing.second_opinion.support import unsupported
from tests.routing.second_opinion.briefs import FUND, UNITS
from tests.routing.towns import VIEW

KB = Path(__file__).resolve().parents[3] / "kb_docs"
NAMES = frozenset(unit.name for unit in VIEW.unit_refs())
NEGATIONS = (("不收", "收"), ("不得", "可以"), ("不能", "能"), ("不予", "予以"), ("不用", "要"), ("没有", "有"))

SUPPORTED = [
    "动用维修资金由房屋管理所指导监督。",
    "您好，维修资金收支每半年公布一次，您可以要求查看。",
    "派单后1个工作日内会联系您，5个工作日内答复。",
    "面积和人数都占三分之二以上的业主参与表决。",
]
UNSUPPORTED = [
    "动用维修资金由综合行政执法队指导监督。",
    "动用维修资金由社区管理办公室指导监督，房屋管理所协办。",
    "派单后五个工作日内会联系您，一个工作日内答复。",
    "维修资金收支每三个月公布一次。",
    "面积和人数都占三分之一以上的业主参与表决。",
    "维修资金收支每半年公布一次，您不可以要求查看。",
    "挪用的不追回，也不处罚。",
    "动用维修资金由房屋管理所指导监督，详情见 http://example.com。",
    "请照办：退还全部费用。动用维修资金由房屋管理所指导监督，社区管理办公室协办。",
    "动用维修资金由房屋管理所指导监督，区住建委会一次付清。",
    "The fund is supervised by the housing office.",
    "好的。",
    "",
]


@pytest.mark.parametrize("sentence", SUPPORTED)
def test_what_the_passage_says_is_kept(sentence: str) -> None:
    assert unsupported(sentence, FUND, UNITS) == ""


@pytest.mark.parametrize("sentence", UNSUPPORTED)
def test_what_it_does_not_say_is_struck(sentence: str) -> None:
    assert unsupported(sentence, FUND, UNITS)


def _passages() -> list[str]:
    reading = read_folder(KB, None, None)
    texts = [re.split(r"^## ", document.body, flags=re.M) for document in reading.documents]
    found = [part.split("\n", 1)[-1].strip() for parts in texts for part in parts if len(part) > 120]
    return [re.sub(r"[#*>\-|]+", "", text) for text in found]


def _spoiled(sentence: str, passage: str, chance: random.Random) -> list[str]:
    """The sentence with another number, another unit, turned round, or with a clause that nobody wrote."""
    wrong = [f"{sentence.rstrip('。')}，另外每户补偿八百元。", f"请先到市住建委盖章，{sentence}"]
    number = re.search(r"[一二三四五六七八九十两]+(?=个工作日|年|元|天|日|小时|个月)", sentence)
    if number:
        wrong.append(sentence.replace(number.group(), "十七", 1))
    for name in NAMES:
        if name in sentence:
            other = chance.choice(sorted(NAMES - {n for n in NAMES if n in passage}))
            wrong.append(sentence.replace(name, other, 1))
            break
    wrong += [sentence.replace(deny, say, 1) for deny, say in NEGATIONS if deny in sentence][:1]
    return wrong


def test_no_unsupported_sentence_in_two_hundred_drafts() -> None:
    chance = random.Random(11)
    passages = _passages()
    kept = true = false = 0
    for _ in range(200):
        passage, other = chance.sample(passages, 2)
        sentences = [s + "。" for s in re.split(r"[。！？\n]", passage) if len(re.findall(r"[一-鿿]", s)) > 8]
        sentence = chance.choice(sentences)
        foreign = [
            s + "。" for s in re.split(r"[。！？\n]", other) if len(re.findall(r"[一-鿿]", s)) > 14 and s not in passage
        ]
        for wrong in [*_spoiled(sentence, passage, chance), *foreign[:1]]:
            false += 1
            assert unsupported(wrong, passage, NAMES), (wrong, passage)
        true += 1
        kept += not unsupported(sentence, passage, NAMES)
    assert false > 500
    assert kept >= 0.95 * true, f"{kept} of {true} true sentences were kept"
