"""HTML that a program put out, made harmless: tables and text stay, all else goes.

Entry point: `harmless`. Whatever a site says of its authors' HTML, this was
written by a library that expects scripts and styles of its own. What is left
without those and shows nothing is no output; its text stands for it then.
"""

import re
from collections.abc import Callable

from notecast.loader.markdown.sanitize import sanitize_piece

MAX_HTML = 2_000_000
"""Characters; beyond that the plain text stands for it."""
_TABLE = re.compile(r"<(/?)table\b[^>]*>")
_EMPTY_HEAD = re.compile(r"<th(?: [^>]*)?>\s*</th>")
_TAG = re.compile(r"<[^>]*>")
_NO_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_HOLLOW = re.compile(r"<(div|span|p)>\s*</\1>")
_LAYERS = 4
"""Elements inside one another that are taken out where they are empty."""
# Folium's maps say this where scripts do not run.
_UNTRUSTED = re.compile(r"Make this Notebook Trusted to load map")


def harmless(html: str, picture: Callable[[str], str]) -> str:
    """Clean HTML, tables in boxes that scroll; empty where nothing is left to see.

    Args:
        html: As the notebook has it, without control characters.
        picture: Gives the address for a picture that is written as a `data:` URL,
            or nothing if it is none.
    """
    if len(html) > MAX_HTML or _UNTRUSTED.search(html):
        return ""
    clean = sanitize_piece(html, picture)
    if "<img" not in clean and not _TAG.sub("", clean).replace("&nbsp;", "").strip():
        return ""
    clean = _NO_SOURCE.sub("", clean)
    for _ in range(_LAYERS):
        clean = _HOLLOW.sub("", clean)
    return _boxed(clean).strip()


def _boxed(html: str) -> str:
    """Outermost tables in boxes, as tables of Markdown have them; corners head nothing."""
    if "<table" not in html:
        return html
    out: list[str] = []
    position, depth = 0, 0
    for match in _TABLE.finditer(html):
        out.append(html[position : match.start()])
        position = match.end()
        if not match[1]:
            out.append("<table>" if depth else '<div class="table" tabindex="0"><table>')
            depth += 1
        else:
            depth -= 1
            out.append("</table>" if depth else "</table></div>")
    out.append(html[position:])
    return _EMPTY_HEAD.sub("<td></td>", "".join(out))
