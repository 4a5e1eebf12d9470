"""First and last commit of each note, for sites with `dates: git`.

Entry point: `read_git_dates`. One `git log` tells of all files; renames are not
followed.
"""

import os
import re
import subprocess
import unicodedata
from pathlib import Path

from notecast.loader.dates import BadDate, instant, parse_date
from notecast.problems import Problem

_SECONDS = 120
# A commit begins with a record separator, which no path may hold on most disks.
_COMMIT = re.compile(r"\x1e([^\x00\n]*)[\x00\n]*")


def read_git_dates(folder: Path) -> tuple[dict[str, tuple[str, str]], list[Problem]]:
    """Asks git when each file below a folder was first and last committed.

    Author dates count: they survive a rebase.

    Args:
        folder: The notes folder, inside a git repository.

    Returns:
        Canonical dates of first and last commit by path below the folder (NFC),
        and what is wrong. A shallow clone has no dates: its oldest commit would
        be taken for the first of every note.
    """
    shown = folder.name
    try:
        shallow = _git(folder, "rev-parse", "--is-shallow-repository")
        if shallow.strip() == "true":
            return {}, [
                _problem(
                    shown,
                    "git-history-is-complete",
                    "dates come from git, but this clone is shallow and has only the last commits",
                    "run git fetch --unshallow; in GitHub Actions: actions/checkout with "
                    "fetch-depth: 0",
                )
            ]
        log = _git(
            folder,
            *("log", "-z", "--format=%x1e%aI", "--name-only", "--relative", "--no-renames"),
            *("--no-show-signature", "--diff-filter=AMT", "--", "."),
        )
    except FileNotFoundError:
        message = "dates come from git, but git is not installed"
        return {}, [_problem(shown, "git-history-is-readable", message, "install git")]
    except subprocess.TimeoutExpired:
        message = f"git log did not end within {_SECONDS} seconds"
        return {}, [_problem(shown, "git-history-is-readable", message, "set dates: header")]
    except subprocess.CalledProcessError as error:
        return {}, _failure(shown, error)
    return _collect(log), []


def _git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    done = subprocess.run(
        ["git", "--no-pager", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=_SECONDS,
    )
    return done.stdout.decode("utf-8", "replace")


def _collect(log: str) -> dict[str, tuple[str, str]]:
    """Dates by path from the output of `git log`."""
    found: dict[str, tuple[str, str]] = {}
    pieces = _COMMIT.split(log)
    for written, names in zip(pieces[1::2], pieces[2::2], strict=True):
        date = parse_date(written, "UTC")
        if isinstance(date, BadDate):
            continue
        for name in names.split("\x00"):
            path = unicodedata.normalize("NFC", name.strip("\n"))
            if path:
                first, last = found.get(path, (date, date))
                # Author dates need not follow the order of commits.
                found[path] = (min(first, date, key=_instant), max(last, date, key=_instant))
    return dict(sorted(found.items()))


def _instant(date: str) -> float:
    return instant(date, "UTC")


def _failure(shown: str, error: subprocess.CalledProcessError) -> list[Problem]:
    said = error.stderr.decode("utf-8", "replace").strip()
    if "does not have any commits" in said:
        return []
    lines = said.splitlines()
    reason = lines[0].removeprefix("fatal: ") if lines else f"status {error.returncode}"
    hint = "commit the notes, or set dates: header in site.yaml"
    if "dubious ownership" in said:
        hint = "run git config --global --add safe.directory with the repository's path"
    message = f"dates come from git, but git says: {reason}"
    return [_problem(shown, "git-history-is-readable", message, hint)]


def _problem(shown: str, rule: str, message: str, hint: str) -> Problem:
    return Problem(rule, "error", shown, 0, 0, message, hint)
