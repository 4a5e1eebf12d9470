"""Definitions of commands in a text of any kind, as TeX.

Entry points: `tex_definitions`, `table_definitions`, `definition`.
"""

import re
from collections.abc import Iterator

from notecast.features.math.macros import DEFINES, MacroFault, definition_end
from notecast.features.math.tokens import scan

_COMMENT = re.compile(r"<!--.*?-->|\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_TABLE = re.compile(r"""(?<![\w-])["']?[mM]acros["']?\s*[:=]\s*\{""")
_NAME = re.compile(r"""\s*(?:(?P<bare>[A-Za-z_$][\w$]*)|(?P<quoted>["'`][^"'`\n]*["'`]))\s*:""")
_STRING = (
    r"(?:(?P<raw>String\.raw|[rR])?(?:\"(?P<double>(?:[^\"\\\n]|\\.)*)\""
    r"|'(?P<single>(?:[^'\\\n]|\\.)*)'|`(?P<back>(?:[^`\\]|\\.)*)`))"
)
_VALUE = re.compile(rf"\s*(?P<list>\[\s*)?{_STRING}", re.DOTALL)
_REST = re.compile(
    r"\s*(?:,\s*(?P<count>\d)\s*(?:,\s*[\"'](?P<default>[^\"'\n]*)[\"']\s*)?)?,?\s*\]"
)
_BETWEEN = re.compile(r"(?:\s|,|//[^\n]*|/\*.*?\*/|#[^\n]*)*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST = 4_000
"""Characters of one definition."""
_COMMAND = re.compile(r"\\?([A-Za-z]+|.)\Z")


def tex_definitions(text: str) -> Iterator[str]:
    """Definitions as TeX has them; those in comments and in strings of programs are none."""
    text = _COMMENT.sub("", text)
    for match in DEFINES.finditer(text):
        start = match.start()
        line = text[text.rfind("\n", 0, start) + 1 : start]
        if line.endswith("\\") or re.search(r"(?<!\\)%|//", line):
            continue
        tokens = scan(text[start : start + _LONGEST])
        try:
            end = definition_end(tokens)
        except MacroFault:
            continue
        found = "".join(token.text for token in tokens[:end])
        if "@" not in found:  # commands inside of packages
            yield found


def table_definitions(text: str) -> Iterator[str]:
    """The entries of `macros: {…}`, as JavaScript, JSON and Python write it.

    https://docs.mathjax.org/en/latest/input/tex/extensions/configmacros.html,
    https://katex.org/docs/options.html
    """
    for table in _TABLE.finditer(_COMMENT.sub("", text)):
        text = table.string
        index = table.end()
        while True:
            index = _after(_BETWEEN, text, index)
            name = _NAME.match(text, index)
            value = _VALUE.match(text, name.end()) if name else None
            if name is None or value is None:
                break
            index = value.end()
            default: str | None = None
            if value["list"]:
                rest = _REST.match(text, index)
                if rest is None:
                    break
                default, index = rest["default"], rest.end()
            written = name["bare"] or _unescaped(name["quoted"][1:-1])
            made = definition(
                written, _content(value), None if default is None else _unescaped(default)
            )
            if made:
                yield made


def _after(pattern: "re.Pattern[str]", text: str, index: int) -> int:
    match = pattern.match(text, index)
    return match.end() if match else index


def _content(match: "re.Match[str]") -> str:
    quoted = match["double"], match["single"], match["back"]
    written = next(part for part in quoted if part is not None)
    return written if match["raw"] else _unescaped(written)


def _unescaped(written: str) -> str:
    return _ESCAPED.sub(r"\1", written)


def definition(name: str, body: str, default: str | None = None) -> str:
    """`\\newcommand` for an entry of a table; empty where the entry makes no command.

    Args:
        name: With or without its backslash.
        body: What it stands for, with `#1` …
        default: Of the first argument, which then is optional.
    """
    command = _COMMAND.match(name.strip())
    depth = 0
    for token in scan(body):
        depth += (token.text == "{") - (token.text == "}")
        if depth < 0:
            return ""
    if command is None or depth:
        return ""
    numbers = [int(digit) for digit in re.findall(r"(?<!\\)#([1-9])", body)]
    count = f"[{max(numbers)}]" if numbers else ""
    optional = f"[{default}]" if default is not None and numbers else ""
    return f"\\newcommand{{\\{command[1]}}}{count}{optional}{{{body}}}"
