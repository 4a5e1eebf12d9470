"""What readers see of a line, as plain text, for places where it stands alone: cards, backlinks.

Unlike `plain.py`, which serves ids and counts, it leaves holes where a text hangs on other
notes, and passes over what raw HTML does not show. Entry point: `shown_pieces`.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.plain import piece_of

FORMULAS = frozenset({"math_inline", "math_display"})

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_UNSEEN = frozenset({"script", "style", "svg", "template"})


def shown_pieces(
    children: Sequence[Token], context: NoteContext, formula: Callable[[Token], str]
) -> list[str]:
    """The text of each inline token.

    Args:
        children: Of an inline token.
        context: Takes up the holes.
        formula: Gives the text of a formula.
    """
    html = _Html()
    pieces: list[str] = []
    for token in children:
        kind = token.type
        if kind == "html_inline":
            pieces.append(html.piece(token.content))
        elif html.unseen:
            pieces.append("")
        elif kind == "text":
            pieces.append(token.content)
        elif kind in FORMULAS:
            pieces.append(formula(token))
        elif token.meta and "hole" in token.meta:
            pieces.append(context.text_hole(token))
        else:
            pieces.append(piece_of(token))
    return pieces


class _Html:
    """What raw HTML of one line means for its text."""

    def __init__(self) -> None:
        self.unseen = ""
        """The element around, whose text nobody sees."""
        self._in_reading = False
        self._has_parentheses = False
        """Whether the author wrote them for browsers that set no readings above a text."""

    def piece(self, html: str) -> str:
        """The text in the place of a tag."""
        match = _TAG.match(html)
        if match is None:
            return ""
        closes, name = bool(match[1]), match[2].lower()
        if self.unseen:
            if closes and name == self.unseen:
                self.unseen = ""
        elif name in _UNSEEN:
            self.unseen = "" if closes or html.endswith("/>") else name
        elif name == "br":
            return " "
        elif name in ("rp", "ruby"):
            self._has_parentheses = name == "rp"
        if name == "rt" and not closes and not self._has_parentheses:
            self._in_reading = True
            return "("
        if name in ("rt", "ruby") and closes and self._in_reading:
            self._in_reading = False
            return ")"
        return ""
