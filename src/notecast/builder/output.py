"""The output folder: what is ours in it, and how new files get there.

Files are staged inside the output folder and moved into place one by one with
`os.replace` when all of them are ready, so a build that fails or is killed
leaves every page either old or new, never half. The list of files that we
wrote lies in the folder itself (`.notecast-files`): only what it names is ever
overwritten or removed.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import msgspec

from notecast.builder.cache import OutputRow
from notecast.plain_files import read_plain, real_path

OWNED_LIST = ".notecast-files"
STAGING = ".notecast-staging"
NEW = "new"
"""Folder below the staging folder for files whose folder the site does not have yet."""
# What people put into an output folder before the first build.
HARMLESS = {"CNAME", OWNED_LIST, STAGING}


class OutputRefused(Exception):
    """The output folder is not one that may be written to."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class OutputFailed(OutputRefused):
    """The disk did not take the new site; the one that stands is untouched or whole."""


def place_for(staging: Path, output: str, name: str) -> str:
    """Where below the staging folder a new file of the site should be written.

    A file of a folder that the site does not have yet lies below `NEW` as it will lie in the
    site, so that whole folders can be moved into place at once: nearly all of a first build.

    Args:
        staging: The staging folder.
        output: Where the file belongs in the output folder.
        name: A name of its own, for a file that is moved alone.
    """
    folder = output.rpartition("/")[0]
    return f"{NEW}/{output}" if folder and not os.path.isdir(f"{staging.parent}/{folder}") else name


def write_staged(staging: Path, staged: str, data: bytes) -> None:
    """Writes a file below the staging folder, at what `place_for` gave."""
    place = f"{staging}/{staged}"
    try:
        file = open(place, "wb")  # noqa: SIM115
    except FileNotFoundError:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        file = open(place, "wb")  # noqa: SIM115
    with file:
        file.write(data)


class Staged(msgspec.Struct, frozen=True, array_like=True):
    """A file that is ready to be moved to its place."""

    output: str
    staged: str
    """Name below the staging folder; empty when the bytes on disk are right already."""
    key: str
    digest: str


def check_target(output: Path, root: Path, notes: Path, inputs: Iterable[Path]) -> None:
    """Refuses output folders in which a build could do harm.

    Args:
        output: Where the site is to be written.
        root: The site folder.
        notes: The notes folder; equal to `root` where a site has no folder of its own for them.
        inputs: Other folders that are read: templates, static files, the cache.

    Raises:
        OutputRefused: Says why, and what to choose instead.
    """
    target = real_path(output)
    hint = "name a folder of its own, such as public: --output public"
    if output.is_symlink() and not output.exists():
        raise OutputRefused(f"the output {output} is a link that leads nowhere", "remove it")
    if target.exists() and not target.is_dir():
        raise OutputRefused(f"the output {output} is a file, not a folder", hint)
    for place, name in ((Path(target.anchor), "the whole disk"), (Path.home(), "your home folder")):
        if target == real_path(place):
            raise OutputRefused(f"the output folder {output} is {name}", hint)
    if target == real_path(root):
        raise OutputRefused(f"the output folder {output} is the site folder itself", hint)
    if real_path(root).is_relative_to(target):
        raise OutputRefused(f"the output folder {output} contains the site folder", hint)
    folders = list(inputs)
    if real_path(notes) != real_path(root):
        folders.append(notes)
    for folder in folders:
        place = real_path(folder)
        if target == place or target.is_relative_to(place):
            raise OutputRefused(
                f"the output folder {output} lies in {folder.name}/, which the build reads", hint
            )
        if place.is_relative_to(target):
            raise OutputRefused(
                f"the output folder {output} contains {folder.name}/, which the build reads", hint
            )
    if target.is_dir() and not (target / OWNED_LIST).exists():
        foreign = sorted(
            entry.name
            for entry in target.iterdir()
            if entry.name not in HARMLESS and not _is_harmless_dot(entry)
        )
        if foreign:
            raise OutputRefused(
                f"the output folder {output} holds files that Notecast did not write "
                f"(such as {foreign[0]})",
                "choose an empty folder, or empty this one yourself if nothing in it is needed",
            )


def _is_harmless_dot(entry: Path) -> bool:
    return entry.name.startswith(".") and not (entry.name == ".git" and entry.is_dir())


def read_owned(output: Path) -> list[str]:
    """The files below `output` that we wrote, as paths with `/`, sorted.

    Lines that climb out of the folder are left out: the list may have been edited.
    """
    try:
        text = read_plain(output / OWNED_LIST).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise OutputRefused(f"the list of files in {output / OWNED_LIST} cannot be read") from error
    return sorted({line for line in text.split("\n") if line and is_inside(line)})


def is_inside(path: str) -> bool:
    """Whether a path with `/` stays below the folder that it is relative to."""
    if not path or path[0] == "/" or "\0" in path:
        return False
    return ".." not in path or ".." not in path.split("/")


class Output:
    """The output folder during one build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staging = folder / STAGING
        self.owned = set(read_owned(folder))
        self._barred: dict[str, bool] = {}

    def clear_away(self) -> None:
        """Removes what a killed build has left in the staging folder, as far as possible."""
        if self.staging.is_dir() and not self.staging.is_symlink():
            shutil.rmtree(self.staging, ignore_errors=True)

    @contextmanager
    def staging_folder(self) -> Iterator[None]:
        """An empty staging folder while the block runs.

        Raises:
            OutputFailed: The folder cannot be written to.
        """
        try:
            if self.staging.is_symlink():
                raise OutputRefused(f"{self.staging} is a link")
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise _failed(self.folder, error) from error
        try:
            yield
        except OSError as error:
            raise _failed(self.folder, error) from error
        finally:
            shutil.rmtree(self.staging, ignore_errors=True)

    def foreign(self, paths: Iterable[str]) -> list[str]:
        """Which of these places hold a file that we did not write, or lie behind a link."""
        return [
            path
            for path in paths
            if self._is_barred(path) or (path not in self.owned and self._is_taken(path))
        ]

    def blocked(self, paths: Iterable[str]) -> list[str]:
        """At which of these places of ours somebody has put a folder with files of his own."""
        return [
            path
            for path in paths
            if os.path.isdir(f"{self.folder}/{path}") and self._is_taken(path)
        ]

    def _is_taken(self, path: str) -> bool:
        """Whether something stands there that would not go away with our own files."""
        place = f"{self.folder}/{path}"
        if not os.path.isdir(place) or os.path.islink(place):
            return os.path.lexists(place)
        # A folder of pages of ours, which are gone when a file of its name comes.
        for folder, inner, names in os.walk(place):
            below = os.path.relpath(folder, self.folder).replace(os.sep, "/")
            if any(f"{below}/{name}" not in self.owned for name in names):
                return True
            if not (inner or names) or any(os.path.islink(f"{folder}/{name}") for name in inner):
                return True
        return False

    def _is_barred(self, path: str) -> bool:
        """Whether a folder on the way is a link, behind which nothing is ours, or no folder."""
        folder = path.rpartition("/")[0]
        if not folder:
            return False
        known = self._barred.get(folder)
        if known is None:
            known = self._is_no_folder(folder) or self._is_barred(folder)
            self._barred[folder] = known
        return known

    def _is_no_folder(self, path: str) -> bool:
        """Whether something stands there that is neither a folder nor a file of ours."""
        try:
            mode = os.lstat(f"{self.folder}/{path}").st_mode
        except OSError:
            return False
        return stat.S_ISLNK(mode) or not (stat.S_ISDIR(mode) or path in self.owned)

    def publish(
        self, staged: Iterable[Staged], keep: set[str]
    ) -> tuple[list[OutputRow], list[str]]:
        """Moves staged files into place and removes ours that are not kept.

        Args:
            staged: What is new.
            keep: Every path that the site has now.

        Returns:
            Rows for the cache, and the paths removed.

        Raises:
            OutputFailed: The disk refused; each file is still either old or new.
        """
        gone = [path for path in sorted(self.owned - keep) if not self._is_barred(path)]
        rows: list[OutputRow] = []
        try:
            if not keep <= self.owned:
                # Named before they exist: a build that is killed between the
                # two must know its own files again.
                self._write_owned(self.owned | keep)
            moved = self._move_folders("")
            for file in staged:
                source = f"{self.staging}/{file.staged}"
                if file.staged and not (moved and not os.path.lexists(source)):
                    self._place(Path(source), self.folder / file.output, set(gone))
                state = os.stat(f"{self.folder}/{file.output}")
                rows.append(
                    OutputRow(file.output, file.key, file.digest, state.st_size, state.st_mtime_ns)
                )
            for path in gone:
                with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    (self.folder / path).unlink()
            self._remove_empty_folders(gone)
            if self.owned != keep or not (self.folder / OWNED_LIST).exists():
                self._write_owned(keep)
        except OSError as error:
            raise _failed(self.folder, error) from error
        self.owned = set(keep)
        return rows, gone

    def _move_folders(self, below: str) -> bool:
        """Moves whole folders of new files to where there is nothing yet; whether any was."""
        try:
            names = [
                entry.name for entry in os.scandir(f"{self.staging}/{NEW}{below}") if entry.is_dir()
            ]
        except FileNotFoundError:
            return False
        moved = False
        for name in names:
            target = f"{self.folder}{below}/{name}"
            if not os.path.lexists(target):
                os.rename(f"{self.staging}/{NEW}{below}/{name}", target)
                moved = True
            elif os.path.isdir(target):
                moved |= self._move_folders(f"{below}/{name}")
        return moved

    def _place(self, source: Path, target: Path, gone: set[str]) -> None:
        try:
            os.replace(source, target)
        except (FileNotFoundError, NotADirectoryError):
            self._make_folder(target.parent, gone)
            os.replace(source, target)
        except IsADirectoryError:
            # A page `x` where there were pages below `x/`: those are gone now.
            for path in sorted(gone):
                if (self.folder / path).is_relative_to(target):
                    (self.folder / path).unlink(missing_ok=True)
            self._remove_empty_folders(gone)
            target.parent.mkdir(parents=True, exist_ok=True)  # it was empty for a moment
            os.replace(source, target)

    def _make_folder(self, folder: Path, gone: set[str]) -> None:
        for parent in [*reversed(folder.relative_to(self.folder).parents), Path()][1:]:
            place = self.folder / parent
            if place.is_file() and parent.as_posix() in gone:
                place.unlink()
        relative = folder.relative_to(self.folder).as_posix()
        if folder.is_file() and relative in gone:
            folder.unlink()
        folder.mkdir(parents=True, exist_ok=True)

    def _remove_empty_folders(self, paths: Iterable[str]) -> None:
        folders = {parent for path in paths for parent in PurePosixPath(path).parents}
        for folder in sorted(folders, key=lambda place: -len(place.parts)):
            if folder.parts:
                with suppress(OSError):  # not empty, or gone already
                    (self.folder / folder).rmdir()

    def _write_owned(self, paths: set[str]) -> None:
        # What a killed build leaves in the staging folder is cleared away.
        beside = self.staging if self.staging.is_dir() else self.folder
        data = "".join(f"{path}\n" for path in sorted(paths)).encode()
        write_atomically(self.folder / OWNED_LIST, data, beside)


def write_atomically(path: Path, data: bytes, beside: Path | None = None) -> None:
    """Writes a file so that nobody ever sees half of it.

    Args:
        path: The file.
        data: What will be in it.
        beside: Folder for the new file while it is written; by default that of `path`.
    """
    temporary = (beside or path.parent) / f"{path.name}.{os.getpid()}.tmp"
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _failed(folder: Path, error: OSError) -> OutputFailed:
    reason = error.strerror or str(error)
    return OutputFailed(
        f"the site cannot be written to {folder}: {reason}",
        "check the free space and the permissions of that folder; "
        "the pages that stand there are still whole",
    )
