"""What a document must not carry: HTML, scripts, orders to a language model, links to other hosts (pure)."""

import html
import re
from collections.abc import Iterator

from knowledge.checks.sheet import Sheet
from knowledge.problems import SourceProblem

_TAG = re.compile(r"<(?:!--|[/!]?[a-zA-Z][^<>]*>)|\bon(?:click|error|load|mouseover)\s*=|javascript:", re.I)
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[\w\-]+(?:\.[\w\-]+)+|\bwww\.[\w\-]+\.|\bdata:\w+/", re.I)
_ORDERS = (
    re.compile(
        r"(?:忽略|无视|忘掉|(?<!不要)(?<!别)忘记|不要(?:理会|遵守|执行)|跳过)[^，。；！？]{0,6}"
        r"(?:以上|上述|上面|之前|前面|此前|先前|所有|全部|系统)[^，。；！？]{0,6}(?:指令|指示|提示词?|设定|规则|命令|限制)"
    ),
    re.compile(r"(?:ignore|disregard|forget)\b.{0,24}\b(?:instructions?|prompts?|rules?|above|previous)\b", re.I),
    re.compile(r"系统提示词|提示词注入|开发者模式|\bsystem\s*prompt\b|\bjailbreak\b", re.I),
    re.compile(r"<\|[a-z_]+\|>|\[/?INST\]|^\s*#*\s*(?:system|assistant|user)\s*[:：]", re.I),
    re.compile(r"你现在是[^，。]{0,12}(?:助手|模型|机器人|AI)|作为(?:一个|一名)?(?:AI|人工智能|语言模型|大模型)", re.I),
)


def check_safety(sheet: Sheet) -> Iterator[SourceProblem]:
    """Errors for everything that a browser or a model could take for more than text."""
    for row in sheet.texts():
        plain = html.unescape(row.text)
        if _TAG.search(plain):
            yield sheet.error(row.line, "文档里有网页代码", "只写文字，删去尖括号里的代码")
        if _HOST.search(plain):
            yield sheet.error(row.line, "文档里有外部网址", "写明在哪个单位的网站、叫什么名字，不放网址")
        order = order_to_a_model(plain)
        if order:
            yield sheet.error(row.line, f"“{order}”像是写给大模型的指令", "删去这句话；文档只写给来电人和坐席看")


def order_to_a_model(text: str) -> str:
    """The words of ``text`` that read like an order to a language model, or an empty text."""
    return next((found[0].strip() for pattern in _ORDERS if (found := pattern.search(text))), "")
