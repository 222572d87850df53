"""The confined process in which foreign files are opened: reads a file from stdin, answers JSON on stdout.

Started by ``knowledge.exchange.confined``; has no network address, no secrets and no right to write files.
"""

import resource
import sys
from collections.abc import Callable
from dataclasses import replace

from pydantic import TypeAdapter

from knowledge.exchange.containers import FileFormat, format_of
from knowledge.exchange.drafts import DraftDocument, FileReading, Notice, Refusal, RefusedError, with_passages
from knowledge.exchange.suspicion import order_notices, visibility_notice, visible
from knowledge.exchange.unpacked import Rows, Unpacked

MAX_TEXT = 2_000_000
MAX_BODY = 190_000  # bytes; the library takes files of at most 200 KB


def limit_resources(memory: int, seconds: int) -> None:
    """Bound address space (bytes) and processor time (s) of this process; no file may be written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def reading_of(data: bytes, name: str) -> FileReading:
    """Drafts of one file with previews and notices, or its refusal; never raises."""
    try:
        found = _reader(format_of(data, name))(data, name)
        if sum(len(draft.body) for draft in found.drafts) > MAX_TEXT:
            raise RefusedError(f"文字超过 {MAX_TEXT // 10_000} 万字", "拆成几个文件再导入")
        drafts = tuple(_checked(draft) for draft in found.drafts)
        if not any(draft.body.strip() for draft in drafts):
            raise RefusedError("文件里没有文字", "检查是否选错了文件；图片里的文字请先做文字识别")
        return replace(found, drafts=drafts)
    except RefusedError as error:
        return FileReading(name, refusal=error.refusal)
    except MemoryError:
        return FileReading(
            name, refusal=Refusal("", "内容太多，内存不够，已停止读取", "拆成几个文件，或删去大图片再导入")
        )
    except RecursionError:
        return FileReading(name, refusal=Refusal("", "内容嵌套得太深，已停止读取", "用原来的软件另存一份再导入"))
    except Exception as error:  # a damaged file may raise anything in a library; the kind of error helps support
        what = f"文件已损坏，读不出来（{type(error).__name__}）"
        return FileReading(name, refusal=Refusal("", what, "用原来的软件打开，另存一份再导入"))


def _reader(found: FileFormat) -> Callable[[bytes, str], FileReading]:
    """The reader of a format; its libraries are imported only now."""
    if found is FileFormat.DOCX:
        from knowledge.exchange.word import read_docx

        return read_docx
    if found is FileFormat.XLSX:
        from knowledge.exchange.sheets import read_xlsx

        return read_xlsx
    if found is FileFormat.PDF:
        from knowledge.exchange.pdf import read_pdf

        return read_pdf
    if found is FileFormat.HTML:
        from knowledge.exchange.web import read_html

        return read_html
    from knowledge.exchange.plain import read_markdown

    return read_markdown


def _checked(draft: DraftDocument) -> DraftDocument:
    """The draft without invisible characters, with notices about orders to a model and size, and with its passages."""
    notices = list(draft.notices)
    title, in_title = visible(draft.title)
    body, in_body = visible(draft.body)
    asks = tuple(visible(ask)[0] for ask in draft.asks)
    if in_title + in_body:
        notices.append(visibility_notice(in_title + in_body, draft.origin))
    notices += order_notices("\n".join((title, body, *asks)), draft.origin)
    if len(body.encode()) > MAX_BODY:
        size = f"正文有 {len(body)} 字，超过一篇文档的上限（约 6 万字）"
        notices.append(Notice(draft.origin, size, "拆成几篇，每篇只答一件事"))
    document = draft.document and replace(draft.document, title=title, body=body, asks=asks)
    return with_passages(replace(draft, title=title, body=body, asks=asks, notices=tuple(notices), document=document))


def _answer(task: str, name: str, data: bytes) -> bytes:
    if task == "read":
        return TypeAdapter(FileReading).dump_json(reading_of(data, name))
    if task == "unpack":
        from knowledge.exchange.archive import unpack

        return TypeAdapter(Unpacked).dump_json(unpack(data))
    from knowledge.exchange.workbook import rows_of

    return TypeAdapter(Rows).dump_json(rows_of(data))


def main() -> int:
    """``child.py TASK NAME MEMORY SECONDS``: a file's bytes on stdin, what is in it as JSON on stdout."""
    task, name, memory, seconds = sys.argv[1:5]
    limit_resources(int(memory), int(seconds))
    sys.stdout.buffer.write(_answer(task, name, sys.stdin.buffer.read()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
