"""Posts of all notes: from the cache where nothing changed, else parsed.

Entry point: `load_posts`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from notecast.builder.cache import Cache, SourceRow
from notecast.builder.digest import digest_bytes, digest_of
from notecast.builder.process import current
from notecast.builder.trust import is_settled, state_of
from notecast.builder.workers import Workers
from notecast.loader.includes import MARK, Includes, included_in
from notecast.loader.scan import Entry, read_file
from notecast.model import Digest, NotePath, Post
from notecast.problems import Problem

PARSE_CHUNK = 32
WORTH_PROCESSES = 48
"""Below this many notes one process is done before others have started."""


class NoteInputs(msgspec.Struct, frozen=True):
    """What notes are made from besides their bytes, for keys and for the loader."""

    stamp: Digest
    """Digest of everything that parses: code, libraries, options of features."""
    defaults: Callable[[str], dict[str, Any]]
    """Header values for a note by its folder's `_defaults.yaml` files."""
    git_dates: Mapping[str, tuple[str, str]]
    """Dates of the first and last commit by path; empty unless `dates: git`."""
    root: str = ""
    """Folder out of which notes take in no file."""


class Known(msgspec.Struct, frozen=True):
    """What the file system says of the notes, against what the cache knows."""

    rows: dict[str, SourceRow]
    """One for each note, with the key of its Post."""
    changed: tuple[SourceRow, ...]
    """Those that the cache does not have like that."""
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]


def identify(
    entries: Sequence[Entry],
    inputs: NoteInputs,
    before: Mapping[str, SourceRow],
    now_ns: int,
    notes_prefix: str,
) -> Known:
    """Finds the key of every note's Post, reading only files that may have changed.

    Args:
        entries: The note files.
        inputs: What else makes a note.
        before: What was known of them the last time, by path.
        now_ns: When the scan began: what is younger than two seconds is not trusted next time.
        notes_prefix: What stands before a note's path where problems are shown.
    """
    rows: dict[str, SourceRow] = {}
    changed: list[SourceRow] = []
    problems: list[Problem] = []
    includes = Includes(inputs.root)
    for entry in entries:
        row = before.get(entry.path)
        state = state_of(entry)
        if row is None or row.state != state:
            try:
                digest = note_digest(read_file(entry.source), entry.source, includes)
            except OSError as error:
                problems.append(_unreadable(notes_prefix + entry.path, error))
                continue
            # A time of 0 never matches: the file is read again next time.
            row = SourceRow(entry.path, *state, digest, "")
            if digest.startswith(MARK) or not is_settled(state, now_ns):
                row = row.read_again(digest, "")
        key = note_key(NotePath(entry.path), row.digest, inputs)
        if key != row.post:
            row = msgspec.structs.replace(row, post=key)
        if before.get(entry.path) != row:
            changed.append(row)
        rows[entry.path] = row
    gone = tuple(path for path in before if path not in rows)
    return Known(rows, tuple(changed), gone, tuple(problems))


def note_digest(data: bytes, source: str, includes: Includes) -> Digest:
    """Digest of a note's bytes, and of what it takes in of other files.

    Args:
        data: The bytes of the file.
        source: Where it is.
        includes: Who reads other files.
    """
    included = included_in(data, source, includes)
    if included is None:
        return digest_bytes(data)
    return Digest(MARK + digest_of(data, included.text, [p.message for p in included.problems]))


def note_key(path: NotePath, digest: str, inputs: NoteInputs) -> Digest:
    """Digest of everything that a note's Post and Body are made from."""
    return _key(
        path, digest, inputs.stamp, inputs.defaults(path), inputs.git_dates.get(path, ("", ""))
    )


def _key(path: str, digest: str, stamp: str, defaults: Any, git_dates: tuple[str, str]) -> Digest:
    return digest_of(path, digest, stamp, defaults, git_dates)


def _unreadable(shown: str, error: OSError) -> Problem:
    return Problem(
        "note-is-readable",
        "error",
        shown,
        0,
        0,
        f"the file cannot be read: {error.strerror or error}",
        "check its permissions",
    )


class LoadedPosts(msgspec.Struct, frozen=True):
    """The outcome of `load_posts`."""

    posts: dict[NotePath, Post]
    parsed: int
    """How many were not in the cache."""
    slowest: list[tuple[str, float]]
    """Path and seconds of the notes that took longest, slowest first."""
    rows: list[SourceRow]
    """Rows of notes that changed while the build ran."""
    problems: list[Problem]


def load_posts(
    known: Known,
    entries: Sequence[Entry],
    inputs: NoteInputs,
    cache: Cache,
    workers: Workers,
    progress: Callable[[int, int], None],
    notes_prefix: str,
) -> LoadedPosts:
    """All posts; those that the cache does not have are parsed and put into it."""
    from notecast.loader.settings import NoteInput

    by_key = cache.posts({row.post for row in known.rows.values()})
    todo = [
        NoteInput(
            path=NotePath(entry.path),
            source=entry.source,
            key=Digest(known.rows[entry.path].post),
            digest=Digest(known.rows[entry.path].digest),
            stamp=inputs.stamp,
            defaults=inputs.defaults(entry.path),
            git_dates=inputs.git_dates.get(entry.path, ("", "")),
            root=inputs.root,
        )
        for entry in entries
        if entry.path in known.rows and known.rows[entry.path].post not in by_key
    ]
    posts = {
        NotePath(path): by_key[row.post] for path, row in known.rows.items() if row.post in by_key
    }
    seconds: list[tuple[str, float]] = []
    rows: list[SourceRow] = []
    problems: list[Problem] = []
    decode = msgspec.msgpack.Decoder(Post).decode
    done = 0
    try:
        for chunk in workers.map(load_chunk, todo, chunk=PARSE_CHUNK, worth=WORTH_PROCESSES):
            cache.put_notes((note.key, note.post, note.body) for note in chunk if not note.error)
            for note in chunk:
                if note.error:
                    problems.append(_unreadable(notes_prefix + note.path, OSError(note.error)))
                    continue
                posts[NotePath(note.path)] = decode(note.post)
                seconds.append((note.path, note.seconds))
                row = known.rows[note.path]
                if row.digest != note.digest:
                    rows.append(row.read_again(note.digest, note.key))
            done += len(chunk)
            progress(done, len(todo))
    except KeyboardInterrupt:
        cache.commit()  # the next build need not parse them again
        raise
    seconds.sort(key=lambda item: (-item[1], item[0]))
    return LoadedPosts(posts, len(todo), seconds[:20], rows, problems)


class Loaded(msgspec.Struct, frozen=True, array_like=True):
    """One parsed note on its way back from a worker."""

    path: str
    digest: str
    key: str
    post: bytes
    body: bytes
    seconds: float
    error: str = ""
    """Why the file could not be read any more."""


def load_chunk(notes: Sequence[Any]) -> list[Loaded]:
    """Reads and parses notes and packs them for the way back and for the cache."""
    from time import perf_counter

    loader = current().loader
    pack = msgspec.msgpack.Encoder().encode
    result = []
    includes = Includes(notes[0].root if notes else "")
    for note in notes:
        started = perf_counter()
        try:
            data = read_file(note.source)
        except OSError as error:
            reason = error.strerror or str(error)
            result.append(Loaded(note.path, "", "", b"", b"", 0.0, reason))
            continue
        digest = note_digest(data, note.source, includes)
        if digest != note.digest:
            # The file changed since it was identified: what is stored must
            # bear the key of the bytes that were parsed.
            key = _key(note.path, digest, note.stamp, note.defaults, note.git_dates)
            note = msgspec.structs.replace(note, key=key, digest=digest)
        post, body = loader.load(note, data, includes)
        result.append(
            Loaded(note.path, digest, note.key, pack(post), pack(body), perf_counter() - started)
        )
    return result
