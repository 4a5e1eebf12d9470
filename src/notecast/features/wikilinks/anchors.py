"""What stands behind `#` in a wikilink: a heading as it is written, or a block `^id`."""

from difflib import get_close_matches

from notecast.model import Post
from notecast.site import View
from notecast.slugs import heading_id
from notecast.targets import Target

HEADINGS = "heading-names"
"""Facts of a note: pairs of the id that a heading's text would make and the id it has,
for headings where the two differ (an id of the author's own, a name given twice)."""


def anchor_of(fragment: str, target: Target, view: View) -> str | None:
    """The id that a fragment means.

    Args:
        fragment: As written: `Heading`, `Heading#Subheading` (the last one counts), `^block`.
        target: The note, or a file, of which any part may be named (`#page=2`).

    Returns:
        The id; empty for the note as a whole; None if the note has no such heading or block.
    """
    if not fragment:
        return ""
    written = fragment.rpartition("#")[2].strip()
    post = view.post(target.path)
    if post is None:
        return written
    anchors = post.anchors
    if written.startswith("^"):
        folded = written.casefold()
        return next((name for name in anchors if name.casefold() == folded), None)
    wanted = heading_id(written)
    named = next((name for name in (wanted, written) if name in anchors), None)
    if named is None:
        named = next((own for name, own in post.facts.get(HEADINGS, ()) if name == wanted), None)
    if named is None and _plain(wanted) == _plain(heading_id(post.title)):
        return ""
    if named is None:
        # Obsidian leaves punctuation out of the links that it writes itself.
        named = next((name for name in anchors if _plain(name) == _plain(wanted)), None)
    return named


def shown_text(target: str, fragment: str) -> str:
    """What Obsidian shows for a link without text: `Note > Heading`."""
    heading = " > ".join(part.strip() for part in fragment.split("#") if part.strip())
    return " > ".join(part for part in (target, heading.removeprefix("^")) if part)


def near_anchor(fragment: str, target: Target, view: View) -> str:
    """An id that is like the one that a note does not have; empty if none is."""
    post: Post | None = view.post(target.path)
    written = fragment.rpartition("#")[2].strip()
    wanted = written if written.startswith("^") else heading_id(written)
    near = get_close_matches(wanted, post.anchors if post else (), n=1)
    return near[0] if near else ""


def _plain(identifier: str) -> str:
    return "-".join(part for part in identifier.split("-") if part)
