"""What earlier builds found out, in one SQLite file.

The cache is disposable: deleting it costs time, never correctness. A file that
is corrupt, foreign or of another format is thrown away and made anew. Only the
parent process writes; workers open it read-only (`BodyReader`).
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from notecast.builder.trust import State
from notecast.model import Body, Digest, Job, Post

FORMAT = "3"
"""Raised when the tables or the structs in them change."""

WORTH_SHRINKING = 256
"""Free pages, of 4 KB each, that disturb nobody."""

TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    digest TEXT, post TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS posts (key TEXT PRIMARY KEY, post BLOB);
CREATE TABLE IF NOT EXISTS bodies (key TEXT PRIMARY KEY, body BLOB);
CREATE TABLE IF NOT EXISTS outputs (
    path TEXT PRIMARY KEY, key TEXT, digest TEXT, size INTEGER, mtime_ns INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (path TEXT PRIMARY KEY, key TEXT, job BLOB);
"""

_TABLES_MADE = frozenset(
    made.strip().replace("IF NOT EXISTS ", "") for made in TABLES.split(";") if made.strip()
)
"""The same as SQLite tells it."""

# Made here once: libraries of machine code do not bear a signal while they make them.
_decode_post = msgspec.msgpack.Decoder(Post).decode
_decode_body = msgspec.msgpack.Decoder(Body).decode
_decode_job = msgspec.msgpack.Decoder(Job).decode


class SourceRow(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a note file from the last time that it was read."""

    path: str
    size: int
    mtime_ns: int
    """0 where the file has to be read again: see `trust.py`."""
    ctime_ns: int
    inode: int
    digest: str
    post: str
    """Key of its Post; empty where the file could not be read."""

    @property
    def state(self) -> State:
        """What is compared with the file system."""
        return (self.size, self.mtime_ns, self.ctime_ns, self.inode)

    def read_again(self, digest: str, post: str) -> "SourceRow":
        """The row of a file that changed after the scan."""
        return msgspec.structs.replace(self, mtime_ns=0, digest=digest, post=post)


class OutputRow(msgspec.Struct, frozen=True, array_like=True):
    """A file that we wrote, as it was when we had written it."""

    path: str
    key: str
    """Page key: digest of the Job and its templates."""
    digest: str
    """Digest of its bytes."""
    size: int
    mtime_ns: int


def remove_cache(path: Path) -> None:
    """Removes a cache file and what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()


class Cache:
    """The cache file of one site. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._encode = msgspec.msgpack.Encoder().encode
        self._db = self._open()

    def __enter__(self) -> "Cache":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except (sqlite3.Error, ValueError):
            remove_cache(self.path)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise ValueError("a cache that cannot be written")
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
        try:
            # A build that dies loses at most the cache of itself: no need to
            # wait for the disk.
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = OFF")
            db.executescript(TABLES)
            row = db.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
            if row is None:
                db.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
            elif row[0] != FORMAT:
                raise ValueError("a cache of another format")
            _check_whole(db, self.path)
        except BaseException:
            db.close()
            raise
        return db

    def shrink(self) -> None:
        """Gives back what nothing in the file needs any more, where that is most of it.

        SQLite uses free pages again, so that a file grows to what notes and their last
        versions take together. Only of notes that are gone more would stay for ever.
        """
        free = self._db.execute("PRAGMA freelist_count").fetchone()[0]
        pages = self._db.execute("PRAGMA page_count").fetchone()[0]
        if free > WORTH_SHRINKING and free * 2 > pages:
            with suppress(sqlite3.OperationalError):  # a full disk, a preview that reads
                self._db.execute("VACUUM")

    def wait_at_most(self, seconds: float) -> None:
        """How long to wait for another process that is writing; then `sqlite3.OperationalError`."""
        self._db.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    # Small values by name -------------------------------------------------

    def value(self, name: str) -> bytes | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else None

    def set_value(self, name: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # Sources --------------------------------------------------------------

    def sources(self) -> dict[str, SourceRow]:
        return {row[0]: SourceRow(*row) for row in self._db.execute("SELECT * FROM sources")}

    def put_sources(self, rows: Iterable[SourceRow], gone: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM sources WHERE path = ?", ((path,) for path in gone))
        self._db.executemany(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?)",
            (msgspec.structs.astuple(row) for row in rows),
        )

    # Posts and bodies -----------------------------------------------------

    def put_notes(self, notes: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Stores notes as (key, packed Post, packed Body)."""
        for key, post, body in notes:
            self._db.execute("INSERT OR REPLACE INTO posts VALUES (?, ?)", (key, post))
            self._db.execute("INSERT OR REPLACE INTO bodies VALUES (?, ?)", (key, body))

    def posts(self, keys: set[str]) -> dict[str, Post]:
        """The posts of those keys that are known and readable."""
        found = {}
        known = "SELECT key, post FROM posts WHERE key IN (SELECT key FROM bodies)"
        if len(keys) > 200:
            rows: Iterator[tuple[str, bytes]] = self._db.execute(known)
        else:
            marks = ",".join("?" * len(keys))
            rows = self._db.execute(f"{known} AND key IN ({marks})", sorted(keys))
        decode = _decode_post
        for key, packed in rows:
            if key in keys:
                with suppress(msgspec.MsgspecError):
                    found[key] = decode(packed)
        return found

    def forget_posts(self, keep: set[str]) -> None:
        """Drops posts and bodies that no note has any more."""
        known = [row[0] for row in self._db.execute("SELECT key FROM posts")]
        self.drop_posts(key for key in known if key not in keep)

    def drop_posts(self, keys: Iterable[str]) -> None:
        """Drops the posts and bodies of those keys."""
        gone = [(key,) for key in keys]
        self._db.executemany("DELETE FROM posts WHERE key = ?", gone)
        self._db.executemany("DELETE FROM bodies WHERE key = ?", gone)

    # Outputs --------------------------------------------------------------

    def outputs(self) -> dict[str, OutputRow]:
        return {row[0]: OutputRow(*row) for row in self._db.execute("SELECT * FROM outputs")}

    def put_outputs(self, rows: Iterable[OutputRow], gone: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM outputs WHERE path = ?", ((path,) for path in gone))
        self._db.executemany(
            "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)",
            (msgspec.structs.astuple(row) for row in rows),
        )

    def forget_outputs(self) -> None:
        self._db.execute("DELETE FROM outputs")

    # Jobs of pages that hold the body of a note ------------------------------

    def put_jobs(self, jobs: Iterable[tuple[str, Job]]) -> None:
        """Keeps jobs with the keys of their pages; their data has to come back as it is."""
        self._db.executemany(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?)",
            ((job.output, key, self._encode(job)) for key, job in jobs),
        )

    def forget_jobs(self) -> None:
        """Drops the jobs of pages that do not stand."""
        self._db.execute("DELETE FROM jobs WHERE path NOT IN (SELECT path FROM outputs)")

    def jobs(self, outputs: Iterable[str]) -> dict[str, tuple[str, Job]]:
        """Page key and job of those pages, as far as they are known."""
        found = {}
        for output in outputs:
            row = self._db.execute("SELECT key, job FROM jobs WHERE path = ?", (output,)).fetchone()
            if row:
                found[output] = (row[0], _decode_job(row[1]))
        return found

    def bodies(self, keys: Sequence[Digest]) -> "dict[Digest, Body]":
        return read_bodies(self._db, keys)


def _check_whole(db: sqlite3.Connection, path: Path) -> None:
    """Finds what SQLite itself finds only when it comes to the missing part.

    Raises:
        ValueError: The file is shorter than it says, as a copy that was broken
            off is, or its tables are not ours.
    """
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
        if path.stat().st_size < pages * size:
            raise ValueError("a cache that was cut off")
    made = {row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE type = 'table'")}
    if made != _TABLES_MADE:
        raise ValueError("a cache with other tables")


def read_bodies(db: sqlite3.Connection, keys: Sequence[Digest]) -> dict[Digest, Body]:
    found = {}
    for key in keys:
        row = db.execute("SELECT body FROM bodies WHERE key = ?", (key,)).fetchone()
        if row:
            found[key] = _decode_body(row[0])
    return found


class BodyReader:
    """Bodies for a worker process, read from the parent's cache file."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)

    def bodies(self, keys: Sequence[Digest]) -> dict[Digest, Body]:
        return read_bodies(self._db, keys)

    def close(self) -> None:
        """Lets the one who writes tidy up: who only reads may not, and comes last otherwise."""
        self._db.close()
