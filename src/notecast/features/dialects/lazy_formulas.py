"""Formulas that begin in a quote or a list item and go on without its marks.

    > $$                 1. text $$                 other programs look for the dollars first
    x = 1                \\begin{aligned}…           and set these where they begin
    $$
                         $$

Entry points: `is_lazy`, `marked`.
"""

import re

from notecast.features.dialects.outside import CODE_SPAN, outside_code

_SIGN = re.compile(
    r"^[ ]{0,3}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])[^\n]*\$\$[^\n]*\n[ \t]*[^>\s]", re.MULTILINE
)
_QUOTE = re.compile(r"[ ]{0,3}((?:>[ \t]?)+)")
_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+")
_BLOCK = re.compile(r"[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|\|)")
_CODE = re.compile(CODE_SPAN)
_TEX = re.compile(r"[\\^_=&{}]")
_LINES = 60
"""How far a formula may reach; a slip with a dollar must not reach further."""


def is_lazy(text: str) -> bool:
    """Whether a text may have such a formula."""
    return "$$" in text and _SIGN.search(text) is not None


def marked(text: str) -> str:
    """The same with the marks of the quote or item before every line of the formula."""
    return outside_code(text, lambda run, _: "\n".join(_run(run.split("\n"))))


def _run(lines: list[str]) -> list[str]:
    nth = 0
    while nth < len(lines):
        line = lines[nth]
        nth += 1
        if "$$" not in line or not _opens(line):
            continue
        quote = _QUOTE.match(line)
        item = None if quote else _ITEM.match(line)
        if quote:
            last, prefix = _in_quote(lines, nth), quote[1].strip() + " "
        elif item:
            last, prefix = _in_item(lines, nth), " " * item.end()
        else:
            last, prefix = nth - 1, ""
        if last < nth:
            nth = _behind(lines, nth)
            continue
        for inner in range(nth, last + 1):
            if not lines[inner].strip():
                lines[inner] = prefix + "%"  # no blank line, which would end the paragraph
            elif not _QUOTE.match(lines[inner]):
                lines[inner] = prefix + lines[inner].lstrip()
        nth = max(nth, last + 1)
    return lines


def _opens(line: str) -> bool:
    return _CODE.sub("", line).count("$$") % 2 == 1


def _behind(lines: list[str], first: int) -> int:
    """The line behind a formula that needs no marks, so that its end opens none."""
    for nth in range(first, min(first + _LINES, len(lines))):
        if "$$" in lines[nth]:
            return nth + 1
    return first


def _in_quote(lines: list[str], first: int) -> int:
    """The line that closes a formula of a quote; one before `first` if no mark is missing."""
    for nth in range(first, min(first + _LINES, len(lines))):
        line = lines[nth]
        if not line.strip() or _BLOCK.match(line):
            break
        if "$$" in line:
            return nth if _opens(line) else first - 1
    return first - 1


def _in_item(lines: list[str], first: int) -> int:
    """The same for a list item, where only blank lines part the formula from its end."""
    blank = False
    for nth in range(first, min(first + _LINES, len(lines))):
        line = lines[nth]
        if "$$" in line:
            return nth if blank and line.strip().rstrip(".,;。，；") == "$$" else first - 1
        blank = blank or not line.strip()
        if line.strip() and (_BLOCK.match(line) or line[0] in " \t>" or not _TEX.search(line)):
            break
    return first - 1
