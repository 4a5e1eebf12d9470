"""Cells and outputs as tokens of the parser, and their HTML.

Entry point: `install`. Each cell is parsed as blocks by itself, so that nothing
reaches over its end; footnotes, link targets and numbers are those of the note.

    <figure class="code">…</figure>
    <div class="output"><pre class="stream stdout">…</pre><div class="table">…</div></div>
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from notecast.feature import NoteContext
from notecast.features.notebooks.manuscript import CUT, MARK, Notebook, Part, label_of
from notecast.features.notebooks.outputs import Piece
from notecast.features.notebooks.pictures import Picture, read_attachment
from notecast.loader.markdown.attributes import attribute_text
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.headings import outline_of
from notecast.loader.markdown.labels import label
from notecast.loader.markdown.plain import CELL_CODE, OUTPUT_CLOSE, OUTPUT_OPEN, text_of
from notecast.loader.markdown.raw_html import finish

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

NAME = "notebooks"
ATTACHMENT = "attachment:"
_CUT = re.compile(f"{CUT}([0-9,]+){CUT}")


def install(md: "MarkdownIt") -> None:
    """Adds the rules to a parser; notes of Markdown go through them untouched."""
    blocks = next(rule.fn for rule in md.core.ruler.__rules__ if rule.name == "block")
    md.core.ruler.at("block", _blocks_by(blocks))
    md.core.ruler.before("images", "attachments", _names_are_no_captions)
    md.block.ruler.before("paragraph", "output", _piece, {"alt": ["paragraph"]})
    for name, rule in (
        (CELL_CODE, _render_code),
        (OUTPUT_OPEN, _render_open),
        (OUTPUT_CLOSE, _render_close),
        ("output", _render_piece),
    ):
        md.add_render_rule(name, rule)


def notebook_of(context: NoteContext) -> Notebook | None:
    """What was read of the notebook that is being parsed."""
    found = context.data.get(NAME)
    return found if isinstance(found, Notebook) else None


def _blocks_by(parse: "Callable[[StateCore], None]") -> "Callable[[StateCore], None]":
    """Core rule `block`: cell by cell where there are cells."""

    def blocks(state: "StateCore") -> None:
        context = NoteContext.of(state.env)
        notebook = notebook_of(context)
        if notebook is None:
            parse(state)
            return
        context.own_image = _attachments(notebook, context)
        context.is_foreign = _outputs_of(notebook)
        outline_of(context).after_anything = True
        _parse_parts(state, notebook, context)

    return blocks


def _outputs_of(notebook: Notebook) -> Callable[[int], bool]:
    """Tells lines that programs wrote from lines that authors did."""
    firsts = [part.first for part in notebook.parts]

    def is_output(line: int) -> bool:
        index = bisect_right(firsts, line - 1) - 1
        return index >= 0 and notebook.parts[index].kind == "output"

    return is_output


def _parse_parts(state: "StateCore", notebook: Notebook, context: NoteContext) -> None:
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    block = StateBlock(state.src, state.md, state.env, state.tokens)
    lines = block.lineMax
    # The header has left the text; lines of parts are those of all of it.
    above = context.first_line - 1
    for part in notebook.parts:
        first, last = max(part.first - above, 0), min(part.last - above, lines)
        if part.kind in ("markdown", "output"):
            if first < last:
                block.line, block.lineMax = first, last
                state.md.block.tokenize(block, first, last)
            continue
        kind = CELL_CODE if part.kind == "code" else part.kind
        nesting = {OUTPUT_OPEN: 1, OUTPUT_CLOSE: -1}.get(kind, 0)
        if nesting < 0:
            block.level -= 1
        token = Token(kind, "", nesting, block=True, level=block.level)  # type: ignore[arg-type]
        if nesting > 0:
            block.level += 1
        token.meta = {"part": part}
        if kind == CELL_CODE:
            token.map = [first, last]
            _anchor(token, part, context)
        state.tokens.append(token)


def _anchor(token: "Token", part: Part, context: NoteContext) -> None:
    """The label of a cell becomes an id, unless a figure or table of its outputs has it."""
    name = part.options.label
    if name and not part.options.kind:
        token.attrs["id"] = context.anchor(label_of(name))


@block_starts(MARK)
def _piece(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Block rule: a mark stands for a piece of the outputs."""
    position = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(MARK, position):
        return False
    if silent:
        return True
    context = NoteContext.of(state.env)
    notebook = notebook_of(context)
    number = state.src[position + 1 : state.eMarks[start]]
    token = state.push("output", "", 0)
    token.map = [start, start + 1]
    token.meta = {"line": context.line_of(start)}
    if notebook is not None and number.isdecimal() and int(number) < len(notebook.pieces):
        token.meta["piece"] = notebook.pieces[int(number)]
    state.line = start + 1
    return True


def _cell_at(notebook: Notebook, line: int) -> int:
    """Index of the cell to which a line of the text belongs."""
    return max(0, bisect_right(notebook.cell_lines, line) - 1)


# Pictures ----------------------------------------------------------------------


def _names_are_no_captions(state: "StateCore") -> None:
    """Core rule: `![image.png](attachment:image.png)`, as Jupyter writes it, has no caption."""
    if notebook_of(NoteContext.of(state.env)) is None:
        return
    for token in state.tokens:
        for child in token.children or ():
            source = str(child.attrs.get("src", "")) if child.type == "image" else ""
            if source.startswith(ATTACHMENT) and text_of(child.children) == unquote(source)[11:]:
                child.children = []


def _attachments(
    notebook: Notebook, context: NoteContext
) -> Callable[[str, str, str, dict[str, Any], int, int], str | None]:
    """What shows the pictures of a cell's attachments, and those inside outputs."""

    def show(
        src: str, alt: str, title: str, extra: dict[str, Any], line: int, column: int
    ) -> str | None:
        if not src.startswith(ATTACHMENT):
            return None
        name = unquote(src[len(ATTACHMENT) :])
        found = notebook.pictures.get(name)
        if found is None and notebook.cells:
            cell = notebook.cells[_cell_at(notebook, line)]
            found = read_attachment(cell.attachments.get(name))
        if found is None:
            context.problem(
                "image-target-exists",
                f'this cell has no attachment "{name}"',
                line=line,
                column=column,
                hint="put the picture into the cell again, or name a file beside the notebook",
                severity="warning",
            )
            return f'<span class="missing-image">{escape(alt or name)}</span>'
        return picture_html(found, alt, title, extra, context, line, column)

    return show


def picture_html(
    picture: Picture,
    alt: str,
    title: str,
    extra: dict[str, Any],
    context: NoteContext,
    line: int,
    column: int,
) -> str:
    """An `<img>` for a picture inside the notebook; its address is a hole."""
    hole = context.hole(NAME, "picture", picture.name, line=line, column=column)
    attributes: dict[str, Any] = {"src": hole, "alt": alt}
    if picture.width and picture.height:
        attributes |= {"width": str(picture.width), "height": str(picture.height)}
    attributes |= {"loading": "lazy", "decoding": "async"}
    if title:
        attributes["title"] = title
    return f"<img{attribute_text(attributes | extra)}>"


# HTML ----------------------------------------------------------------------------


def _render_code(self: Any, tokens: "list[Token]", index: int, options: Any, env: Any) -> str:
    from markdown_it.token import Token

    part: Part = tokens[index].meta["part"]
    source = "\n".join(part.cell.source.rstrip().split("\n")[part.options.lines :]).strip("\n")
    fence = Token("fence", "code", 0, content=source + "\n", info=part.cell.language, markup="```")
    fence.attrs = dict(tokens[index].attrs)
    html: str = self.render([fence], options, env)
    if part.options.code != "folded":
        return html
    shown = part.options.summary or label("show_code", NoteContext.of(env).lang)
    return f'<details class="cell-code"><summary>{escape(shown)}</summary>\n{html}</details>\n'


def _render_open(self: Any, tokens: "list[Token]", index: int, options: Any, env: Any) -> str:
    part: Part = tokens[index].meta["part"]
    # What programs print is not what readers search for.
    box = '<div class="output" data-pagefind-ignore>\n'
    if part.options.output != "folded":
        return box
    shown = label("show_output", NoteContext.of(env).lang)
    return f'<details class="cell-output"><summary>{escape(shown)}</summary>\n{box}'


def _render_close(self: Any, tokens: "list[Token]", index: int, options: Any, env: Any) -> str:
    part: Part = tokens[index].meta["part"]
    return "</div>\n" + ("</details>\n" if part.options.output == "folded" else "")


def _render_piece(self: Any, tokens: "list[Token]", index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    piece: Piece | None = token.meta.get("piece")
    if piece is None:
        return ""
    context = NoteContext.of(env)
    line = token.meta["line"]
    if piece.kind == "picture" and piece.picture is not None:
        alt = piece.alt or label("output_picture", context.lang)
        picture = picture_html(piece.picture, alt, "", {}, context, line, 0)
        return f'<p class="picture">{picture}</p>\n'
    if piece.kind == "html":
        return _html(piece.html, context, line) + "\n"
    html = piece.html
    if CUT in html:
        words = label("output_cut", context.lang)
        html = _CUT.sub(lambda match: escape(words.replace("{n}", match[1])), html)
    return html + "\n"


def _html(html: str, context: NoteContext, line: int) -> str:
    """Clean HTML with holes for its addresses inside the site."""
    from markdown_it.token import Token

    token = Token("html_block", "", 0, content=html)
    finish(token, context, False, lambda _: (line, 0))
    return f'<div class="html">{token.content}</div>'
