"""A link out of the site that is alone in its paragraph becomes a card.

Films of YouTube and Bilibili get a card too, never a frame or a picture from
there: nothing is asked of anybody else's server until the reader follows the link.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.loader.markdown.plain import squeezed, text_of

_FILMS = {
    "YouTube": re.compile(r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com|youtu\.be"),
    "Bilibili": re.compile(r"(?:www\.|m\.|player\.)?bilibili\.com|b23\.tv"),
}
_IDENTIFIED = re.compile(
    r"(?:www\.)?arxiv\.org/(?:abs|pdf)/(.+?)(?:\.pdf)?|(?:dx\.)?doi\.org/(10\..+)"
)
_FILM_PATHS = re.compile(r"/(?:watch|embed/|shorts/|live/|video/|player\.html|bangumi/play/)")


def add_card_rules(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.core.ruler.after("links", "cards", _cards)
    md.add_render_rule("card_part", _render)


def _cards(state: StateCore) -> None:
    tokens = state.tokens
    for index, inline in enumerate(tokens):
        if inline.type != "inline" or not inline.children or inline.level != 1:
            continue
        opening = tokens[index - 1]
        if opening.type != "paragraph_open" or opening.hidden or opening.attrs:
            continue
        link = _alone(inline.children)
        if link is not None:
            _make_card(opening, inline, link)


def _alone(children: Sequence[Token]) -> Token | None:
    """The link that is all of a paragraph, if it leads to a page of another site."""
    first, last = children[0], children[-1]
    if (
        first.type != "link_open"
        or last.type != "link_close"
        or (first.attrs.get("class", "bare") != "bare")
    ):
        return None
    inner = children[1:-1]
    if any(token.type in ("link_open", "image") or "link" in token.meta for token in inner):
        return None
    address = str(first.attrs.get("href", ""))
    return first if address.startswith(("http://", "https://")) else None


def film_site(address: str) -> str:
    """The site whose film an address shows; empty if it is none."""
    parts = urlsplit(address)
    for name, host in _FILMS.items():
        if host.fullmatch((parts.hostname or "").lower()):
            short = parts.hostname in ("youtu.be", "b23.tv")
            return name if short or _FILM_PATHS.match(parts.path) else ""
    return ""


def _make_card(opening: Token, inline: Token, link: Token) -> None:
    address = str(link.attrs["href"])
    children = inline.children or []
    site = film_site(address)
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    text = squeezed(text_of(children[1:-1]))
    bare = text.rstrip("/") in (address.rstrip("/"), unquote(address).rstrip("/")) or (
        link.markup in ("linkify", "autolink")
    )
    opening.attrs["class"] = "bookmark film" if site else "bookmark"
    link.attrs.pop("class", None)
    title: list[Token] = list(children[1:-1])
    if bare:
        # The name of the site stands below: here is what is left of the address.
        shown = _shown(address, site) or host
        title = [Token("text", "", 0, content=shown)]
    where = f"{site} · {host}" if site else host
    inline.children = [
        link,
        _part('<span class="bookmark-title">'),
        *title,
        _part(f'</span> <span class="bookmark-site">{escape(where)}</span>'),
        children[-1],
    ]


def _shown(address: str, site: str) -> str:
    parts = urlsplit(address)
    if site == "YouTube":
        return parse_qs(parts.query).get("v", [parts.path.rsplit("/", 1)[-1]])[0]
    path = unquote(parts.path).strip("/")
    known = _IDENTIFIED.fullmatch(f"{parts.hostname}/{path}")
    if known:
        return f"arXiv:{known[1]}" if known[1] else f"doi:{known[2]}"
    return path.removeprefix("video/") if site else path


def _part(html: str) -> Token:
    return Token("card_part", "", 0, meta={"html": html})


def _render(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return str(tokens[index].meta["html"])
