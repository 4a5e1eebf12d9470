"""TeX source as a list of tokens that remember where they stood.

Every rewriting of a formula (macros, repairs, numbering) works on such a list,
so that an engine's error, which counts characters of the rewritten text, still
finds the character that the author wrote. Entry points: `scan`, `render`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Tex(NamedTuple):
    """One token: a command, one character, a run of blanks, a comment, an HTML entity."""

    text: str
    start: int
    """Index into the author's formula; what a macro expands to has the place of its call."""


HAN = (
    r"\u2e80-\u2fff\u3001-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
"""Han, kana, Hangul and their own punctuation, as a regular expression's range."""

_TOKEN = re.compile(
    r"\\[A-Za-z]+|\\.|%[^\n]*(?:\n[ \t]*)?|\s+"
    r"|&(?:lt|gt|amp|quot|nbsp);"
    rf"|[{HAN}]+|.",
    re.DOTALL,
)


def scan(tex: str) -> list[Tex]:
    """Cuts a formula into tokens; joined again they give the formula."""
    return [Tex(match[0], match.start()) for match in _TOKEN.finditer(tex)]


def is_command(text: str) -> bool:
    """Whether a token is a control word: a backslash and letters."""
    return len(text) > 1 and text[0] == "\\" and text[1].isalpha() and text.isascii()


class Rendered:
    """Text made of tokens, with the way back to the author's characters."""

    def __init__(self, tokens: Iterable[Tex]) -> None:
        pieces: list[str] = []
        self._ends: list[int] = []
        self._starts: list[Tex] = []
        length = 0
        after_command = False
        for token in tokens:
            text = token.text
            # A macro may put a letter right behind a command: \alpha + x is not \alphax.
            if after_command and text[0].isalpha() and text.isascii():
                pieces.append(" ")
                length += 1
            pieces.append(text)
            length += len(text)
            self._ends.append(length)
            self._starts.append(token)
            after_command = is_command(text)
        self.text = "".join(pieces)

    def origin(self, offset: int) -> int:
        """Index into the author's formula of what stands at `offset` of `text`."""
        if not self._starts:
            return 0
        nth = min(bisect_right(self._ends, offset), len(self._starts) - 1)
        return self._starts[nth].start


def skip_blank(tokens: Sequence[Tex], index: int) -> int:
    """Index of the next token that is neither blank nor comment."""
    while index < len(tokens) and (tokens[index].text.isspace() or tokens[index].text[0] == "%"):
        index += 1
    return index


def group_end(tokens: Sequence[Tex], index: int) -> int:
    """Index behind the group that opens with the `{` at `index`; -1 if it never closes."""
    depth = 0
    for nth in range(index, len(tokens)):
        text = tokens[nth].text
        if text == "{":
            depth += 1
        elif text == "}":
            depth -= 1
            if not depth:
                return nth + 1
    return -1


def argument(tokens: Sequence[Tex], index: int) -> tuple[list[Tex], int] | None:
    """The argument at `index` (blanks skipped), without braces, and the index behind it.

    Returns:
        `None` where there is none: the end, a `}` or a group that never closes.
    """
    index = skip_blank(tokens, index)
    if index >= len(tokens) or tokens[index].text == "}":
        return None
    if tokens[index].text != "{":
        return [tokens[index]], index + 1
    end = group_end(tokens, index)
    return (list(tokens[index + 1 : end - 1]), end) if end > 0 else None


def option(tokens: Sequence[Tex], index: int) -> tuple[list[Tex], int] | None:
    """The optional argument `[…]` at `index` and the index behind it, if there is one."""
    index = skip_blank(tokens, index)
    if index >= len(tokens) or tokens[index].text != "[":
        return None
    depth = 0
    for nth in range(index + 1, len(tokens)):
        text = tokens[nth].text
        depth += (text == "{") - (text == "}")
        if depth < 0:
            return None
        if text == "]" and not depth:
            return list(tokens[index + 1 : nth]), nth + 1
    return None


def plain(tokens: Iterable[Tex]) -> str:
    """The tokens' text, joined."""
    return "".join(token.text for token in tokens)


def made(text: str, start: int) -> list[Tex]:
    """Tokens of text that we put in, all at the place that it stands for."""
    return [Tex(match[0], start) for match in _TOKEN.finditer(text)]


def environment(tokens: Sequence[Tex], index: int) -> tuple[str, int] | None:
    """Name and index behind the `{name}` of a `\\begin` or `\\end` at `index`."""
    found = argument(tokens, index + 1)
    if found is None or tokens[skip_blank(tokens, index + 1)].text != "{":
        return None
    return plain(found[0]).strip(), found[1]
