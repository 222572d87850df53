"""What nobody said is left out with its reason; what callers say stays."""

import pytest

from intake.speech.doubts import ECHO, NOBODY, REPEATS, STOCK, UNCLEAR, doubt, foreign
from intake.speech.ports import Piece

HINT = "以下是居民打给九亭镇便民服务热线的电话，简体中文，有标点。地名：亭东社区、亭南社区、颐景园。"


def piece(text: str, silence: float = 0.1, sureness: float = -0.3, squeezed: float = 0.9, end: float = 5.0) -> Piece:
    return Piece(0.0, end, text, silence, sureness, squeezed)


@pytest.mark.parametrize(
    "text",
    [
        "字幕by索兰娅",
        "中文字幕志愿者 李宗盛",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "谢谢观看",
        "感谢您的收看,下期再见",
        "優優獨播劇場——YoYo Television Series Exclusive",
        "Amara.org",
        "本视频由某某制作",
        "(音乐)",
    ],
)
def test_the_closing_lines_of_subtitles_are_left_out(text: str) -> None:
    assert doubt(piece(text), HINT) == STOCK


@pytest.mark.parametrize(
    "text",
    [
        "谢谢你们,路灯修好了。",
        "他们放音乐放到半夜。",
        "电视字幕看不清,机顶盒坏了。",
        "我订阅的报纸一直没有送到。",
        "亭东社区。",
        "我在亭东社区,颐景园旁边。",
        "下期的停车费什么时候交?",
        "好好好,我知道了。",
        "喂喂喂听得到吗?",
    ],
)
def test_what_callers_say_stays(text: str) -> None:
    assert doubt(piece(text), HINT) == ""


def test_reasons() -> None:
    assert doubt(piece("路灯不亮", silence=0.8, sureness=-0.9), HINT) == NOBODY
    assert doubt(piece("  ,"), HINT) == NOBODY
    assert doubt(piece("哈哈哈哈哈哈哈哈哈哈"), HINT) == REPEATS
    assert doubt(piece("路灯不亮路灯不亮", squeezed=3.0), HINT) == REPEATS
    assert doubt(piece("亭东社区、亭南社区、颐景园"), HINT) == ECHO
    assert doubt(piece("路灯不亮", sureness=-1.3), HINT) == UNCLEAR
    assert doubt(piece("一口气说完这么长的一句话谁也做不到", end=0.4), HINT) == UNCLEAR
    assert doubt(piece("亭东社区", sureness=-0.8, end=1.0), HINT) == UNCLEAR


def test_another_language_is_named() -> None:
    assert "英语" in foreign("en")
    assert "sw" in foreign("sw")
