"""Numbers everything of a note that counts, and resolves the references to it.

A core rule, run last: ids are settled and formulas are numbered. Entry points:
`number_page` and the render rules `number_html`, `reference_html`.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.crossrefs.kinds import PREFIXES, kind_of, named
from notecast.features.crossrefs.labels import (
    LABELS,
    PREVIEWS,
    Label,
    preview,
    reference,
    shown_text,
)
from notecast.loader.markdown.statements import statement_of
from notecast.model import HOLE, Hole

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_EQUATIONS = "equations"
"""Facts of a note that the feature `math` records: label, id, number."""
_HOLE = re.compile(f"{HOLE}([0-9]+){HOLE}")
_ID = re.compile(r'\sid="([^"]*)"')


class Page:
    """The labels of a note while it is parsed."""

    def __init__(self, context: NoteContext, together: bool, own: Container[str] = ()) -> None:
        self.context = context
        self._own = own
        self.labels: dict[str, Label] = {}
        self._counts: Counter[str] = Counter()
        self._previews: Counter[str] = Counter()
        self._together = together

    @staticmethod
    def of(env: Any) -> "Page | None":
        page = NoteContext.of(env).data.get("crossrefs")
        return page if isinstance(page, Page) else None

    def next_number(self, kind: str) -> str:
        """The next number of a kind; empty for kinds that have none."""
        if not kind_of(kind).numbered:
            return ""
        shared = self._together and kind not in ("figure", "table")
        counter = "theorem" if shared else kind
        self._counts[counter] += 1
        return str(self._counts[counter])

    def is_previewed(self, label: str) -> bool:
        """Whether one more reference to a label brings its preview along."""
        self._previews[label] += 1
        return self._previews[label] <= PREVIEWS

    def add(self, anchor: str, kind: str, number: str) -> None:
        """Records what has an id that is a label."""
        if self.is_label(anchor):
            self.labels.setdefault(anchor, Label(anchor, anchor, kind, number, ""))

    def is_label(self, identifier: str) -> bool:
        """Whether an id is one that references can name."""
        prefix, colon, rest = identifier.partition(":")
        return bool(colon and rest) and (prefix in PREFIXES or prefix in self._own)


def number_page(state: "StateCore", together: bool, own: Container[str] = ()) -> None:
    """Numbers what counts, in the order of the note; then resolves references to it.

    Args:
        state: The parser's state behind all other rules.
        together: Whether theorems, lemmas and the like share one count.
        own: Prefixes of labels of the site's own kinds.
    """
    context = NoteContext.of(state.env)
    page = context.data["crossrefs"] = Page(context, together, own)
    _number_blocks(state.tokens, page)
    _take_equations(page)
    _name_references(state.tokens, page)
    _finish_links(state.tokens, page)
    _add_statements(state, page)
    for label in page.labels.values():
        context.fact(LABELS, list(label))


def _number_blocks(tokens: Sequence[Token], page: Page) -> None:
    parts: list[
        tuple[Token, str, int, int]
    ] = []  # container, its number, parts so far, of how many
    lang = page.context.lang
    for index, token in enumerate(tokens):
        identifier = str(token.attrs.get("id", ""))
        if "parts" in token.meta:
            inner = _inner_figures(tokens, index)
            labelled = [identifier, *(str(one.attrs.get("id", "")) for one in inner)]
            kind = token.meta["parts"]
            number = page.next_number(kind) if any(map(page.is_label, labelled)) else ""
            parts.append((token, number, 0, len(inner)))
            if number:
                page.add(identifier, kind, number)
                _set_name(token.meta.get("name"), named(kind, number, lang))
        elif token.type == "figure_open":
            number, own = "", ""
            if parts and parts[-1][1] and parts[-1][3] > 1:
                outer, whole, count, of = parts[-1]
                own = chr(97 + count % 26)
                number, parts[-1] = whole + own, (outer, whole, count + 1, of)
            elif page.is_label(identifier) and not parts:
                number = page.next_number("figure")
            if number:
                page.add(identifier, "figure", number)
                _caption_figure(tokens, index, f"({own})" if own else named("figure", number, lang))
        elif token.type == "figure_close" and parts and token.level == parts[-1][0].level:
            parts.pop()
        elif "label" in token.meta and token.type in ("theorem_open", "table_open"):
            info = token.meta["label"]
            number = page.next_number(info["kind"]) if info["counts"] else ""
            page.add(identifier, info["kind"], number)
            name = named(info["kind"], number, lang)
            if token.type == "theorem_open":
                info["name"].meta["html"] = f'<strong class="theorem-name">{name}</strong>'
                token.meta["excerpt"] = name
            elif number:
                _set_name(info["name"], name)


def _inner_figures(tokens: Sequence[Token], start: int) -> list[Token]:
    found = []
    for token in tokens[start + 1 :]:
        if token.type == "figure_close" and token.level == tokens[start].level:
            break
        if token.type == "figure_open":
            found.append(token)
    return found


def _set_name(token: Token | None, name: str) -> None:
    if token is not None:
        token.meta["html"] = f'<span class="label-number">{escape(name)}</span> '


def _caption_figure(tokens: Sequence[Token], index: int, name: str) -> None:
    """Puts a name before the caption of a figure."""
    caption = _caption_inline(tokens[index : _close(tokens, index)])
    if caption is not None:
        number = Token("label_number", "", 0)
        _set_name(number, name)
        caption.children = [number, *(caption.children or [])]


def _caption_inline(tokens: Sequence[Token]) -> Token | None:
    """What stands in the caption of a figure; of a figure of several in its own, the last."""
    start = next(
        (at for at in reversed(range(len(tokens))) if tokens[at].type == "figcaption_open"), None
    )
    if start is None:
        return None
    return next((token for token in tokens[start:] if token.type == "inline"), None)


def _take_equations(page: Page) -> None:
    for label, anchor, number in page.context.facts.get(_EQUATIONS, ()):
        name = label if label.startswith("eq:") else f"eq:{label}"
        if anchor:
            page.labels.setdefault(name, Label(name, anchor, "equation", number, ""))


def _inlines(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.children:
            yield token


def _name_references(tokens: Sequence[Token], page: Page) -> None:
    """Gives references their text, and makes them text where a link would stand in a link."""
    for before, inline in pairwise(tokens):
        # Headings stand in tables of contents, whose entries are links.
        linked = before.type == "heading_open"
        for token in inline.children or ():
            if token.type in ("link_open", "link_close"):
                linked = token.type == "link_open"
            if token.type != "label_reference":
                continue
            found = None if token.meta["name"] else page.labels.get(token.meta["label"])
            token.meta["linked"] = linked
            if found is not None:
                token.content = shown_text(found, page.context.lang, token.meta["bare"])
                token.type = "text" if linked else token.type
            else:
                token.meta["hole"] = _hole(token.meta)


def _hole(meta: Mapping[str, Any]) -> Hole:
    """What a reference leaves that the note itself cannot resolve."""
    kind = "text" if meta["linked"] else "bare" if meta["bare"] else "label"
    return Hole("crossrefs", kind, (meta["name"], meta["label"]), *meta["place"])


def _finish_links(tokens: Sequence[Token], page: Page) -> None:
    """Ordinary links to a label, `[text](#thm:x)`: a preview, and a text where none is given."""
    if not page.labels:
        return
    for inline in _inlines(tokens):
        children = inline.children or []
        if not any(child.type == "link_open" for child in children):
            continue
        out: list[Token] = []
        target: Label | None = None
        for index, token in enumerate(children):
            if token.type == "link_open":
                target = _target(token, page)
                if target:
                    out.append(_raw('<span class="ref">'))
                out.append(token)
                if target and children[index + 1].type == "link_close":
                    shown = named(target.kind, target.number, page.context.lang)
                    out.append(Token("text", "", 0, content=shown))
            else:
                out.append(token)
                if token.type == "link_close" and target:
                    closing = _raw("</span>")
                    closing.meta["preview"] = target.label
                    out.append(closing)
                    target = None
        inline.children = out


def _target(link: Token, page: Page) -> Label | None:
    match = _HOLE.fullmatch(str(link.attrs.get("href", "")))
    if match is None:
        return None
    hole = page.context.holes[int(match[1])]
    if hole.feature != "links" or hole.kind != "href" or hole.data[0]:
        return None
    found = page.labels.get(hole.data[1])
    if found and found.anchor != hole.data[1]:
        # The id of an equation is not its label.
        data = ("", found.anchor, *hole.data[2:])
        page.context.holes[int(match[1])] = msgspec.structs.replace(hole, data=data)
    return found


def _raw(html: str) -> Token:
    return Token("label_number", "", 0, meta={"html": html})


def _add_statements(state: "StateCore", page: Page) -> None:
    if not page.labels:
        return
    tokens = state.tokens
    render = (state.md.renderer, state.md.options, state.env)
    by_anchor = {label.anchor: label for label in page.labels.values()}

    def add(anchor: str, part: Sequence[Token]) -> None:
        label = by_anchor.get(anchor)
        if label and not label.statement:
            page.labels[label.label] = label._replace(statement=statement_of(part, *render))

    for index, token in enumerate(tokens):
        identifier = str(token.attrs.get("id", ""))
        if token.type == "theorem_open" and page.is_label(identifier):
            add(identifier, tokens[index + 2 : _close(tokens, index)])
        elif token.type == "figure_open" and page.is_label(identifier):
            add(identifier, _caption_of(tokens[index + 1 : _close(tokens, index)]))
        elif token.type == "table_open" and "label" in token.meta:
            add(identifier, [tokens[index + 3]])
        for one in (token, *(token.children or ())):
            if one.type.startswith("math_"):
                for anchor in _ID.findall(str(one.meta.get("html", ""))):
                    add(anchor, [one])


def _close(tokens: Sequence[Token], index: int) -> int:
    opening = tokens[index]
    for other in range(index + 1, len(tokens)):
        if tokens[other].nesting == -1 and tokens[other].level == opening.level:
            return other
    return len(tokens)


def _caption_of(tokens: Sequence[Token]) -> list[Token]:
    """The caption of a figure without its number."""
    caption = _caption_inline(tokens)
    if caption is None:
        return []
    inner = [one for one in caption.children or () if one.type != "label_number"]
    return [Token("inline", "", 0, children=inner)]


def number_html(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Render rule: a number, or what stands around a link to a label."""
    meta = tokens[index].meta
    html = str(meta.get("html", ""))
    page = Page.of(env)
    label = page.labels.get(meta["preview"]) if page and "preview" in meta else None
    if label and page and page.is_previewed(label.label):
        return page.context.text_in_body(preview(label, page.context.lang)) + html
    return html


def reference_html(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Render rule: a reference; a hole for one that the note itself cannot resolve."""
    meta = tokens[index].meta
    page = Page.of(env)
    context = NoteContext.of(env)
    found = page.labels.get(meta["label"]) if page and not meta["name"] else None
    if page and found is not None:
        shown = page.is_previewed(found.label)
        return context.text_in_body(reference(found, "", context.lang, meta["bare"], shown))
    return context.hole_for(meta.get("hole") or _hole({"linked": False, **meta}))
