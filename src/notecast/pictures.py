"""Pictures of the notes folder in the HTML of a note, with the variants that there are.

Whoever shows a picture hands its `<img>` to `with_variants`; the feature `images` makes them.
"""

from html import escape
from typing import TYPE_CHECKING

from notecast.model import BASE

if TYPE_CHECKING:
    from notecast.site import View

MAKER = "images"
"""The feature that makes variants; their list is the fact `variants` of what it made."""


def with_variants(img: str, path: str, width: str, view: "View") -> str:
    """An `<img>` inside a `<picture>` if there are smaller variants of the file.

    Args:
        img: The element, for browsers that read none of the variants.
        path: The file, below the notes folder.
        width: The width in CSS pixels that the author gave; empty for none.
        view: The site.
    """
    made = view.made(MAKER, path)
    variants = made.facts.get("variants") if made else None
    if made is None or not variants:
        return img
    sizes = view.options(MAKER).sizes
    if width.isascii() and width.isdigit():
        sizes = f"(max-width: {width}px) 100vw, {width}px"
    srcset = ", ".join(f"{BASE}{made.url(file)} {pixels}w" for file, pixels in variants)
    source = f'<source type="image/webp" srcset="{escape(srcset)}" sizes="{escape(sizes)}">'
    return f"<picture>{source}{img}</picture>"
