"""Moments in which a signal that ends the program has to wait.

The command line turns such a signal into an exception (Ctrl-C is one anyhow), which
may come up anywhere. Entry point: `undisturbed`.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C, `kill`, and a terminal that closes."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Puts a signal off to the end of the block; a second one is not put off."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread alone
        return
    before: dict[int, Any] = {}
    came: list[int] = []

    def wait(number: int, frame: FrameType | None) -> None:
        if came:
            before[number](number, frame)
        came.append(number)

    for number in STOPPING:
        handler = signal.getsignal(number)
        if callable(handler):
            before[number] = handler
            signal.signal(number, wait)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        before[came[0]](came[0], None)
