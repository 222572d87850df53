"""Odd documents for property tests: any document that the reader of ``kb_docs/`` could have returned."""

from datetime import date

from hypothesis import strategies as st

from knowledge.documents import Document, DocumentKind, DocumentStatus, LegalBasis
from knowledge.sources import EARLIEST, LATEST, UNDATED

_ODD = st.sampled_from("-:#\"'\\[]{},&*!|>%@`~?=+\t\n\x00\x07\x85\xa0\u2028\ufeff\ufffe👵第条（）“”null yes 12_x000D_")
_CHARACTER = _ODD | st.characters(exclude_categories=["Cs"])
LINE = st.text(_CHARACTER, min_size=1, max_size=40).map(str.strip).filter(bool)
_CODE = st.from_regex(r"[A-Za-z0-9-]{2,64}", fullmatch=True)
_DAYS = st.dates(EARLIEST, LATEST)
_BASIS = st.builds(
    LegalBasis, LINE, _DAYS.map(date.isoformat) | st.just(UNDATED), st.lists(LINE, min_size=1, max_size=4).map(tuple)
)
BODY = (
    st.lists(st.text(_CHARACTER) | st.sampled_from(["\n## 可以这样答复\n", "\n---\n", "=1+1\n", "\n\n"]), max_size=9)
    .map(lambda parts: "".join(parts).replace("\r", "\n").strip("\n"))
    .filter(lambda text: bool(text.strip()))
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """One odd document; ``content_hash`` is left empty, since it belongs to a file."""
    key, kind = draw(_CODE), draw(st.sampled_from(DocumentKind))
    first, later = sorted([draw(_DAYS), draw(_DAYS)])
    return Document(
        id=key,
        title=draw(LINE),
        kind=kind,
        topics=tuple(draw(st.lists(LINE, min_size=1, max_size=3))),
        unit=draw(LINE),
        status=draw(st.sampled_from(DocumentStatus)),
        basis=tuple(draw(st.lists(_BASIS, max_size=3))),
        asks=tuple(draw(st.lists(LINE, max_size=5))),
        in_force_from=first,
        in_force_to=draw(st.none() | st.just(later)),
        review_by=later,
        body=draw(BODY),
        path=f"{kind.value}/{key}.md",
        content_hash="",
    )
