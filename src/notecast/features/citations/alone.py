"""A link to a work that stands alone in its paragraph and says no more than its identifier.

Instead of `https://arxiv.org/abs/1706.03762` it shows title, authors and year once
the work is known. `leave_title` finds such links while a note is parsed, `title` says
what they show. Only the text of the link is replaced: whatever else is made of it,
a card for instance, stays around.
"""

from html import escape
from typing import TYPE_CHECKING, Any

from notecast.works.identifiers import identify
from notecast.works.latex import spoken
from notecast.works.model import Work
from notecast.works.names import short_authors

if TYPE_CHECKING:
    from markdown_it.token import Token


def leave_title(inline: "Token", link: "Token", identifier: str, bare: bool) -> None:
    """Leaves a hole for the title in the place of an address or identifier.

    Args:
        inline: The text of a paragraph.
        link: A link to a work in it.
        identifier: The identifier of the work.
        bare: Whether the link shows its own address.
    """
    from markdown_it.token import Token

    children = inline.children or []
    if children[0] is not link or children[-1].type != "link_close":
        return
    texts = [nth for nth, token in enumerate(children) if token.content]
    if len(texts) != 1 or children[texts[0]].type != "text":
        return
    text = children[texts[0]].content
    if bare or str(identify(text)) == identifier:
        meta = {"identifier": identifier, "place": link.meta.get("place", (0, 0))}
        children[texts[0]] = Token("citation_title", "", 0, content=text, meta=meta)


def render_title(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """Render rule of `citation_title`."""
    from notecast.feature import NoteContext

    token = tokens[index]
    line, column = token.meta["place"]
    data = (token.meta["identifier"], token.content)
    return NoteContext.of(env).hole("citations", "title", *data, line=line, column=column)


def title(work: Work | None, written: str) -> str:
    """Title, authors and year as HTML; what was written where the work has no title."""
    if work is None or not work.title:
        return escape(written)
    by = ", ".join(part for part in (short_authors(work), work.year) if part)
    return escape(spoken(work.title)) + (f"<br><small>{escape(by)}</small>" if by else "")
