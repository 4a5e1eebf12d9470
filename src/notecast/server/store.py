"""Parsed notes: those not saved yet in memory, the others in the cache file of the builds.

Entry point: `Store`. A build may run at the same time: the preview writes in
short transactions, and when the file is busy it keeps what it has and tries
again later. It never waits long and never makes a build wait long.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress

import msgspec

from notecast.builder.cache import Cache, SourceRow
from notecast.builder.notes import Loaded
from notecast.model import Body, Digest, Post

PATIENCE = 0.1
"""Seconds to wait for a build that is writing."""


class Store:
    """Posts and bodies by key. Belongs to one thread."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        with suppress(sqlite3.Error):
            cache.wait_at_most(PATIENCE)
        self._unsaved: dict[str, Loaded] = {}
        self._rows: dict[str, SourceRow] = {}
        self._gone: set[str] = set()
        self._values: dict[str, bytes] = {}
        self._decode_post = msgspec.msgpack.Decoder(Post).decode
        self._decode_body = msgspec.msgpack.Decoder(Body).decode

    def sources(self) -> dict[str, SourceRow]:
        """What earlier runs knew of the note files."""
        try:
            return self._cache.sources()
        except sqlite3.Error:
            return {}

    def posts(self, keys: set[str]) -> dict[str, Post]:
        """The posts of those keys that are known."""
        found = {key: self._decode_post(self._unsaved[key].post) for key in keys & {*self._unsaved}}
        with suppress(sqlite3.Error):
            found |= self._cache.posts(keys - found.keys())
        return found

    def bodies(self, keys: Sequence[Digest]) -> dict[Digest, Body]:
        """The bodies of those keys that are known: a build may have dropped some."""
        found = {
            key: self._decode_body(self._unsaved[key].body) for key in keys if key in self._unsaved
        }
        rest = [key for key in keys if key not in found]
        with suppress(sqlite3.Error, msgspec.MsgspecError):
            found |= self._cache.bodies(rest)
        return found

    def put(self, notes: Iterable[Loaded]) -> list[Post]:
        """Keeps parsed notes; returns their posts as the cache would give them."""
        kept = [note for note in notes if not note.error]
        self._unsaved.update((note.key, note) for note in kept)
        return [self._decode_post(note.post) for note in kept]

    def put_sources(self, rows: Iterable[SourceRow], gone: Iterable[str]) -> None:
        """Keeps what is known of note files."""
        for row in rows:
            self._rows[row.path] = row
            self._gone.discard(row.path)
        for path in gone:
            self._rows.pop(path, None)
            self._gone.add(path)

    def forget_others(self, keep: set[str]) -> None:
        """Drops what notes were in earlier previews; a build that is writing does it itself."""
        with suppress(sqlite3.Error):
            self._cache.begin()
            try:
                self._cache.forget_posts(keep)
                self._cache.commit()
            finally:
                self._cache.rollback()

    @property
    def unsaved(self) -> int:
        """How many notes wait for being saved."""
        return len(self._unsaved)

    def save(self) -> bool:
        """Writes what is not in the file yet; `False` if the file is busy or refuses."""
        if not (self._unsaved or self._rows or self._gone or self._values):
            return True
        try:
            self._cache.begin()
            try:
                self._cache.put_notes(
                    (note.key, note.post, note.body) for note in self._unsaved.values()
                )
                self._cache.put_sources(self._rows.values(), self._gone)
                for name, value in self._values.items():
                    self._cache.set_value(name, value)
                self._cache.commit()
            except BaseException:
                self._cache.rollback()
                raise
        except sqlite3.Error:
            return False
        self._unsaved.clear()
        self._rows.clear()
        self._gone.clear()
        self._values.clear()
        return True

    # Small values, as `file_refs` and `template_stamps` ask for them --------

    def value(self, name: str) -> bytes | None:
        if name in self._values:
            return self._values[name]
        with suppress(sqlite3.Error):
            return self._cache.value(name)
        return None

    def set_value(self, name: str, value: bytes) -> None:
        self._values[name] = value
