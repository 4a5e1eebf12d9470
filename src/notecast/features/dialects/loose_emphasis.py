"""Bold text with a space inside its marks, or in pieces: `称为** 缓存**，`, `**第二****次**`.

Editors such as Notion and Wolai leave such spaces between Chinese and Latin, and copies of
pages two pieces of bold side by side; the marks then mean nothing in Markdown. The space
goes outside and the pieces become one, in lines that have Han characters. So does a sign
between the marks and a letter: `**第五步:**main`.
Entry points: `is_loose`, `tightened`.
"""

import re

from notecast.features.dialects.outside import outside_code

_MARK = re.compile(r"(?<![*\\])\*\*(?!\*)")
_LOOSE = re.compile(
    r"\*\*[ \t]+\S|\S[ \t]+\*\*|[:;,.!?)=%\"']\*\*[A-Za-z0-9]|[A-Za-z0-9]\*\*[(\"']"
)
_OPENING, _CLOSING = frozenset("(\"'"), frozenset(":;,.!?)=%\"'")
_PIECES = re.compile(r"(?<=[^\s*\\])\*{4}(?=[^\s*])")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_APART = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\$\$.+?\$\$|\$[^$\n]+\$")
_MAX = 300
"""Characters between two marks; what is longer is hardly meant."""


def is_loose(text: str) -> bool:
    """Whether a text may have such marks."""
    at = text.find("**")
    while at >= 0:
        end = text.find("\n", at)
        line = text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]
        if _line(line) != line:
            return True
        at = text.find("**", end) if end >= 0 else -1
    return False


def tightened(text: str) -> str:
    """The same with marks as Markdown wants them, line for line."""
    return outside_code(text, lambda run, _: "\n".join(map(_line, run.split("\n"))))


def _line(line: str) -> str:
    if "****" in line and _HAN.search(line) is not None:
        line = _joined(line)
    if line.count("**") < 2 or _LOOSE.search(line) is None or _HAN.search(line) is None:
        return line
    hidden = _APART.sub(lambda match: "x" * len(match[0]), line)
    marks = [match.start() for match in _MARK.finditer(hidden)]
    # Marks that do not pair up within the line say nothing of which of them opens.
    if len(marks) % 2:
        return line
    out = list(line)
    for opening, closing in zip(marks[::2], marks[1::2], strict=True):
        inner = line[opening + 2 : closing]
        words = inner.strip(" \t")
        if not words or "|" in inner or len(inner) > _MAX:
            continue
        before, after = line[:opening][-1:], line[closing + 2 :][:1]
        if words == inner:
            out[opening : closing + 2] = _around_signs(inner, before, after)
            continue
        both = inner[0] in " \t" and inner[-1] in " \t"
        if both and before in ("", " ") and after in ("", " "):
            continue  # 2 ** 3 ** 4
        left = len(inner) - len(inner.lstrip(" \t"))
        right = len(inner) - left - len(words)
        out[opening : closing + 2] = f"{' ' * left}**{words}**{' ' * right}"
    return "".join(out)


def _around_signs(inner: str, before: str, after: str) -> str:
    """Bold text whose first or last sign goes outside where a letter stands on its other side.

    `**one:**two` and `16**(that is so)**` are bold for authors and not for CommonMark.
    """
    first = last = ""
    if len(inner) > 2 and inner[0] in _OPENING and before.isascii() and before.isalnum():
        first, inner = inner[0], inner[1:]
    if len(inner) > 1 and inner[-1] in _CLOSING and after.isascii() and after.isalnum():
        inner, last = inner[:-1], inner[-1]
    return f"{first}**{inner}**{last}"


def _joined(line: str) -> str:
    """The line with pieces of bold text that touch one another made one."""
    hidden = _APART.sub(lambda match: "x" * len(match[0]), line)
    for pieces in reversed(list(_PIECES.finditer(hidden))):
        before = hidden[: pieces.start()]
        if len(_MARK.findall(before)) % 2 and _MARK.search(hidden, pieces.end()):
            line = line[: pieces.start()] + line[pieces.end() :]
    return line
