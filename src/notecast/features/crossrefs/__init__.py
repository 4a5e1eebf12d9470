"""Cross-references: numbered figures, tables, equations and theorems, and `@thm:x` to name them.

`theorems.py`, `figures.py`, `tables.py` find what counts, `references.py` what
refers to it, `page.py` numbers one note, `labels.py` joins notes. Equations are
numbered by another feature; their labels come from the facts of the note.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from notecast.config_sections import about
from notecast.feature import Feature
from notecast.model import Hole, Post
from notecast.problems import Problem
from notecast.site import View

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore


@dataclass(frozen=True)
class CrossrefOptions:
    """The section `crossrefs` of `site.yaml`."""

    theorems: Literal["each", "together"] = field(
        default="each",
        metadata=about(
            "Whether each kind of theorem-like block has a count of its own, or all share one.",
            "together",
        ),
    )
    kinds: dict[str, str] = field(
        default_factory=dict,
        metadata=about(
            "Kinds of theorem-like blocks of your own: the name behind `:::`, which labels start "
            "with too → what it is called, perhaps with the Chinese word behind `|`.",
            {"fact": "Fact|事实"},
        ),
    )


class Crossrefs(Feature):
    """Numbers, references and previews."""

    name = "crossrefs"
    version = 2
    options = CrossrefOptions

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.crossrefs.figures import add_figure_rules
        from notecast.features.crossrefs.kinds import PREFIXES
        from notecast.features.crossrefs.labels import ANY
        from notecast.features.crossrefs.page import number_html, number_page, reference_html
        from notecast.features.crossrefs.references import add_reference_rules
        from notecast.features.crossrefs.tables import add_table_rules
        from notecast.features.crossrefs.theorems import add_theorem_rules

        together = options.theorems == "together"

        def page(state: "StateCore") -> None:
            number_page(state, together, options.kinds)

        add_theorem_rules(md, options.kinds)
        add_figure_rules(md)
        add_table_rules(md)
        add_reference_rules(md, (*PREFIXES, ANY, *options.kinds))
        md.core.ruler.push("crossrefs", page)
        md.add_render_rule("label_number", number_html)
        md.add_render_rule("label_reference", reference_html)

    def facts(self, posts: Sequence[Post], options: Any) -> Mapping[str, Mapping[Any, Any]]:
        from notecast.features.crossrefs.labels import facts

        return facts(posts)

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        from notecast.features.crossrefs.labels import fill

        return fill(hole, post, view)

    def text(self, hole: Hole, post: Post, view: View) -> str:
        from notecast.features.crossrefs.labels import text

        return text(hole, post, view)

    def check(self, view: View) -> Iterable[Problem]:
        from notecast.features.crossrefs.labels import check

        return check(view)


FEATURE = Crossrefs()
