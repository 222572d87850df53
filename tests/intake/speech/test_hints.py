"""The town's names before and after the recogniser."""

from datetime import date
from pathlib import Path

from intake.speech.hints import MOST_CHARACTERS, Speller, prompt_of, short_names, sounds
from intake.speech.open import town_names
from routing.pack import load_town_pack

PACK = load_town_pack(Path("routing/data/jiuting"))
NAMES = town_names(PACK, date(2026, 11, 23))


def test_the_prompt_is_bounded_and_says_how_to_write() -> None:
    prompt = prompt_of("九亭镇", NAMES)
    assert len(prompt) <= MOST_CHARACTERS
    assert prompt.startswith("以下是居民打给九亭镇便民服务热线的电话，简体中文")
    assert "亭东社区" in prompt
    assert prompt.endswith("。")
    assert prompt_of("示例镇", ()) == "以下是居民打给示例镇便民服务热线的电话，简体中文，有标点。"


def test_names_are_said_short() -> None:
    assert short_names(["亭东社区居委会", "示例村委会"]) == ("亭东社区", "亭东社区居委会", "示例", "示例村委会")


def test_what_sounds_like_a_name_of_the_town_is_written_like_it() -> None:
    speller = Speller.of(NAMES, sounds)
    assert speller.spell("我住在庭东社区，旁边是怡景园。", sounds) == "我住在亭东社区，旁边是颐景园。"
    assert speller.spell("请转给城市运行管理钟心", sounds) == "请转给城市运行管理中心"
    assert speller.spell("来停社区门口", sounds) == "涞亭社区门口"


def test_everything_else_stays() -> None:
    speller = Speller.of(NAMES, sounds)
    text = "路灯不亮，护送路口，电话 62112345，停车难，社区里有狗。"
    assert speller.spell(text, sounds) == text


def test_a_sound_that_two_names_share_decides_nothing() -> None:
    speller = Speller.of(["示例园区", "是李园区"], sounds)
    assert speller.spell("世丽园区", sounds) == "世丽园区"
