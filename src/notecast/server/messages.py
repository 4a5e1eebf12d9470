"""What browsers are told: problems with their places in the source, and how far the site is.

Entry point: `state_of`. Plain data that `client.js` shows.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from notecast.problems import Problem
from notecast.server.session import Session

AROUND = 2
"""Lines of the source before and after the place."""
WIDTH = 240
"""Characters of a line that are shown."""
MOST = 20
"""Problems of one kind that are listed."""


def state_of(session: Session, url: str) -> dict[str, Any]:
    """Everything besides the page itself that a browser on that page shows."""
    everything = session.problems()
    here = [problem for problem in everything if session.is_on(problem, url)]
    own = set(here)
    others = [problem for problem in everything if problem not in own]
    errors = [problem for problem in here if problem.severity == "error"]
    warnings = [problem for problem in here if problem.severity == "warning"]
    return {
        "errors": [_shown(problem, session) for problem in errors[:MOST]],
        "warnings": [_shown(problem, session) for problem in warnings[:MOST]],
        "others": [_line(problem, session) for problem in _grave_first(others)[:MOST]],
        "counts": {
            "errors": len(errors),
            "warnings": len(warnings),
            "others": len(others),
            "grave": sum(problem.severity == "error" for problem in others),
        },
        "building": [session.loaded, session.total] if session.total else None,
    }


def _grave_first(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.severity != "error", problem.place))


def _line(problem: Problem, session: Session) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "rule": problem.rule,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.said,
        "hint": problem.hint,
        "editor": editor_address(session, problem),
    }


def _shown(problem: Problem, session: Session) -> dict[str, Any]:
    return {**_line(problem, session), "excerpt": _excerpt(problem, session)}


def _excerpt(problem: Problem, session: Session) -> list[dict[str, Any]]:
    """The lines around a place, the place itself marked."""
    source = _source(problem.path, session)
    if not problem.line or source is None:
        return []
    lines = source.split("\n")
    first = max(1, problem.line - AROUND)
    last = min(len(lines), problem.line + AROUND)
    return [
        _part(number, lines[number - 1].rstrip("\r"), problem) for number in range(first, last + 1)
    ]


def _part(number: int, line: str, problem: Problem) -> dict[str, Any]:
    """A line, or the part of a long one that holds the place; `at` is its index, -1 for none."""
    marked = number == problem.line
    at = problem.column - 1 if marked and problem.column else -1
    start = at - WIDTH // 2 if at >= WIDTH else 0
    text = ("…" if start else "") + line[start : start + WIDTH]
    text += "…" if start + WIDTH < len(line) else ""
    return {"number": number, "text": text, "marked": marked, "at": at - start + bool(start)}


def _source(path: str, session: Session) -> str | None:
    settings = session.inputs.render_settings
    for name, shown in settings.template_paths.items():
        if shown == path and name in settings.templates:
            return settings.templates[name]
    file = _file(path, session)
    try:
        if file is None or file.stat().st_size > 1 << 20:
            return None
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None


def _file(path: str, session: Session) -> Path | None:
    """A file of the site by the path that problems show, if there is one."""
    root = session.config.root
    file = root / path
    real, top = os.path.realpath(file), os.path.realpath(root)
    notes = os.path.realpath(session.config.notes_dir)
    inside = real.startswith((top + os.sep, notes + os.sep))
    return file if path and inside and os.path.isfile(real) else None


def editor_address(session: Session, problem: Problem) -> str:
    """What opens the place in the author's editor, as `editor:` in `site.yaml` says."""
    pattern: str = session.config.editor
    file = _file(problem.path, session) if pattern else None
    if file is None:
        return ""
    values = {
        ":path": "/" + quote(os.path.abspath(file).replace(os.sep, "/").lstrip("/"), safe="/:"),
        ":line": str(problem.line or 1),
        ":column": str(problem.column or 1),
    }
    for name, value in values.items():
        pattern = pattern.replace(name, value, 1)
    return pattern
