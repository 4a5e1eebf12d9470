"""Problems that an author has looked at and wants to hear no more of, said in the note.

`<!-- notecast-ignore rule-id -->` on a line of its own silences the rule in the
block of text below it, up to the next blank line; as the first thing of the
text behind the header it does so in the whole note. Entry point: `silence`.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from notecast.feature import Feature
from notecast.loader.header_block import find_block
from notecast.loader.readers import note_text
from notecast.loader.scan import read_file
from notecast.problems import Problem

_COMMENT = re.compile(r"<!--\s*notecast-ignore(?P<rules>(?:[\s,]+[a-z0-9][a-z0-9-]*)*)\s*-->")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")


class Ignore(msgspec.Struct, frozen=True):
    """One such comment."""

    line: int
    """Line of the file, 1-based."""
    rules: tuple[str, ...]
    last: int
    """Last line that it covers; 0 for the whole note."""

    def covers(self, problem: Problem) -> bool:
        """Whether this comment silences a problem of its note."""
        if problem.rule not in self.rules:
            return False
        return self.last == 0 or self.line <= problem.line <= self.last


def ignores_of(text: str) -> list[Ignore]:
    """The comments of a note, in order; those in code blocks are text.

    Args:
        text: The whole note, as `decode` returned it.
    """
    if "notecast-ignore" not in text:
        return []
    lines = text.split("\n")
    block = find_block(text)
    start = block.body_line - 1 if block is not None and block.closed else 0
    found: list[Ignore] = []
    fence = ""
    first = True
    for index in range(start, len(lines)):
        line = lines[index]
        opening = _FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if opening:
            fence = opening[1]
        match = _COMMENT.fullmatch(line.strip())
        if match is not None:
            rules = tuple(re.findall(r"[a-z0-9][a-z0-9-]*", match["rules"]))
            last = 0 if first else _end_of_block(lines, index)
            found.append(Ignore(index + 1, rules, last))
        elif line.strip():
            first = False
    return found


def _end_of_block(lines: Sequence[str], index: int) -> int:
    """Last line (1-based) of the block below line `index` (0-based)."""
    end = index + 1
    while end < len(lines) and not lines[end].strip():
        end += 1
    while end < len(lines) and lines[end].strip():
        end += 1
    return end


def silence(problems: Sequence[Problem], read: Callable[[str], str | None]) -> list[Problem]:
    """The problems that no comment silences.

    Args:
        problems: As they were found.
        read: The text of a note by its path as problems show it; `None` where it
            is not a note or cannot be read.
    """
    ignores: dict[str, list[Ignore]] = {}
    kept = []
    for problem in problems:
        comments = ignores.get(problem.path)
        if comments is None:
            text = read(problem.path)
            comments = ignores[problem.path] = [] if text is None else ignores_of(text)
        if not any(comment.covers(problem) for comment in comments):
            kept.append(problem)
    return kept


def reader(sources: Mapping[str, str], features: Sequence[Feature]) -> Callable[[str], str | None]:
    """Reads notes for `silence`; a file that has gone since the scan has no comments.

    Args:
        sources: Where the notes are on disk, by their path as problems show it.
        features: Those of the site, some of which read files of other formats.
    """

    def read(shown: str) -> str | None:
        source = sources.get(shown)
        if source is None:
            return None
        try:
            return note_text(read_file(source), shown, features)
        except OSError:
            return None

    return read


def needless(
    found: Sequence[Problem], texts: Mapping[str, str], known: Callable[[str], bool]
) -> list[Problem]:
    """Comments that silence nothing.

    Args:
        found: All problems, the silenced ones included.
        texts: The notes by their path as problems show it.
        known: Whether a rule was looked for this time; others are not judged.
    """
    by_path: dict[str, list[Problem]] = {}
    for problem in found:
        by_path.setdefault(problem.path, []).append(problem)
    return [
        Problem(
            "ignore-is-needed",
            "warning",
            path,
            comment.line,
            0,
            f"there is no problem [{rule}] here any more",
            "take the comment out",
        )
        for path, text in texts.items()
        for comment in ignores_of(text)
        for rule in comment.rules
        if known(rule)
        and not any(
            problem.rule == rule and comment.covers(problem) for problem in by_path.get(path, ())
        )
    ]
