"""A plain folder as a target: a web server's, a mounted disk, a synchronised one."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from notecast.deploy.target import LIST, DeployError


class FolderTarget:
    """Files are written beside their place and moved, so that nobody reads half of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = str(folder)

    def read_list(self) -> bytes | None:
        try:
            return (self.folder / LIST).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(self.folder / LIST, error) from error

    def present(self) -> set[str]:
        if self.folder.exists() and not self.folder.is_dir():
            raise DeployError(f"{self.folder} is a file, not a folder")
        found = set()
        for folder, folders, names in os.walk(self.folder):
            if ".git" in folders:
                folders.remove(".git")
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in (*names, *links):
                if not name.endswith(_TEMPORARY):
                    path = os.path.relpath(os.path.join(folder, name), self.folder)
                    found.add(path.replace(os.sep, "/"))
        return found

    def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
        for path in paths:
            target = self.folder / path
            try:
                self._make_folder(target.parent)
                temporary = target.with_name(f".{target.name[:80]}{_TEMPORARY}")
                try:
                    shutil.copyfile(source / path, temporary)
                    if target.is_dir() and not target.is_symlink():
                        self._remove_empty(target)
                    os.replace(temporary, target)
                finally:
                    with suppress(FileNotFoundError):
                        temporary.unlink()
            except OSError as error:
                raise _failed(target, error) from error
            yield path

    def write_list(self, data: bytes) -> None:
        from notecast.builder.output import write_atomically

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.folder / LIST, data)
        except OSError as error:
            raise _failed(self.folder / LIST, error) from error

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            try:
                with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    (self.folder / path).unlink()
            except OSError as error:
                raise _failed(self.folder / path, error) from error
        folders = {parent for path in paths for parent in PurePosixPath(path).parents}
        for folder in sorted(folders, key=lambda place: -len(place.parts)):
            if folder.parts:
                with suppress(OSError):  # not empty, or gone already
                    (self.folder / folder).rmdir()

    def close(self) -> None:
        pass

    def _make_folder(self, folder: Path) -> None:
        """A page `x` that has become pages below `x/` makes room for them."""
        for place in (*reversed(folder.relative_to(self.folder).parents), None):
            step = folder if place is None else self.folder / place
            if step != self.folder and step.is_file():
                step.unlink()
        folder.mkdir(parents=True, exist_ok=True)

    def _remove_empty(self, folder: Path) -> None:
        for place, _, _ in os.walk(folder, topdown=False):
            with suppress(OSError):
                os.rmdir(place)


_TEMPORARY = ".notecast-tmp"


def _failed(path: Path, error: OSError) -> DeployError:
    return DeployError(
        f"{path} cannot be written: {error.strerror or error}",
        "what is there still serves; run the command again to do the rest",
    )
