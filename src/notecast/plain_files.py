"""Reads files that an author names; what is no plain file is not waited for.

Entry points: `read_plain`, `open_plain`, `real_path`.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def read_plain(source: str | Path, *, links: bool = True) -> bytes:
    """The bytes of a file.

    Args:
        source: Where it is.
        links: Whether a symbolic link is followed.

    Raises:
        OSError: It cannot be read, or is a pipe, a socket, a device or a folder.
    """
    with open_plain(source, links=links) as file:
        return file.read()


@contextmanager
def open_plain(source: str | Path, *, links: bool = True) -> Iterator[BinaryIO]:
    """The same to be read by and by."""
    descriptor = os.open(source, _FLAGS if links else _FLAGS | _NO_FOLLOW)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", os.fspath(source))
        yield file


def real_path(path: Path) -> Path:
    """The path with links followed; a link that leads in a circle stays where it is."""
    return Path(os.path.realpath(path))
