"""faster-whisper as this desk loads it: its threads wait without spinning, and it asks no other host for anything."""

import os


def prepare() -> None:
    """Set what its libraries read when they are loaded; call before every import of faster_whisper.

    Threads that spin while they wait eat the very cores that typing needs: on two busy cores a sentence took three
    times as long with spinning as without.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
