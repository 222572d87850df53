"""Decode a recording in a process of its own, bounded in time and memory."""

import json
import os
import subprocess
import sys

import numpy as np

from intake.domain.errors import InvalidInputError
from intake.settings import REPOSITORY
from intake.speech.containers import broken, container_of
from intake.speech.ports import Sound
from knowledge.exchange.confined import child_environment

SECONDS = 60
MEMORY = 3_000_000_000


def read_confined(name: str, content: bytes, most_s: float) -> Sound:
    """See ``SoundReader``; a file that hangs or ends the decoder is refused like any broken one."""
    container_of(name, content)  # what is no recording needs no process
    command = [sys.executable, "-m", "intake.speech.decoder", name, str(most_s), str(MEMORY), str(SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the name of the file is an argument, no shell
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env=child_environment(os.environ),
            cwd=REPOSITORY,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        detail = f"{SECONDS} 秒没有读完，已停止。"
        raise InvalidInputError("录音读不出来", detail, "请转成 wav 或 mp3 后上传。页面上的内容都还在。") from error
    if done.returncode:
        raise broken()
    head, _, sound = done.stdout.partition(b"\n")
    told = json.loads(head)
    if "refusal" in told:
        raise InvalidInputError(*told["refusal"])
    whole = np.frombuffer(sound, np.int16).astype(np.float32) / 32768.0
    cuts = np.cumsum(told["channels"])[:-1]
    return Sound(tuple(np.ascontiguousarray(channel) for channel in np.split(whole, cuts)))
