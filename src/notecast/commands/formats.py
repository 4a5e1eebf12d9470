"""Problems in the formats of other programs: annotations of GitHub, GitLab's reports, SARIF.

Entry points: `github_lines`, `gitlab_report`, `sarif`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from notecast import __version__
from notecast.commands.rules import summary_of
from notecast.problems import Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def github_lines(problems: Sequence[Problem], prefix: str = "") -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    Args:
        problems: In the order in which they are shown.
        prefix: What leads from the root of the repository to the site: `docs/` or nothing.
    """
    for problem in problems:
        place = {"file": prefix + problem.path, "title": problem.rule}
        if problem.line:
            place["line"] = str(problem.line)
            if problem.column:
                place["col"] = str(problem.column)
        given = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        text = f"{problem.said}. {problem.hint}" if problem.hint else problem.said
        yield f"::{problem.severity} {given}::{_data(text)}"


def _data(text: str) -> str:
    """Escaped as the runner's toolkit does it (`actions/toolkit`, `command.ts`)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab_report(problems: Sequence[Problem], prefix: str = "") -> list[dict[str, Any]]:
    """A report of Code Quality, which GitLab shows in a merge request
    ("Code Quality report format" in its documentation).

    Args:
        problems: In the order in which they are shown.
        prefix: What leads from the root of the repository to the site.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    rows = []
    for problem in problems:
        # By what it is known when its line moves: several that read the same are counted.
        known = (problem.rule, prefix + problem.path, problem.message)
        seen[known] += 1
        mark = hashlib.sha256("\0".join((*known, str(seen[known]))).encode())
        rows.append(
            {
                "description": _text(problem).replace("\n", ". "),
                "check_name": problem.rule,
                "fingerprint": mark.hexdigest(),
                "severity": "major" if problem.severity == "error" else "minor",
                "location": {"path": prefix + problem.path, "lines": {"begin": problem.line or 1}},
            }
        )
    return rows


def sarif(problems: Sequence[Problem], prefix: str = "") -> dict[str, Any]:
    """A log in the Static Analysis Results Interchange Format 2.1.0 (OASIS standard).

    Args:
        problems: In the order in which they are shown.
        prefix: What leads from the root of the repository to the site.
    """
    rules = sorted({problem.rule for problem in problems})
    number = {rule: index for index, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Notecast",
                        "version": __version__,
                        "rules": [_described(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": problem.rule,
                        "ruleIndex": number[problem.rule],
                        "level": problem.severity,
                        "message": {"text": _text(problem)},
                        "locations": [{"physicalLocation": _location(problem, prefix)}],
                    }
                    for problem in problems
                ],
            }
        ],
    }


def _described(rule: str) -> dict[str, Any]:
    """A rule with what its page says of it."""
    broken, mend = summary_of(rule)
    if not broken:
        return {"id": rule}
    return {
        "id": rule,
        "shortDescription": {"text": broken.replace("`", "")},
        "help": {"text": mend.replace("`", ""), "markdown": mend},
    }


def _text(problem: Problem) -> str:
    return f"{problem.said}\n{problem.hint}" if problem.hint else problem.said


def _location(problem: Problem, prefix: str) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(prefix + problem.path)}}
    if problem.line:  # section 3.30: lines and columns count from 1
        region = {"startLine": problem.line}
        if problem.column:
            region["startColumn"] = problem.column
        location["region"] = region
    return location
