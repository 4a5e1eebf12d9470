"""Where a site keeps its things: the configuration file and the cache folder.

Entry points: `site_file`, `find_root`, `notes_folder`, `cache_folder`.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SITE_FILES = ("site.yaml", "site.yml")
CACHE = ".notecast"
_NO_NOTES = frozenset(("node_modules", "__pycache__", "venv", "site-packages", "public"))
"""Folders whose Markdown is of others, or made."""


def site_file(root: Path) -> Path | None:
    """The configuration file of the site in `root`, `None` if it has none."""
    for name in SITE_FILES:
        file = root / name
        # A pipe, or a link that leads nowhere: reading it says so.
        if os.path.lexists(file) and not file.is_dir():
            return file
    return None


def notes_folder(root: Path) -> Path:
    """Where the notes of a folder without configuration are.

    In its folder `notes` if most are there, else everywhere: a blog of Jekyll may well have
    a `notes` beside its `_posts`.
    """
    own = root / "notes"
    if not own.is_dir():
        return root
    return own if 2 * _count_notes(own) >= _count_notes(root) else root


def _count_notes(folder: Path) -> int:
    """Markdown files below a folder, but for those about it: `README.md`, `LICENSE.md`."""
    count = 0
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name not in _NO_NOTES]
        count += sum(
            name.endswith((".md", ".markdown")) and not name.partition(".")[0].isupper()
            for name in files
        )
    return count


def find_root(start: Path) -> Path:
    """The site that `start` lies in: the nearest folder upwards with a `site.yaml`, else `start`.

    The search ends at the edge of a repository and at the user's home folder:
    a `site.yaml` beyond them is hardly meant.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if site_file(folder):
            return folder
        if (folder / ".git").exists() or folder == _home():
            break
    return start


def cache_folder(root: Path, environ: Mapping[str, str] | None = None) -> Path:
    """Where the cache of the site in `root` is kept.

    `.notecast/` beside `site.yaml`; where that cannot be written, a folder of
    the user's own cache folder, named after the site's path.
    """
    beside = root / CACHE
    if os.access(beside if beside.exists() else root, os.W_OK | os.X_OK):
        return beside
    path = os.fsencode(root.absolute())
    key = hashlib.blake2b(path, digest_size=8).hexdigest()
    return user_cache(os.environ if environ is None else environ) / key


def user_cache(environ: Mapping[str, str]) -> Path:
    """The user's cache folder for this program, by the custom of the system.

    Elsewhere than on macOS and Windows this is the XDG Base Directory
    Specification: `$XDG_CACHE_HOME` if it is absolute, else `~/.cache`.
    """
    chosen = environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(chosen):
        return Path(chosen) / "notecast"
    if sys.platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"]) / "notecast" / "cache"
    home = _home()
    if home is None:
        return Path(tempfile.gettempdir()) / "notecast-cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "notecast"
    return home / ".cache" / "notecast"


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None
