"""From the path of a request to an address of the site.

Entry points: `decode_path`, `below`. No path of a request is ever joined to a
folder: addresses are looked up in the table of what the site publishes.
"""

import re
import unicodedata

from notecast.server.http import Refused
from notecast.urls import quote

_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def decode_path(path: str) -> str:
    """The decoded path, NFC.

    Args:
        path: As it came, percent-encoded ASCII that starts with `/`.

    Raises:
        Refused: It is not well-formed, or holds what no address of a site holds.
    """
    if _BAD_PERCENT.search(path):
        raise Refused(400, "a percent sign without two hexadecimal digits")
    try:
        decoded = unquote_to_text(path)
    except UnicodeDecodeError:
        raise Refused(400, "bytes that are not UTF-8") from None
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in decoded) or "\\" in decoded:
        raise Refused(400, "a character that no address holds")
    if {".", ".."} & set(decoded.split("/")):
        raise Refused(400, "an address with . or ..")
    return unicodedata.normalize("NFC", decoded)


def unquote_to_text(path: str) -> str:
    """Percent-decoded.

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8.
    """
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(path).decode("utf-8")


def below(path: str, base: str) -> str | None:
    """The address inside a site with that base path, `None` if it lies outside.

    Args:
        path: Decoded.
        base: As `Config.base_path`: `/repo`, or nothing.
    """
    if not base:
        return path
    decoded = unquote_to_text(base)
    return path[len(decoded) :] if path.startswith(decoded + "/") else None


def page_url(path: str) -> str:
    """The address of a page as the site writes it, `index.html` left out."""
    return quote(path[: -len("index.html")] if path.endswith("/index.html") else path)
