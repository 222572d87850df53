"""What kind of call it is: a new matter, or one about a ticket that exists (pure). The town's word table decides."""

from dataclasses import replace

from routing.earlier import numbers_in
from routing.recommendation import CallKind, CallNature
from routing.taxonomy import CallKindWords, PackView
from routing.wording import Spoken, hear, listen, plain


def call_nature(text: str, view: PackView) -> CallNature:
    """The first kind of call_kinds.yaml whose words are heard, else a new matter; numbers are read either way."""
    spoken, numbers = listen(text), numbers_in(text)
    for kind in view.call_kinds:
        words = _heard(kind, spoken, view)
        if words:
            return CallNature(CallKind(kind.name), words, numbers)
    return CallNature(numbers=numbers)


def _heard(kind: CallKindWords, spoken: Spoken, view: PackView) -> tuple[str, ...]:
    """Sure words count alone; weaker ones only while nobody complains of the handling itself."""
    sure = replace(kind.words, combos=(), near=())
    if kind.words.triggers and (found := hear(sure, spoken, view.discount_words)):
        return found.words
    if any(plain(word) in spoken.text for word in kind.unless):
        return ()
    return hear(replace(kind.words, triggers=()), spoken, view.discount_words).words
