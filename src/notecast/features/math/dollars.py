"""What a pair of delimiters in a line holds: a formula, or money, shell, prose.

Shared by the inline rules and the table rule, so that both see the same
formulas. Entry points: `dollar_span`, `looks_meant`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from notecast.features.math.forgotten import TAB

_SIGNIFICANT = re.compile(r"\\.|[${}]", re.DOTALL)
_TEX_SIGN = re.compile(r"[\\^_={}<>+*|'/&]|[^\x00-\x7f]")
_WORDS = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}(?:['’][a-z]+)?[ ,;:]+[A-Za-z]{2,}")
_SPACED_WORD = re.compile(r"(?<!\S)[A-Za-z]{3,}(?!\S)")
_RUNNING_WORDS = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}(?:['’][a-z]+)?[;:]? +[A-Za-z]{2,}")
_FEW_WORDS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){1,2}")
_CALL = re.compile(r"[A-Za-z]\([^()]*\)")
_CLAUSE = re.compile(r"[,.;:!?]\s|[，。；：！？、）]")
_SIGNS = re.compile(r"(?:\\[A-Za-z]+|[-+=<>±×~∼≈≤≥]|\s)+")
_TEX_COMMAND = re.compile(rf"\\[A-Za-z]|\^|{TAB}")
_SHELL_NAME = re.compile(r"[A-Z_][A-Z0-9_]+\b(?!\{)|\{|\((?![^()]*,)")
_ORDINAL = re.compile(r"(?:th|st|nd|rd)(?![A-Za-z0-9])")
_INTERVAL = re.compile(r"[\[(][^\[\]`\n]{1,60}[\])]")
_TEXT_BEFORE = re.compile(r"\\(?:text[a-z]*|mbox|hbox|tag\*?|ce|cf)\s*\Z")
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
    first = -1
    for nth, (at, in_text) in enumerate(_dollars(text, start, limit)):
        if count == 2 and not text.startswith("$$", at):
            continue
        if not in_text:
            return at
        if first < 0:
            first = at
        # Nobody writes so much inside \\text; dollars without end must not cost their square.
        if nth > MAX_INNER:
            break
    # A group that never closes: the author forgot a brace, not a dollar.
    return first


def _dollars(text: str, start: int, limit: int) -> Iterator[tuple[int, bool]]:
    """Each unescaped dollar, and whether it stands inside `\\text{…}`."""
    groups: list[bool] = []
    for match in _SIGNIFICANT.finditer(text, start, limit):
        found = match[0]
        if found == "{":
            groups.append(
                bool(_TEXT_BEFORE.search(text, max(start, match.start() - 12), match.start()))
            )
            if len(groups) > MAX_INNER:
                return
        elif found == "}":
            if groups:
                groups.pop()
        elif found == "$":
            yield match.start(), any(groups)


def has_lone_dollar(tex: str) -> bool:
    """Whether a dollar stands in a display outside of `\\text{…}`: two displays run together."""
    return any(not in_text for _, in_text in _dollars(tex, 0, len(tex)))


def dollar_span(text: str, start: int, limit: int) -> Span | None:
    """The formula that opens with the `$` at `start`, before `limit`.

    `$$…$$` is a formula whatever it holds. `$…$` has to hold what may be one:
    no money (`$5 and $6`), no shell (`$HOME/bin:$PATH`), no prose.
    """
    if text.startswith("$$", start):
        end = closing_dollars(text, start + 2, 2, limit)
        content = text[start + 2 : end]
        if end < 0 or not content.strip() or ("\n" in content and has_lone_dollar(content)):
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
    if _ORDINAL.match(text, end + 1):  # $(n-1)$th
        after = ""
    return Span(start + 1, end, end + 1, False) if _is_formula(content, before, after) else None


def _is_formula(content: str, before: str, after: str) -> bool:
    if not content.strip() or content.count("`") % 2:
        return False
    # 5$, 10$: what goes on with a comma belongs to the sentence.
    if len(content) > 1 and _CLAUSE.match(content):
        return False
    opens_wide, closes_wide = content[0].isspace(), content[-1].isspace()
    word_before = before.isascii() and before.isalnum()
    word_follows = after.isascii() and (after.isalnum() or after == "_")
    tight = not (opens_wide or closes_wide or word_before or word_follows)
    if after.isdigit():
        # $5 and $6, $x and $1; but $-$1 and $\sim$6.
        return not (opens_wide or closes_wide or word_before) and bool(_SIGNS.fullmatch(content))
    # $HOME/bin:$PATH, $a $b, ${a}/${b}; but $n$-gram, $k$NN, $f$(x) and $(\cos x)^n$(y).
    if after == "{" or (
        after == "(" and (closes_wide or content[0] == "(") and _TEX_COMMAND.search(content) is None
    ):
        return False
    if word_follows and (closes_wide or _SHELL_NAME.match(content)):
        return False
    if _AMOUNT.match(content) and not re.search(r"[\\^_]", content):
        # US$5 and US$6, $5 or $ 6; but $1 \times 10$ and $5$.
        if closes_wide or _WORDS.search(content) or word_before:
            return False
    elif word_before and opens_wide:
        return False
    # Only a formula looks like this on both sides: $AB, CD$, $f(now,rem)$, $attention score$.
    if tight and not _HAN_SENTENCE.search(content) and not _AMOUNT.match(content):
        return (
            bool(_FEW_WORDS.fullmatch(content))
            or bool(_INTERVAL.fullmatch(content))
            or not is_prose(content, words=_RUNNING_WORDS)
        )
    return not is_prose(content, wide=opens_wide or closes_wide)


def is_prose(content: str, wide: bool = False, words: "re.Pattern[str]" = _WORDS) -> bool:
    """Whether text has words and no sign of TeX.

    Args:
        content: What stands between delimiters.
        wide: Whether there are blanks inside the delimiters.
        words: What two words of prose look like.
    """
    if "\\" in content or re.search(r"_[A-Za-z0-9{]", content) or _TEX_COMMAND.search(content):
        return False
    # P(w | The, car) is one symbol.
    content = _CALL.sub("f", content)
    if words.search(content) or _HAN_SENTENCE.search(content):
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
