"""Says in an author's words why a header is not YAML, and how to write it.

Entry points: `explain` for an error of the YAML reader, `quote_hint` for a value
that only needs quotes. Nearly every malformed header in real notes is one of
few kinds: `: ` inside text, a value that begins with a sign, a stray quote, tabs.
"""

import re

import yaml

from notecast.loader.header_keys import is_known
from notecast.loader.header_node import HeaderError

_PAIR = re.compile(
    r"(?P<before>\s*(?:-\s+)*(?:[\"']?[^\s:\"'#\[{][^:\"'#]*?[\"']?)\s*:[ \t]+)(?P<value>\S.*)"
)
_ITEM = re.compile(r"(?P<before>\s*(?:-\s+)+)(?P<value>\S.*)")
_TIGHT = re.compile(r"\s*(?P<key>[^\W\d][\w .\-]{0,39}?)\s*(?P<colon>：\s*|:)(?P<value>\S.*)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")

_SHOWN = 100
"""A longer value is not repeated in a hint."""


def explain(text: str, first_line: int, error: yaml.MarkedYAMLError) -> HeaderError:
    """Turns an error of the YAML reader into one with the author's place, reason and remedy."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    at, column = (mark.line, mark.column) if mark is not None else (0, 0)
    start = error.context_mark
    if start is not None and _starts_there(error, same_line=start.line == at):
        # The reader only notices at the end what was wrong from the beginning.
        at, column = start.line, start.column
    at = min(at, len(lines) - 1)
    found = _missing_space(lines, at) or _directive(lines, error)
    if found is not None:
        at, column, message, hint = found
    else:
        message, hint = _diagnose(lines[at], column, error.problem or "", error.context or "")
    return HeaderError("header-is-yaml", first_line + at, column + 1, message, hint)


def quote_hint(text: str, line: int, column: int = 0) -> str:
    """`quote this value: title: "A: B"` for a 0-based line, empty if nothing can be quoted."""
    lines = text.split("\n")
    return _quote(lines[line]) if 0 <= line < len(lines) else ""


def _starts_there(error: yaml.MarkedYAMLError, *, same_line: bool) -> bool:
    """Whether the place where the reader began something helps more than where it gave up."""
    context = error.context or ""
    wanted = ("an alias", "an anchor", "block scalar") if same_line else _LEFT_OPEN
    return any(word in context for word in wanted)


_LEFT_OPEN = ("quoted scalar", "flow", "simple key")


def _missing_space(lines: list[str], at: int) -> tuple[int, int, str, str] | None:
    """A known key, on this line or the one above, without `: ` behind it."""
    for index in (at, at - 1):
        tight = _TIGHT.match(lines[index]) if index >= 0 else None
        if tight is None or not is_known(tight["key"]) or tight["value"].startswith("//"):
            continue
        fixed = f"write {_cut(tight['key'] + ': ' + tight['value'])}"
        if tight["colon"].startswith("："):
            return index, tight.start("colon"), "the key ends with a full-width colon", fixed
        if tight.end("colon") == tight.start("value"):
            return index, tight.start("colon"), "a space is missing behind the colon", fixed
    return None


def _directive(lines: list[str], error: yaml.MarkedYAMLError) -> tuple[int, int, str, str] | None:
    if "document start" not in (error.problem or "") and "directive" not in (error.context or ""):
        return None
    for index, line in enumerate(lines):
        if line.startswith("%"):
            message = "a line that begins with % is a directive in YAML"
            return index, 0, message, "remove the line"
    return None


def _diagnose(line: str, column: int, problem: str, context: str) -> tuple[str, str]:
    """What to say of an error on a line, and what to do."""
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation or line[column : column + 1] == "\t":
        return "a tab is used for indentation", "indent with spaces: YAML admits no tabs there"
    if "flow" in context:
        quoted = _quote(line)
        return "a list or mapping is not closed", "close it with ] or }" + (
            f", or {quoted}" if quoted else ""
        )
    if "quoted scalar" in context and "end of stream" in problem:
        return "a quote is opened and not closed", _quote(line) or "close the quote"
    if "quoted scalar" in context:
        return (
            "a backslash in double quotes begins an escape that YAML does not know",
            "use single quotes: in them a backslash is a backslash",
        )
    hint = _quote(line)
    sign = line[column : column + 1]
    pair = _PAIR.match(line)
    if "mapping values" in problem:
        if pair is not None and (": " in pair["value"] or pair["value"].endswith(":")):
            return "a colon with a space behind it begins a new value", hint
        return "the line is indented differently from the ones above", "align the keys"
    if any(words in problem for words in _BAD_START):
        sign = _first_sign(line) or sign
        return f"a value cannot begin with {sign}" if sign else "a value is missing", hint or _FIX
    if "expected ':'" in problem:
        return (
            "a key without a colon and a value",
            "write key: value, and quote text of several lines",
        )
    if "expected '-'" in problem:
        return "a key stands in the middle of a list", "remove the dash, or indent the list"
    if "expected key" in problem:
        if line.lstrip().startswith("- "):
            return (
                "a list item stands where a key is expected",
                "indent the list, or remove the dash",
            )
        if hint:
            return "text stands behind the end of the value", hint
        return "the line is indented differently from the ones above", "align the keys"
    return f"the header is not YAML here: {problem}", hint or _FIX


_BAD_START = (
    *("alphabetic or numeric", "cannot start", "node content", "comment or line break"),
    *("block sequence entries", "mapping keys", "while scanning a tag", "did not find URI"),
)
_FIX = 'quote text that holds signs: key: "text"'


def _first_sign(line: str) -> str:
    match = _PAIR.match(line) or _ITEM.match(line)
    return match["value"][0] if match is not None else ""


def _quote(line: str) -> str:
    """The hint that shows a `key: value` or `- value` line with its value in quotes."""
    match = _PAIR.match(line) or _ITEM.match(line)
    if match is None:
        return ""
    value = match["value"].rstrip()
    if _QUOTED.fullmatch(value):
        return ""
    # One stray quote at either end is not part of the text.
    bare = value
    for sign in "\"'":
        if value.count(sign) == 1 and (value.startswith(sign) or value.endswith(sign)):
            bare = value.strip(sign)
        elif value.startswith(sign) and value.endswith(sign) and len(value) > 1:
            bare = value[1:-1].replace(sign * 2, sign)
    if '"' not in bare and "\\" not in bare:
        quoted = f'"{bare}"'
    else:
        quoted = "'" + bare.replace("'", "''") + "'"
    return f"quote this value: {_cut(match['before'].strip() + ' ' + quoted)}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
