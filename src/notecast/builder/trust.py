"""What the file system says of a file, and when that proves the file unchanged.

A file is taken for unchanged when size, time, time of change and inode are
those of before. The time of change (`ctime`) cannot be set by a program, so
that other bytes under the old time of an archive or of `touch -r` are seen;
where it is the time of creation, as on Windows, it does no harm. Entry points:
`state_of`, `is_settled`, `known_state`.
"""

import os

from notecast.loader.scan import Entry

RACY_NS = 2_000_000_000
"""A file touched this shortly before it was read may change again without its time changing."""

State = tuple[int, int, int, int]
"""Size, time, time of change, inode."""


def state_of(file: "Entry | os.stat_result") -> State:
    """What is compared."""
    if isinstance(file, Entry):
        return (file.size, file.mtime_ns, file.ctime_ns, file.inode)
    return (file.st_size, file.st_mtime_ns, file.st_ctime_ns, file.st_ino)


def is_settled(state: State, now_ns: int) -> bool:
    """Whether a file that had this state at that moment will have another if it changes."""
    return max(state[1], state[2]) < now_ns - RACY_NS


def known_state(file: "Entry | os.stat_result", now_ns: int) -> "State | int":
    """The state for a digest; of a file that is not settled what no other moment gives."""
    state = state_of(file)
    return state if is_settled(state, now_ns) else now_ns
