"""Parser rules for wikilinks, embeds and block ids (`^id` at the end of a block).

Entry point: `install`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from notecast.anchors import HEADINGS
from notecast.feature import NoteContext
from notecast.features.wikilinks.media import SIZE, is_media
from notecast.features.wikilinks.names import shown_text
from notecast.loader.markdown.attributes import claim_id
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.places import place_at
from notecast.loader.markdown.plain import text_of
from notecast.slugs import heading_id

# `|` may be escaped, as it has to be in tables. `[[@key]]` is a citation, and
# `![[公式]](https://…)` is an image of CommonMark, as pages of others are copied.
_LINK = re.compile(
    r"(?P<embed>!?)\[\[(?![@\[])(?P<target>(?:[^\[\]|\n]|\[[^\[\]|\n]*\])*?)"
    r"(?:\\?\|(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]*\])*))?\]\]"
    r"(?!\((?:(?:https?|ftp|mailto):|[#/]|\.\.?/|[^\s()]+\.\w{2,5}\)))"
)
_BLOCK_ID = re.compile(r"(?:^|(?<=[ \t\n])|(?<=\]\]))\^([A-Za-z0-9-]{1,100})[ \t]*$")


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.inline.ruler.before("link", "wikilink", _link)
    md.core.ruler.after("block", "block_ids", _block_ids)
    md.core.ruler.after("inline", "embeds_alone", _embeds_alone)
    # Behind all rules that give ids to headings and figures.
    md.core.ruler.push("embed_places", _embed_places)
    md.add_render_rule("wikilink", _render)


@starts("[!")
def _link(state: StateInline, silent: bool) -> bool:
    match = _LINK.match(state.src, state.pos, state.posMax)
    if match is None or not (match["target"].strip() or match["text"]):
        return False
    if not silent:
        target, _, fragment = match["target"].strip().rstrip("\\").partition("#")
        target, fragment = target.strip(), fragment.strip()
        text = (match["text"] or "").strip()
        token = state.push("wikilink", "", 0)
        token.content = text or shown_text(target, fragment)
        kind = "embed" if match["embed"] else "link"
        place = place_at(state, state.pos)
        token.meta = {"parts": (target, fragment, text), "kind": kind, "place": place}
        if kind == "embed":
            # Of files the words for them, of notes the text of the link that stands in a line.
            named = shown_text(target, fragment)
            token.meta["text"] = (
                ("" if SIZE.fullmatch(text) else text) if is_media(target) else named
            )
        token.meta["link"] = (target, fragment, "embed" if kind == "embed" else "name")
    state.pos = match.end()
    return True


def _block_ids(state: StateCore) -> None:
    """Core rule: `^id` at the end of a paragraph or list item, or alone behind another block."""
    tokens = state.tokens
    gone: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type != "inline" or "^" not in token.content:
            continue
        opening = tokens[index - 1]
        if opening.type != "paragraph_open":
            continue
        match = _BLOCK_ID.search(token.content)
        if match is None:
            continue
        rest = token.content[: match.start()].rstrip()
        target: Token | None = opening
        if not rest:
            target = _block_before(tokens, index - 1)
        elif opening.hidden and tokens[index - 2].type == "list_item_open":
            # The paragraph of a tight list leaves no element that could have the id.
            target = tokens[index - 2]
        if target is None:
            continue
        context = NoteContext.of(state.env)
        line = context.line_of(token.map[1] - 1) if token.map else context.first_line
        if "id" not in target.attrs and claim_id(f"^{match[1]}", context, line):
            target.attrs["id"] = f"^{match[1]}"
        token.content = rest
        if not rest:
            gone.update((index - 1, index, index + 1))
    if gone:
        state.tokens = [token for index, token in enumerate(tokens) if index not in gone]


def _block_before(tokens: list[Token], index: int) -> Token | None:
    """The block that ends right before a paragraph, by its opening token."""
    last = tokens[index - 1] if index else None
    if last is None or last.nesting == 1:
        return None
    if last.nesting == 0:
        return last if last.type in ("fence", "code_block", "math_block") else None
    for opening in reversed(tokens[: index - 1]):
        if opening.nesting == 1 and opening.level == last.level:
            return opening
    return None


def _embeds_alone(state: StateCore) -> None:
    """Core rule: embeds of notes that are all of a line, or of a table's cell, stand as blocks.

    What stands around them in the paragraph becomes paragraphs of its own.
    """
    tokens = state.tokens
    if not any(token.type == "inline" and "![[" in token.content for token in tokens):
        return
    out: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type != "inline" or "![[" not in token.content:
            out.append(token)
            continue
        opening, children = tokens[index - 1], token.children or []
        if opening.type == "td_open":
            if _is_embed_line(children):
                _make_blocks(children)
        elif opening.type == "paragraph_open":
            pieces = _pieces(children)
            if any(is_embed for is_embed, _ in pieces):
                out.pop()
                out.extend(_paragraphs(opening, token, tokens[index + 1], pieces))
                continue
        out.append(token)
    state.tokens = out


def _pieces(children: Sequence[Token]) -> list[tuple[bool, list[Token]]]:
    """The lines of a paragraph, those of embeds and those of text taken together."""
    lines: list[list[Token]] = [[]]
    depth = 0
    for child in children:
        depth += child.nesting
        if not depth and child.type in ("softbreak", "hardbreak"):
            lines.append([child])
        else:
            lines[-1].append(child)
    pieces: list[tuple[bool, list[Token]]] = []
    for line in lines:
        is_embed = _is_embed_line(line)
        if pieces and pieces[-1][0] == is_embed:
            pieces[-1][1].extend(line)
        else:
            # The break was between two blocks.
            rest = line[1:] if line and line[0].type in ("softbreak", "hardbreak") else line
            pieces.append((is_embed, rest))
    return pieces


def _is_embed_line(children: Sequence[Token]) -> bool:
    written = [child for child in children if child.type != "text" or child.content.strip()]
    marks = [child for child in written if child.type not in ("softbreak", "hardbreak")]
    return bool(marks) and all(
        child.type == "wikilink" and _is_note_embed(child) for child in marks
    )


def _make_blocks(children: Sequence[Token]) -> None:
    for child in children:
        if child.type == "wikilink":
            child.meta["kind"] = "block"
            child.meta["text"] = ""


def _paragraphs(
    opening: Token, inline: Token, closing: Token, pieces: Sequence[tuple[bool, list[Token]]]
) -> Iterator[Token]:
    """A paragraph for each piece but the last closing token, which stands in its place."""
    for number, (is_embed, children) in enumerate(pieces):
        first, own, last = opening, inline, closing
        if number:
            first, own = opening.copy(attrs={}), inline.copy()
        if number < len(pieces) - 1:
            last = closing.copy()
        own.children = children
        if is_embed:
            own.children = [child for child in children if child.type == "wikilink"]
            _make_blocks(own.children)
            if first.attrs:
                first.tag = last.tag = "div"
            else:
                first.hidden = last.hidden = True
        yield first
        yield own
        if last is not closing:
            yield last


def _is_note_embed(token: Token) -> bool:
    return bool(token.meta["kind"] == "embed") and not is_media(token.meta["parts"][0])


def _embed_places(state: StateCore) -> None:
    """Core rule: notes for each embed the sections and elements with ids that it stands in.

    Also keeps the headings that cannot be told by their id alone (see `anchors`).
    """
    context = NoteContext.of(state.env)
    around: list[tuple[int, int, str]] = []  # depth, level of a heading or 0, id
    depth = 0
    for index, token in enumerate(state.tokens):
        if token.nesting == -1:
            depth -= 1
            while around and around[-1][0] > depth:
                around.pop()
        if token.type == "footnote_block_open":
            around = []
        identifier = str(token.attrs.get("id", "")) if token.attrs else ""
        if token.type == "heading_open":
            level = int(token.tag[1])
            around = [
                entry for entry in around if not (entry[0] == depth and entry[1] >= level > 0)
            ]
            around.append((depth, level, identifier))
            inline = state.tokens[index + 1]
            names = dict.fromkeys((text_of(inline.children), inline.content))
            for wanted in dict.fromkeys(map(heading_id, names)):
                if wanted != identifier:
                    outer = [one for _, other, one in around[:-1] if other]
                    context.fact(HEADINGS, [wanted, identifier, *outer])
        elif identifier and token.nesting == 1:
            around.append((depth + 1, 0, identifier))
        for child in (token.children or ()) if "![[" in token.content else ():
            if child.type == "wikilink" and child.meta["kind"] == "block":
                child.meta["within"] = tuple(entry[2] for entry in around)
        if token.nesting == 1:
            depth += 1


def _render(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    meta = tokens[index].meta
    line, column = meta["place"]
    return NoteContext.of(env).hole(
        "wikilinks",
        meta["kind"],
        *meta["parts"],
        *meta.get("within", ()),
        line=line,
        column=column,
    )
