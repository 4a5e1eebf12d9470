"""Problems that are known: an old site can be strict with what is new.

A baseline is a JSON file that lists problems by rule, file and message, without
lines, which move with every edit. Entry points: `read_baseline`, `write_baseline`.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from notecast.commands import CommandError
from notecast.problems import Problem

Key = tuple[str, str, str]


class Baseline:
    """What is known, and how often."""

    def __init__(self, counts: "Counter[Key]") -> None:
        self.counts = counts

    def new(self, problems: Sequence[Problem]) -> tuple[list[Problem], int]:
        """The problems that are not known, and how many known ones are gone.

        Of several that read the same, as many as are known are left out, from the top.
        """
        left = Counter(self.counts)
        new = []
        for problem in problems:
            key = _key(problem)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(problem)
        return new, sum(left.values())


def read_baseline(path: Path) -> Baseline:
    """Reads a baseline.

    Raises:
        CommandError: There is no such file, or it is none that we wrote.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = [(row["rule"], row["path"], row["message"], row["count"]) for row in data["known"]]
    except FileNotFoundError as error:
        hint = f"write it: notecast check --baseline {path} --write-baseline"
        raise CommandError(f"there is no baseline {path}", hint) from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        hint = "name a file that --write-baseline wrote"
        raise CommandError(f"{path} is not a baseline", hint) from error
    return Baseline(Counter({(rule, file, text): count for rule, file, text, count in rows}))


def write_baseline(path: Path, problems: Sequence[Problem]) -> None:
    """Writes the problems of today as known ones, sorted, so that differences can be read.

    Raises:
        CommandError: The file cannot be written.
    """
    counts = Counter(_key(problem) for problem in problems)
    rows = [
        {"rule": rule, "path": file, "message": text, "count": count}
        for (rule, file, text), count in sorted(counts.items(), key=lambda item: _order(item[0]))
    ]
    text = json.dumps({"version": 1, "known": rows}, ensure_ascii=False, indent=1) + "\n"
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error


def _key(problem: Problem) -> Key:
    return (problem.rule, problem.path, problem.message)


def _order(key: Key) -> Key:
    rule, file, text = key
    return (file, rule, text)
