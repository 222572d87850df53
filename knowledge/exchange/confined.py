"""Open a foreign file in a process of its own, bounded in time and memory, so that it can neither hang nor end us."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from knowledge.exchange.drafts import RefusedError

SECONDS = 30
MEMORY = 2_000_000_000
_ROOT = Path(__file__).resolve().parents[2]
# Nothing else of our environment is handed on: it may hold keys of webhooks and databases.
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


def confined(task: str, name: str, data: bytes, seconds: int = SECONDS, memory: int = MEMORY) -> bytes:
    """Output of the child for this input; raises RefusedError where it took too long or was ended."""
    command = [sys.executable, "-m", "knowledge.exchange.child", task, name, str(memory), str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the name of the file is an argument, no shell
            command,
            input=data,
            capture_output=True,
            timeout=seconds,
            env=child_environment(os.environ),
            cwd=_ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(seconds) from error
    if done.returncode == -signal.SIGXCPU:
        raise _too_slow(seconds)
    if done.returncode:
        raise RefusedError("读取时出错，已停止", "用原来的软件打开，另存一份再导入；仍不行请把文件交给系统管理员")
    return done.stdout


def child_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """What the child may know of our environment, and how its interpreter runs."""
    known = {name: ours[name] for name in _HANDED_ON if name in ours}
    runs = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    return known | runs


def _too_slow(seconds: int) -> RefusedError:
    return RefusedError(f"{seconds} 秒没有读完，已停止", "用原来的软件另存一份，或拆成几个文件再导入")
