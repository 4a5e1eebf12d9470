"""Compares two built sites byte by byte and explains what differs.

Either may be a list of digests that `--write` made, so a site can be compared
with one that is not at hand any more.
"""

import argparse
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from notecast.commands import CommandError

EXAMPLES = """\
examples:
  notecast verify public other             two folders
  notecast verify public --write manifest.json    the digests of all files, to compare later
  notecast verify public manifest.json
"""

_OURS = ".notecast-"
_MARK = re.compile(r"\.[0-9a-f]{10}(?=\.|$)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_AROUND = 30
SHOWN = 20
"""Files of a kind that are named; `--verbose` names all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast verify`."""
    add = parser.add_argument
    add("first", metavar="A", help="a folder with a built site, or a list of digests")
    add("second", metavar="B", nargs="?", help="another")
    add("--write", metavar="FILE", help="write the digests of A to this file")
    add("-q", "--quiet", action="store_true", help="print nothing; the exit status tells")
    add("-v", "--verbose", action="store_true", help="name every file")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast verify`."""
    from notecast.commands.report import Report, counted

    loudness = "quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal"
    report = Report(loudness)  # type: ignore[arg-type]
    if (arguments.second is None) == (arguments.write is None):
        raise CommandError("two sites are needed, or one and --write FILE", EXAMPLES)
    first = digests(Path(arguments.first))
    if arguments.write:
        _write(Path(arguments.write), first)
        report.say(f"Wrote the digests of {counted(len(first), 'file')} to {arguments.write}.")
        return 0
    second = digests(Path(arguments.second))
    found = compare(first, second)
    folders = (Path(arguments.first), Path(arguments.second))
    at_hand = all(folder.is_dir() for folder in folders)
    for kind, paths in found.items():
        for path in paths if report.loudness == "verbose" else paths[:SHOWN]:
            why = ""
            if kind == "differs" and at_hand:
                why = ": " + explain(*((folder / path).read_bytes() for folder in folders))
            report.say(f"{kind:<10} {path}{why}")
        if report.loudness != "verbose" and len(paths) > SHOWN:
            report.say(f"... and {len(paths) - SHOWN} more (--verbose names all)")
    total = sum(len(paths) for paths in found.values())
    if total:
        report.say(f"{counted(total, 'file')} of {len(first.keys() | second.keys())} not the same.")
        return 1
    report.say(f"The same: {counted(len(first), 'file')}.")
    return 0


def digests(place: Path) -> dict[str, str]:
    """The digest of every file below a folder, or those that a list names; ours left out.

    Raises:
        CommandError: There is no such place, or it is neither.
    """
    if place.is_dir():
        found = {}
        for folder, _, names in os.walk(place):
            for name in names:
                path = Path(folder, name)
                relative = path.relative_to(place).as_posix()
                if not relative.startswith(_OURS):
                    try:
                        found[relative] = hashlib.sha256(path.read_bytes()).hexdigest()
                    except OSError as error:
                        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        return dict(sorted(found.items()))
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
        # Ours, or what `deploy` keeps at the target.
        found = data["sha256"] if "sha256" in data else data["files"]
        return {str(path): str(mark) for path, mark in found.items()}
    except FileNotFoundError as error:
        raise CommandError(f"{place} does not exist", "build the site first") from error
    except OSError as error:
        raise CommandError(f"{place} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{place} is neither a folder nor a list of digests") from error


def _write(path: Path, found: Mapping[str, str]) -> None:
    text = json.dumps({"version": 1, "sha256": dict(found)}, ensure_ascii=False, indent=1)
    try:
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error


def compare(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, list[str]]:
    """Paths that are only in one, and those whose bytes differ, each sorted."""
    return {
        "only in A": sorted(first.keys() - second.keys()),
        "only in B": sorted(second.keys() - first.keys()),
        "differs": sorted(
            path for path in first.keys() & second.keys() if first[path] != second[path]
        ),
    }


def explain(first: bytes, second: bytes) -> str:
    """Why two files differ, in a few words.

    Args:
        first: Bytes of one.
        second: Bytes of the other; not the same.
    """
    try:
        one, two = first.decode(), second.decode()
    except UnicodeDecodeError:
        return f"{len(first)} and {len(second)} bytes"
    if one.replace("\r\n", "\n") == two.replace("\r\n", "\n"):
        return "only line ends"
    if _MARK.sub("", one) == _MARK.sub("", two):
        return "only the names of assets, whose contents differ"
    if _TIME.sub("", one) == _TIME.sub("", two):
        return "only points in time: set SOURCE_DATE_EPOCH, or look for a clock in a template"
    if sorted(one.split("\n")) == sorted(two.split("\n")):
        return "only the order of lines"
    at = next(
        (n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )
    line = one.count("\n", 0, at) + 1
    start = max(one.rfind("\n", 0, at) + 1, at - _AROUND // 2)
    return f"line {line}: {_cut(one, start)} | {_cut(two, start)}"


def _cut(text: str, start: int) -> str:
    return json.dumps(text[start : start + _AROUND].split("\n")[0], ensure_ascii=False)
