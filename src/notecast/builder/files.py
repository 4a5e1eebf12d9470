"""Files of the notes folder that are not notes: their addresses and the sizes of images.

Entry point: `file_refs`.
"""

import posixpath
from collections.abc import Sequence

import msgspec

from notecast.builder.cache import Cache
from notecast.builder.trust import State, is_settled, state_of
from notecast.loader.scan import Entry
from notecast.model import Url
from notecast.site import FileRef
from notecast.urls import quote

IMAGES = frozenset([".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"])
# path → (state, width, height), as MessagePack in one row of the cache.
_SIZES = msgspec.msgpack.Decoder(dict[str, tuple[State, int, int]])


def file_refs(entries: Sequence[Entry], cache: Cache, now_ns: int) -> dict[str, FileRef]:
    """What pages may know of each file; image headers are read once per change.

    A file keeps its place: `notes/img/a.png` is published as `/notes/img/a.png`,
    however its notes are addressed, so that several may show it.

    Args:
        entries: The files.
        cache: Holds the sizes.
        now_ns: When they were scanned.
    """
    stored = cache.value("image sizes")
    try:
        known = _SIZES.decode(stored) if stored else {}
    except msgspec.MsgspecError:
        known = {}
    sizes: dict[str, tuple[State, int, int]] = {}
    refs = {}
    for entry in entries:
        width = height = 0
        if posixpath.splitext(entry.path)[1].lower() in IMAGES:
            row = known.get(entry.path)
            state = state_of(entry)
            if row is None or row[0] != state:
                row = (state, *_image_size(entry.source))
            if is_settled(state, now_ns):
                sizes[entry.path] = row
            width, height = row[1:]
        refs[entry.path] = FileRef(Url(f"/notes/{quote(entry.path)}"), entry.source, width, height)
    if sizes != known:
        cache.set_value("image sizes", msgspec.msgpack.encode(sizes))
    return refs


def _image_size(source: str) -> tuple[int, int]:
    """Width and height in pixels, from the file's header; (0, 0) where it is none."""
    import imagesize

    try:
        width, height = imagesize.get(source)
    except Exception:  # whatever a broken image makes the library raise
        return (0, 0)
    return (max(0, round(width)), max(0, round(height)))
