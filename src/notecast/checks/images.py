"""Images: a description for those who do not see them, and a size that loads."""

import os
import re

from notecast.checks.subject import Note, Problems, Rule, Subject
from notecast.problems import Problem

ALT = Rule("image-has-alt", "an image has a description")
SMALL = Rule("image-is-small", "a published image has at most 2 MB")

RULES = (ALT, SMALL)

LIMIT = 2 * 1024 * 1024
_SUFFIXES = (".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp")
_IMG = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(alt|src|role|aria-hidden)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_HINT = "say in the brackets what it shows: ![a loss curve that rises](curve.png)"


def check(subject: Subject) -> Problems:
    """Looks at the images of published notes and at the files that come along."""
    for note in subject.published:
        yield from _without_alt(note)
    for shown, source in subject.copies:
        if shown.lower().endswith(_SUFFIXES):
            try:
                size = os.stat(source).st_size
            except OSError:
                continue  # the build says so
            if size > LIMIT:
                yield Problem(
                    SMALL.id,
                    SMALL.severity,
                    shown,
                    0,
                    0,
                    f"the image has {size / 1024 / 1024:.1f} MB",
                    "save it smaller or as WebP or AVIF: readers on the road wait for it",
                )


def _without_alt(note: Note) -> Problems:
    for hole in note.post.holes:
        if hole.feature == "links" and hole.kind == "image" and not hole.data[1].strip():
            yield note.problem(
                ALT,
                (hole.line, hole.column),
                f'the image "{hole.data[0]}" has no description',
                _HINT,
            )
    # Those of other sites, and those written as HTML, which may say that they
    # are decoration by an empty alt.
    for match in _IMG.finditer(note.body.html):
        given = {name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(match[1])}
        source = given.get("src", "")
        line, column = note.place(source) if source else (0, 0)
        written = note.lines[line - 1][max(0, column - 3) : column - 1] if line else ""
        empty = not given.get("alt", "").strip() if written == "](" else "alt" not in given
        if empty and given.get("aria-hidden") != "true" and given.get("role") != "presentation":
            yield note.problem(
                ALT, (line, column), f'the image "{source}" has no description', _HINT
            )
