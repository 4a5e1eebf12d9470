"""What a program wrote to its terminal, as readers of a page should see it.

Entry point: `terminal_html`. A carriage return goes back to the beginning of the
line, as progress bars do it; colours (ECMA-48, SGR) become classes; every other
control sequence is left out. Very long text is cut in the middle first, so that
fifty megabytes of a log cost no more than what is shown of it.
"""

import re
from html import escape

from notecast.loader.decode import clean_text

MAX_TEXT = 60_000
"""Characters of one output that a page shows."""
MAX_LINES = 1_000
_RAW = 4 * MAX_TEXT
"""Characters that are looked at, at each end, before control sequences are gone."""
_MAX_RETURNS = 1_000

_ESCAPE = re.compile(
    "(?:\x1b\\[|\x9b)([0-?]*)[ -/]*([@-~])"  # control sequences
    "|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?"  # commands to the system: titles, links
    "|\x1b[@-Z\\\\^_=>78]"
)
_BACKSPACE = re.compile("[^\x08\n]\x08")
_CLASSES = {"red": "gr", "green": "gi", "yellow": "m", "blue": "nf", "magenta": "k", "cyan": "nc"}
"""Those of highlighted code, whose colours can be read on any ground of the theme."""
_BOLD = "gs"
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def terminal_html(text: str, left_out: str) -> tuple[str, str, int]:
    """Text of a terminal as HTML.

    Args:
        text: As the notebook has it, with control characters.
        left_out: What stands in the place of characters that are cut, with `{n}`.

    Returns:
        HTML to stand in a `<pre>`, the same as plain text, and how many characters were cut.
    """
    parts, cut = _cut_raw(text)
    pieces = [_resolved(part) for part in parts]
    if not cut:
        pieces, cut = _cut_lines(pieces[0])
    out, plain = _coloured(pieces[0])
    if cut:
        note = left_out.replace("{n}", f"{cut:,}")
        html, rest = _coloured(pieces[1])
        out = f'{out}\n<span class="cut">{escape(note)}</span>\n{html}'
        plain = f"{plain}\n{rest}"
    return out, plain, cut


def plain_text(text: str) -> str:
    """The same as plain text, whole."""
    return clean_text(_ESCAPE.sub("", _resolved(text)))


def _cut_raw(text: str) -> tuple[list[str], int]:
    if len(text) <= 2 * _RAW:
        return [text], 0
    head, tail = text[: MAX_TEXT * 3 // 4], text[-MAX_TEXT // 4 :]
    return [head.rpartition("\n")[0] or head, tail.partition("\n")[2] or tail], len(text) - MAX_TEXT


def _cut_lines(text: str) -> tuple[list[str], int]:
    """Beginning and end of a text that is too long, at line ends where there are any."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        head, tail = lines[: MAX_LINES * 3 // 4], lines[-MAX_LINES // 4 :]
        first, last = "\n".join(head), "\n".join(tail)
    else:
        first, last = text, ""
    if len(first) + len(last) > MAX_TEXT:
        whole_first, whole_last = first, last or first
        first, last = whole_first[: MAX_TEXT * 3 // 4], whole_last[-MAX_TEXT // 4 :]
    cut = len(text) - len(first) - len(last)
    return ([first, last], cut) if last else ([text], 0)


def _resolved(text: str) -> str:
    """The text after backspaces and carriage returns did their work."""
    text = text.replace("\r\n", "\n")
    if "\x08" in text:
        before = ""
        while before != text and len(text) < _RAW:
            before, text = text, _BACKSPACE.sub("", text)
    if "\r" in text:
        text = "\n".join(
            [_overwritten(line) if "\r" in line else line for line in text.split("\n")]
        )
    return text


def _overwritten(line: str) -> str:
    shown = ""
    for part in line.rsplit("\r", _MAX_RETURNS)[-_MAX_RETURNS:]:
        if not _ESCAPE.sub("", part):
            continue
        # Where colours or erasing are at work, the new text stands for all of the old.
        shown = part if "\x1b" in part or "\x1b" in shown else part + shown[len(part) :]
    return shown


def _coloured(text: str) -> tuple[str, str]:
    """HTML with classes for colours, and the plain text."""
    out: list[str] = []
    plain: list[str] = []
    position, classes = 0, ""
    colour, bold = "", False

    def put(part: str) -> None:
        part = clean_text(part)
        if part:
            plain.append(part)
            html = escape(part, quote=False)
            out.append(f'<span class="{classes}">{html}</span>' if classes else html)

    for match in _ESCAPE.finditer(text):
        put(text[position : match.start()])
        position = match.end()
        if match[2] == "m":
            colour, bold = _state(match[1], colour, bold)
            classes = " ".join(name for name in (_CLASSES.get(colour, ""), _BOLD * bold) if name)
    put(text[position:])
    return "".join(out), "".join(plain)


def _state(codes: str, colour: str, bold: bool) -> tuple[str, bool]:
    """Colour and weight after a sequence `ESC [ codes m`."""
    numbers = [int(code) if code.isdecimal() and len(code) < 4 else 0 for code in codes.split(";")]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            colour, bold = "", False
        elif code in (1, 22):
            bold = code == 1
        elif 30 <= code <= 37 or 90 <= code <= 97:
            colour = _COLOURS[code % 10]
        elif code == 39:
            colour = ""
        elif code in (38, 48):
            kind, numbers = (numbers[0], numbers[1:]) if numbers else (0, [])
            size = {5: 1, 2: 3}.get(kind, 0)
            values, numbers = numbers[:size], numbers[size:]
            if code == 38 and len(values) == size:
                colour = _named(kind, values)
    return colour, bold


def _named(kind: int, values: list[int]) -> str:
    """The basic colour that is nearest in hue to one of 256 or of 16 million."""
    if kind == 5:
        if values[0] < 16:
            return _COLOURS[values[0] % 8]
        if values[0] > 231:
            return ""
        cube = values[0] - 16
        values = [cube // 36, cube // 6 % 6, cube % 6]
    if kind not in (2, 5) or not values or len(set(values)) == 1:
        return ""
    bits = [value * 10 >= max(values) * 6 for value in values]
    return _COLOURS[bits[0] + 2 * bits[1] + 4 * bits[2]]
