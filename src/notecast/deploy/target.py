"""What publishing needs of a place: the contract of targets, and the list they keep.

A target holds, beside the site, a list of what we published there
(`.notecast-published`): it tells what is ours, what changed since, and after an
interruption what is still missing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LIST = ".notecast-published"
# What hosts and people put beside a site: neither ours nor in the way.
HARMLESS = frozenset((LIST, "CNAME", ".nojekyll", ".gitattributes", ".gitignore", "README.md"))


class DeployError(Exception):
    """Publishing cannot go on: why, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Target(Protocol):
    """A place that files are put to one by one; after any of them it must still serve."""

    shown: str
    """How it is named to the user."""

    def read_list(self) -> bytes | None:
        """The list that lies there; `None` for none."""

    def present(self) -> set[str]:
        """Every file that is there, with `/`."""

    def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
        """Puts files there, each as a whole or not at all; yields each when it is there.

        Args:
            source: The folder of the site.
            paths: Below it, with `/`.
        """

    def write_list(self, data: bytes) -> None:
        """Replaces the list."""

    def delete(self, paths: Sequence[str]) -> None:
        """Removes files; one that is gone already is no error."""

    def close(self) -> None:
        """Ends connections; the next question opens one anew."""


def site_files(output: Path) -> dict[str, str]:
    """The digest of every file of a built site, by path, in order.

    Raises:
        DeployError: There is no site in that folder.
    """
    from notecast.builder.output import read_owned

    paths = read_owned(output)
    if not paths:
        raise DeployError(f"there is no site in {output}", "build it first: notecast build")
    found = {}
    for path in paths:
        try:
            with (output / path).open("rb") as file:
                found[path] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            hint = "build the site anew: notecast build"
            raise DeployError(f"{path} cannot be read: {error.strerror}", hint) from error
    return found


def without_compressed(files: Mapping[str, str]) -> dict[str, str]:
    """The files of a site without the compressed copies beside others (`precompress`)."""
    return {
        path: mark
        for path, mark in files.items()
        if not path.endswith((".gz", ".br")) or path[:-3] not in files
    }


def ssh_patience() -> tuple[str, ...]:
    """Options of ssh for a program: it asks for nothing and does not wait for a dead network."""
    settings = ("BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15")
    return tuple(word for setting in settings for word in ("-o", setting))


@dataclass(frozen=True)
class Listing:
    """What a list says."""

    files: Mapping[str, str]
    """Digests by path; empty for what is on its way."""
    run: str = ""
    """Who is publishing there, or was when it was interrupted; empty for nobody."""


def pack_list(files: Mapping[str, str], run: str = "") -> bytes:
    """A list as it is stored: paths and digests; an empty digest for what is on its way."""
    whole = {"version": 1, **({"run": run} if run else {}), "files": dict(sorted(files.items()))}
    return (json.dumps(whole, indent=0) + "\n").encode()


def unpack_list(data: bytes | None) -> Listing:
    """What `pack_list` packed; an empty one for `None`.

    Raises:
        DeployError: It is damaged.
    """
    if data is None:
        return Listing({})
    from notecast.builder.output import is_inside

    try:
        whole = json.loads(data)
        files = {str(path): str(mark) for path, mark in whole["files"].items() if is_inside(path)}
        return Listing(files, str(whole.get("run", "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"remove {LIST} there and run the command again with --force"
        raise DeployError(f"the list {LIST} of the target is damaged", hint) from error
