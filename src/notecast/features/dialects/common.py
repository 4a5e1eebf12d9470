"""What tags of several generators become.

Entry points: `address`, `picture`, `container`, `fence`, `film`.
"""

import re
from html import escape

from notecast.features.dialects.tags import Tag

_MARKUP = re.compile(r"<[^<>]{1,200}>")
_NUMBERED = re.compile(r"<span class=.figure-number.>[^<>]*</span>")
FILMS = {
    "youtube": "https://www.youtube.com/watch?v=",
    "youtuber": "https://www.youtube.com/watch?v=",
    "bilibili": "https://www.bilibili.com/video/",
    "bili": "https://www.bilibili.com/video/",
    "vimeo": "https://vimeo.com/",
}
_FILM = re.compile(r"[\w-]{11}(?:[?&]\S*)?|(?:BV|av)\w+|\d{6,}|\S+://\S+", re.IGNORECASE)
"""What names a film with one of them; other words speak of the tag itself."""
_PICTURE = re.compile(r"\S.*\.(?:png|jpe?g|gif|svg|webp|avif)\Z", re.IGNORECASE)


def address(path: str) -> str:
    """A path as it may stand in the parentheses of a link."""
    escaped = path.strip().replace(" ", "%20")
    return escaped.replace("(", "%28").replace(")", "%29")


def is_picture(path: str) -> bool:
    """Whether a path is that of a picture, by its suffix."""
    return _PICTURE.match(path) is not None


def picture(
    source: str, caption: str, *, link: str = "", width: str = "", html: bool = False
) -> str:
    """An image in Markdown; Hugo's captions may hold HTML, which ox-hugo numbers.

    Args:
        source: Its path.
        caption: In Markdown or HTML.
        link: Where a click leads.
        width: In pixels; others are left out.
        html: Whether it stands in a block of HTML, and is written as such.
    """
    if html:
        return _html_picture(source, _NUMBERED.sub("", caption), link, width)
    words = _MARKUP.sub("", _NUMBERED.sub("", caption)).replace("[", r"\[").replace("]", r"\]")
    size = width.removesuffix("px")
    braces = f"{{width={size}}}" if size.isdecimal() else ""
    image = f"![{words.strip()}]({address(source)}){braces}"
    return f"[{image}]({address(link)})" if link else image


def _html_picture(source: str, caption: str, link: str, width: str) -> str:
    alt = escape(_MARKUP.sub("", caption).strip())
    size = width.removesuffix("px")
    sized = f' width="{size}"' if size.isdecimal() else ""
    image = f'<img src="{escape(source.strip())}" alt="{alt}"{sized}>'
    image = f'<a href="{escape(link)}">{image}</a>' if link else image
    caption = " ".join(caption.split())
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>" if caption else image


def container(tag: Tag, kind: str, title: str = "") -> str | None:
    """The line that opens or closes a container."""
    if not tag.alone:
        return None
    return ":::" if tag.closes else f":::{kind} {title}".rstrip()


def fence(tag: Tag, language: str, title: str = "") -> str | None:
    """The line that opens or closes a block of code."""
    if not tag.alone:
        return None
    named = f' title="{title}"'.replace("`", "") if title else ""
    return "`" * 5 if tag.closes else "`" * 5 + language.replace("`", "") + named


def film(tag: Tag) -> str | None:
    """A link that is shown as a card."""
    name = tag.first("id", "v", "bvid") or (tag.words[0] if tag.words else "")
    if not _FILM.fullmatch(name):
        return None
    return f"<{name if '://' in name else FILMS[tag.name] + name}>"
