"""What the operator notes of a call, and which of it can be kept (pure). Nothing that the caller said is rewritten."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.domain.errors import FieldProblem
from intake.domain.privacy import normalise_phone, phone_problem

MAX_TEXT = 20_000
MAX_ADDRESS = 200
MAX_CONTACT = 50
CLOCK_TOLERANCE = timedelta(minutes=10)
_KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True, slots=True)
class CallNotes:
    """The typed notes: 诉求描述, 来电日期 (aware), 诉求地址, 联系电话, 联系人, and two words of the operator's own.

    ``place_is_ours`` overrules rule 2; ``topic_code`` is the topic chosen by the operator (empty: follow the model).
    """

    text: str
    called_at: datetime
    address: str = ""
    phone: str = ""
    contact: str = ""
    place_is_ours: bool = False
    topic_code: str = ""


def clean_text(text: str) -> str:
    """Drop what cannot be seen or stored (control characters, lone surrogates), unify line ends, trim."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in _KEPT_CONTROLS or not _unprintable(c)).strip()


def hidden_characters(text: str) -> int:
    """Count the characters that ``clean_text`` takes away (line ends and outer blanks are not counted)."""
    return sum(1 for c in text if c not in "\n\t\r" and _unprintable(c))


def text_problem(text: str) -> str:
    """Say in Chinese why this text cannot become a ticket; empty when it can. ``text`` is already clean."""
    if not text:
        return "诉求描述是空的，请记下来电人说的事情。"
    if len(text) > MAX_TEXT:
        return f"诉求描述有 {len(text)} 字，超过上限 {MAX_TEXT} 字，请删去重复部分或分成两张工单。"
    meaningful = sum(1 for c in text if unicodedata.category(c)[0] in "LN")
    if meaningful == 0:
        return "诉求描述里只有标点或符号，没有文字，请记下来电人说的事情。"
    if meaningful == 1:
        return "诉求描述只有一个字，看不出是什么事，请再问一句并记下来。"
    return ""


def clean_notes(notes: CallNotes) -> CallNotes:
    """Clean every typed field; the telephone loses separators and full-width digits."""
    return CallNotes(
        text=clean_text(notes.text),
        called_at=notes.called_at,
        address=" ".join(clean_text(notes.address).split()),
        phone=normalise_phone(clean_text(notes.phone)),
        contact=" ".join(clean_text(notes.contact).split()),
        place_is_ours=notes.place_is_ours,
        topic_code=notes.topic_code.strip(),
    )


def note_problems(notes: CallNotes, now: datetime) -> tuple[FieldProblem, ...]:
    """Everything wrong with clean notes that are to be saved at ``now``; empty when they can be."""
    found = {
        "text": text_problem(notes.text),
        "phone": phone_problem(notes.phone),
        "address": _too_long("诉求地址", notes.address, MAX_ADDRESS),
        "contact": _too_long("联系人", notes.contact, MAX_CONTACT),
        "called_at": "来电日期晚于现在，请核对。" if notes.called_at > now + CLOCK_TOLERANCE else "",
    }
    return tuple(FieldProblem(name, message) for name, message in found.items() if message)


def _too_long(label: str, value: str, limit: int) -> str:
    return f"{label}有 {len(value)} 字，超过上限 {limit} 字。" if len(value) > limit else ""


def _unprintable(character: str) -> bool:
    """Controls (Cc), surrogates (Cs) and direction marks; emoji joiners (Cf) are part of what was typed."""
    if unicodedata.category(character) in ("Cc", "Cs"):
        return character not in _KEPT_CONTROLS
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069" or character == "\ufeff"
