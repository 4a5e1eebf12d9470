"""Bodies become whole: holes are filled and internal addresses finished."""

import re
from collections.abc import Sequence

from notecast.model import BASE, HOLE

_FRAGMENT_LINK = re.compile(r'(<a\b[^>]*?\shref=")#')


def fill_body(html: str, fills: Sequence[str], base: str) -> str:
    """The body with `fills[n]` in the place of hole n, for a page of the site.

    Args:
        html: As the loader made it, with marks `HOLE n HOLE`.
        fills: HTML for each hole, in the order of `Post.holes`.
        base: What stands before internal addresses: the base path.
    """
    if HOLE in html:
        parts = html.split(HOLE)
        for place in range(1, len(parts), 2):
            parts[place] = fills[int(parts[place])]
        html = "".join(parts)
    return html.replace(BASE, base)


def fill_quote(html: str, fills: Sequence[str], base: str, page: str) -> str:
    """The same for a feed: every address is absolute, also links within the page.

    Args:
        html, fills: As for `fill_body`.
        base: `https://host/repo`.
        page: Absolute address of the note.
    """
    return _FRAGMENT_LINK.sub(rf"\g<1>{page}#", fill_body(html, fills, base))
