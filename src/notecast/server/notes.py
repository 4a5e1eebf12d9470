"""All notes of the site, in memory; only files that changed are read and parsed.

Entry point: `Notes`. `sync` compares everything with the disk; `update` looks
at single files, and gives up where a file is more than a plain note.
"""

import os
import posixpath
import signal
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor

from notecast.builder.cache import SourceRow
from notecast.builder.inputs import Inputs
from notecast.builder.notes import Loaded, identify, load_chunk
from notecast.builder.process import Process, setup
from notecast.builder.workers import Workers, default_jobs
from notecast.config import Config
from notecast.feature import Feature
from notecast.loader.includes import MARK
from notecast.loader.readers import note_text
from notecast.loader.scan import Entry, entry_of, read_file
from notecast.loader.scan_names import (
    SOURCE_SUFFIXES,
    ignore_pattern,
    is_private,
    not_portable,
)
from notecast.loader.settings import NoteInput
from notecast.model import Digest, NotePath, Post
from notecast.problems import Problem
from notecast.server.store import Store

AT_ONCE = 24
"""As many notes are parsed while the reader waits; more are parsed behind his back."""
CHUNK = 8
"""Notes that are parsed between two pauses."""
WORTH_PROCESSES = 96


class _InDoubt(Exception):
    """Only a scan of the whole folder can tell what a file is."""


class Notes:
    """Notes by path: what the disk says of each, and its Post."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.posts: dict[NotePath, Post] = {}
        self.problems: dict[str, Problem] = {}
        """Files that could not be read, by path."""
        self.missing: dict[str, None] = {}
        """Notes still to be parsed; `posts` may have what they were before."""
        self._entries: dict[str, Entry] = {}
        self._rows: dict[str, SourceRow] = store.sources()
        self._folders: set[str] = set()
        self._folded: set[str] = set()
        """Paths in lower case: some disks cannot tell such names apart."""
        self._linked: dict[str, list[str]] = {}
        """Notes that are links, by the file that they lead to."""
        self._suffixes: tuple[str, ...] = ()
        self._workers: Workers | None = None
        self._given_up = False
        self._texts: dict[str, tuple[str, str]] = {}

    def sync(self, inputs: Inputs, config: Config) -> set[NotePath]:
        """Compares all notes with the disk.

        Returns:
            Those whose Post is another one now, or gone; new ones may be `missing`.
        """
        known = identify(
            inputs.scan.notes, inputs.notes, self._rows, time.time_ns(), config.notes_prefix
        )
        self.store.put_sources(known.changed, known.gone)
        self._suffixes = inputs.suffixes
        self._rows = known.rows
        self._entries = {entry.path: entry for entry in inputs.scan.notes}
        top = os.path.realpath(config.notes_dir)
        self._folders = {posixpath.dirname(path) for path in self._entries}
        self._folded = {path.lower() for path in self._entries}
        self._linked = {}
        for entry in inputs.scan.notes:
            if entry.source != os.path.join(top, entry.path):
                self._linked.setdefault(entry.source, []).append(entry.path)
        self.problems = {problem.path: problem for problem in known.problems}
        keys = {post.path: post.key for post in self.posts.values()}
        wanted = {
            row.post for path, row in known.rows.items() if keys.get(NotePath(path)) != row.post
        }
        found = self.store.posts(wanted)
        changed = {path for path in self.posts if path not in known.rows}
        for path in changed:
            del self.posts[path]
        self.missing = {}
        for name, row in known.rows.items():
            path = NotePath(name)
            if row.post in found:
                self.posts[path] = found[row.post]
                changed.add(path)
            elif keys.get(path) != row.post:
                self.missing[name] = None
        return changed

    def update(self, paths: Sequence[str], inputs: Inputs, config: Config) -> set[NotePath] | None:
        """Looks at single files of the notes folder again.

        Args:
            paths: Relative to the notes folder, with `/`.
            inputs: What else notes are made from.
            config: The site's configuration.

        Returns:
            The notes that changed, came or went, all of them parsed. `None` if
            only a scan of the whole folder can tell; then nothing was changed.
        """
        looked: dict[str, Entry | None] = {}
        top = os.path.realpath(config.notes_dir)
        linked = [name for path in paths for name in self._linked.get(os.path.join(top, path), ())]
        # A note that takes in files may take in one of these.
        linked += [name for name, row in self._rows.items() if row.digest.startswith(MARK)]
        for path in (*paths, *linked):
            try:
                looked[path] = self._look(path, config)
            except _InDoubt:
                return None
        here = [entry for entry in looked.values() if entry]
        before = {path: self._rows[path] for path in looked if path in self._rows}
        known = identify(here, inputs.notes, before, time.time_ns(), config.notes_prefix)
        if known.problems:
            return None
        self.store.put_sources(known.changed, known.gone)
        changed = set()
        for path in known.gone:
            del self._rows[path]
            self._entries.pop(path, None)
            self._folded.discard(path.lower())
            self.missing.pop(path, None)
            if self.posts.pop(NotePath(path), None):
                changed.add(NotePath(path))
        self._entries.update((entry.path, entry) for entry in here)
        self._folded.update(entry.path.lower() for entry in here)
        self._rows.update(known.rows)
        todo = [
            path
            for path, row in known.rows.items()
            if path not in self.posts or self.posts[NotePath(path)].key != row.post
        ]
        found = self.store.posts({known.rows[path].post for path in todo})
        for path in todo:
            key = known.rows[path].post
            if key in found:
                self.posts[NotePath(path)] = found[key]
                self.missing.pop(path, None)
            else:
                self.missing[path] = None
            changed.add(NotePath(path))
        return changed

    def load(
        self, paths: Sequence[str], inputs: Inputs, process: Process, config: Config
    ) -> Iterator[set[NotePath]]:
        """Parses notes that are missing, and yields what is done after each chunk."""
        setup(process)
        todo = [
            NoteInput(
                path=NotePath(path),
                source=self._entries[path].source,
                key=Digest(self._rows[path].post),
                digest=Digest(self._rows[path].digest),
                stamp=inputs.notes.stamp,
                defaults=inputs.notes.defaults(path),
                git_dates=inputs.notes.git_dates.get(path, ("", "")),
                root=inputs.notes.root,
            )
            for path in paths
            if path in self._entries and path in self.missing
        ]
        if len(todo) >= WORTH_PROCESSES:
            _shield_workers()
        try:
            # This process has threads: it must not be forked.
            with Workers(default_jobs(), process, start="spawn") as workers:
                self._workers = workers
                if self._given_up:
                    return
                for chunk in workers.map(load_chunk, todo, chunk=CHUNK, worth=WORTH_PROCESSES):
                    yield self._take(chunk, config)
        except (BrokenExecutor, OSError):
            if self._given_up:
                return
            # Somewhere processes cannot be started, or one was killed: it takes longer alone.
            for note in [note for note in todo if note.path in self.missing]:
                yield self._take(load_chunk([note]), config)

    def give_up(self) -> None:
        """Ends `load` at once, from any thread."""
        self._given_up = True
        if self._workers is not None:
            self._workers.kill()

    def _take(self, chunk: Sequence[Loaded], config: Config) -> set[NotePath]:
        """Takes in parsed notes; returns those that are still wanted."""
        for note in chunk:
            self.missing.pop(note.path, None)
            row = self._rows.get(note.path)
            if note.error:
                shown = config.notes_prefix + note.path
                self.problems[shown] = _unreadable(shown, note.error)
            elif row and row.digest != note.digest:
                # It changed between the two looks at it.
                row = row.read_again(note.digest, note.key)
                self._rows[note.path] = row
                self.store.put_sources([row], ())
        posts = [post for post in self.store.put(chunk) if post.path in self._rows]
        self.posts.update((post.path, post) for post in posts)
        return {post.path for post in posts}

    def keys(self) -> set[str]:
        """The keys of all notes as they are."""
        return {row.post for row in self._rows.values()}

    def newest_first(self) -> list[str]:
        """The missing notes: what was written last is what is looked at first."""
        times = {path: self._entries[path].mtime_ns for path in self.missing}
        return sorted(self.missing, key=lambda path: (-times[path], path))

    def text_reader(
        self, config: Config, features: Sequence[Feature]
    ) -> Callable[[str], str | None]:
        """The text of a note by its path as problems show it, for `silence`."""

        def read(shown: str) -> str | None:
            path = shown.removeprefix(config.notes_prefix)
            entry, row = self._entries.get(path), self._rows.get(path)
            if not entry or not row or not shown.startswith(config.notes_prefix):
                return None
            known = self._texts.get(path)
            if known is None or known[0] != row.digest:
                try:
                    text = note_text(read_file(entry.source), shown, features)
                except OSError:
                    return None
                # Few notes have problems, and fewer of those a comment on them.
                known = (row.digest, text if "notecast-ignore" in text else "")
                self._texts[path] = known
            return known[1]

        return read

    def _look(self, path: str, config: Config) -> Entry | None:
        """The file as a scan would list it, `None` if it is gone.

        Raises:
            _InDoubt: It may be something else than a plain note.
        """
        known = self._entries.get(path)
        source = known.source if known else os.path.join(os.path.realpath(config.notes_dir), path)
        try:
            state = os.lstat(source)
        except (FileNotFoundError, NotADirectoryError):
            stem = os.path.splitext(source)[0]
            if any(os.path.exists(stem + end) for end in (*SOURCE_SUFFIXES, ".Rmd", ".Rmarkdown")):
                raise _InDoubt from None  # the source of what is gone is the note now
            return None
        except OSError as error:
            raise _InDoubt from error
        if not stat.S_ISREG(state.st_mode):
            raise _InDoubt
        if known is None and not self._is_plain(path, source, config):
            raise _InDoubt
        return entry_of(path, source, state)

    def _is_plain(self, path: str, source: str, config: Config) -> bool:
        """Whether a new file is certainly a note: beside another one, with a name like any."""
        folder, name = posixpath.split(path)
        ignored = ignore_pattern(config.ignore)
        return (
            path.isascii()
            and name.lower().endswith(self._suffixes)
            and not self._may_be_source(path)
            and not self._may_be_source(path)
            and not is_private(name)
            and not not_portable(name)
            and not (ignored and ignored(path, False))
            and folder in self._folders
            and path.lower() not in self._folded
        )

    def _may_be_source(self, path: str) -> bool:
        """Whether a file may be what a program made another one of, or the other way round."""
        stem, suffix = posixpath.splitext(path.lower())
        others = (f"{stem}{end}" for end in self._suffixes)
        return suffix in SOURCE_SUFFIXES or any(other in self._folded for other in others)


def _shield_workers() -> None:
    """Ctrl-C reaches all processes, and these before they can say that it is not for them.

    They inherit from this thread that it is blocked.
    """
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # its start would unblock it again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _unreadable(shown: str, reason: str) -> Problem:
    message = f"the file cannot be read: {reason}"
    return Problem("note-is-readable", "error", shown, 0, 0, message, "check its permissions")
