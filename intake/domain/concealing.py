"""What is hidden of people in a text before it is judged, kept for statistics or shown to who sees no ticket (pure)."""

import re

from intake.domain.privacy import mask_text

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
# Not a day (20261123) and not a span of years (2024-2025).
_LANDLINE = re.compile(r"(?<![0-9A-Za-z\-])(?:0\d{2,3}[ \-]?)?(?!20[0-4]\d)[2-9]\d{3}[ \-]?\d{4}(?![0-9A-Za-z\-])")
_SAYS_NAME = re.compile(
    r"(我叫|我的名字是|我名叫|姓名[：:是]?\s*|联系人[：:是]?\s*)([\u4e00-\u9fff]{2,4}?)(?=[，。,.；;！!、\s（(]|$)"
)
# The line itself and the town's public numbers are no secret, and texts are about them.
_PUBLIC = ("62112345",)


def conceal(text: str, *names: str) -> str:
    """Hide mobiles, landlines, identity numbers, names that are said to be one, and the ``names`` given."""
    hidden = _IDENTITY.sub("［证件号］", text)
    hidden = mask_text(hidden)
    hidden = _LANDLINE.sub(lambda m: m.group() if m.group() in _PUBLIC else "［电话］", hidden)
    hidden = _SAYS_NAME.sub(r"\1［姓名］", hidden)
    for name in names:
        if len(name) >= 2:
            hidden = hidden.replace(name, "［姓名］")
    return hidden
