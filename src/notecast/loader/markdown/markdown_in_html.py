"""HTML elements that say `markdown`: what stands inside them is Markdown.

    <figure markdown>                        <div class="grid" markdown="1">
      ![A](a.png){ width=300 }               - **One**
      <figcaption>The *first*</figcaption>   </div>
    </figure>

So Python-Markdown (`md_in_html`, Material for MkDocs), kramdown (Jekyll) and PHP Markdown
Extra have it. The element begins a line; its end tag begins one, or ends the same line.
https://python-markdown.github.io/extensions/md_in_html
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.raw_html import UNTRUSTED, finish

_OPEN = re.compile(
    r"<(?P<name>[A-Za-z][A-Za-z0-9-]*+)"
    r"(?P<attributes>(?:\s++[^\s\"'<>/=]++(?:\s*+=\s*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?+)*+)"
    r"\s*+>"
)
_SAYS_SO = re.compile(r"\smarkdown(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?(?=\s|$)")
_NOT = re.compile(r"=\s*[\"']?0")
_PARTS = frozenset(("figcaption", "summary", "caption", "center", "p", "h1", "h2", "h3", "h4"))
"""Elements of one line whose text is Markdown as soon as what is around them is."""
_FENCE = re.compile(r"(`{3,}|~{3,})")
_DEPTH = "html_markdown"
IN_FIGURE = "in_figure"
"""In the meta of tokens: their picture has a figure around it already."""


def install(md: MarkdownIt) -> None:
    """Adds the rule to a parser; `raw_html` has to be there."""
    md.block.ruler.before(
        "html_block", "html_markdown", _rule, {"alt": ["paragraph", "reference", "blockquote"]}
    )


@block_starts("<")
def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    position = state.bMarks[start] + state.tShift[start]
    inside = state.env.get(_DEPTH, 0)
    line = state.src[position : state.eMarks[start]]
    if not line.startswith("<") or not (inside or "markdown" in line):
        return False
    tag = _OPEN.match(line)
    if tag is None or state.is_code_block(start) or state.md.options.get(UNTRUSTED):
        return False
    asked = _SAYS_SO.search(tag["attributes"])
    says_so = asked is not None and not _NOT.search(asked[0])
    name = tag["name"].lower()
    if not says_so and not (inside and name in _PARTS):
        return False
    rest = line[tag.end() :].rstrip()
    closing = f"</{name}>"
    whole = rest.lower().endswith(closing)
    # Text behind the tag begins the Markdown; another tag there is HTML as ever.
    goes_on = bool(rest) and not whole
    if not whole and (not says_so or (goes_on and rest.lstrip().startswith("<"))):
        return False
    last = -1 if whole else _end(state, start, end, name)
    if goes_on and last < 0:
        return False
    if silent:
        return True
    opening = f"<{tag['name']}{_SAYS_SO.sub('', tag['attributes'])}>"
    _raw(state, opening, start)
    if whole:
        _text(state, rest[: -len(closing)], start)
        _raw(state, f"{closing}\n", start)
        state.line = start + 1
        return True
    state.tokens[-1].content += "\n"
    if last < 0:
        # Its end stands within a line, or nowhere: what follows is Markdown all the same.
        state.line = start + 1
        return True
    before = len(state.tokens)
    first = start + 1
    if goes_on:
        first = start
        state.bMarks[start] = position + tag.end()
        state.tShift[start] = len(line) - tag.end() - len(line[tag.end() :].lstrip())
        state.sCount[start] = state.blkIndent
    _inside(state, first, last, inside)
    if name == "figure":
        for token in state.tokens[before:]:
            token.meta[IN_FIGURE] = True
    at = state.bMarks[last] + state.tShift[last]
    _raw(state, state.src[at : state.eMarks[last]] + "\n", last)
    state.line = last + 1
    return True


def _inside(state: StateBlock, first: int, last: int, depth: int) -> None:
    """Reads the lines as Markdown, whatever they are indented by together."""
    indents = [state.sCount[line] for line in range(first, last) if not state.isEmpty(line)]
    saved = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent = max(saved[0], min(indents, default=0))
    state.lineMax, state.parentType = last, "container"
    state.env[_DEPTH] = depth + 1
    state.level += 1
    state.md.block.tokenize(state, first, last)
    state.level -= 1
    state.env[_DEPTH] = depth
    state.blkIndent, state.lineMax, state.parentType = saved


def _end(state: StateBlock, start: int, end: int, name: str) -> int:
    """The line that the end tag begins; -1 if none does."""
    tags = re.compile(rf"<(/?){name}\b", re.IGNORECASE)
    depth, fence = 1, ""
    for line in range(start + 1, end):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < state.blkIndent:
            return -1
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        marker = _FENCE.match(text)
        if fence:
            if marker and marker[1].startswith(fence) and not text.strip(fence[0] + " \t"):
                fence = ""
        elif marker:
            fence = marker[1]
        else:
            for tag in tags.finditer(text):
                depth += -1 if tag[1] else 1
            if depth <= 0 and tags.match(text):
                return line
    return -1


def _raw(state: StateBlock, content: str, line: int) -> None:
    token = state.push("html_block", "", 0)
    token.map = [line, line + 1]
    token.content = content
    context = NoteContext.of(state.env)
    finish(token, context, False, lambda _: (context.line_of(line), 0))


def _text(state: StateBlock, content: str, line: int) -> None:
    token: Token = state.push("inline", "", 0)
    token.content = content.strip()
    token.map = [line, line + 1]
    token.children = []
