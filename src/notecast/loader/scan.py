"""Lists the files of the notes folder, and refuses those that must not be read.

Entry points: `scan`, and `read_file` for what it lists. Nothing is opened while
scanning: a pipe or a device would block or never end. Hidden files, backups,
keys and databases are as if they were not there.
"""

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from notecast.loader.scan_names import (
    ignore_pattern,
    is_private,
    names_problem,
    not_portable,
    without_sources,
)
from notecast.plain_files import read_plain
from notecast.problems import Problem, Severity

NOTE_SUFFIXES = (".md", ".markdown")
"""Of Markdown; features may add formats of their own (`Feature.suffixes`)."""
DEFAULTS_FILES = ("_defaults.yaml", "_defaults.yml")
SITE_FILES = ("site.yaml", "site.yml")
SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "venv", "$RECYCLE.BIN", "__MACOSX"))
ASSETS = ".gitbook"
"""The one hidden folder whose files are read: GitBook keeps the pictures of notes there."""


class Entry(msgspec.Struct, frozen=True):
    """A file of the notes folder."""

    path: str
    """Relative to the folder, with `/`, NFC."""
    source: str
    """Absolute path, as it is on disk."""
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


def entry_of(path: str, source: str, state: os.stat_result) -> Entry:
    """The entry of a file in this state."""
    return Entry(path, source, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


class Scan(msgspec.Struct, frozen=True):
    """All files of a folder, each list sorted by path."""

    notes: tuple[Entry, ...]
    files: tuple[Entry, ...]
    """What notes may show or offer: images, data, PDF."""
    defaults: tuple[Entry, ...]
    """`_defaults.yaml` files."""
    problems: tuple[Problem, ...]


def scan(
    folder: Path,
    *,
    ignore: Iterable[str] = (),
    exclude: Iterable[Path] = (),
    root: Path | None = None,
    suffixes: tuple[str, ...] = NOTE_SUFFIXES,
) -> Scan:
    """Walks a folder.

    Args:
        folder: The notes folder; may itself be reached through links.
        ignore: Patterns of paths to leave out, as in `.gitignore`: `*.tmp`,
            `private/`, `/cv/old.md`, `**/attic`.
        exclude: Folders and files to leave out: output, cache, templates.
        root: The site's folder, to which the paths of problems are relative.
        suffixes: Of notes, in lower case.
    """
    top = os.path.realpath(folder)
    walk = _Walk(top, ignore_pattern(ignore), exclude, _prefix(folder, root), suffixes)
    walk.run()
    walk.find_twins()
    walk.leave_sources()
    problems = sorted(walk.problems, key=lambda problem: problem.place)
    return Scan(_sorted(walk.notes), _sorted(walk.files), _sorted(walk.defaults), tuple(problems))


def _sorted(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.path))


def _prefix(folder: Path, root: Path | None) -> str:
    if root is None:
        return ""
    relative = os.path.relpath(folder, root).replace(os.sep, "/")
    return "" if relative == "." else f"{relative}/"


class _Walk:
    """The state of one walk."""

    def __init__(
        self,
        top: str,
        ignored: Callable[[str, bool], bool] | None,
        exclude: Iterable[Path],
        prefix: str,
        suffixes: tuple[str, ...],
    ) -> None:
        self.top = top
        self.ignored = ignored
        self.excluded = frozenset(os.path.realpath(path) for path in exclude) - {top}
        self.prefix = prefix
        self.suffixes = suffixes
        self.notes: list[Entry] = []
        self.files: list[Entry] = []
        self.defaults: list[Entry] = []
        self.problems: list[Problem] = []

    def run(self) -> None:
        pending = [("", self.top)]
        while pending:
            relative, disk = pending.pop()
            try:
                with os.scandir(disk) as entries:
                    # Sorted: the order of a directory differs between file systems,
                    # and of two names that are one after NFC the first is kept.
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable(relative or ".", error)
                continue
            for entry in found:
                self.visit(entry, relative, pending)

    def visit(self, entry: "os.DirEntry[str]", folder: str, pending: list[tuple[str, str]]) -> None:
        name = entry.name
        if (name[0] == "." and name != ASSETS) or name[-1] == "~":
            return
        if name.isascii():
            path = folder + name
        else:
            try:
                name.encode()
            except UnicodeEncodeError:
                self.report_bytes(folder, name)
                return
            path = folder + unicodedata.normalize("NFC", name)
        try:
            self.take(entry, path, pending)
        except OSError as error:
            self.unreadable(path, error)

    def take(self, entry: "os.DirEntry[str]", path: str, pending: list[tuple[str, str]]) -> None:
        """Files an entry under what it is."""
        name = entry.name
        source = entry.path
        is_link = entry.is_symlink()
        is_folder = not is_link and entry.is_dir(follow_symlinks=False)
        if self.excluded and source in self.excluded:
            return
        if self.ignored is not None and self.ignored(path, is_folder):
            return
        if is_folder:
            if name not in SKIPPED_FOLDERS and not os.path.lexists(f"{source}/pyvenv.cfg"):
                self.check_name(path, name)
                pending.append((path + "/", source))
            return
        if is_private(name):
            return
        if is_link:
            target = self.resolve(source, path)
            if not target:
                return
            source = target
            state = os.stat(source)
        else:
            state = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(state.st_mode):
            kind = "a pipe, socket or device"
            self.report("file-is-regular", path, f"{kind} is not read", "remove it", "warning")
            return
        self.check_name(path, name)
        found = entry_of(path, source, state)
        if name.lower().endswith(self.suffixes) and f"{ASSETS}/" not in path:
            self.notes.append(found)
        elif name in DEFAULTS_FILES:
            self.defaults.append(found)
        elif not (name in SITE_FILES and path == name):
            self.files.append(found)

    def resolve(self, source: str, path: str) -> str:
        """The file behind a link, or nothing if the link is refused."""
        rule = "link-stays-inside"
        target = os.path.realpath(source)
        inside = target.startswith(self.top.rstrip(os.sep) + os.sep)
        if not inside:
            # The same words whether the target exists or not: they tell nothing of it.
            message = "the link leads out of the notes folder; it is not read"
            self.report(rule, path, message, "copy what it points to into the folder")
            return ""
        try:
            state = os.stat(source)
        except OSError:
            message = "the link leads nowhere, or in a circle"
            self.report(rule, path, message, "remove it, or point it at a file")
            return ""
        if stat.S_ISDIR(state.st_mode):
            message = "links to folders are not followed: their notes are published where they are"
            self.report(rule, path, message, "remove the link", "warning")
            return ""
        below = os.path.relpath(target, self.top).split(os.sep)
        hidden = any(part.startswith(".") or part in SKIPPED_FOLDERS for part in below)
        outer = (os.path.join(self.top, *below[:n]) for n in range(1, len(below) + 1))
        if hidden or is_private(below[-1]) or any(part in self.excluded for part in outer):
            message = "the link leads to a file that is not published"
            self.report(rule, path, message, "remove it")
            return ""
        return target

    def check_name(self, path: str, name: str) -> None:
        why = not_portable(name)
        if why:
            hint = "rename it, or the folder cannot be copied everywhere"
            self.report("file-name-is-portable", path, why, hint, "warning")

    def find_twins(self) -> None:
        """Reports names that some disks cannot tell apart, and keeps one of two equal ones."""
        seen: dict[str, Entry] = {}
        for entries in (self.notes, self.files, self.defaults):
            doubles = set()
            for entry in sorted(entries, key=lambda entry: (entry.path, entry.source)):
                path = entry.path
                key = path.lower() if path.isascii() else path.casefold()
                if not key.isascii():
                    key = unicodedata.normalize("NFC", key)
                first = seen.setdefault(key, entry)
                if first is entry:
                    continue
                same = first.path == path
                if same:
                    doubles.add(id(entry))
                self.problems.append(names_problem(self.prefix, first.path, path, same=same))
            if doubles:
                entries[:] = [entry for entry in entries if id(entry) not in doubles]

    def leave_sources(self) -> None:
        """What came of `a.Rmd` lies beside it: then that is the note, and `a.Rmd` a file.

        So is `a.md` beside `a.ipynb` where Jupytext keeps both the same.
        """
        kept = without_sources([entry.path for entry in self.notes])
        books = {entry.path[:-6] for entry in self.notes if entry.path.endswith(".ipynb")}
        for entry in self.notes if books else ():
            stem, dot, suffix = entry.path.rpartition(".")
            if stem in books and dot + suffix in NOTE_SUFFIXES and _is_paired(entry.source):
                kept.discard(entry.path)
        self.files += [entry for entry in self.notes if entry.path not in kept]
        self.notes = [entry for entry in self.notes if entry.path in kept]

    def unreadable(self, path: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        hint = "check its permissions" if error.errno in (errno.EACCES, errno.EPERM) else ""
        self.report("file-is-readable", path, f"cannot be read: {reason.lower()}", hint)

    def report_bytes(self, folder: str, name: str) -> None:
        shown = folder + name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        message = "the name is not UTF-8; the file is not read"
        self.report("file-name-is-portable", shown, message, "rename the file")

    def report(
        self, rule: str, path: str, message: str, hint: str, severity: Severity = "error"
    ) -> None:
        self.problems.append(Problem(rule, severity, self.prefix + path, 0, 0, message, hint))


_JUPYTEXT = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:(?!---).*\n)*?jupytext[ \t]*:")
_HEAD = 4_096


def _is_paired(source: str) -> bool:
    """Whether a file is the text of a notebook: Jupytext says so in its header.

    https://jupytext.readthedocs.io/en/latest/paired-notebooks.html
    """
    try:
        return _JUPYTEXT.match(read_plain(source, links=False)[:_HEAD]) is not None
    except OSError:
        return False


def read_file(source: str) -> bytes:
    """The bytes of a scanned file (`Entry.source`).

    Between scan and reading, a file may have become a link or a pipe: neither
    is followed nor waited for.

    Raises:
        OSError: It cannot be read, or is no regular file any more.
    """
    return read_plain(source, links=False)
