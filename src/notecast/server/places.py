"""From a changed path to what it is of the site.

Entry points: `note_paths`, `file_url`.
"""

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from notecast.config import Config
from notecast.site import FileRef
from notecast.urls import quote


def note_paths(paths: Sequence[str], config: Config, suffixes: tuple[str, ...]) -> list[str] | None:
    """The paths relative to the notes folder, NFC; `None` if not all of them are notes."""
    folders = (os.path.realpath(config.notes_dir), os.path.abspath(config.notes_dir))
    found = []
    for path in paths:
        below = _below(path, folders)
        if below is None or not below.lower().endswith(suffixes):
            return None
        found.append(unicodedata.normalize("NFC", below))
    return found


def file_url(path: str, config: Config, files: Mapping[str, FileRef]) -> str | None:
    """The address of a published file that is not a page, `None` for everything else.

    Args:
        path: Absolute.
        config: The site's configuration.
        files: Files of the notes folder that are not notes.
    """
    static = _below(path, (os.path.realpath(config.static_dir),))
    if static is not None:
        return quote(f"/{static}")
    below = _below(path, (os.path.realpath(config.notes_dir),))
    ref = files.get(unicodedata.normalize("NFC", below)) if below else None
    return ref.url if ref else None


def _below(path: str, folders: Iterable[str]) -> str | None:
    """The path relative to the first of the folders that holds it, with `/`."""
    for folder in folders:
        if path.startswith(folder + os.sep):
            return path[len(folder) + 1 :].replace(os.sep, "/")
    return None
