"""What the rules of `notecast check` look at.

A rule is a function `Subject -> problems`; see `checks/__init__.py`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from notecast.config import Config
from notecast.model import Body, NotePath, Post
from notecast.problems import Problem, Severity
from notecast.site import View

# What a reader does not read as text: code, formulas, pictures, scripts.
_NO_TEXT = re.compile(
    r"<(pre|code|math|script|style|svg|annotation|textarea)\b[^>]*>.*?</\1\s*>"
    r"|<!--.*?-->|\x00[0-9]+\x00",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"</?(?:p|li|td|th|tr|h[1-6]|div|blockquote|br|figcaption|dt|dd)\b[^>]*>")


@dataclass(frozen=True)
class Rule:
    """A rule as `docs/checks.md` lists it."""

    id: str
    summary: str
    severity: Severity = "warning"
    asked: bool = False
    """Whether it is silent unless `problems:` in `site.yaml` names it."""


@dataclass(frozen=True)
class Note:
    """A note with its source and its body."""

    post: Post
    shown: str
    """Its path as problems show it."""
    text: str
    """The whole file."""
    body: Body

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def paragraphs(self) -> list[str]:
        """What a reader reads, block by block, without code and formulas."""
        plain = _BREAK.sub("\n", _NO_TEXT.sub(" ", self.body.html))
        return [
            unescape(text)
            for text in (part.strip() for part in _TAG.sub("", plain).split("\n"))
            if text
        ]

    def place(self, needle: str, after: int = 0) -> tuple[int, int]:
        """Line and column of the first place behind line `after` that holds `needle`."""
        for index in range(after, len(self.lines)):
            column = self.lines[index].find(needle)
            if column >= 0:
                return index + 1, column + 1
        return 0, 0

    def problem(self, rule: Rule, place: tuple[int, int], message: str, hint: str = "") -> Problem:
        """A problem at a place of this note."""
        return Problem(rule.id, rule.severity, self.shown, *place, message, hint)


@dataclass(frozen=True)
class Subject:
    """A whole site, as a build would see it."""

    config: Config
    view: View
    notes: tuple[Note, ...]
    """Every note that can be read, by path; not all of them are published."""
    outputs: tuple[tuple[str, str], ...]
    """Every page and file of the site below the output folder, with what it is made from."""
    copies: tuple[tuple[str, str], ...]
    """Files that are published as they are: path as problems show it, and where it is on disk."""
    now: float
    """Seconds since 1970 at which the site is judged."""

    @cached_property
    def published(self) -> tuple[Note, ...]:
        """Notes that are published, by path."""
        return tuple(note for note in self.notes if self.view.post(note.post.path) is not None)

    @cached_property
    def by_path(self) -> Mapping[NotePath, Note]:
        return {note.post.path: note for note in self.notes}

    def wants(self, rule: Rule) -> bool:
        """Whether a rule that is silent by default was asked for."""
        return not rule.asked or rule.id in self.config.problems


Problems = Iterable[Problem]
