"""Parser rules for wikilinks, embeds and block ids (`^id` at the end of a block).

Entry point: `install`.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.wikilinks.anchors import HEADINGS, shown_text
from notecast.features.wikilinks.media import SIZE, is_media
from notecast.loader.markdown.attributes import claim_id
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.places import place_at
from notecast.loader.markdown.plain import text_of
from notecast.slugs import heading_id

# `|` may be escaped, as it has to be in tables. `[[@key]]` is a citation, and
# `![[公式]](https://…)` is an image of CommonMark, as pages of others are copied.
_LINK = re.compile(
    r"(?P<embed>!?)\[\[(?!@)(?P<target>[^\[\]|\n]*?)(?:\\?\|(?P<text>[^\[\]\n]*))?\]\]"
    r"(?!\((?:https?|ftp|mailto):)"
)
_BLOCK_ID = re.compile(r"(?:^|(?<=[ \t\n]))\^([A-Za-z0-9-]{1,100})[ \t]*$")


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
            token.meta["text"] = "" if SIZE.fullmatch(text) else text
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
    """Core rule: embeds of notes that are all of a paragraph stand in place of it."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "inline" or "![[" not in token.content:
            continue
        opening = tokens[index - 1]
        children = token.children or []
        embeds = [child for child in children if child.type == "wikilink"]
        if (
            opening.type != "paragraph_open"
            or not embeds
            or any(not _is_note_embed(child) for child in embeds)
            or any(
                child.type not in ("wikilink", "softbreak", "hardbreak") and child.content.strip()
                for child in children
            )
        ):
            continue
        for child in embeds:
            child.meta["kind"] = "block"
        token.children = embeds
        if opening.attrs:
            opening.tag = tokens[index + 1].tag = "div"
        else:
            opening.hidden = tokens[index + 1].hidden = True


def _is_note_embed(token: Token) -> bool:
    return token.meta["kind"] == "embed" and not is_media(token.meta["parts"][0])


def _embed_places(state: StateCore) -> None:
    """Core rule: notes for each embed the sections and elements with ids that it stands in.

    Also keeps the headings whose id is not what their text would make.
    """
    context = NoteContext.of(state.env)
    around: list[tuple[int, int, str]] = []  # depth, level of a heading or 0, id
    depth = 0
    for index, token in enumerate(state.tokens):
        if token.nesting == -1:
            depth -= 1
            around = [entry for entry in around if entry[0] <= depth]
        if token.type == "footnote_block_open":
            around = []
        identifier = str(token.attrs.get("id", ""))
        if token.type == "heading_open":
            level = int(token.tag[1])
            around = [
                entry for entry in around if not (entry[0] == depth and entry[1] >= level > 0)
            ]
            around.append((depth, level, identifier))
            wanted = heading_id(text_of(state.tokens[index + 1].children))
            if wanted != identifier:
                context.fact(HEADINGS, [wanted, identifier])
        elif identifier and token.nesting == 1:
            around.append((depth + 1, 0, identifier))
        for child in token.children or ():
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
