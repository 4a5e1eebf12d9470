"""Attributes in braces: `{#id .class key="value"}`.

They stand behind a heading, an image, a link, inline code, emphasis or a
`[span]`; at the end or alone on the last line of a paragraph; or alone before
a block (kramdown's `{: .class}` alone after it). Names that could run script
or change the page's layout never pass: see `ALLOWED`.
"""

import re
from collections.abc import Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.html_names import names

ALLOWED = names(
    """
    id class title lang dir width height start reversed value cite datetime hreflang download
    rel translate colspan rowspan headers scope loading decoding
    """
)
"""Attribute names that pass, besides `data-…` and `aria-…`."""

_NEEDLESS = frozenset(("target",))
"""What is left out without a word, as in HTML: readers choose where a link opens."""

PAGE_IDS = names("help-title latest main ui")
"""Ids that our own pages give to their parts; what features add begins with `nc-`."""

# Possessive repetition: the input is the author's, and must not cost more than its length.
_ITEM = (
    r"""(?:[#][\w:.-]++|\.[\w:-]++|[A-Za-z][\w:-]*+=(?:"[^"\n]*+"|'[^'\n]*+'|[^\s"'{}=<>`]++))"""
)
_BRACES = rf"\{{:?[ \t]*+{_ITEM}(?:(?:[ \t]++|(?=\.)){_ITEM})*+[ \t]*+\}}"
ATTRIBUTES = re.compile(_BRACES)
_AT_END = re.compile(rf"(?:(?<=[ \t\n])|^|(?=\{{[ \t]+#)){_BRACES}[ \t]*+$")
_ONE = re.compile(
    r"""#([\w:.-]+)|\.([\w:-]+)|([A-Za-z][\w:-]*)=(?:"([^"]*)"|'([^']*)'|([^\s}]+))"""
)

_TAKES_ATTRIBUTES = frozenset(
    {"image", "code_inline", "link_close", "em_close", "strong_close", "s_close", "mark_close"}
)


def read_attributes(source: str) -> dict[str, str]:
    """The attributes that a pair of braces holds; classes joined by a space, the last id wins."""
    found: dict[str, str] = {}
    classes: list[str] = []
    for match in _ONE.finditer(source):
        identifier, css_class, key, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        if identifier:
            found["id"] = identifier
        elif css_class:
            classes.append(css_class)
        elif key == "class":
            classes.extend(value.split())
        else:
            found[key] = value
    if classes:
        found["class"] = " ".join(classes)
    return found


def add_attributes(
    token: Token, given: Mapping[str, str], context: NoteContext, line: int, column: int = 0
) -> None:
    """Puts attributes on a token; those that are not allowed become problems."""
    for key, value in given.items():
        name = key.lower()
        if name in _NEEDLESS:
            continue
        if name not in ALLOWED and not name.startswith(("data-", "aria-")):
            context.problem(
                "attribute-is-allowed",
                f"the attribute {key} cannot be set in a note",
                line=line,
                column=column,
                hint="use a class and a style sheet" if name == "style" else "",
                severity="warning",
            )
        elif name == "class" and token.attrs.get("class"):
            token.attrs["class"] = f"{token.attrs['class']} {value}"
        elif name != "id" or claim_id(value, context, line, column):
            token.attrs[name] = value


def claim_id(wanted: str, context: NoteContext, line: int, column: int = 0) -> bool:
    """Reserves an id that the author chose; a second one of the same name is a problem."""
    if wanted in context.anchors or wanted in PAGE_IDS:
        taken = (
            f'the id "{wanted}" is that of a part of every page; it is left out'
            if wanted in PAGE_IDS
            else f'the id "{wanted}" is given twice on this page; the second is left out'
        )
        context.problem(
            "id-is-unique",
            taken,
            line=line,
            column=column,
            severity="warning",
        )
        return False
    context.anchors[wanted] = None
    return True


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.core.ruler.after("block", "attributes_block", _blocks)
    md.core.ruler.after("text_join", "attributes_inline", _inlines)
    md.inline.ruler.after("link", "span", _span)


def _blocks(state: StateCore) -> None:
    """Attributes at the end of headings and paragraphs, and alone beside a block."""
    tokens = state.tokens
    context = NoteContext.of(state.env)
    gone: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type != "inline" or "}" not in token.content:
            continue
        opening = tokens[index - 1]
        if token.content.startswith("{") and opening.type == "paragraph_open":
            _on_first_line(token, opening, context)
        if not token.content.endswith("}"):
            continue
        if opening.type not in ("paragraph_open", "heading_open"):
            continue
        match = _AT_END.search(token.content)
        if match is None:
            continue
        target = opening
        before = token.content[: match.start()].rstrip()
        if not before and opening.type == "paragraph_open":
            # Programs that publish vaults write `{ #id}` for `^id`.
            kramdown = match[0].startswith(("{:", "{ #"))
            other = None if kramdown else _block_after(tokens, index + 1)
            other = other or _block_before(tokens, index - 1)
            if other is None:
                continue
            target = other
            gone.update((index - 1, index, index + 1))
        elif (
            before and opening.type == "paragraph_open" and token.content[match.start() - 1] != "\n"
        ):
            # At the end of a line of prose the braces belong to the text.
            continue
        else:
            token.content = before
            if opening.hidden and tokens[index - 2].type == "list_item_open":
                # The paragraph of a tight list leaves no element that could take them.
                target = tokens[index - 2]
        line = context.line_of(token.map[1] - 1) if token.map else context.first_line
        add_attributes(target, read_attributes(match[0]), context, line)
    if gone:
        state.tokens = [token for index, token in enumerate(tokens) if index not in gone]


def _on_first_line(token: Token, opening: Token, context: NoteContext) -> None:
    """Attributes on a line of their own right before the text of a paragraph."""
    match = ATTRIBUTES.match(token.content)
    if match is None or not token.map:
        return
    line_end = token.content.find("\n", match.end())
    if line_end < 0 or token.content[match.end() : line_end].strip():
        return
    line = context.line_of(token.map[0])
    add_attributes(opening, read_attributes(match[0]), context, line)
    token.content = token.content[line_end + 1 :]
    token.map = [token.map[0] + 1, token.map[1]]


def _block_after(tokens: list[Token], index: int) -> Token | None:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following if following is not None and following.nesting >= 0 else None


def _block_before(tokens: list[Token], index: int) -> Token | None:
    """The block that ends right before `index`, by its opening token."""
    if index == 0:
        return None
    last = tokens[index - 1]
    if last.nesting == 0 and last.type in ("fence", "code_block", "hr", "math_block"):
        return last
    if last.nesting == -1:
        for opening in reversed(tokens[: index - 1]):
            if opening.nesting == 1 and opening.level == last.level:
                return opening
    return None


def _inlines(state: StateCore) -> None:
    """Attributes right behind an image, a link, code or emphasis."""
    for token in state.tokens:
        if token.type == "inline" and "{" in token.content and token.children:
            _inline(token, NoteContext.of(state.env))


def _inline(inline: Token, context: NoteContext) -> None:
    children = inline.children or []
    for index in range(1, len(children)):
        text, before = children[index], children[index - 1]
        if text.type != "text" or before.type not in _TAKES_ATTRIBUTES:
            continue
        match = ATTRIBUTES.match(text.content)
        if match is None:
            continue
        text.content = text.content[match.end() :]
        line = context.line_of(inline.map[0]) if inline.map else context.first_line
        target = before if before.nesting == 0 else _opening(children, index - 1)
        add_attributes(target, read_attributes(match[0]), context, line)


def _opening(children: list[Token], index: int) -> Token:
    closing = children[index]
    wanted = closing.type.replace("_close", "_open")
    for token in reversed(children[:index]):
        if token.type == wanted and token.level == closing.level:
            return token
    return closing


@starts("[")
def _span(state: StateInline, silent: bool) -> bool:
    """Inline rule for `[text]{.class}`."""
    if state.src[state.pos] != "[" or state.html_terminator_last("]{") < state.pos:
        return False
    label_end = state.md.helpers.parseLinkLabel(state, state.pos)
    if label_end < 0:
        return False
    match = ATTRIBUTES.match(state.src, label_end + 1, state.posMax)
    if match is None:
        return False
    if not silent:
        context = NoteContext.of(state.env)
        end, state.posMax = state.posMax, label_end
        start, state.pos = state.pos, state.pos + 1
        token = state.push("span_open", "span", 1)
        add_attributes(token, read_attributes(match[0]), context, *context.place(start))
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = end
    state.pos = match.end()
    return True


def attribute_text(attributes: Mapping[str, Any]) -> str:
    """Attributes as they stand in a tag, escaped, with a leading space each."""
    from html import escape

    return "".join(f' {name}="{escape(str(value))}"' for name, value in attributes.items())
