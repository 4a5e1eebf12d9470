"""What a disk refuses becomes one sentence instead of a fault: see `disk_refusals`."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notecast.builder.output import OutputFailed

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_IN_THE_WAY = {errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EINVAL}
"""Something else stands where the cache or the lock has to be."""
_CACHE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
_HINT = (
    "check the free space and the permissions of that folder; "
    "the pages that stand in the output folder are still whole"
)


def is_full(error: OSError) -> bool:
    """Whether a disk takes no more, whatever is written to it."""
    return error.errno in _FULL


@contextmanager
def disk_refusals(cache: Path) -> Iterator[None]:
    """Says which folder cannot be written to, where the cache or the lock cannot.

    Raises:
        OutputFailed: The disk is full or broken, or the folder may not be written to.
    """
    try:
        yield
    except sqlite3.Error as error:
        if not getattr(error, "sqlite_errorname", "").startswith(_CACHE):
            raise
        message = f"the cache cannot be written to {cache}: {error}"
        raise OutputFailed(message, _HINT) from error
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else str(cache)
        in_the_way = error.errno in _IN_THE_WAY and place.startswith(str(cache))
        if not (is_full(error) or error.errno in _FORBIDDEN or in_the_way):
            raise
        reason = error.strerror or str(error)
        raise OutputFailed(f"{place} cannot be written: {reason}", _HINT) from error
