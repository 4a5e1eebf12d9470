"""The plain text of inline tokens: for ids, excerpts, sentences, counts and `alt`.

A feature's own inline token counts with its `content`, or with `meta["text"]`
where that is given (empty: the token is not part of the text).
"""

from collections.abc import Callable, Sequence

from markdown_it.token import Token

CELL_CODE, OUTPUT_OPEN, OUTPUT_CLOSE = "cell_code", "output_open", "output_close"
"""Block tokens: the code of a cell, and what stands around all that it put out. Neither is
prose: excerpts and word counts leave them out."""

_NOTHING = frozenset({"html_inline", "footnote_ref", "footnote_anchor"})


def text_of(tokens: Sequence[Token] | None, formula: Callable[[str], str] | None = None) -> str:
    """Plain text of inline tokens.

    Args:
        tokens: Children of an inline token.
        formula: Turns TeX source into text; by default it is kept as it is.
    """
    return "".join([piece_of(token, formula) for token in tokens or ()])


def piece_of(token: Token, formula: Callable[[str], str] | None = None) -> str:
    """Plain text of one inline token; see `text_of`."""
    kind = token.type
    if kind == "text":
        return token.content
    if kind in ("softbreak", "hardbreak"):
        return "" if token.hidden else " "
    if kind == "image":
        return text_of(token.children, formula)
    if token.nesting or kind in _NOTHING:
        return ""
    if formula is not None and kind.startswith("math_"):
        return formula(token.content)
    if token.meta and "text" in token.meta:
        return str(token.meta["text"])
    return token.content


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, and none at the ends."""
    return " ".join(text.split())
