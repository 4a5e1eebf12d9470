"""Pages of the preview's own: nothing here, still being built, nothing good to show.

Entry points: `missing_page`, `waiting_page`; `near_addresses` for what was meant.
"""

import posixpath
import re
from collections.abc import Sequence
from difflib import get_close_matches
from html import escape

from notecast.server.lookup import Pages
from notecast.urls import unquote

FEW = 5
COMPARED = 2000
"""Addresses that are compared letter by letter at most."""
_LEDE = re.compile(rb"</h1\s*>\s*<p(?:\s[^>]*)?>.*?</p\s*>", re.DOTALL)
_END_OF_MAIN = re.compile(rb"</main\s*>")


def near_addresses(url: str, pages: Pages) -> tuple[tuple[str, str], ...]:
    """Address and title of pages whose address is like one that does not exist."""
    wanted = _plain(url)
    last = posixpath.basename(wanted)
    known = {_plain(other): other for other in pages.addresses()}
    same = sorted(plain for plain in known if posixpath.basename(plain) == last)[:FEW]
    rest = [plain for plain in known if plain[:2] == wanted[:2]] or list(known)
    by_length = sorted(rest, key=lambda plain: (abs(len(plain) - len(wanted)), plain))
    near = get_close_matches(wanted, by_length[:COMPARED], n=FEW, cutoff=0.6)
    found = []
    for plain in dict.fromkeys([*same, *near]):
        post = pages.note_at(known[plain])
        found.append((known[plain], post.title if post else unquote(known[plain])))
    return tuple(found[:FEW])


def _plain(url: str) -> str:
    return unquote(url).strip("/").removesuffix("index.html").casefold()


def missing_page(
    page: bytes, near: Sequence[tuple[str, str]], base: str, outside: bool = False
) -> bytes:
    """The site's own 404 page with what may have been meant.

    Args:
        page: The site's page, empty if it has none.
        near: Address and title.
        base: The base path, which stands before every address.
        outside: Whether the address asked for lies outside of the base path.
    """
    items = "".join(
        f'<li><a href="{escape(base + url)}">{escape(title)}</a> <code>{escape(base + url)}</code>'
        "</li>"
        for url, title in near
    )
    added = f'<p>Did you mean</p><div class="body"><ul>{items}</ul></div>' if near else ""
    if outside:
        added += (
            f'<p>As <code>base_url</code> says, this site begins at <a href="{escape(base)}/">'
            f"<code>{escape(base)}/</code></a>.</p>"
        )
    end = _END_OF_MAIN.search(page)
    if end:
        # Below what the page says of itself, where it is seen; else below everything.
        lede = _LEDE.search(page, 0, end.start())
        place = lede.end() if lede else end.start()
        return page[:place] + added.encode() + page[place:]
    return _page("Nothing here", "There is no page with this address.", added)


def waiting_page(done: int, total: int) -> bytes:
    """Shown for a page that the first build has not reached; it is replaced by itself."""
    text = f"{done} of {total} notes are read. This page appears as soon as it can."
    return _page("Still being built", text)


def broken_page() -> bytes:
    """Shown under the problems of a page that was never good since the preview was started."""
    return _page("Not to be shown yet", "Something is wrong with this page; see what, and where.")


def _page(title: str, text: str, added: str = "") -> bytes:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="stylesheet" href="/.notecast/page.css">\n</head>\n'
        f"<body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n{added}</main>\n</body>\n</html>\n"
    ).encode()
