"""What signals do in workers, so that none is left when a build is told to stop or is killed.

Entry points: `shielded` around the start of processes, `begin_worker` and `at_work`
in them.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from notecast.interrupt import STOPPING

PATIENCE = 5.0
"""Seconds that a worker without a parent has for clearing away what it has started."""

_at_work = False


@contextmanager
def shielded() -> Iterator[None]:
    """Holds signals back while processes start: they would hit them before they can answer.

    What is started is born with the signals blocked, until `begin_worker`.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker() -> None:
    """Settles in a new worker what signals do.

    Ctrl-C reaches all processes, and the parent alone decides what follows: it ends
    its workers by `SIGTERM`, and so does the system when the parent is gone.
    """
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


@contextmanager
def at_work() -> Iterator[None]:
    """While a worker works: told to end, it first ends the programs that it has started."""
    global _at_work
    try:
        try:
            _at_work = True
            yield
        finally:
            _at_work = False
    except _Ended:
        os._exit(128 + signal.SIGTERM)


class _Ended(BaseException):
    """Unwinds what a worker does."""


def _end(number: int, frame: FrameType | None) -> None:
    global _at_work
    if _at_work:
        _at_work = False  # who is told again ends at once
        raise _Ended
    os._exit(128 + number)


def _follow(parent: Any) -> None:
    """Ends this worker when its parent has been killed: nobody else would."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(128 + signal.SIGTERM)
