"""Tags of Liquid, as Jekyll has them, and of Nunjucks in Hexo. Entry points: `read`, `output`.

https://jekyllrb.com/docs/liquid/tags/, https://hexo.io/docs/tag-plugins
"""

import posixpath
import re

from notecast.features.dialects.common import (
    FILMS,
    address,
    container,
    fence,
    film,
    is_picture,
    picture,
)
from notecast.features.dialects.tags import Tag

_BASE = re.compile(r"(?:site|config|theme)\.(?:baseurl|base_url|url|root|github\.url)\b")
_TEXT = re.compile(r"[\"']([^\"']*)[\"']\s*\|")
_NO_CONTENT = frozenset(("raw", "comment", "center", "nocomment", "katexmm", "row"))
_SOURCES = ("src", "url", "path", "image_path", "image", "img", "file", "filename")
_CAPTIONS = ("caption", "description", "title", "alt", "text")
_LANGUAGE = re.compile(r"lang:([\w+#.-]+)")


def output(inner: str) -> str | None:
    """What `{{ inner }}` becomes; `None` if that is not known."""
    if _BASE.match(inner):
        return ""
    text = _TEXT.match(inner)
    if text is not None and re.search(r"url|prepend|append", inner):
        return address(text[1])
    return None


def read(tag: Tag) -> str | None:
    """What a tag becomes; `None` if that is not known."""
    from notecast.features.dialects import gitbook

    name, words = tag.name, list(tag.words)
    of_gitbook = gitbook.read(tag)
    if of_gitbook is not None:
        return of_gitbook
    if name == "raw" and not (tag.alone or tag.by_formula):
        return None  # a sentence that speaks of such tags
    if name in _NO_CONTENT:
        return ""
    if name in ("highlight", "codeblock", "code"):
        return _code(tag)
    if name == "mermaid":
        return fence(tag, "mermaid")
    if name in ("math", "mathjax", "katex"):
        return "$$"
    if name in ("asset_img", "img", "image") and not tag.closes:
        return _hexo_image(tag)
    if name in ("asset_path", "link", "post_url", "post_path", "asset_link", "post_link"):
        return _link(tag)
    if name in FILMS:
        return film(tag)
    if name in ("twitter", "tweet", "gist") and words:
        return f"<{words[0]}>" if "://" in words[0] else _gist(tag)
    if name in ("include", "include_relative", "include_cached"):
        return _include(tag)
    if name == "cite" and words:
        return "[" + "; ".join(f"@{key}" for key in words) + "]"
    if name in ("bibliography", "references"):
        return ""
    if name in ("sidenote", "marginnote") and len(words) > 1:  # Tufte
        return f"^[{' '.join(words[1:])}]"
    if name in ("marginfigure", "maincolumn", "fullwidth") and is_picture(words[-2:][0]):
        return picture(words[-2], words[-1])
    if name == "newthought" and words:
        return words[0]
    return _box(tag)


def _gist(tag: Tag) -> str | None:
    named = tag.name == "gist" and "/" in tag.words[0]
    return f"<https://gist.github.com/{tag.words[0]}>" if named else None


def _box(tag: Tag) -> str | None:
    words = list(tag.words)
    if tag.name in ("note", "subnote", "callout", "alert"):  # NexT
        kinds = [word for word in words if word not in ("simple", "modern", "flat", "no-icon")]
        kind = kinds.pop(0) if kinds else "note"
        return container(tag, kind if kind.isalpha() else "note", " ".join(kinds))
    if tag.name in ("blockquote", "quote", "cq", "centerquote", "pullquote"):
        return container(tag, "quote", " ".join(words) or "")
    if tag.name in ("fold", "details", "spoiler", "folding", "hidetoggle"):
        return container(tag, "details", " ".join(words).replace("@", ""))
    return None


def _code(tag: Tag) -> str | None:
    language = tag.first("lang")
    words = list(tag.words)
    if tag.name == "highlight" and words:
        language = language or words[0]
        words = []
    title = " ".join(word for word in words if "://" not in word and ":" not in word)
    found = _LANGUAGE.search(tag.text)
    return fence(tag, language or (found[1] if found else ""), title)


def _hexo_image(tag: Tag) -> str | None:
    """`{% asset_img [class] file [width] [height] [title [alt]] %}`."""
    words = list(tag.words)
    at = next((nth for nth, word in enumerate(words) if is_picture(word)), -1)
    if at < 0:
        return None
    rest = words[at + 1 :]
    sizes = []
    while rest and rest[0].isdecimal():
        sizes.append(rest.pop(0))
    # The theme's stylesheet names classes before, sizes may be missing, and words are free.
    return picture(words[at], " ".join(rest), width=sizes[0] if sizes else "", html=tag.in_html)


def _link(tag: Tag) -> str | None:
    if not tag.words:
        return None
    path, title = tag.words[0], " ".join(tag.words[1:]).removesuffix(" false")
    if tag.name in ("asset_path", "link", "post_url", "post_path") and not tag.in_link:
        return None
    if tag.name in ("asset_path", "link"):
        return address(f"/{path.lstrip('/')}" if tag.name == "link" else path)
    if tag.name == "asset_link":
        return f"[{title or path}]({address(path)})"
    post = f"{posixpath.basename(path)}.md" if not path.endswith(".md") else path
    if tag.in_link:
        return address(post)
    return f"[{title}]({address(post)})" if title else f"[[{post}]]"


def _include(tag: Tag) -> str | None:
    if not tag.words:
        return None
    what = posixpath.splitext(posixpath.basename(tag.words[0]))[0].lower()
    source = next((tag.named[key] for key in _SOURCES if is_picture(tag.named.get(key, ""))), "")
    caption = tag.first(*_CAPTIONS)
    if source:
        width = tag.first("width", "max-width")
        return picture(source, caption, width=width, html=tag.in_html)
    note = tag.first("note", "text", "content")
    if note and re.search(r"note|aside|margin", what):
        return f"^[{note}]"
    if tag.first("id") and tag.first("provider") in FILMS:
        return f"<{FILMS[tag.first('provider')]}{tag.first('id')}>"
    return "" if what in ("toc", "mathjax", "katex", "math", "head", "latex") else None
