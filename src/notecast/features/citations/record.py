"""Writes down what a note cites: each place with its sentence, and its own works.

Entry point: `add_core_rule`. The facts are those that `notecast.works.citing`
describes. Links to arXiv and DOIs are citations as well: they keep the address and
the words that the author gave them (`alone.py`: those that have no words).
"""

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from notecast.features.citations.alone import leave_title, render_title
from notecast.model import Hole
from notecast.works.identifiers import identify, of_address

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

    from notecast.feature import NoteContext

_HOSTS = ("arxiv.org/", "doi.org/")
_LONGEST_NAME = 80
_BIBTEX = ("bibtex", "biblatex", "bib")


def add_core_rule(md: "MarkdownIt") -> None:
    """Adds the rule to a parser: behind links, whose places it wants, and headings, whose ids
    come first; before rules that copy text for other pages, which want its holes."""
    md.core.ruler.after("headings", "citations", _record)
    md.add_render_rule("citation_link_open", _render_link_open)
    md.add_render_rule("citation_link_close", _render_link_close)
    md.add_render_rule("citation_references", _render_references)
    md.add_render_rule("citation_title", render_title)


def _record(state: "StateCore") -> None:
    from notecast.feature import NoteContext

    context = NoteContext.of(state.env)
    _header(context)
    source = state.src
    has_links = any(host in source for host in _HOSTS)
    if "bib" in source:
        _blocks(state, context)
    if not has_links and "citations" not in context.data:
        return
    heading = False
    for token in state.tokens:
        if token.type == "inline" and token.children:
            _paragraph(token, context, has_links, alone=not heading)
        heading = token.type == "heading_open"
    if "citations" in context.facts:
        from markdown_it.token import Token

        state.tokens.append(Token("citation_references", "", 0, block=True))


def _header(context: "NoteContext") -> None:
    """The work that the note is about, and its own bibliographies."""
    block = context.header.get("paper")
    if block:
        from notecast.works.paper_block import paper_of

        def report(rule: str, message: str, hint: str) -> None:
            context.problem(rule, message, line=1, hint=hint, severity="warning")

        work = paper_of(block, report)
        if work is not None:
            context.fact("paper", msgspec.to_builtins(work))
    for path in context.header.get("bibliography", ()):
        context.fact("bibliographies", str(path))


def _blocks(state: "StateCore", context: "NoteContext") -> None:
    """Entries in code blocks marked `bibtex` are works that this note may cite."""
    for token in state.tokens:
        if token.type != "fence" or (token.info.split() or [""])[0].lower() not in _BIBTEX:
            continue
        if "@" not in token.content:
            continue
        from notecast.works.bibtex import read_bibtex

        line = context.line_of(token.map[0] + 1) if token.map else 1
        said = read_bibtex(token.content, context.shown_path, line)
        context.problems.extend(said.problems)
        for source in said.sources:
            context.fact("works", msgspec.to_builtins(source.work))


def _paragraph(inline: "Token", context: "NoteContext", has_links: bool, alone: bool) -> None:
    """Records the citations of a paragraph in their order, and marks its links."""
    children = inline.children or []
    if not any(
        token.type == "citation" or (has_links and token.type == "link_open") for token in children
    ):
        return
    from notecast.loader.markdown.plain import piece_of

    length = 0
    pieces: list[str] = []
    found: list[tuple[Token, int, int, str]] = []
    opened: tuple[Token, int, str] | None = None
    for token in children:
        piece = piece_of(token)
        if token.type == "citation":
            found.append((token, length, length + len(piece), ""))
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            identifier = of_address(address) if any(h in address for h in _HOSTS) else None
            opened = (token, length, str(identifier)) if identifier else None
        elif token.type == "link_close" and opened:
            found.append((opened[0], opened[1], length, opened[2]))
            opened = None
        pieces.append(piece)
        length += len(piece)
    if found:
        _keep(found, "".join(pieces), inline, context, alone)


def _keep(
    found: "list[tuple[Token, int, int, str]]",
    text: str,
    inline: "Token",
    context: "NoteContext",
    in_text: bool,
) -> None:
    from notecast.feature import WantedSentence

    marked: dict[int, str] = {}
    for token, start, end, identifier in found:
        line, column = token.meta.get("place") or context.place(0, inline)
        if identifier:
            kind, keys = "link", [identifier]
            # A link alone on its line, or one that shows its address, is no part of a sentence.
            bare = "bare" in str(token.attrs.get("class", "")) or token.markup in (
                "linkify",
                "autolink",
            )
            alone = in_text and text.strip() == text[start:end].strip()
            plain = bare or not in_text or alone
            if alone and inline.type == "inline" and inline.level == 1:
                leave_title(inline, token, identifier, bare)
        else:
            kind, keys = token.meta["kind"], [part[2] for part in token.meta["parts"]]
            bare = plain = False
        anchor = "" if plain else _anchor(context)
        if identifier and anchor:
            marked[id(token)] = f"{anchor}\n{identifier}"
        elif not identifier:
            token.meta["hole"] = _hole(token.meta, anchor)
        for key in keys:
            # Letters alone are never an identifier, and most keys are of letters and digits.
            named = identify(key) if ":" in key or "/" in key or "." in key else None
            if named and str(named) not in context.facts.get("identifiers", ()):
                context.fact("identifiers", str(named))
        row: list[Any] = [kind, anchor, keys, "", line, column]
        if not plain:  # a link alone on its line has no sentence
            put = partial(row.__setitem__, 3)
            context.sentences.append(WantedSentence(inline, token, put))
        words = " ".join(text[start:end].split())
        if identifier and not bare and 1 < len(words) <= _LONGEST_NAME:
            row.append(words)
        context.fact("citations", row)
    if marked:
        inline.children = _with_marks(inline.children or [], marked)


def _hole(meta: dict[str, Any], anchor: str) -> Hole:
    flat = [text for part in meta["parts"] for text in part]
    data = (anchor, meta["gap"], meta["raw"], *flat)
    return Hole("citations", meta["kind"], data, *meta["place"])


def _anchor(context: "NoteContext") -> str:
    count = context.data["citation anchors"] = context.data.get("citation anchors", 0) + 1
    return context.anchor(f"cite-{count}")


def _with_marks(children: "list[Token]", marked: dict[int, str]) -> "list[Token]":
    """The tokens with an element around each link to a work."""
    from markdown_it.token import Token

    out: list[Token] = []
    open_mark = ""
    for token in children:
        if id(token) in marked:
            open_mark = marked[id(token)]
            meta = {"mark": open_mark, "place": token.meta.get("place", (0, 0))}
            out.append(Token("citation_link_open", "", 1, meta=meta))
        out.append(token)
        if token.type == "link_close" and open_mark:
            hole = Hole("citations", "mark", (open_mark.partition("\n")[2],), 0, 0)
            out.append(Token("citation_link_close", "", -1, meta={"hole": hole}))
            open_mark = ""
    return out


def _render_link_open(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    from notecast.feature import NoteContext

    anchor, _, identifier = tokens[index].meta["mark"].partition("\n")
    line, column = tokens[index].meta["place"]
    shown = NoteContext.of(env).hole("citations", "shown", identifier, line=line, column=column)
    return f'<span class="cite" id="{anchor}" data-ref="{shown}">'


def _render_link_close(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    from notecast.feature import NoteContext

    return f"</span>{NoteContext.of(env).hole_for(tokens[index].meta['hole'])}"


def _render_references(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    from notecast.feature import NoteContext

    return NoteContext.of(env).hole("citations", "references", line=0, column=0)
