"""Which feature reads a file that is no Markdown, and the text of any note.

Entry points: `note_suffixes`, `readers` with `reader_of`, `note_text`.
"""

import posixpath
from collections.abc import Mapping, Sequence

from notecast.feature import Feature
from notecast.loader.decode import decode
from notecast.loader.scan import NOTE_SUFFIXES


def note_suffixes(features: Sequence[Feature]) -> tuple[str, ...]:
    """Suffixes of all files that are notes, in lower case."""
    return (*NOTE_SUFFIXES, *readers(features))


def readers(features: Sequence[Feature]) -> dict[str, Feature]:
    """Features that read files of other formats, by suffix; the first to name one has it."""
    found: dict[str, Feature] = {}
    for feature in features:
        for suffix in feature.suffixes:
            if suffix not in NOTE_SUFFIXES:
                found.setdefault(suffix, feature)
    return found


def reader_of(path: str, known: Mapping[str, Feature]) -> Feature | None:
    """Who reads a note; `None` for Markdown."""
    return known.get(posixpath.splitext(path)[1].lower()) if known else None


def note_text(data: bytes, path: str, features: Sequence[Feature]) -> str:
    """A note's text, whose lines are those of its problems.

    Args:
        data: The bytes of the file.
        path: The file, by its path as problems show it.
        features: Those of the site.
    """
    text = decode(data, path)[0]
    reader = reader_of(path, readers(features))
    return reader.read(text, path).text if reader and text else text
