"""Pygments as a function: code and language in, lines of HTML out.

Lexers are loaded when they are first asked for. What could take a lexer long
(very large blocks, very long lines) and what no lexer knows stays plain.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
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
    return tuple(_formatted(lexer.get_tokens(code)))


def _is_readable(code: str) -> bool:
    """Whether code is of a kind that lexers are made for; otherwise it stays plain."""
    return (
        len(code) <= MAX_CODE
        and max(map(len, code.split("\n"))) <= MAX_LINE
        and _MONOTONOUS.search(code) is None
    )


def _formatted(tokens: Iterable[tuple[Any, str]]) -> list[str]:
    """One string of HTML a line; spans never reach over a line's end."""
    lines: list[str] = []
    line: list[str] = []
    last_class, pending = "", ""

    def flush() -> None:
        if pending:
            text = escape(pending, quote=False)
            line.append(f'<span class="{last_class}">{text}</span>' if last_class else text)

    for token_type, value in tokens:
        css_class = _css_class(token_type)
        first, *others = value.split("\n")
        if css_class != last_class:
            flush()
            last_class, pending = css_class, first
        else:
            pending += first
        for other in others:
            flush()
            lines.append("".join(line))
            line = []
            pending = other
    flush()
    if line:
        lines.append("".join(line))
    return lines


@lru_cache(maxsize=512)
def _css_class(token_type: Any) -> str:
    """Pygments' short class; `w` for white space is left out."""
    from pygments.token import STANDARD_TYPES

    while token_type not in STANDARD_TYPES and token_type.parent is not None:
        token_type = token_type.parent
    name = STANDARD_TYPES.get(token_type, "")
    return "" if name in ("w", "err") else str(name)


@lru_cache(maxsize=128)
def _lexer(lang: str) -> Any:
    """A lexer by any of its names; `yaml/toml` is the first of both; None if unknown."""
    aliases = _aliases()
    for name in (lang, lang.split("/")[0], lang.removeprefix("language-"), lang.rsplit("-", 1)[-1]):
        known = aliases.get(_OTHER_NAMES.get(name, name))
        if known:
            from pygments.lexers import find_lexer_class

            lexer_class = find_lexer_class(known)
            return lexer_class(stripnl=False) if lexer_class else None
    return None


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    """Lexer names by alias. Pygments' own look-up would search installed packages each time."""
    from pygments.lexers import get_all_lexers

    return {
        alias: name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases
    }
