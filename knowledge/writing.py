"""Write a document as the Markdown file of ``kb_docs/``, so that reading the file gives the equal document (pure)."""

import re
from collections.abc import Iterable, Iterator

import yaml

from knowledge.documents import Document, LegalBasis

# Bare in YAML and in a flow list: letters, digits, Chinese; marks only inside, and none that YAML gives a meaning.
_PLAIN = r"A-Za-z0-9\u4e00-\u9fff《》（）“”〔〕"
_BARE = re.compile(rf"[{_PLAIN}](?:[{_PLAIN}、·. _-]*[{_PLAIN}])?")
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]')
_TEXT = "tag:yaml.org,2002:str"


def file_path(document: Document) -> str:
    """Where a document's file belongs in the knowledge folder: ``<kind>/<id>.md``."""
    return f"{document.kind.value}/{document.id}.md"


def render_markdown(document: Document) -> str:
    """The file's text, front matter in the house order; ``path`` and ``content_hash`` are not written.

    What the reader would not keep either is left out: blanks around a text, empty texts in lists, carriage returns.
    """
    body = document.body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return "\n".join(["---", *_front(document), "---", body, ""])


def _front(document: Document) -> Iterator[str]:
    yield f"id: {_bare(document.id)}"
    yield f"title: {_quoted(document.title)}"
    yield f"kind: {document.kind.value}"
    yield f"topics: {_flow(document.topics)}"
    yield f"unit: {_bare(document.unit)}"
    yield f"status: {document.status.value}"
    yield "basis:" if document.basis else "basis: []"
    for basis in document.basis:
        yield from _basis(basis)
    asks = [ask for ask in document.asks if ask.strip()]
    yield "asks:" if asks else "asks: []"
    yield from (f"  - {_quoted(ask)}" for ask in asks)
    yield f"in_force_from: {document.in_force_from.isoformat()}"
    yield f"in_force_to: {document.in_force_to.isoformat() if document.in_force_to else 'null'}"
    yield f"review_by: {document.review_by.isoformat()}"


def _basis(basis: LegalBasis) -> Iterator[str]:
    yield f"  - law: {_bare(basis.law)}"
    yield f"    version: {_quoted(basis.version)}"
    yield f"    articles: {_flow(basis.articles)}"


def _flow(texts: Iterable[str]) -> str:
    return f"[{', '.join(_bare(text) for text in texts if text.strip())}]"


def _bare(text: str) -> str:
    """The text as it is where YAML reads it back as the same text, else in quotes."""
    text = text.strip()
    node = yaml.compose(text, Loader=yaml.SafeLoader) if _BARE.fullmatch(text) else None
    return text if node is not None and node.tag == _TEXT else _quoted(text)


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar on one line; what cannot be seen or ends a line is escaped."""
    return f'"{_ESCAPED.sub(_escape, text.strip())}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in '\\"':
        return f"\\{character}"
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character) or f"\\u{ord(character):04x}"
