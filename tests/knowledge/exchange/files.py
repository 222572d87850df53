"""Small foreign files made for tests: Word, Excel, pdf, archives. Everything in them is invented."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
TEXT = "示例居民可以在示例窗口办理示例事项。"


def saved(opened: Any) -> bytes:
    """Bytes of a Word document or a workbook."""
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member more, or with another content of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {item: archive.read(item) for item in archive.namelist()}
    return zipped(members | {name: content})


def word(*paragraphs: str) -> bytes:
    """A Word document of plain paragraphs."""
    opened = docx.Document()
    for paragraph in paragraphs:
        opened.add_paragraph(paragraph)
    return saved(opened)


def number_paragraphs(opened: Any, items: Sequence[tuple[str, int]]) -> None:
    """Add paragraphs that Word numbers by itself: 第一条 … at depth 0, （一） … at depth 1."""
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, text in enumerate(("第%1条", "（%2）"))
    )
    numbering = opened.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for text, depth in items:
        properties = opened.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
        )


def sheet(rows: Sequence[Sequence[object]], name: str = "问答") -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def pdf(pages: Sequence[Sequence[str]], size: int = 12, title: str = "") -> bytes:
    """A minimal pdf; lines are drawn with a font of PDF's own for Chinese, the title in bigger letters."""
    streams = []
    for number, lines in enumerate(pages):
        drawn, top = [], 800
        for text, height in [(title, size * 2)] * (not number and bool(title)) + [(line, size) for line in lines]:
            drawn.append(f"BT /F1 {height} Tf 50 {top} Td <{text.encode('utf-16-be').hex()}> Tj ET")
            top -= height + 8
        streams.append("\n".join(drawn).encode())
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {6 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    return _assembled(objects)


def _assembled(objects: Sequence[bytes]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return written + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
