"""Blocks with a meaning of their own.

`:::question`, `:::claim` and `:::todo` have a status and are collected at
`/questions/`, `/claims/`, `/todos/` (`typed.py`, `collected.py`); `:::details`,
`:::tabs` and `:::aside` arrange text (`layout.py`); a link that stands alone in
its paragraph becomes a card (`cards.py`).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from notecast.feature import Feature
from notecast.features.blocks.collected import collected_pages
from notecast.model import Page
from notecast.site import View

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class Blocks(Feature):
    """Typed blocks, their pages, and blocks that arrange text."""

    name = "blocks"

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.blocks.cards import add_card_rules
        from notecast.features.blocks.content_tabs import add_content_tabs
        from notecast.features.blocks.layout import add_layout_rules
        from notecast.features.blocks.typed import add_typed_rules

        add_typed_rules(md)
        add_layout_rules(md)
        add_content_tabs(md)
        add_card_rules(md)

    def pages(self, view: View) -> Iterable[Page]:
        return collected_pages(view)


FEATURE = Blocks()
