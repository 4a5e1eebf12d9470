"""Shortcodes of Hugo, of its well-known themes, and of Quarto. Entry point: `read`.

https://gohugo.io/content-management/shortcodes/
"""

from notecast.features.dialects.common import FILMS, address, container, fence, film, picture
from notecast.features.dialects.tags import Tag

_BOXES = frozenset(("admonition", "alert", "callout", "hint", "notice", "admon"))
_KINDS = frozenset(
    (
        *("note", "info", "tip", "warning", "danger", "caution", "important", "success"),
        *("question", "example", "quote", "abstract", "bug", "failure"),
    )
)
_FOLDED = frozenset(("details", "expand", "expandable", "collapse", "spoiler", "fold", "hidden"))
# Their content stands without them.
_TRANSPARENT = frozenset(
    (
        *("math", "rawhtml", "unsafe", "center", "columns", "column", "row", "col", "div"),
        *("blogdown/postref", "toc", "br", "pagebreak", "lead", "hint", "raw", "html", "latex"),
    )
)


def read(tag: Tag) -> str | None:
    """What a shortcode becomes; `None` if that is not known."""
    name = tag.name
    if name in ("ref", "relref"):
        written = tag.first("path") or (tag.words[0] if tag.words else "")
        return address(written.removesuffix("#")) or None
    if name in ("figure", "img", "image", "imgproc", "fig"):
        return _figure(tag)
    if name in FILMS:
        return film(tag)
    if name == "video":
        source = tag.first("src", "url", "mp4") or (tag.words[0] if tag.words else "")
        return f"<{source}>" if "://" in source else f'<video controls src="{source}"></video>'
    if name == "gist" and len(tag.words) > 1:
        return f"<https://gist.github.com/{tag.words[0]}/{tag.words[1]}>"
    if name in ("tweet", "x", "twitter") and tag.first("id"):
        user = tag.first("user") or "i"
        return f"<https://x.com/{user}/status/{tag.first('id')}>"
    if name in ("highlight", "code", "codeblock"):
        return fence(tag, tag.words[0] if tag.words else tag.first("lang", "language"))
    if name == "mermaid":
        return fence(tag, "mermaid")
    return _block(tag)


def _block(tag: Tag) -> str | None:
    name = tag.name
    words = list(tag.words)
    if name in _FOLDED:
        return container(tag, "details", tag.first("title", "summary") or " ".join(words))
    if name in _BOXES:
        kind = tag.first("type", "kind", "level") or (
            words.pop(0) if words and words[0].lower() in _KINDS else "note"
        )
        return container(tag, kind, tag.first("title", "text") or " ".join(words))
    if name in _KINDS:
        return container(tag, name, tag.first("title") or " ".join(words))
    if name in _TRANSPARENT:
        return ""
    return None


def _figure(tag: Tag) -> str | None:
    source = tag.first("src", "link") or (tag.words[0] if tag.words else "")
    if not source or tag.closes:
        return None
    caption = tag.first("caption", "title", "alt") or " ".join(tag.words[1:])
    link = tag.first("link") if tag.named.get("src") else ""
    return picture(source, caption, link=link, width=tag.first("width"), html=tag.in_html)
