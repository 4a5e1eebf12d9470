"""Links to other sites: are the pages still there? Asked only under `--external`.

Entry point: `check_external`. What was good is believed for a week; what was
not is asked again each time. `asking` does the talking.
"""

import json
import os
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from notecast.checks.asking import Answer, Manners, ask_all
from notecast.checks.subject import Note, Rule, Subject
from notecast.problems import Problem

WORKS = Rule("external-link-works", "a page of another site that a note links to is there")
CURRENT = Rule(
    "external-link-is-current", "a link names the address to which a page moved for good"
)

RULES = (WORKS, CURRENT)

BELIEVED = 7 * 24 * 3600.0
"""Seconds for which a good answer is not asked for again."""

_HREF = re.compile(r'<a\b[^>]*?\bhref="(https?://[^"]+)"', re.IGNORECASE)
# RFC 2606 keeps these for examples: nobody is there.
_EXAMPLE = re.compile(r"(?:^|\.)(?:example|invalid|test)(?:\.(?:com|net|org))?$")


def links_of(notes: Sequence[Note]) -> dict[str, list[tuple[Note, int, int]]]:
    """Every address of another site with the places that name it, in order."""
    found: dict[str, list[tuple[Note, int, int]]] = {}
    for note in notes:
        for written in dict.fromkeys(_HREF.findall(note.body.html)):
            whole = unescape(written)
            address = urldefrag(whole)[0]
            try:
                host = urlsplit(address).hostname or ""
            except ValueError:
                host = ""
            if not host or _EXAMPLE.search(host):
                continue
            line, column = note.place(whole)
            if not line:  # written in another way: with letters that were encoded
                line, column = note.place(host)
            found.setdefault(address, []).append((note, line, column))
    return found


def check_external(
    subject: Subject,
    cache: Path,
    *,
    manners: Manners | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    clock: Callable[[], float] = time.time,
) -> list[Problem]:
    """Asks for every page of another site that a published note links to.

    Args:
        subject: The site.
        cache: File that remembers good answers.
        manners: How politely to ask.
        progress: Told the step, how many are asked, and how many there are.
        clock: Seconds since 1970.
    """
    links = links_of(subject.published)
    now = clock()
    known = {
        address: row for address, row in _read(cache).items() if 0 <= now - row["asked"] < BELIEVED
    }
    answers = {
        address: Answer(row["status"], row["moved"], "")
        for address, row in known.items()
        if address in links
    }
    todo = sorted(links.keys() - answers.keys())
    try:
        for done, (address, answer) in enumerate(ask_all(todo, manners or Manners()), start=1):
            answers[address] = answer
            if answer.is_good:
                known[address] = {"status": answer.status, "moved": answer.moved, "asked": now}
            if progress:
                progress("links", done, len(todo))
    finally:
        _write(cache, known)  # after Ctrl-C too: asking takes long
    return [
        problem
        for address in sorted(answers)
        for note, line, column in links[address]
        for problem in _judged(address, answers[address], note, (line, column))
    ]


def _judged(address: str, answer: Answer, note: Note, place: tuple[int, int]) -> list[Problem]:
    if answer.is_gone:
        hint = "link to a copy, such as one at web.archive.org, or take the link out"
        return [note.problem(WORKS, place, f"{address} {answer.reason}", hint)]
    if answer.is_good and answer.moved:
        return [
            note.problem(
                CURRENT,
                place,
                f"{address} has moved for good",
                f"its address is {answer.moved} now",
            )
        ]
    return []


def _read(cache: Path) -> dict[str, dict[str, Any]]:
    try:
        rows = json.loads(cache.read_text(encoding="utf-8"))
        return {
            address: row
            for address, row in rows.items()
            if isinstance(row["status"], int)
            and isinstance(row["moved"], str)
            and isinstance(row["asked"], int | float)
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}  # none yet, or damaged: everything is asked for again


def _write(cache: Path, rows: dict[str, dict[str, Any]]) -> None:
    temporary = cache.with_name(f"{cache.name}.{os.getpid()}.tmp")
    with suppress(OSError):  # a memory that cannot be kept costs time, nothing else
        cache.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(rows, sort_keys=True, indent=0), encoding="utf-8")
        os.replace(temporary, cache)
