"""An embedded file: picture, sound, film, or a link to anything else."""

import posixpath
import re
from html import escape

from notecast.model import BASE
from notecast.pictures import with_variants
from notecast.site import View
from notecast.targets import Target

SIZE = re.compile(r"(?P<width>\d{1,5})(?:x(?P<height>\d{1,5}))?")
"""What stands for the text of an image: `300` or `300x200`."""
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp"})
FILMS = frozenset({".mp4", ".webm", ".ogv", ".mov"})
SOUNDS = frozenset({".mp3", ".ogg", ".wav", ".m4a", ".flac"})


def is_media(target: str) -> bool:
    """Whether a name is that of a picture, film or sound: what stands in a line of text."""
    return posixpath.splitext(target)[1].lower() in PICTURES | FILMS | SOUNDS


def is_picture(path: str) -> bool:
    """Whether a file is shown as an `<img>`."""
    return posixpath.splitext(path)[1].lower() in PICTURES


def drawing(target: Target, view: View) -> Target | None:
    """The picture of an Excalidraw drawing, which its plugin writes beside the note.

    Returns:
        The picture; None if there is none, or the target is no drawing.
    """
    if not is_drawing(target):
        return None
    stem = target.path.removesuffix(".md")
    names = (stem, f"{stem}.light", stem.removesuffix(".excalidraw"))
    for path in (f"{name}{suffix}" for name in names for suffix in (".svg", ".png")):
        file = view.file(path)
        if file:
            return Target("file", path, file.url)
    return None


def is_drawing(target: Target) -> bool:
    """Whether a note is an Excalidraw drawing, whose text means nothing to readers."""
    return target.path.endswith(".excalidraw.md")


def media(target: Target, text: str, view: View) -> str:
    """The HTML for an embedded file.

    Args:
        target: The file.
        text: What stands behind `|`: a size, a description, or both with `|` between.
    """
    suffix = posixpath.splitext(target.path)[1].lower()
    address = escape(BASE + target.url)
    if suffix in FILMS:
        return f'<video src="{address}" controls preload="metadata"></video>'
    if suffix in SOUNDS:
        return f'<audio src="{address}" controls preload="metadata"></audio>'
    if suffix not in PICTURES:
        name = escape(posixpath.basename(target.path))
        return f'<a class="wikilink" href="{address}">{name}</a>'
    description, _, last = text.rpartition("|")
    size = SIZE.fullmatch(last)
    file = view.file(target.path)
    width, height = (file.width, file.height) if file else (0, 0)
    if size:
        wanted = int(size["width"])
        height = int(size["height"] or (round(wanted * height / width) if width else 0))
        width = wanted
    alt = escape(description if size else text)
    sizes = (f' width="{width}"' if width else "") + (f' height="{height}"' if height else "")
    img = f'<img src="{address}" alt="{alt}"{sizes} loading="lazy" decoding="async">'
    return with_variants(img, target.path, str(width) if size else "", view)
