"""What other generators have authors write in Markdown, turned into the dialect of notes.

Hugo's shortcodes and the tags of Liquid (Jekyll) and Nunjucks (Hexo) are read where they
mean what Markdown can say, too: a link to another post, a figure, a block of code, a box.
So are directives and roles of MyST, Logseq's outlines, and attributes of JSX.
The text is rewritten before it is parsed, line for line, so problems keep their places.
What is not read is shown as it stands, with one warning for a note. The way of a text:
`tags` finds what to rewrite, `hugo` and `liquid` say what becomes of it; `myst` with `roles`;
`logseq`; `jsx`; `distill`; `lazy_formulas`, `loose_emphasis` and `spaces` mend what editors write.
"""

from typing import TYPE_CHECKING, Any

from notecast.feature import Feature, NoteContext

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_SIGNS = (
    "{",
    ")=",
    "::",
    "((",
    "](",
    "**",
    "$$",
    "<d-",
    "<Badge",
    "className=",
    "<!-- tab",
    "<!--tab",
)
"""A text without any of them, and without icons, needs no closer look."""
_ICONS = (":material-", ":octicons-", ":fontawesome-", ":simple-")


class Dialects(Feature):
    """Reads notes that were written for other generators."""

    name = "dialects"

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        md.core.ruler.before("block", "dialects", _translate)


def _translate(state: "StateCore") -> None:
    """Core rule: rewrites the text of a note."""
    if state.inlineMode or not any(sign in state.src for sign in (*_SIGNS, *_ICONS)):
        return
    from notecast.features.dialects.distill import as_markdown, has_elements
    from notecast.features.dialects.gitbook import COMMENTS, comments
    from notecast.features.dialects.icons import without_icons
    from notecast.features.dialects.jsx import from_jsx, is_jsx
    from notecast.features.dialects.lazy_formulas import is_lazy, marked
    from notecast.features.dialects.logseq import from_logseq, is_logseq
    from notecast.features.dialects.loose_emphasis import is_loose, tightened
    from notecast.features.dialects.myst import from_myst, is_myst
    from notecast.features.dialects.spaces import has_spaces, without_spaces
    from notecast.features.dialects.tags import translated

    context = NoteContext.of(state.env)
    unknown: dict[str, int] = {}
    if "{{" in state.src or "{%" in state.src:
        state.src = translated(state.src, context.path, unknown)
    if has_elements(state.src):
        state.src = as_markdown(state.src)
    if any(sign in state.src for sign in COMMENTS):
        state.src = comments(state.src)
    if is_jsx(state.src):
        state.src = from_jsx(state.src)
    if is_logseq(state.src, context.path):
        state.src = from_logseq(state.src, unknown)
    if is_myst(state.src):
        state.src = from_myst(state.src, unknown)
    if any(sign in state.src for sign in _ICONS):
        state.src = without_icons(state.src)
    if is_lazy(state.src):
        state.src = marked(state.src)
    if is_loose(state.src):
        state.src = tightened(state.src)
    if has_spaces(state.src):
        state.src = without_spaces(state.src)
    if unknown:
        first = min(unknown.values())
        names = sorted(unknown, key=lambda name: (unknown[name], name))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        context.problem(
            "shortcode-is-known",
            f"{', '.join(names[:3])}{more}: of another generator, and shown as written",
            line=context.line_of(first),
            hint="write it in Markdown; docs/markdown.md tells which tags are read",
            severity="warning",
        )


FEATURE = Dialects()
