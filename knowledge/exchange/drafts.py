"""What reading a foreign file gives: drafts of documents, notices about them, or a refusal of the file (pure)."""

from dataclasses import dataclass, replace
from datetime import date

from knowledge.chunking import passages_of
from knowledge.documents import Document, DocumentKind, DocumentStatus, LegalBasis

KEPT = "没有写入任何文档，同一批的其他文件不受影响"
_TODAY_DOES_NOT_MATTER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know before publishing: place (第 3 页; may be empty), what, what to do."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}。{self.remedy}。" if self.place else f"{self.message}。{self.remedy}。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file was not read: place in it (may be empty), what happened, what to do; nothing was written."""

    place: str
    message: str
    remedy: str


class RefusedError(ValueError):
    """A file cannot be read; carries the refusal."""

    def __init__(self, message: str, remedy: str, place: str = "") -> None:
        super().__init__(message)
        self.refusal = Refusal(place, message, remedy)


@dataclass(frozen=True, slots=True)
class PassagePreview:
    """One passage as the search would cut it: headings that lead to it, and its text."""

    heading_path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """A proposed document; fields as written in the file, nothing is checked against the town pack.

    ``origin`` says where in the file it stands. ``document`` is set where the file is one of our own and sound.
    """

    title: str
    body: str
    origin: str = ""
    kind: DocumentKind | None = None
    topics: tuple[str, ...] = ()
    unit: str = ""
    asks: tuple[str, ...] = ()
    basis: tuple[LegalBasis, ...] = ()
    notices: tuple[Notice, ...] = ()
    passages: tuple[PassagePreview, ...] = ()
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave: its safe name and either drafts or a refusal; ``notices`` concern the file as a whole."""

    name: str
    drafts: tuple[DraftDocument, ...] = ()
    notices: tuple[Notice, ...] = ()
    refusal: Refusal | None = None

    def message(self) -> str:
        """The refusal in one Chinese text: file, place, what happened, what was kept, what to do; else empty."""
        if self.refusal is None:
            return ""
        place = f"{self.name} {self.refusal.place}".strip()
        return f"{place}：{self.refusal.message}。{KEPT}。{self.refusal.remedy}。"


def with_passages(draft: DraftDocument) -> DraftDocument:
    """The draft with its preview: the passages that the search would cut from it."""
    shown = Document(
        id="draft",
        title=draft.title,
        kind=draft.kind or DocumentKind.QUESTION,
        topics=draft.topics,
        unit=draft.unit,
        status=DocumentStatus.DRAFT,
        basis=draft.basis,
        asks=draft.asks,
        in_force_from=_TODAY_DOES_NOT_MATTER,
        in_force_to=None,
        review_by=_TODAY_DOES_NOT_MATTER,
        body=draft.body,
        path="",
        content_hash="",
    )
    return replace(draft, passages=tuple(PassagePreview(p.heading_path, p.text) for p in passages_of(shown)))
