"""Mathematics: TeX in notes becomes MathML while the note is parsed.

`inline.py` and `block.py` find formulas, `page.py` sets them in order with their
numbers, `engine.py` turns one formula into MathML, `labels.py` joins notes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from notecast.feature import Feature
from notecast.model import Hole, Post
from notecast.problems import Problem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

    from notecast.site import View


@dataclass(frozen=True)
class MathOptions:
    """The section `math` of `site.yaml`."""

    code_spans: bool = field(
        default=False, metadata={"help": "Whether `$x$` in backquotes is a formula too"}
    )
    double_dollars: Literal["auto", "display", "inline"] = field(
        default="auto",
        metadata={
            "help": "What `$$x$$` between words is: a display, or a formula in the line as in "
            "kramdown; by default the latter in sites made for Jekyll"
        },
    )
    macros: dict[str, str] = field(
        default_factory=dict,
        metadata={"help": "Commands of your own: name without backslash → TeX, with #1, #2 …"},
    )
    macro_files: tuple[str, ...] | None = field(
        default=None,
        metadata={
            "help": "Files with commands of your own, in TeX or as MathJax and KaTeX have them; "
            "by default where other programs keep theirs, with an empty list none"
        },
    )


@dataclass(frozen=True)
class WithFiles(MathOptions):
    """The same with what the files say."""

    definitions: tuple[str, ...] = ()
    """In TeX."""


class MathFeature(Feature):
    """Formulas, equation numbers and references to them."""

    name = "math"
    version = 1
    options = MathOptions

    def with_files(self, options: Any, root: Path) -> Any:
        from notecast.features.math.jekyll import is_jekyll
        from notecast.features.math.macro_files import definitions

        dollars = options.double_dollars
        if dollars == "auto":
            dollars = "inline" if is_jekyll(root) else "display"
        return WithFiles(
            options.code_spans,
            dollars,
            options.macros,
            options.macro_files,
            definitions(options.macro_files, root),
        )

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.math.block import add_block_rules
        from notecast.features.math.in_html import find_in_html
        from notecast.features.math.inline import add_inline_rules
        from notecast.features.math.macros import NO_MACROS, Macros
        from notecast.features.math.page import html_of, set_page
        from notecast.features.math.tables import add_table_rule

        in_files = getattr(options, "definitions", ())
        macros = NO_MACROS.defined(in_files).and_also(Macros.of(options.macros))
        add_inline_rules(md, options.code_spans, options.double_dollars == "inline")
        add_block_rules(md)
        add_table_rule(md)

        def page(state: "StateCore") -> None:
            set_page(state, macros)

        def formula(_: Any, tokens: "Sequence[Token]", nth: int, __: Any, env: Any) -> str:
            return html_of(tokens[nth], env, macros)

        def ready(_: Any, tokens: "Sequence[Token]", nth: int, __: Any, ___: Any) -> str:
            return str(tokens[nth].meta.get("html", ""))

        md.core.ruler.push("math_in_html", find_in_html)
        # Last of all, when footnotes stand where they will be read.
        md.core.ruler.push("math", page)
        for kind in ("math_inline", "math_display", "math_block"):
            md.add_render_rule(kind, formula)
        md.add_render_rule("math_ref", ready)
        md.add_render_rule("math_number", ready)

    def stamp(self, options: Any) -> str:
        from importlib.metadata import version

        from notecast.features.math.engine import ENGINES

        return " ".join(f"{name} {version(name)}" for name in ENGINES)

    def facts(self, posts: Sequence[Post], options: Any) -> Mapping[str, Mapping[Any, Any]]:
        from notecast.features.math.labels import facts

        return facts(posts)

    def fill(self, hole: Hole, post: Post, view: "View") -> str:
        from notecast.features.math.labels import fill

        return fill(hole, post, view)

    def check(self, view: "View") -> Iterable[Problem]:
        from notecast.features.math.labels import check

        return check(view)


FEATURE = MathFeature()
