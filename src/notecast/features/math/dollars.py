"""What a pair of delimiters in a line holds: a formula, or money, shell, prose.

Shared by the inline rules and the table rule, so that both see the same
formulas. Entry points: `dollar_span`, `looks_meant`.
"""

import re
from typing import NamedTuple

_SIGNIFICANT = re.compile(r"\\.|[${}]", re.DOTALL)
_TEX_SIGN = re.compile(r"[\\^_={}<>+*|'/&]|[^\x00-\x7f]")
_WORDS = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}(?:['’][a-z]+)?[ ,;:]+[A-Za-z]{2,}")
_SPACED_WORD = re.compile(r"(?<!\S)[A-Za-z]{3,}(?!\S)")
_SHELL_NAME = re.compile(r"[A-Z_][A-Z0-9_]+\b|[({]")
_TEXT_BEFORE = re.compile(r"\\(?:text[a-z]*|mbox|hbox|tag\*?)\s*\Z")
_HAN_SENTENCE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff，。、；：“”（）]{7,}")
_AMOUNT = re.compile(r"\s*[0-9][0-9.,]*(?:[kKmMbB]|bn)?(?![0-9A-Za-z^_\\{])")


MAX_INNER = 50


class Span(NamedTuple):
    """A formula in `$…$` or `$$…$$`."""

    start: int
    """Where its TeX begins."""
    end: int
    """Where its TeX ends."""
    after: int
    """What follows the closing delimiter."""
    display: bool


def closing_dollars(text: str, start: int, count: int, limit: int) -> int:
    """Index of the dollars that close a formula whose TeX begins at `start`; -1 without any.

    Escaped dollars do not, nor those of mathematics inside `\\text{…}`.
    """
    groups: list[bool] = []
    first = -1
    inner = 0
    for match in _SIGNIFICANT.finditer(text, start, limit):
        found = match[0]
        if found == "{":
            groups.append(
                bool(_TEXT_BEFORE.search(text, max(start, match.start() - 12), match.start()))
            )
        elif found == "}":
            if groups:
                groups.pop()
        elif found == "$" and (count == 1 or text.startswith("$$", match.start())):
            if first < 0:
                first = match.start()
            if not any(groups):
                return match.start()
            inner += 1
        # Nobody writes so much inside \\text; dollars without end must not cost their square.
        if inner > MAX_INNER or len(groups) > MAX_INNER:
            break
    # A group that never closes: the author forgot a brace, not a dollar.
    return first


def dollar_span(text: str, start: int, limit: int) -> Span | None:
    """The formula that opens with the `$` at `start`, before `limit`.

    `$$…$$` is a formula whatever it holds. `$…$` has to hold what may be one:
    no money (`$5 and $6`), no shell (`$HOME/bin:$PATH`), no prose.
    """
    if text.startswith("$$", start):
        end = closing_dollars(text, start + 2, 2, limit)
        if end < 0 or not text[start + 2 : end].strip():
            return None
        return Span(start + 2, end, end + 2, True)
    end = closing_dollars(text, start + 1, 1, limit)
    if end <= start + 1:
        return None
    content = text[start + 1 : end]
    # GitHub's form, safe from all Markdown: $`x`$
    if len(content) > 2 and content[0] == content[-1] == "`":
        return Span(start + 2, end - 1, end + 1, False)
    before = text[start - 1] if start else ""
    after = text[end + 1] if end + 1 < limit else ""
    return Span(start + 1, end, end + 1, False) if _is_formula(content, before, after) else None


def _is_formula(content: str, before: str, after: str) -> bool:
    if not content.strip() or after.isdigit() or content.count("`") % 2:
        return False
    opens_wide, closes_wide = content[0].isspace(), content[-1].isspace()
    # $HOME/bin:$PATH, $a $b, ${a}/${b}; but $n$-gram, $k$NN and $f$(x) are formulas.
    if after == "{" or (after == "(" and (closes_wide or content[0] == "(")):
        return False
    word_follows = after.isascii() and (after.isalnum() or after == "_")
    if word_follows and (closes_wide or _SHELL_NAME.match(content)):
        return False
    if _AMOUNT.match(content) and not re.search(r"[\\^_]", content):
        # US$5 and US$6, $5 or $ 6; but $1 \times 10$ and $5$.
        if closes_wide or _WORDS.search(content) or (before.isascii() and before.isalnum()):
            return False
    elif before.isascii() and before.isalnum() and opens_wide:
        return False
    return not is_prose(content, wide=opens_wide or closes_wide)


def is_prose(content: str, wide: bool = False) -> bool:
    """Whether text has words and no sign of TeX. `wide`: blanks inside its delimiters."""
    if "\\" in content or "^" in content or re.search(r"_[A-Za-z0-9{]", content):
        return False
    if _WORDS.search(content) or _HAN_SENTENCE.search(content):
        return True
    stripped = content.strip(" |")
    return wide and bool(_SPACED_WORD.search(stripped)) and not _TEX_SIGN.search(stripped)


def looks_meant(code: str) -> bool:
    """Whether a code span such as `` `$x$` `` holds a formula rather than code."""
    if code[0] != "$":
        return True
    inner = code.strip("$").strip()
    if not inner or "$" in inner:
        return False
    if re.search(r"\\[A-Za-z]|[\^_]", inner):
        return True
    return len(inner) == 1 or bool(re.fullmatch(r"[A-Za-z0-9]( ?[=<>+*/-] ?[A-Za-z0-9.]+)+", inner))
