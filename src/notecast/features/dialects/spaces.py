"""Addresses with spaces, sizes and titles in curly quotes behind them, which other editors take.

    ![](my picture.png)  ![](a.png =300x200)  [a](https://a.example “Title”)

Entry points: `has_spaces`, `without_spaces`.
"""

import re

from notecast.features.dialects.outside import CODE_SPAN, outside_code

_FILE = (
    r"png|jpe?g|gif|svg|webp|avif|bmp|pdf|md|markdown|ipynb|html?|txt|csv|zip|docx?|pptx?|xlsx?"
    r"|mp4|mp3|m4a|webm"
)
_ADDRESS = r"[^()<>{}\"'\n]"
_SPACED = re.compile(
    rf"\]\({_ADDRESS}{{0,300}}?[ \t]{_ADDRESS}{{0,300}}?(?:\.(?:{_FILE})|=[\dx%]{{1,12}})"
    r"[^()<>\n]{0,80}\)",
    re.IGNORECASE,
)
_CURLY = re.compile(r"(\]\(<?[^\s()<>]{1,600}>?[ \t]+)[“”‘’]([^\n\"“”‘’]{0,300})[“”‘’](?=[ \t]*\))")
"""A title in the quotes that an editor made of straight ones."""
_LINK = re.compile(
    rf"{CODE_SPAN}|\]\([ \t]*(?P<path>{_ADDRESS}{{0,600}}?\.(?:{_FILE})(?:#[^()<>\"'\n ]*)?)"
    r"(?:[ \t]+=(?P<width>\d{1,4}%?)?x?(?P<height>\d{1,4}%?)?)?"
    r"(?P<title>[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)",
    re.IGNORECASE,
)


def has_spaces(text: str) -> bool:
    """Whether a text has an address of that kind."""
    return "](" in text and (_SPACED.search(text) or _CURLY.search(text)) is not None


def without_spaces(text: str) -> str:
    """The same with addresses as Markdown has them, line for line."""

    def rewrite(run: str, _: int) -> str:
        return _LINK.sub(_written, _CURLY.sub(r'\1"\2"', run))

    return outside_code(text, rewrite)


def _written(match: "re.Match[str]") -> str:
    if match["code"] is not None:
        return match[0]
    path = re.sub(r"[ \t]", "%20", match["path"])
    sizes = [f"{name}={match[name]}" for name in ("width", "height") if match[name]]
    braces = f"{{{' '.join(sizes)}}}" if sizes else ""
    return f"]({path}{match['title'] or ''}){braces}"
