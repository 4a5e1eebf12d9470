"""Removes what the build wrote: the files of the site that it made, and its cache.

Files that Notecast did not write stay, even in the output folder.
"""

import argparse
import os
import shutil
from pathlib import Path

from notecast.commands import CommandError

EXAMPLES = """\
examples:
  notecast clean
  notecast clean ~/vault --output out   where the site was written to
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast clean`."""
    add = parser.add_argument
    add("folder", metavar="DIR", nargs="?", help="folder of the site (default: around here)")
    add("-o", "--output", metavar="DIR", help="where the site was written to (default: public/)")
    add("-q", "--quiet", action="store_true", help="print only what goes wrong")
    add("-v", "--verbose", action="store_true", help="name each file")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast clean`."""
    from notecast.builder.lock import Locked, locked
    from notecast.builder.output import OutputRefused
    from notecast.commands.report import Report, counted
    from notecast.commands.site import near, open_site

    loudness = "quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal"
    report = Report(loudness)  # type: ignore[arg-type]
    chosen = {"output": os.path.abspath(arguments.output)} if arguments.output else {}
    reading = open_site(arguments.folder, chosen)
    config = reading.config
    if any(problem.severity == "error" for problem in reading.problems):
        report.problems(reading.problems)
        report.say("Nothing was removed: correct the configuration.")
        return 2
    cache = config.cache_dir
    try:
        _check(config.output_dir, config.root, config.notes_dir)
        if cache.is_dir():
            with locked(config.lock_file):
                removed, kept = remove_site(config.output_dir)
        else:
            removed, kept = remove_site(config.output_dir)
        cached = remove_cache(cache)
    except (OutputRefused, Locked) as refused:
        raise CommandError(refused.message, getattr(refused, "hint", "")) from refused
    except OSError as error:
        raise CommandError(f"cannot remove {error.filename}: {error.strerror}") from error
    if arguments.verbose:
        for path in removed:
            report.say(f"removed {near(config.output_dir / path)}")
    gone = [f"{counted(len(removed), 'file')} from {near(config.output_dir)}/"] if removed else []
    gone += [f"the cache {near(cache)}/"] if cached else []
    report.say(f"Removed {' and '.join(gone)}." if gone else "There is nothing to remove.")
    if kept:
        report.say(f"{counted(kept, 'file')} there that Notecast did not write stayed.")
    return 0


def _check(output: Path, root: Path, notes: Path) -> None:
    from notecast.builder.output import OWNED_LIST, check_target

    if (output / OWNED_LIST).exists():
        check_target(output, root, notes, ())


def remove_site(output: Path) -> tuple[list[str], int]:
    """Removes the files that the list in the output folder names, and folders left empty.

    Returns:
        What was removed, and how many other files are still there.

    Raises:
        OutputRefused: The list cannot be read.
        OutputFailed: The disk refused.
    """
    from notecast.builder.output import OWNED_LIST, STAGING, Output

    if not (output / OWNED_LIST).is_file():
        return [], 0
    ours = Output(output)
    # A folder that has become a link leads to files of somebody else.
    ours.owned = {path for path in ours.owned if not _through_link(output, path)}
    there = sorted(path for path in ours.owned if (output / path).is_file())
    ours.publish((), set())
    if not (output / STAGING).is_symlink():
        shutil.rmtree(output / STAGING, ignore_errors=True)
    kept = sum(len(files) for _, _, files in os.walk(output)) - 1
    if [entry.name for entry in output.iterdir()] == [OWNED_LIST] and not output.is_symlink():
        (output / OWNED_LIST).unlink()
        output.rmdir()
    # Otherwise the list stays, empty: the next build may still write here.
    return there, kept


def remove_cache(cache: Path) -> bool:
    """Removes the cache folder; a link in its place is left alone."""
    if cache.is_symlink() or not cache.is_dir():
        return False
    shutil.rmtree(cache)
    return True


def _through_link(output: Path, path: str) -> bool:
    folder = output
    for part in path.split("/")[:-1]:
        folder = folder / part
        if folder.is_symlink():
            return True
    return False
