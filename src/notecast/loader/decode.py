"""Turns the bytes of a note file into clean text.

Entry point: `decode`. What comes out has `\\n` line ends, no byte order mark,
no control characters besides tab and newline, and no lone surrogates, so that
every later stage (HTML, XML feeds, JSON) can hold it.
"""

import codecs
import re
from itertools import islice

from notecast.problems import Problem

# NUL to US and DEL besides tab and newline. XML 1.0 §2.2 admits none of them
# but CR, which becomes a newline.
_DROPPED_BYTES = bytes(n for n in (*range(0x20), 0x7F) if n not in (0x09, 0x0A))

# C1 controls (U+0080 to U+009F) and the non-characters U+FFFE and U+FFFF, in UTF-8.
# Two patterns: one with an alternative has no fixed first byte and is ten times slower.
_DROPPED_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_DROPPED_NON = re.compile(rb"\xef\xbf[\xbe\xbf]")
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Longest first: the mark of UTF-32 LE begins with that of UTF-16 LE.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)

_SAVE = "save the file as UTF-8"
_SHOWN_POSITIONS = 5
_ESCAPE = "delete them; if a script read \\a, \\b or \\f as an escape, write it again"
_HALF = "write the character again: half of it is missing"


def decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """Reads a note's bytes as text, by a fixed rule and never by guessing silently.

    UTF-8 is read as it is. UTF-16 and UTF-32 with a byte order mark, and
    GB18030 where the text is nearly all common Han characters, are read with a
    warning. Anything else is an error that names the byte.

    Args:
        data: The whole file.
        path: The file as the author knows it, for problems.

    Returns:
        The text and what is wrong with it. With an error among the problems the
        text is empty and the note must not be published.
    """
    whole = data
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_other(whole, path, error.start + len(whole) - len(data))
    if not (
        len(data.translate(None, _DROPPED_BYTES)) < len(data)
        or _DROPPED_C1.search(data)
        or _DROPPED_NON.search(data)
    ):
        return text, []
    if data.count(0) * 5 > len(data):
        # ASCII in UTF-16 is valid UTF-8 with NUL as every second byte.
        offset = data.index(0)
        message = f"byte {offset} is NUL: the file is UTF-16 without a byte order mark"
        return _refuse(data, path, offset, message)
    return _clean(text, path, [])


def _decode_other(data: bytes, path: str, bad: int) -> tuple[str, list[Problem]]:
    for mark, codec, name in _WIDE:
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode(codec, "surrogatepass")
            except UnicodeDecodeError as wide:
                offset = wide.start + len(mark)
                return _refuse(data, path, offset, f"byte {offset} is not valid {name}")
            return _clean(text, path, [_warning(path, name)])
    try:
        # CESU-8, as old databases export it: each half of a pair in three bytes.
        return _clean(data.decode("utf-8", "surrogatepass"), path, [])
    except UnicodeDecodeError:
        pass
    text = _chinese(data)
    if text:
        return _clean(text, path, [_warning(path, "GB18030")])
    return _refuse(data, path, bad, f"byte {bad} (0x{data[bad]:02X}) is not UTF-8")


def _chinese(data: bytes) -> str:
    """The text if `data` is GB18030 of mostly Han characters, else nothing.

    Nearly every two bytes are valid GB18030, so validity alone proves nothing:
    Latin-1 and Big5 texts decode to rare characters. Real Chinese text stays
    almost entirely within the 6,763 characters and the punctuation of GB 2312.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    wide = "".join(char for char in text if char > "\x7f")
    han = sum("\u4e00" <= char <= "\u9fff" for char in wide)
    common = len(wide.encode("gb2312", "ignore")) // 2
    return text if han * 2 >= len(wide) and common * 10 >= len(wide) * 9 else ""


def clean_text(text: str) -> str:
    """Text from elsewhere than the bytes of a note (strings in JSON) made as clean, silently."""
    return _clean(text, "", [])[0]


def _clean(text: str, path: str, problems: list[Problem]) -> tuple[str, list[Problem]]:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):
        # Halves that belong together become the character they stand for.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        text = _replace(text, path, problems, _SURROGATE, "\ufffd", "lone surrogate")
    if _DROPPED.search(text):
        text = _replace(text, path, problems, _DROPPED, "", "control character")
    return text, problems


def _replace(
    text: str, path: str, problems: list[Problem], bad: re.Pattern[str], by: str, name: str
) -> str:
    """Replaces all that `bad` finds, with one warning that names the first few places."""
    places = [
        (ord(match.group()), text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        for match in islice(bad.finditer(text), _SHOWN_POSITIONS)
        for at in (match.start(),)
    ]
    text, count = bad.subn(by, text)
    if count:
        listed = ", ".join(f"U+{code:04X} at {line}:{column}" for code, line, column in places)
        more = " …" if count > len(places) else ""
        done = ("were" if count > 1 else "was") + (" replaced" if by else " dropped")
        message = f"{count} {name}{'s' if count > 1 else ''} {done} ({listed}{more})"
        hint = _HALF if by else _ESCAPE
        rule = "text-has-no-control-characters"
        problems.append(Problem(rule, "warning", path, *places[0][1:], message, hint))
    return text


def _warning(path: str, encoding: str) -> Problem:
    message = f"the file is in {encoding}; it was read as such"
    return Problem("file-is-utf-8", "warning", path, 0, 0, message, _SAVE)


def _refuse(data: bytes, path: str, offset: int, message: str) -> tuple[str, list[Problem]]:
    line = data.count(b"\n", 0, offset) + 1
    return "", [Problem("file-is-utf-8", "error", path, line, 0, message, _SAVE)]
