"""Pygments as a function: code and language in, lines of HTML out.

Lexers are loaded when they are first asked for. What could take a lexer long
(very large blocks, very long lines) and what no lexer knows stays plain.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape
from typing import Any

MAX_CODE = 200_000
"""Characters; beyond that a block is data rather than code to be read."""
MAX_LINE = 2_000
"""Characters of one line; longer ones are data too."""
_MONOTONOUS = re.compile(r"[\w\s]{1000}|\W{1000}")
"""Runs that some lexers (Java, SAS, systemd …) try to read in every possible way:
64 KB of them take minutes. Code that people read never goes on so long without
a change between words and punctuation."""
PATIENCE = 2_000
"""Characters that a lexer reads before its tables are made: they cost as much as it saves there."""

_OTHER_NAMES = {
    "c++": "cpp",
    "c#": "csharp",
    "f#": "fsharp",
    "shell": "bash",
    "sh": "bash",
    "zsh": "bash",
    "console": "console",
    "terminal": "console",
    "jsonc": "json",
    "json5": "json",
    "vue": "html",
    "svelte": "html",
    "tex": "latex",
    "py": "python",
    "ipython": "python",
    "plain": "",
    "plaintext": "",
    "text": "",
    "txt": "",
    "none": "",
    "output": "",
    "math": "latex",
    "rmd": "r",
    "yml": "yaml",
}


def highlighted(lang: str, code: str, marked: frozenset[int], numbered: bool) -> list[str]:
    """Lines of HTML.

    Args:
        lang: As the author wrote it; unknown ones leave the code plain.
        code: Without a final line end.
        marked: 1-based numbers of lines to mark.
        numbered: Whether lines get an element of their own, for CSS counters.
    """
    lines = list(_lines(lang.lower(), code))
    if not marked and not numbered:
        return lines
    return [
        f'<span class="line{" marked" if number in marked else ""}">{line}</span>'
        for number, line in enumerate(lines, 1)
    ]


@lru_cache(maxsize=256)
def _lines(lang: str, code: str) -> tuple[str, ...]:
    lexer = _lexer(lang) if lang and _is_readable(code) else None
    if lexer is None:
        return tuple(escape(code).split("\n"))
    return tuple(_formatted(lexer.tokens(code)))


def _is_readable(code: str) -> bool:
    """Whether code is of a kind that lexers are made for; otherwise it stays plain."""
    return (
        len(code) <= MAX_CODE
        and max(map(len, code.split("\n"))) <= MAX_LINE
        and _MONOTONOUS.search(code) is None
    )


class QuickLexer:
    """A lexer that is quickened (`dispatch`) once it has had enough to do."""

    def __init__(self, lexer: Any) -> None:
        self._lexer = lexer
        self._patience = PATIENCE

    def tokens(self, code: str) -> Iterable[tuple[int, Any, str]]:
        """Position, type and text of each token, as the lexer's `get_tokens` would have them."""
        from pygments.lexer import Lexer

        if self._patience > 0:
            self._patience -= len(code)
            if self._patience <= 0:
                from notecast.features.code.dispatch import quicken

                quicken(self._lexer)
        lexer = self._lexer
        if type(lexer).get_tokens is not Lexer.get_tokens:
            return ((0, token_type, value) for token_type, value in lexer.get_tokens(code))
        tokens: Iterable[tuple[int, Any, str]] = lexer.get_tokens_unprocessed(
            lexer._preprocess_lexer_input(code)
        )
        return tokens


def _formatted(tokens: Iterable[tuple[int, Any, str]]) -> list[str]:
    """One string of HTML a line; spans never reach over a line's end."""
    lines: list[str] = []
    line: list[str] = []
    classes = _css_classes()
    css_class, last_class, last_type, pending = "", "", None, ""
    for _, token_type, value in tokens:
        if token_type is not last_type:
            last_type = token_type
            css_class = classes[token_type]
            if css_class != last_class:
                if pending:
                    line.append(_span(last_class, pending))
                    pending = ""
                last_class = css_class
        if "\n" not in value:
            pending += value
            continue
        first, *others = value.split("\n")
        pending += first
        for other in others:
            if pending:
                line.append(_span(last_class, pending))
            lines.append("".join(line))
            line = []
            pending = other
    if pending:
        line.append(_span(last_class, pending))
    if line:
        lines.append("".join(line))
    return lines


@lru_cache(maxsize=4096)
def _span(css_class: str, text: str) -> str:
    html = escape(text, quote=False)
    return f'<span class="{css_class}">{html}</span>' if css_class else html


_PLAIN = frozenset(("w", "err", "n", "nx", "p", "pm", "o", "g", "esc", "x"))
"""Classes that look like the text around them: white space, plain names, punctuation,
operators. Half of all tokens are of these, and a span takes six times the room of a bracket."""


class _CssClasses(dict[Any, str]):
    """Pygments' short class by type of token; empty for what is not coloured."""

    def __missing__(self, token_type: Any) -> str:
        from pygments.token import STANDARD_TYPES

        known = token_type
        while known not in STANDARD_TYPES and known.parent is not None:
            known = known.parent
        name = STANDARD_TYPES.get(known, "")
        self[token_type] = css_class = "" if name in _PLAIN else str(name)
        return css_class


@cache
def _css_classes() -> _CssClasses:
    return _CssClasses()


@lru_cache(maxsize=128)
def _lexer(lang: str) -> QuickLexer | None:
    """A lexer by any of its names; `yaml/toml` is the first of both; None if unknown."""
    aliases = _aliases()
    for name in (lang, lang.split("/")[0], lang.removeprefix("language-"), lang.rsplit("-", 1)[-1]):
        known = aliases.get(_OTHER_NAMES.get(name, name))
        if known:
            from pygments.lexers import find_lexer_class

            lexer_class = find_lexer_class(known)
            return QuickLexer(lexer_class(stripnl=False)) if lexer_class else None
    return None


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    """Lexer names by alias. Pygments' own look-up would search installed packages each time."""
    from pygments.lexers import get_all_lexers

    return {
        alias: name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases
    }
