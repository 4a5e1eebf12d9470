"""Sets of tabs that VuePress, VitePress and docsify write without a container for each tab.

    ::: tabs            ::: code-group         ::::: code-tabs      <!-- tabs:start -->
    @tab One            ```js [a.js]           @tab a.js            #### **One**
    Text                …                      …                    Text
    :::                 ```  :::               :::::                <!-- tabs:end -->

Entry point: `split_tabs`, a core rule behind the blocks. https://vitepress.dev/guide/markdown
"""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.loader.markdown.containers import title_tokens

_TAB = re.compile(r"@tab(?::active)?(?:[ \t]+([^\n]*))?(?:\n|\Z)")
_LABEL = re.compile(r"\[([^\[\]]+)\]|\btitle=\"([^\"]+)\"")
_BOLD = re.compile(r"\*\*(.*)\*\*\Z", re.DOTALL)


def split_tabs(state: StateCore) -> None:
    """Core rule: gives the parts of such a set a title each."""
    if not any(token.type == "tabs_open" for token in state.tokens):
        return
    out: list[Token] = []
    index = 0
    while index < len(state.tokens):
        token = state.tokens[index]
        if token.type != "tabs_open":
            out.append(token)
            index += 1
            continue
        last = _closing(state.tokens, index)
        inner = state.tokens[index + 1 : last]
        parts = [] if any(one.type == "tab_open" for one in inner) else _parts(inner)
        out.append(token)
        if parts:
            for title, line, tokens in parts:
                out += _tab(title, line, token.level + 1, tokens)
            index = last
        else:
            index += 1
    state.tokens = out


def _closing(tokens: list[Token], index: int) -> int:
    depth = 0
    for nth in range(index, len(tokens)):
        depth += (tokens[nth].type == "tabs_open") - (tokens[nth].type == "tabs_close")
        if not depth:
            return nth
    return len(tokens)


def _parts(tokens: list[Token]) -> list[tuple[str, int, list[Token]]]:
    """Title, line and tokens of each tab; empty if this is no set of that kind."""
    parts: list[tuple[str, int, list[Token]]] = []
    heading = _first_heading(tokens)
    by_code = bool(tokens) and tokens[0].type == "fence"
    nth = 0
    while nth < len(tokens):
        token = tokens[nth]
        line = token.map[0] if token.map else 0
        marked = _TAB.match(tokens[nth + 1].content) if token.type == "paragraph_open" else None
        if marked:
            parts.append(((marked[1] or "").strip(), line, []))
            rest = tokens[nth + 1]
            if rest.content[marked.end() :]:
                rest.content = rest.content[marked.end() :]
                rest.map = [line + 1, rest.map[1] if rest.map else line + 2]
                parts[-1][2].extend(tokens[nth : nth + 3])
            nth += 3
        elif heading and token.type == "heading_open" and token.tag == heading:
            content = tokens[nth + 1].content.strip()
            bold = _BOLD.match(content)
            parts.append((bold[1] if bold else content, line, []))
            nth += 3
        elif by_code and token.type == "fence":
            label = _LABEL.search(token.info)
            named = (label[1] or label[2]) if label else token.info.partition(" ")[0]
            parts.append((named, line, [token]))
            nth += 1
        elif not parts:
            return []
        else:
            parts[-1][2].append(token)
            nth += 1
    return parts


def _first_heading(tokens: list[Token]) -> str:
    return tokens[0].tag if tokens and tokens[0].type == "heading_open" else ""


def _tab(title: str, line: int, level: int, tokens: list[Token]) -> list[Token]:
    opening = Token("tab_open", "details", 1, attrs={"class": "tab"}, block=True, level=level)
    opening.map = [line, line + 1]
    summary = title_tokens("summary", "summary", "", title or "…", line, level + 1)
    summary[0].attrs = {}
    return [
        opening,
        *summary,
        *tokens,
        Token("tab_close", "details", -1, block=True, level=level),
    ]
