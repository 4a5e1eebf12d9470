"""A part of one body becomes a part of another: cut out, with ids of its own.

Entry point: `embedded`.
"""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

from notecast.model import BASE, Embed

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ID = re.compile(r'(?<=\sid=")[^"]*(?=")')
_NAMED = re.compile(
    r'(\s(?:id|for|headers|aria-(?:labelledby|describedby|controls|owns|details)))="([^"]*)"'
)
_FRAGMENT = re.compile(r'(\shref)="#([^"]*)"')
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


def embedded(embed: Embed, html: str, fill: Callable[[str], str], prefix: str) -> str:
    """The HTML that stands in the place of an embed.

    Args:
        embed: What is wanted.
        html: The body of its note, with holes.
        fill: Fills the holes of a part of that body.
        prefix: Put before every id inside, so that none is on the page twice. Links to
            an id inside follow; links to another place of that note lead to its page.

    Returns:
        Nothing but what is around the part if there is no such section.
    """
    part = section_of(html, embed.section) if embed.section else html
    return embed.before + _with_prefix(fill(part), prefix, embed.url) + embed.after


def section_of(html: str, identifier: str) -> str:
    """What a heading heads, or the element of that id; empty if there is neither.

    A section goes to the next heading of the same or a higher level, and never
    out of the element (a callout, a quote) that the heading stands in.
    """
    start = _find(html, identifier)
    if start is None:
        return ""
    name = start[2].lower()
    if re.fullmatch(r"h[1-6]", name):
        return html[start.start() : _section_end(html, start, int(name[1]))]
    start = _frame(html, start) or start
    element = html[start.start() : _element_end(html, start)]
    return f"<ul>{element}</ul>" if name == "li" else element


def _find(html: str, identifier: str) -> "re.Match[str] | None":
    for match in _TAG.finditer(html):
        if not match[1] and "id=" in match[3]:
            found = _ID.search(match[3])
            if found and unescape(found[0]) == identifier:
                return match
    return None


def _frame(html: str, start: "re.Match[str]") -> "re.Match[str] | None":
    """The element that only frames the one of the id: what a table scrolls in, `<pre>`."""
    opening = html.rfind("<", 0, start.start())
    match = _TAG.match(html, opening) if opening >= 0 else None
    if match is None or match.end() != start.start():
        return None
    return match if match[2] == "pre" or 'class="table"' in match[3] else None


def _section_end(html: str, start: "re.Match[str]", level: int) -> int:
    open_: list[str] = []
    for match in _TAG.finditer(html, start.end()):
        name = match[2].lower()
        if name == "section" and 'class="footnotes"' in match[3]:
            return match.start()
        if match[1]:
            if name in open_:
                while open_.pop() != name:
                    pass
            elif name != start[2].lower():
                return match.start()
        elif name not in _VOID and not match[3].endswith("/"):
            if not open_ and name in ("h1", "h2", "h3", "h4", "h5", "h6") and int(name[1]) <= level:
                return match.start()
            open_.append(name)
    return len(html)


def _element_end(html: str, start: "re.Match[str]") -> int:
    name = start[2].lower()
    if name in _VOID:
        return start.end()
    depth = 1
    for match in _TAG.finditer(html, start.end()):
        if match[2].lower() == name and not match[3].endswith("/"):
            depth += -1 if match[1] else 1
            if not depth:
                return match.end()
    return len(html)


def _with_prefix(html: str, prefix: str, url: str) -> str:
    inside = {
        unescape(found[0])
        for match in _TAG.finditer(html)
        if not match[1] and (found := _ID.search(match[3]))
    }

    def attribute(match: "re.Match[str]") -> str:
        names = " ".join(
            prefix + name if unescape(name) in inside else name for name in match[2].split()
        )
        return f'{match[1]}="{names}"'

    def link(match: "re.Match[str]") -> str:
        target = unescape(match[2])
        if target in inside or unquote(target) in inside:
            return f'{match[1]}="#{prefix}{match[2]}"'
        return f'{match[1]}="{BASE}{url}#{match[2]}"' if target else match[0]

    def tag(match: "re.Match[str]") -> str:
        if match[1] or "=" not in match[3]:
            return match[0]
        attributes = _FRAGMENT.sub(link, _NAMED.sub(attribute, match[3]))
        if match[2] == "details":
            # Of all with one name only one is open.
            attributes = attributes.replace(' name="', f' name="{prefix}')
        return f"<{match[2]}{attributes}>"

    return _TAG.sub(tag, html)
