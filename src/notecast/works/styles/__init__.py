"""Styles of citations and references.

Entry point: `style_of`. A style is a handful of functions that turn a work into
text; what becomes of them in a note (numbers, links, back-links) is the business
of whoever shows it. Styles from `.csl` files are in `csl.py`.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from notecast.works.model import Work
from notecast.works.styles import apa, apa_text, gb7714, gb7714_text, ieee
from notecast.works.styles.text import Apart, Piece


class Style(NamedTuple):
    """How citations and references look."""

    numeric: bool
    """Whether citations are numbers, in the order of citation."""
    superscript: bool
    """Whether numbers, or the pages behind author and date, are raised."""
    entry: Callable[[Work, str], list[Piece]]
    """The entry of a work, with the letter that tells it from others of that year."""
    who: Callable[[Work, bool, Apart], list[Piece]]
    """The authors in running text; `True` where they are part of the sentence."""
    label: Callable[[Work, Apart], list[Piece]] | None = None
    """Author and date as they stand in parentheses."""
    year: Callable[[Work, str], str] = apa.year
    """The date alone, with its letter."""
    sort_key: Callable[[Work], tuple[str, ...]] | None = None
    """The order of references; `None`: that of citation."""
    tell_apart: Callable[[Sequence[Work]], dict[str, Apart]] | None = None
    """What tells works of one list apart, by key."""


STYLES = {
    "apa": Style(
        False,
        False,
        apa.entry,
        apa_text.who,
        apa_text.label,
        apa.year,
        apa.sort_key,
        apa_text.tell_apart,
    ),
    "ieee": Style(True, False, ieee.entry, ieee.who),
    "gb7714": Style(True, True, gb7714.numeric_entry, gb7714_text.who),
    "gb7714-author-date": Style(
        False,
        True,
        gb7714.author_date_entry,
        gb7714_text.who,
        gb7714_text.label,
        gb7714.year,
        gb7714.sort_key,
        gb7714_text.tell_apart,
    ),
}


def style_of(name: str, language: str) -> Style:
    """The style of a name; `auto` is GB/T 7714 for notes in Chinese, APA for all others.

    Args:
        name: A key of `STYLES`, or `auto`.
        language: Of the note, BCP 47.
    """
    chinese = language.lower().split("-")[0] == "zh"
    if name == "auto":
        name = "gb7714" if chinese else "apa"
    style = STYLES[name]
    if chinese and style.numeric:
        return style._replace(who=gb7714_text.who_in_chinese)
    return style
