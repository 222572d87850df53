"""The confined process in which recordings are decoded: a file on stdin, a line of JSON and 16-bit sound on stdout.

Started by ``intake.speech.confined``; FFmpeg reads what strangers send and must not be able to take the desk with it.
"""

import json
import sys

from intake.domain.errors import InvalidInputError
from intake.speech.audio import read_sound
from intake.speech.containers import broken
from knowledge.exchange.child import limit_resources


def answer(name: str, content: bytes, most_s: float) -> bytes:
    """Lengths of the channels and their sound one after the other, or the refusal; never raises."""
    try:
        sound = read_sound(name, content, most_s)
    except InvalidInputError as error:
        return _refusal(error)
    except MemoryError:
        return _refusal(
            InvalidInputError("录音太大", "内存不够，已停止读取。", "请剪成几段后分别上传。页面上的内容都还在。")
        )
    except Exception:  # a damaged file may raise anything inside the decoder
        return _refusal(broken())
    head = json.dumps({"channels": [len(channel) for channel in sound.channels]}).encode() + b"\n"
    return head + b"".join((channel * 32767).astype("<i2").tobytes() for channel in sound.channels)


def _refusal(error: InvalidInputError) -> bytes:
    return json.dumps({"refusal": [error.title, error.detail, error.remedy]}).encode() + b"\n"


def main() -> int:
    """``decoder.py NAME MOST_SECONDS MEMORY SECONDS``."""
    name, most_s, memory, seconds = sys.argv[1:5]
    limit_resources(int(memory), int(seconds))
    sys.stdout.buffer.write(answer(name, sys.stdin.buffer.read(), float(most_s)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
