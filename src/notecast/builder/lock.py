"""One build of a site at a time.

The lock is the operating system's, on an open file: it ends with the process,
so a build that was killed never blocks the next one for long. Forked workers hold
it with their parent: while one of them still writes, nobody else may begin.
"""

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notecast.builder.worker_signals import PATIENCE as WORKERS_END

PATIENCE = 2 * WORKERS_END
"""Seconds in which the workers of a killed process have to be gone."""
PAUSE = 0.02
"""Seconds between two looks at the lock."""
FAR = 1 << 30
"""The byte that is locked on Windows, where nobody could read the others otherwise."""


class Locked(Exception):
    """Another build holds the lock."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def locked(path: Path, what: str = "build") -> Iterator[None]:
    """Holds the lock file `path` while the block runs.

    Workers of a process that was killed end by themselves; they are waited for.

    Args:
        path: The file.
        what: What is done under it, for the message.

    Raises:
        Locked: Somebody else holds it.
        OSError: The file cannot be made or locked.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o666)
    with open(descriptor, "rb+", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        deadline = time.monotonic() + PATIENCE
        while not _try_lock(descriptor):
            file.seek(0)
            holder = file.read(99).decode(errors="replace").strip()
            # Empty for a moment, while the one who has just begun writes its number.
            if _is_alive(holder):
                raise Locked(f"another {what} of this site is running (process {holder})")
            if time.monotonic() > deadline:
                raise Locked(
                    f"workers of a {what} of this site that was killed "
                    f"(process {holder or 'unknown'}) are still running"
                )
            time.sleep(PAUSE)
        file.seek(0)
        file.truncate()
        file.write(b"%d" % os.getpid())
        yield


def _is_alive(process: str) -> bool:
    """Whether the process with that number runs; one that nobody has waited for does not."""
    if sys.platform == "win32":
        return True  # workers inherit nothing there: who holds the lock is alive
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # another user's
    try:
        with open(f"/proc/{process}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except (OSError, IndexError):
        return not os.path.exists("/proc/self/stat")  # a system without; else it ended just now


def _try_lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            os.lseek(descriptor, FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
