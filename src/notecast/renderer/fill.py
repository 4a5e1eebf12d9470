"""Bodies become whole: holes are filled and internal addresses finished."""

import re
from collections.abc import Mapping, Sequence

from notecast.model import BASE, HOLE, PEEK, PEEK_END, Body, Digest, Embed
from notecast.renderer.embed import embedded

_PEEK = re.compile(f"{PEEK}[^{PEEK_END}]*{PEEK_END}")
_FRAGMENT_LINK = re.compile(r'(<a\b[^>]*?\shref=")#')


def fill_body(
    html: str,
    fills: Sequence[str | Embed],
    base: str,
    bodies: Mapping[Digest, Body],
) -> str:
    """The body with `fills[n]` in the place of hole n, for a page of the site.

    Args:
        html: As the loader made it, with marks `HOLE n HOLE`.
        fills: HTML for each hole, in the order of `Post.holes`, or a part of another body.
        base: What stands before internal addresses: the base path.
        bodies: Those that embeds name.
    """
    whole = _whole(html, fills, bodies).replace(BASE, base)
    return whole.replace(PEEK, "").replace(PEEK_END, "") if PEEK in whole else whole


def fill_quote(
    html: str,
    fills: Sequence[str | Embed],
    base: str,
    page: str,
    bodies: Mapping[Digest, Body],
) -> str:
    """The same for a feed: every address is absolute, also links within the page.

    Args:
        html, fills, bodies: As for `fill_body`.
        base: `https://host/repo`.
        page: Absolute address of the note.
    """
    whole = _PEEK.sub("", _whole(html, fills, bodies)).replace(BASE, base)
    return _FRAGMENT_LINK.sub(rf"\g<1>{page}#", whole)


def _whole(html: str, fills: Sequence[str | Embed], bodies: Mapping[Digest, Body]) -> str:
    if HOLE not in html:
        return html
    parts = html.split(HOLE)
    for place in range(1, len(parts), 2):
        number = int(parts[place])
        fill = fills[number]
        parts[place] = fill if isinstance(fill, str) else _part(fill, number, bodies)
    return "".join(parts)


def _part(embed: Embed, number: int, bodies: Mapping[Digest, Body]) -> str:
    assert embed.filling is not None, "the plan adds the filling of every embed"
    return embedded(
        embed,
        bodies[embed.filling.body].html,
        lambda part: _whole(part, embed.filling.fills if embed.filling else (), bodies),
        f"nc-{number}-",
    )
