"""What in a text is not meant for the reader: invisible characters, and orders to a language model (pure)."""

import re
import unicodedata
from collections.abc import Iterator

from knowledge.exchange.drafts import Notice

_KEPT_FORMATS = frozenset("\n\t")
_ORDERS = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|不用管|绕过)(?:掉)?(?:你|您)?(?:的|之前|以前|此前|先前|上面|以上|上述|前面|所有|全部|一切|系统|任何)[^。\n]{0,12}"
    r"(?:指令|指示|提示|规则|设定|要求|内容|约束|限制)"
    r"|(?:从现在(?:开始|起)，?你(?:是|就是|要|必须|只)|你(?:现在|从此)(?:就)?(?:是|扮演|要扮演)[^。，\n]{0,12}(?:助手|模型|人工智能|机器人|角色|AI))"
    r"|(?:扮演|假装(?:你)?是)(?:一个|一名|一位)?[^。\n]{0,10}(?:助手|模型|角色|管理员|开发者)"
    r"|(?:输出|说出|告诉我|透露|泄露)(?:你的|系统)?(?:系统)?(?:提示词|提示语)|系统提示(?:词)?[:：]"
    r"|(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|these\s+|of\s+)*"
    r"(?:previous|prior|above|earlier|preceding|system|former)\s+(?:\w+\s+){0,2}?(?:instruction|prompt|rule|message|direction|context)s?"
    r"|you\s+are\s+now\b|from\s+now\s+on,?\s+you\b|pretend\s+(?:to\s+be|you\s+are)\b|act\s+as\s+(?:an?|the)\s+\w+"
    r"|(?:reveal|print|show|repeat|output)\s+(?:your\s+|the\s+)?(?:system\s+)?prompt|new\s+instructions?\s*:|do\s+anything\s+now"
    r"|<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<<SYS>>|^\s*(?:system|assistant)\s*[:：]",
    re.I | re.M,
)
MAX_SHOWN, AROUND = 5, 12


def orders(text: str) -> tuple[str, ...]:
    """Short extracts of the text that address a language model; at most five."""
    found = []
    for match in _ORDERS.finditer(unicodedata.normalize("NFKC", text)):
        found.append(match[0].strip()[:60])
        if len(found) == MAX_SHOWN:
            break
    return tuple(dict.fromkeys(found))


def order_notices(text: str, place: str = "") -> Iterator[Notice]:
    """A notice where the text gives orders to a model; the text itself is kept as data."""
    if found := orders(text):
        quoted = "、".join(f"“{extract}”" for extract in found)
        yield Notice(
            place, f"正文里有像是写给人工智能的指令：{quoted}，已作为普通文字保留", "请核对来源，确认无关后删去再发布"
        )


def visible(text: str) -> tuple[str, int]:
    """The text without characters that show nothing (zero width, direction marks, controls), and how many there were.

    Line ends become ``\\n``; soft hyphens go without being counted, word processors leave them everywhere.
    """
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n").replace("\xad", "")
    )
    kept = "".join(c for c in text if c in _KEPT_FORMATS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn"))
    return kept, len(text) - len(kept)


def visibility_notice(count: int, place: str = "") -> Notice:
    """What to say where invisible characters were taken out."""
    return Notice(place, f"去掉了 {count} 个看不见的字符（零宽字符、方向控制符等）", "请核对文字是否完整")
