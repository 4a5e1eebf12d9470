"""Opens the site that a command works on: its folder, configuration and features.

Entry point: `open_site`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.commands import CommandError

if TYPE_CHECKING:
    from notecast.config_reader import Reading


def root_of(folder: str | None) -> Path:
    """The folder of the site: `folder`, or the site around the working folder.

    Raises:
        CommandError: There is no such folder.
    """
    from notecast.config_places import find_root

    if folder is None:
        try:
            return find_root(Path.cwd())
        except FileNotFoundError as error:
            raise CommandError("the working folder is gone", "change to another one") from error
    root = Path(folder).expanduser()
    if not root.is_dir():
        what = "is a file, not a folder" if root.exists() else "does not exist"
        raise CommandError(f"{folder} {what}", "name the folder of the site, with its site.yaml")
    return root.absolute()


def open_site(folder: str | None, overrides: Mapping[str, Any] | None = None) -> "Reading":
    """The configuration of a site and the features that it uses.

    Args:
        folder: As given on the command line; `None` for the site around the working folder.
        overrides: Values from the command line by key.

    Raises:
        CommandError: There is no such folder.
    """
    root = root_of(folder)
    from notecast.config_reader import read_site
    from notecast.features import FEATURES

    return read_site(root, FEATURES, environ=os.environ, overrides=overrides)


def near(path: Path) -> str:
    """A path as it is best shown: from the working folder if it lies below it."""
    absolute = Path(os.path.abspath(path))
    cwd = Path.cwd()
    return str(absolute.relative_to(cwd)) if absolute.is_relative_to(cwd) else str(absolute)


def repository_prefix(root: Path) -> str:
    """What leads from the root of the repository around a site to it: `docs/` or nothing."""
    place = Path(os.path.realpath(root))
    for folder in (place, *place.parents):
        if (folder / ".git").exists():
            relative = place.relative_to(folder).as_posix()
            return "" if relative == "." else f"{relative}/"
    return ""
