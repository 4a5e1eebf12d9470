"""What stands behind `#` in a link: a heading as it is written, or a block `^id`.

Entry points: `anchor_of`, `near_anchor`. Wikilinks and ordinary links go by the same rules.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from notecast.model import Post
from notecast.slugs import heading_id

HEADINGS = "heading-names"
"""Facts of a note: for headings that cannot be told by their id alone (an id of the author's
own, a name given twice, a link in the heading) the id that the text as written would make,
the id that the heading has, and those of the headings around it."""

GITHUB = "user-content-"
_NUMBERED = re.compile(r"(.*)_([0-9]+)")
_REPEATED = re.compile(r"(.*)-[0-9]+")


def anchor_of(fragment: str, post: Post | None) -> str | None:
    """The id that a fragment means.

    Args:
        fragment: As written: `Heading`, `Heading#Subheading`, `^block`, or an id.
        post: The note; None for a file, of which any part may be named (`#page=2`).

    Returns:
        The id; empty for the note as a whole; None if the note has no such heading or block.
    """
    if not fragment:
        return ""
    parts = [part.strip() for part in fragment.split("#") if part.strip()]
    written = parts[-1] if parts else ""
    if post is None or not written:
        return written
    anchors = post.anchors
    if written.startswith("^"):
        folded = written.casefold()
        # Programs that publish vaults write `{ #id}` for `^id`.
        for wanted in (folded, folded[1:]):
            for name in anchors:
                if name.casefold() == wanted:
                    return name
        return None
    wanted = heading_id(written)
    named: list[Sequence[str]] = post.facts.get(HEADINGS, [])
    if len(parts) > 1:
        inside = _inside(parts[-2], wanted, named, anchors)
        if inside is not None:
            return inside
    # Pages that were copied from GitHub have ids with its prefix and links without it.
    for name in (written, wanted, GITHUB + written):
        if name in anchors:
            return name
    own = next((entry[1] for entry in named if entry[0] == wanted), None)
    if own is not None:
        return own
    counted = _counted(written, post)
    if counted is not None:
        return counted
    plain = _plain(wanted)
    if plain == _plain(heading_id(post.title)):
        return ""
    # Obsidian puts spaces in place of punctuation in the links that it writes itself.
    return next(
        (
            own
            for name, own in (*((name, name) for name in anchors), *(e[:2] for e in named))
            if _plain(name) == plain
        ),
        None,
    )


def _counted(written: str, post: Post) -> str | None:
    """The id of a heading by the name that Python-Markdown gives it: `part`, `part_1`, `_3`.

    It keeps letters of ASCII alone, so that headings of Chinese words have a number only.
    The title counts, too: MkDocs has it in the text.
    https://python-markdown.github.io/extensions/toc: `slugify` and `unique`.
    """
    if not written.isascii():
        return None
    taken: set[str] = set()
    for own in ("", *post.anchors):
        text = own or heading_id(post.title)
        repeated = _REPEATED.fullmatch(own)
        if repeated and repeated[1] in post.anchors:
            text = repeated[1]
        name = text.encode("ascii", "ignore").decode()
        name = re.sub(r"-+", "-", name).strip("-")
        if not name or name in taken:
            numbered = _NUMBERED.fullmatch(name)
            base, count = (numbered[1], int(numbered[2])) if numbered else (name, 0)
            count += 1
            while f"{base}_{count}" in taken:
                count += 1
            name = f"{base}_{count}"
        taken.add(name)
        if name == written:
            return own
    return None


def near_anchor(fragment: str, post: Post | None) -> str:
    """An id that is like the one that a note does not have; empty if none is."""
    written = fragment.rpartition("#")[2].strip()
    wanted = written if written.startswith("^") else heading_id(written)
    near = get_close_matches(wanted, post.anchors if post else (), n=1)
    return near[0] if near else ""


def _inside(
    around: str, wanted: str, named: Iterable[Sequence[str]], anchors: Sequence[str]
) -> str | None:
    """The second or later heading of a name that lies in a section of the given name."""
    section = _plain(heading_id(around))
    for name, own, *outer in named:
        if name == wanted and own in anchors and any(_plain(one) == section for one in outer):
            return own
    return None


def _plain(identifier: str) -> str:
    return "".join(char for char in identifier if char not in "-_").casefold()
