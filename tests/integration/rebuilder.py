"""A process that rebuilds, says when it is half done, and then waits to be killed."""

import sys
import time
from pathlib import Path

from knowledge.embedder_choice import Chosen
from tests.integration.test_kb_rebuild import opened


def say(done: int, total: int) -> None:
    print("half", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    opened(Path(sys.argv[1]), Path(sys.argv[2])).rebuild(Chosen("other"), say)
