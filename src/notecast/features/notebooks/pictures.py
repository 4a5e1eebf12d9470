"""Pictures inside a notebook: which they are, how large, under which name they are published.

Entry points: `read_picture`, `read_attachment`. A name comes from the content, so that a
picture that stays the same keeps its address.
"""

import binascii
import posixpath
import re
from hashlib import blake2b
from io import BytesIO
from typing import Any, NamedTuple

from notecast.features.notebooks.cells import as_text, joined, mapping
from notecast.model import Url

TYPES = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/gif": "gif",
}
"""Suffix by media type, the preferred first."""
_BEGINNINGS = {
    "png": (0, b"\x89PNG\r\n\x1a\n"),
    "jpg": (0, b"\xff\xd8\xff"),
    "gif": (0, b"GIF8"),
    "webp": (8, b"WEBP"),
    "avif": (4, b"ftypavi"),
}
# In an <img> nothing of it runs; but a picture has an address of its own, too.
_ACTIVE_SVG = re.compile(
    r"<(?:[\w.-]+:)?(?:script|iframe|object|embed)\b|[\s\"'/]on[a-z]+\s*=|javascript:|<!ENTITY",
    re.IGNORECASE,
)
_SVG = re.compile(r"<svg\b[^>]*>")
_NAMESPACE = "http://www.w3.org/2000/svg"


class Picture(NamedTuple):
    """A picture."""

    name: str
    width: int
    """In CSS pixels; 0 where it is unknown."""
    height: int
    data: bytes


class BadPicture(Exception):
    """Data that is not the picture it should be: why."""


def read_picture(media: str, value: Any, size: Any = None) -> Picture:
    """A picture as a notebook holds it.

    Args:
        media: Its media type, one of `TYPES`.
        value: Base64, or the source of an SVG.
        size: What the output's metadata say of its size: `{"width": 640, "height": 480}`.

    Raises:
        BadPicture: It is none.
    """
    suffix = TYPES[media]
    data = _svg(value) if suffix == "svg" else _decoded(value, suffix)
    digest = blake2b(data, digest_size=8).hexdigest()
    given = size if isinstance(size, dict) else {}
    width, height = _pixels(given.get("width")), _pixels(given.get("height"))
    if not (width and height):
        own_width, own_height = _own_size(data)
        if width and own_width:
            own_width, own_height = width, round(own_height * width / own_width)
        width, height = own_width, own_height
    return Picture(f"figure-{digest}.{suffix}", width, height, data)


def read_attachment(given: Any) -> Picture | None:
    """The picture that a cell has attached, in the first form that is one."""
    for media, value in mapping(given).items():
        if media in TYPES:
            try:
                return read_picture(media, value)
            except BadPicture:
                continue
    return None


def address(url: str, name: str) -> Url:
    """Where a picture of the note at `url` is published: beside the page."""
    if url.endswith("/"):
        return Url(url + name)
    stem, _ = posixpath.splitext(url)
    return Url(f"{stem}-{name}")


def _decoded(value: Any, suffix: str) -> bytes:
    text = as_text(value)
    if not text:
        raise BadPicture("it holds no data")
    try:
        data = binascii.a2b_base64(text.encode("ascii"))
    except ValueError as error:
        raise BadPicture("its data is no base64") from error
    at, beginning = _BEGINNINGS[suffix]
    if not data.startswith(beginning, at):
        raise BadPicture(f"its data is no {suffix.upper()}")
    return data


def _svg(value: Any) -> bytes:
    text = joined(value)
    element = _SVG.search(text) if text else None
    if text is None or element is None:
        raise BadPicture("it holds no <svg>")
    if _ACTIVE_SVG.search(text):
        raise BadPicture("the SVG holds a script")
    if _NAMESPACE not in element[0]:
        # Inside a page nobody asks for it; as a file it is none without.
        place = element.start() + len("<svg")
        text = f'{text[:place]} xmlns="{_NAMESPACE}"{text[place:]}'
    return text.strip().encode()


def _pixels(value: Any) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 20_000:
        return round(value)
    return 0


def _own_size(data: bytes) -> tuple[int, int]:
    import imagesize

    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:  # whatever a broken picture makes the library raise
        return (0, 0)
    return (max(0, round(width)), max(0, round(height)))
