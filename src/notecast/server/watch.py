"""Which files changed: a watcher of folders, and the waiting until a storm is over.

Entry points: `Watcher`, `Pending`. Editors save in many ways (write in place,
write a copy and rename it, empty the file and fill it, delete and create);
version control touches a thousand files. `Pending` turns all of it into few
moments at which to look.
"""

import errno
import logging
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.loader.scan import ASSETS

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

QUIET = 0.015
"""Seconds without an event after which a single save is over."""
UNSURE = 0.045
"""The same where the file is empty or gone: most editors that do this write it next."""
STORM = 0.3
"""The same while many files change."""
MANY = 4
"""Files that change within a second without being called a storm."""
LONGEST = 5.0
"""Seconds after which a storm that does not end is looked at all the same."""
POLL = 2.0
"""Seconds between two looks at all files where the system cannot watch."""

LIMITS = {errno.ENOSPC, errno.EMFILE, errno.ENFILE}


class Pending:
    """Changed paths that nobody has looked at yet. Times come in as arguments."""

    def __init__(self) -> None:
        self._paths: dict[str, bool] = {}
        self._first = 0.0
        self._last = 0.0
        self._recent: dict[str, float] = {}

    def add(self, path: str, now: float, *, unsure: bool = False) -> None:
        """Notes a change; `unsure` where the file is empty or gone now."""
        if not self._paths:
            self._first = now
        self._paths[path] = unsure
        self._last = now
        self._recent.pop(path, None)
        self._recent[path] = now
        for old, seen in list(self._recent.items()):
            if seen >= now - 1:
                break
            del self._recent[old]

    @property
    def due(self) -> float | None:
        """The moment at which to look, `None` if nothing changed."""
        if not self._paths:
            return None
        quiet = QUIET
        if any(self._paths.values()):
            quiet = UNSURE
        if len(self._recent) > MANY:
            quiet = STORM
        return min(self._last + quiet, self._first + LONGEST)

    def take(self) -> list[str]:
        """The paths, sorted; afterwards nothing is pending."""
        paths = sorted(self._paths)
        self._paths.clear()
        return paths


class Watcher:
    """Watches the folders of a site."""

    def __init__(
        self,
        root: Path,
        others: Sequence[Path],
        leave_out: Sequence[Path],
        changed: Callable[[str, bool], None],
        say: Callable[[str], None],
    ) -> None:
        """
        Args:
            root: The folder of the site.
            others: More folders to watch, such as notes that lie elsewhere.
            leave_out: Folders of which nothing is wanted: output, cache.
            changed: Called with each path that changed, and whether it is empty or gone;
                in a thread of the watcher.
            say: Tells the author something.
        """
        self._root = os.path.realpath(root)
        self._name(others, leave_out)
        self._changed = changed
        self._say = say
        self._observer: BaseObserver | None = None
        self._handler: Any = _Handler(self._event)
        self._watched: dict[str, ObservedWatch] = {}
        self._polls = False
        self._has_new = False
        """Whether folders came since the last probe."""

    def start(self) -> None:
        """Begins to watch; by looking again and again where the system has no other way."""
        from watchdog.observers import Observer

        # Events that come while it ends, or too many of them: it would print what we see to.
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        observer = Observer()
        try:
            self._begin(observer)
            self._probe()
        except OSError as error:
            if error.errno not in LIMITS:
                raise
            self._fall_back(observer, error)

    def follow(self, others: Sequence[Path], leave_out: Sequence[Path]) -> None:
        """Takes in what a change may mean for watching; called after each.

        Args:
            others, leave_out: As for a new watcher; the configuration may name others now.
        """
        before = self._others, self._leave_out
        self._name(others, leave_out)
        if (self._others, self._leave_out) != before:
            for folder in self._folders():
                self._watch_new(folder)
        if self._has_new:
            self._has_new = False
            try:
                self._probe()
            except OSError as error:
                self._refused(self._root, error)

    def _name(self, others: Sequence[Path], leave_out: Sequence[Path]) -> None:
        self._others = [os.path.realpath(folder) for folder in others if folder.is_dir()]
        self._leave_out = tuple(os.path.realpath(folder) for folder in leave_out)

    def stop(self) -> None:
        """Ends watching."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(1)

    def _begin(self, observer: "BaseObserver") -> None:
        observer.start()
        self._observer = observer
        self._watched.clear()
        self._watch(self._root, recursive=False)
        for folder in self._folders():
            self._watch(folder, recursive=True)

    def _probe(self) -> None:
        """Whether all folders are watched: watchdog says nothing where it is refused one.

        Raises:
            OSError: The system takes no further folder, so that some may be missing.
        """
        if self._observer is None or self._polls:
            return
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            handler: Any = _Handler(lambda _: None)
            self._observer.unschedule(self._observer.schedule(handler, folder))

    def _fall_back(self, failed: "BaseObserver", error: OSError) -> None:
        from watchdog.observers.polling import PollingObserver

        self._polls = True
        failed.stop()
        self._say(
            f"The system cannot watch so many folders ({error.strerror}): changes are looked for "
            f"every {POLL:.0f} seconds instead. On Linux the limit is fs.inotify.max_user_watches."
        )
        self._begin(PollingObserver(timeout=POLL))

    def _folders(self) -> list[str]:
        """The folders below the root, one by one: hidden ones and the output need no watching."""
        with os.scandir(self._root) as entries:
            found = [
                os.path.realpath(entry.path)
                for entry in entries
                if os.path.isdir(entry.path) and self._is_wanted(entry.path)
            ]
        found += [folder for folder in self._others if not _inside(folder, found)]
        return sorted(set(found))

    # No lock of ours: watchdog holds its own while it calls the handler.

    def _watch(self, folder: str, *, recursive: bool) -> None:
        if folder in self._watched or self._observer is None:
            return
        self._watched[folder] = self._observer.schedule(self._handler, folder, recursive=recursive)

    def _unwatch(self, folder: str) -> None:
        """Lets go of a folder: one that takes its place has to be watched anew."""
        watch = self._watched.pop(folder, None)
        if watch is not None and self._observer is not None:
            with suppress(KeyError):  # watchdog itself has let go of it
                self._observer.unschedule(watch)

    def _is_wanted(self, path: str) -> bool:
        # Notes may lie in a hidden folder if the configuration says so.
        bases = [base for base in (self._root, *self._others) if _inside(path, [base])]
        relative = os.path.relpath(path, max(bases, key=len, default=self._root))
        parts = relative.split(os.sep)
        hidden = any(
            (part.startswith(".") and part not in (".", "..", ".well-known", ASSETS))
            or part in ("node_modules", "__pycache__")
            for part in parts
        )
        swap = parts[-1].endswith("~") or parts[-1].startswith("#")
        return not (hidden or swap or _inside(path, self._leave_out))

    def _event(self, event: "FileSystemEvent") -> None:
        if event.event_type not in ("created", "modified", "moved", "deleted", "closed"):
            return
        if event.is_directory and event.event_type == "modified":
            return
        for raw in (event.src_path, event.dest_path):
            path = os.fsdecode(raw) if raw else ""
            if path and self._is_wanted(path):
                self._one(path, is_folder=event.is_directory)

    def _one(self, path: str, *, is_folder: bool) -> None:
        if is_folder and os.path.dirname(path) == self._root:
            self._unwatch(path)
            if os.path.isdir(path):
                self._watch_new(os.path.realpath(path))
        self._has_new = self._has_new or is_folder
        try:
            unsure = os.stat(path).st_size == 0
        except OSError:
            unsure = True
        self._changed(path, unsure)

    def _watch_new(self, folder: str) -> None:
        try:
            self._watch(folder, recursive=True)
        except OSError as error:
            self._refused(folder, error)

    def _refused(self, path: str, error: OSError) -> None:
        """A folder that came later cannot be watched."""
        if error.errno not in LIMITS:
            self._say(f"{path} cannot be watched: {error.strerror}")
        elif self._observer is not None and not self._polls:
            self._fall_back(self._observer, error)
            # What happened in between is found by looking at everything.
            self._changed(self._root, False)


class _Handler:
    """What watchdog calls."""

    def __init__(self, handle: Callable[["FileSystemEvent"], None]) -> None:
        self._handle = handle

    def dispatch(self, event: Any) -> None:
        self._handle(event)


def _inside(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def now() -> float:
    """The clock of `Pending`."""
    return time.monotonic()
