"""Which elements of a web page a reader cannot see: by attribute, inline style and the page's style rules (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,5000})\}")
_SIMPLE = re.compile(r"[a-z0-9]*(?:[.#][\w-]+)?", re.I)
_WHITE = re.compile(
    r"#fff(?:f{3})?(?:ff)?|white|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255\b.*\)|rgba\([^)]*,\s*0(?:\.0+)?\s*\)"
)
_ZERO = re.compile(r"[0.]+\s*(?:px|pt|em|rem|%)?")
_FAR = re.compile(r"-\s*\d{4,}(?:\.\d+)?\s*(?:px|pt|em|rem)?|-\s*\d{3,}\s*(?:em|rem)")
_TINY = re.compile(r"(?:[01](?:\.\d+)?|\.\d+)\s*(?:px|pt)|0?\.0\d*\s*(?:em|rem)|[0.]+")


@dataclass(frozen=True, slots=True)
class Concealment:
    """Selectors (``tag``, ``.class``, ``#id``, ``tag.class``) that the page's style rules hide, with the reason."""

    selectors: Mapping[str, str]

    def reason(self, tag: str, attributes: Mapping[str, str]) -> str:
        """Why this element cannot be seen, or an empty text."""
        if attributes.get("aria-hidden", "").strip().lower() == "true":
            return "aria-hidden"
        if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
            return "hidden 属性"
        if attributes.get("color", "").strip().lower() in ("#ffffff", "#fff", "white"):
            return "白色文字"
        names = [tag, *(f"#{attributes[key]}" for key in ("id",) if key in attributes)]
        names += [f".{name}" for name in attributes.get("class", "").split()]
        for name in (*names, *(f"{tag}{name}" for name in names[1:])):
            if name in self.selectors:
                return self.selectors[name]
        return hiding(attributes.get("style", ""))


def concealment(sheets: list[str]) -> Concealment:
    """Read the simple selectors of the page's style sheets that hide what they select; print-only rules are skipped."""
    found: dict[str, str] = {}
    for sheet in sheets:
        for selectors, declarations in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheet[:200_000], flags=re.S)):
            if reason := hiding(declarations):
                for selector in (part.strip() for part in selectors.split(",")):
                    if selector and _SIMPLE.fullmatch(selector) and selector.lower() not in ("html", "body"):
                        found.setdefault(selector, reason)
    return Concealment(found)


def hiding(style: str) -> str:
    """Why declarations hide their element, or an empty text."""
    if not style.strip():
        return ""
    held: dict[str, str] = {}
    for part in style[:10_000].split(";"):
        name, _, value = part.partition(":")
        held[name.strip().lower()] = value.lower().replace("!important", "").strip()
    if held.get("display") == "none" or held.get("visibility") in ("hidden", "collapse"):
        return "隐藏文字"
    if _ZERO.fullmatch(held.get("opacity", "1")):
        return "透明文字"
    if _TINY.fullmatch(held.get("font-size", "12px")):
        return "极小的文字"
    if any(_ZERO.fullmatch(held.get(name, "1px")) for name in ("width", "height", "max-width", "max-height")) and (
        "hidden" in held.get("overflow", "") or held.get("position") == "absolute"
    ):
        return "大小为零的文字"
    if any(_FAR.fullmatch(held.get(name, "")) for name in ("left", "top", "right", "text-indent", "margin-left")):
        return "移到页面外的文字"
    if (
        "rect(0" in held.get("clip", "")
        or "inset(50%" in held.get("clip-path", "")
        or "inset(100%" in held.get("clip-path", "")
    ):
        return "剪裁掉的文字"
    return "白色文字" if _white_on_white(held) else ""


def _white_on_white(held: Mapping[str, str]) -> bool:
    colour = held.get("color", "")
    behind = held.get("background-color") or held.get("background", "")
    if not colour:
        return False
    on_white = not behind or bool(_WHITE.match(behind))
    return colour == behind or (on_white and bool(_WHITE.fullmatch(colour)))
