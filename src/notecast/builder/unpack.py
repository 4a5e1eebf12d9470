"""Parts of files that are notes: pictures inside a notebook. Entry point: `Unpacker`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from notecast.feature import Feature
from notecast.loader.readers import reader_of, readers
from notecast.model import Copy


class Unpacker:
    """Takes parts out of files, and remembers those of the file that was asked for last."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self._readers = readers(features)
        self._last: tuple[str, int, int] = ("", 0, 0)
        self._parts: Mapping[str, bytes] = {}

    def part(self, copy: Copy) -> bytes | None:
        """The bytes of a part; `None` if the file has no such part any more.

        Raises:
            OSError: The file cannot be read.
        """
        reader = reader_of(copy.source, self._readers)
        if reader is None:
            return None
        source = Path(copy.source)
        state = source.stat()
        asked = (copy.source, state.st_size, state.st_mtime_ns)
        if asked != self._last:
            self._parts = reader.unpack(source.read_bytes())
            self._last = asked
        return self._parts.get(copy.part)
