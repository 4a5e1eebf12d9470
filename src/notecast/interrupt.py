"""Signals that end the program: exceptions that come up anywhere, and moments in which they wait.

Entry points: `stopped_by_signals` around a command, `undisturbed` around what has to come
to its end.
"""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C, `kill`, and a terminal that closes."""
AGAIN = 0.01
"""Seconds after which a signal comes again that came at a moment when nobody could hear it."""
LONGEST = 2.0
"""Seconds for which a module that loads is waited for: it may hang."""
_waits_since = 0.0


class Stopped(KeyboardInterrupt):
    """The process was told to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Makes Ctrl-C, `kill` and a closed terminal exceptions, so that all is cleared away.

    Where Python lets no exception out (while an object is taken to pieces, in a callback of
    a weak reference), the program would go on: the signal comes again a moment later.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread alone
        return
    before: dict[int, Any] = {}
    for number in STOPPING:
        # Who has chosen otherwise (`nohup`) is left in peace.
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            before[number] = signal.signal(number, _stop)
    lost = sys.unraisablehook

    def hook(unraisable: "sys.UnraisableHookArgs") -> None:
        if isinstance(unraisable.exc_value, Stopped):
            _come_again(unraisable.exc_value.number)
        else:
            lost(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = lost
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    global _waits_since
    now = time.monotonic()
    _waits_since = _waits_since or now
    if now - _waits_since < LONGEST and _is_deaf(frame):
        _come_again(number)
        return
    _waits_since = 0.0
    raise Stopped(number)


def _is_deaf(frame: FrameType | None) -> bool:
    """Whether an exception would do harm here, or be lost.

    Libraries of machine code do not all bear one while they load; and while one signal
    is on its way again, another would get lost.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith("<frozen importlib") or code is _come_again.__code__:
            return True
        frame = frame.f_back
    return False


def _come_again(number: int) -> None:
    timer = threading.Timer(AGAIN, _send, (number,))
    timer.daemon = True
    timer.start()


def _send(number: int) -> None:
    if hasattr(signal, "pthread_kill"):
        # It ends what the main thread waits for, too.
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(signal.Signals(number))


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
