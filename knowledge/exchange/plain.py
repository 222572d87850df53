"""Markdown and plain text into one draft; with our front matter its fields are kept, without HTML and risky links."""

import re
from dataclasses import replace

from knowledge.documents import Document, DocumentKind
from knowledge.exchange.concealed import hiding
from knowledge.exchange.drafts import DraftDocument, FileReading, Notice, RefusedError
from knowledge.exchange.names import stem_of
from knowledge.front_matter import FrontMatterError, parse, split
from knowledge.sources import Codes, parse_document

MAX_TITLE = 60
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_ACTIVE = re.compile(
    r"<(script|style|iframe|object|embed|svg|template|noscript|textarea|select)\b.*?(?:</\1\s*>|\Z)", re.I | re.S
)
_ELEMENT = re.compile(r"<(\w+)\b([^<>]{0,2000})>([^<>]*)</\1\s*>")
_TAG = re.compile(r"</?[a-zA-Z][\w:-]{0,40}(?:\s[^<>]{0,2000})?/?>|<![A-Za-z][^<>]{0,2000}>")
_STYLE = re.compile(r"style\s*=\s*(\"[^\"]*\"|'[^']*')", re.I)
_HIDDEN = re.compile(r"(?:^|\s)hidden(?:\s|=|$)|aria-hidden\s*=\s*[\"']?true", re.I)
_RISKY = re.compile(
    r"(!?)\[([^\[\]]*)\]\(\s*<?\s*((?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t|data|file)\s*:[^)]{0,2000}\)*", re.I
)
_FIRST_HEADING = re.compile(r"\A\s*#\s+(\S.*?)\s*#*\s*(?:\n|\Z)")


def read_markdown(data: bytes, name: str) -> FileReading:
    """One draft; a broken front matter is reported line by line and the body kept. Raises RefusedError for no text."""
    text, notices = _decoded(data)
    if text.startswith("---\n"):
        return FileReading(name, (_house(text, name, notices),))
    body, found = without_html(text)
    notices += found
    first = _FIRST_HEADING.match(body)
    title = first[1][:MAX_TITLE] if first else stem_of(name)[:MAX_TITLE]
    rest = body[first.end() :] if first else body
    return FileReading(name, (DraftDocument(title, rest.strip("\n"), notices=tuple(notices)),))


def _decoded(data: bytes) -> tuple[str, list[Notice]]:
    notices: list[Notice] = []
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise RefusedError("文字编码认不出来", "用记事本打开，另存为 UTF-8 编码", f"第 {line} 行") from error
        notices.append(Notice(f"第 {line} 行", "文字编码不是 UTF-8，已按 GB18030 读入", "请核对有没有乱码"))
    if text.count("\x00") > 0:
        raise RefusedError("文件里有空字符，不是文本文件", "检查是否选错了文件")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notices


def _house(text: str, name: str, notices: list[Notice]) -> DraftDocument:
    """A draft from a file with front matter: its fields where they are sound, a notice for each that is not."""
    stem = stem_of(name)
    try:
        front, body, _ = split(text)
        fields = parse(front)
    except FrontMatterError as error:
        notices.append(Notice(f"第 {error.line} 行", error.message, error.remedy))
        body, found = without_html(text)
        return DraftDocument(stem[:MAX_TITLE], body.strip("\n"), notices=(*notices, *found))
    clean, found = without_html(body)
    notices += found
    kind = fields.text("kind")
    known = kind in {item.value for item in DocumentKind}
    parsed = parse_document(text.encode(), f"{kind}/{stem}.md" if known else f"{stem}.md", Codes())
    if isinstance(parsed, Document):
        draft = DraftDocument(
            parsed.title, parsed.body, kind=parsed.kind, topics=parsed.topics, unit=parsed.unit, asks=parsed.asks,
            basis=parsed.basis, document=parsed,
        )  # fmt: skip
        if found:
            body = clean.strip("\n")
            draft = replace(draft, body=body, document=replace(parsed, body=body))
        return replace(draft, notices=tuple(notices))
    notices += [Notice(f"第 {fault.line} 行", fault.message, fault.remedy) for fault in parsed]
    return DraftDocument(
        title=fields.text("title") or stem[:MAX_TITLE],
        body=clean.strip("\n"),
        kind=DocumentKind(kind) if known else None,
        topics=fields.texts("topics", required=False),
        unit=fields.text("unit"),
        asks=fields.texts("asks", required=False),
        notices=tuple(notices),
    )


def without_html(text: str) -> tuple[str, list[Notice]]:
    """The text without comments, active and hidden HTML, tags and links that run programs; notices say what went."""
    counts: dict[str, int] = {}

    def drop(what: str, kept: str = "") -> str:
        counts[what] = counts.get(what, 0) + 1
        return kept

    text = _COMMENT.sub(lambda _: drop("注释"), text)
    text = _ACTIVE.sub(lambda found: drop(f"<{found[1].lower()}> 代码"), text)
    text = _ELEMENT.sub(lambda found: drop("隐藏文字") if _conceals(found[2]) and found[3].strip() else found[0], text)
    text = _TAG.sub(lambda _: drop("HTML 标签"), text)
    text = _RISKY.sub(lambda found: drop("能运行程序的链接", found[2]), text)
    if not counts:
        return text, []
    what = "、".join(f"{name} {count} 处" for name, count in counts.items())
    return text, [Notice("", f"去掉了正文里的{what}", "需要时请对照原件补写")]


def _conceals(attributes: str) -> bool:
    style = _STYLE.search(attributes)
    return bool(_HIDDEN.search(attributes)) or (style is not None and bool(hiding(style[1][1:-1])))
