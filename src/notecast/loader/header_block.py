"""Finds the header of a note: where it begins, ends, and whether it is one at all.

Entry point: `find_block`. A `---` at the top of a file may also be a horizontal
rule, so what stands behind it decides (`looks_like_keys`).
"""

import re
from typing import NamedTuple

from notecast.loader.header_keys import is_known

# A few blank lines before the fence occur; a bound keeps a file of nothing else cheap.
_OPENING = re.compile(r"(?:[ \t]*\n){0,20}(---|\+\+\+)([A-Za-z]{0,12})[ \t]*(?:\n|\Z)")
_CLOSING = {
    # YAML 1.1 §9.1: `...` ends a document; Jekyll and Pandoc close headers with it.
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_LANGUAGES = {"": "", "yaml": "yaml", "yml": "yaml", "toml": "toml"}

_KEY = r"""[ \t]*(?:-[ \t]+)?(["']?)(?P<key>[^\W\d][\w .\-]{0,39}?)\1[ \t]*"""
_YAML_KEY = re.compile(_KEY + r"(?P<sign>[:：])(?P<rest>[^\n]*)")
_TOML_KEY = re.compile(_KEY + r"(?P<sign>=)(?P<rest>[^\n]*)")

_SCANNED_LINES = 400


class Block(NamedTuple):
    """A header as it stands in the file."""

    language: str
    """`yaml`, `toml`, or a word that we do not read, such as `js`."""
    text: str
    open_line: int
    """Line of the opening fence (1-based); the text begins on the next."""
    body: str
    body_line: int
    closed: bool
    spaced: bool
    """Whether a blank line follows the opening fence, as is usual behind a horizontal rule."""


def find_block(text: str) -> Block | None:
    """Cuts a file at the fences of its header; `None` if it begins with something else."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    fence, word = opening[1], opening[2].lower()
    language = _LANGUAGES.get(word, word) or ("toml" if fence == "+++" else "yaml")
    open_line = text.count("\n", 0, opening.start(1)) + 1
    start = opening.end()
    spaced = not text[start : text.find("\n", start) + 1].strip(" \t\n") and start < len(text)
    closing = _CLOSING[fence].search(text, start)
    if closing is None:
        return Block(language, text[start:], open_line, "", open_line, False, spaced)
    header = text[start : closing.start()]
    body_line = open_line + header.count("\n") + 2
    return Block(language, header, open_line, text[closing.end() :], body_line, True, spaced)


def looks_like_keys(text: str, language: str = "yaml") -> bool:
    """Whether broken text was meant as a header: its first line has the shape of
    a key, or one of its lines begins with a key that we read."""
    shape = _TOML_KEY if language == "toml" else _YAML_KEY
    first = True
    for line in text[:65536].split("\n")[:_SCANNED_LINES]:
        if not line.strip() or line.startswith("#"):
            continue
        match = shape.match(line)
        if match is not None and (is_known(match["key"]) or (first and _is_shaped(match))):
            return True
        first = False
    return False


def begins_with_known_key(text: str, language: str = "yaml") -> bool:
    """Whether the first line that says anything is a key that we read."""
    shape = _TOML_KEY if language == "toml" else _YAML_KEY
    for line in text[:65536].split("\n")[:_SCANNED_LINES]:
        if line.strip() and not line.startswith("#"):
            match = shape.match(line)
            return match is not None and is_known(match["key"])
    return False


def is_unopened(text: str) -> bool:
    """Whether a file begins with two lines of known keys but no `---` above them."""
    first, _, rest = text.partition("\n")
    if ":" not in first:
        return False
    one = _YAML_KEY.match(first)
    two = _YAML_KEY.match(rest[: rest.find("\n") if "\n" in rest else None])
    return (
        one is not None
        and two is not None
        and all(is_known(match["key"]) and match["rest"][:1] in ("", " ") for match in (one, two))
    )


def _is_shaped(match: re.Match[str]) -> bool:
    return match["sign"] == "=" or match["rest"][:1] in ("", " ", "\t")
