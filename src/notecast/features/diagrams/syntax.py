"""Blocks of code in a diagram language become figures with two holes around their source.

With a drawing the holes hold the picture and a fold around the source, without
one a line that says what the source is.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import add_attributes, read_attributes
from notecast.loader.markdown.images import caption_tokens

_LANGUAGE = re.compile(r"\{?\s*\.?([\w+-]+)")
_KEY = re.compile(r"""\b(title|caption|alt)=(?:"([^"]*)"|'([^']*)'|([^\s{}"']+))""")
_BRACES = re.compile(r"\{[^{}]*\}")
_DESCRIBED = re.compile(r"^[ \t]*acc(Descr|Title)[ \t]*:[ \t]*(\S.*)$", re.MULTILINE)
"""What Mermaid has for those who do not see a diagram."""


def add_rules(md: MarkdownIt, kinds: Mapping[str, str]) -> None:
    """Adds the rules to a parser.

    Args:
        md: The parser.
        kinds: Languages of blocks that are diagrams, and what draws them.
    """

    def find(state: StateCore) -> None:
        _find(state, kinds)

    # Before figures are numbered, and where no rule parses the inside any more.
    md.core.ruler.before("images", "diagrams", find)
    md.add_render_rule("diagram", _render)


def _find(state: StateCore, kinds: Mapping[str, str]) -> None:
    tokens = state.tokens
    if not any(_kind(token, kinds) for token in tokens):
        return
    out: list[Token] = []
    for token in tokens:
        kind = _kind(token, kinds)
        out.extend(_figure(token, kind, NoteContext.of(state.env)) if kind else [token])
    state.tokens = out


def _kind(token: Token, kinds: Mapping[str, str]) -> str:
    """What draws a token; empty for all that is no diagram."""
    if token.type != "fence" or not token.content.strip():
        return ""
    match = _LANGUAGE.match(token.info.strip())
    return kinds.get(match[1].lower(), "") if match else ""


def _figure(fence: Token, kind: str, context: NoteContext) -> list[Token]:
    line = context.line_of(fence.map[0] if fence.map else 0)
    info = fence.info.strip()
    given = {key: a or b or c for key, a, b, c in _KEY.findall(info)}
    language = _LANGUAGE.match(info)
    fence.info = language[1] if language else ""
    opening = Token("figure_open", "figure", 1, block=True, map=fence.map, level=fence.level)
    opening.attrs = {"class": "diagram", **_without(fence, "class")}
    if fence.attrs.get("class"):
        opening.attrs["class"] = f"diagram {fence.attrs['class']}"
    fence.attrs = {}
    for braces in _BRACES.findall(_KEY.sub("", info)):
        attributes = read_attributes(braces.replace(f".{fence.info}", "", 1))
        add_attributes(opening, attributes, context, line)
    title = given.get("title") or given.get("caption") or ""
    described = {kind: text.strip() for kind, text in _DESCRIBED.findall(fence.content)}
    alt = given.get("alt") or described.get("Descr") or title or described.get("Title", "")
    picture = Token("diagram", "", 0, block=True, map=fence.map)
    plain = "plain" in str(opening.attrs["class"]).split()
    picture.meta = {"fence": fence, "kind": kind, "alt": alt, "plain": plain, "line": line}
    inside = Token("inline", "", 0, block=True, map=fence.map, level=fence.level + 1)
    inside.children = [picture]
    caption = [Token("text", "", 0, content=title)] if title else []
    # Empty for a number alone.
    has_number = str(opening.attrs.get("id", "")).startswith("fig:")
    behind = caption_tokens(caption, inside) if title or has_number else []
    closing = Token("figure_close", "figure", -1, block=True, level=fence.level)
    return [opening, inside, *behind, closing]


def _without(token: Token, name: str) -> dict[str, str | int | float]:
    return {key: value for key, value in token.attrs.items() if key != name}


def _render(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    meta = tokens[index].meta
    fence, context = meta["fence"], NoteContext.of(env)
    source = fence.content
    name = blake2b(f"{meta['kind']}\n{source}".encode(), digest_size=16).hexdigest()
    about = (meta["kind"], name, meta["alt"], "plain" if meta["plain"] else "")
    line = meta["line"]
    before = context.hole("diagrams", "before", *about, source, line=line, column=1)
    # The rule of whoever sets code.
    code = self.rules["fence"]([fence], 0, options, env)
    after = context.hole("diagrams", "after", *about, line=line, column=1)
    return f"{before}{code}{after}"
