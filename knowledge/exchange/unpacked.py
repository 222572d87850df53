"""What the confined process hands back from an archive or a workbook of the whole library (pure)."""

from dataclasses import dataclass

from knowledge.exchange.drafts import Refusal


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name as packed, and its content in Base64 or why it was not unpacked."""

    name: str
    content: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """All members of an archive, or why it was not opened."""

    members: tuple[Member, ...]
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a workbook: its number as Excel shows it, and its texts by column name (continuations joined)."""

    number: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of the library's sheet, or why they were not read."""

    rows: tuple[Row, ...]
    refusal: Refusal | None = None
