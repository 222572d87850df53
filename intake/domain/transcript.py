"""What was heard: turns with speaker and time, pieces that were left out with the reason (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

CALLER = "来电人"
OPERATOR = "坐席"


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch of speech; ``start`` and ``end`` in seconds, ``speaker`` empty where channels are not separate."""

    start: float
    end: float
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch that gave no text, and why (Chinese): it is told, never silently dropped."""

    start: float
    end: float
    reason: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole recording; ``seconds`` is its length."""

    seconds: float
    turns: tuple[Turn, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def text(self) -> str:
        """All that was said, a line per turn with its speaker where speakers are known."""
        return "\n".join(f"{turn.speaker}：{turn.text}" if turn.speaker else turn.text for turn in self.turns)

    @property
    def told(self) -> str:
        """What belongs into 诉求描述: the caller's words, or everything where nobody is known to be the caller."""
        return "".join(turn.text for turn in told_by_caller(self.turns))

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator has to know: nothing heard, pieces left out."""
        if not self.turns and not self.left_out:
            return ("没有听到说话。",)
        return tuple(f"{clock(piece.start)}–{clock(piece.end)} {piece.reason}" for piece in self.left_out)


def told_by_caller(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns without those of the operator; all of them when only the operator was heard (channels swapped)."""
    others = tuple(turn for turn in turns if turn.speaker != OPERATOR)
    return others or tuple(turns)


def clock(seconds: float) -> str:
    """Minutes and seconds as people read them."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
