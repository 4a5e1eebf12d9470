"""Callouts: GitHub alerts, Obsidian callouts and MkDocs admonitions.

    > [!warning] Own title, with $x$        !!! tip "Own title"
    > Text                                      Text

    :::warning Own title                  ::: {.callout-tip}
    Text                                  ## Own title
    :::                                   Text
                                          :::

`[!note]-` and `??? note` are folded, `[!note]+` and `???+ note` can be folded.
A kind that nobody knows makes a plain callout with its own name as the title.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from notecast.feature import Feature, NoteContext
from notecast.short_texts import UNSAID

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

    from notecast.loader.markdown.containers import Container


@dataclass(frozen=True)
class Kind:
    """A group of callouts that look alike."""

    emoji: str
    english: str
    chinese: str


GROUPS = {
    "note": Kind("📝", "Note", "说明"),
    "abstract": Kind("📋", "Abstract", "摘要"),
    "info": Kind("ℹ️", "Info", "信息"),
    "todo": Kind("☑️", "To do", "待办"),
    "tip": Kind("💡", "Tip", "提示"),
    "important": Kind("❗", "Important", "重要"),
    "success": Kind("✅", "Success", "完成"),
    "question": Kind("❓", "Question", "问题"),
    "warning": Kind("⚠️", "Warning", "注意"),
    "failure": Kind("❌", "Failure", "失败"),
    "danger": Kind("🚨", "Danger", "危险"),
    "bug": Kind("🐛", "Bug", "缺陷"),
    "example": Kind("🔎", "Example", "示例"),
    "quote": Kind("💬", "Quote", "引用"),
    "plain": Kind("📌", "", ""),
}
"""Groups by the name that stands in `class="callout callout-…"`."""

# Kind as written → group and default title; empty titles are those of the group.
_ALIASES = {
    "summary": ("abstract", "Summary", "小结"),
    "tldr": ("abstract", "TL;DR", "太长不看"),
    "hint": ("tip", "Hint", "提示"),
    "check": ("success", "", ""),
    "done": ("success", "Done", ""),
    "help": ("question", "Help", "求助"),
    "faq": ("question", "FAQ", "常见问题"),
    "caution": ("danger", "Caution", "小心"),
    "attention": ("warning", "Attention", ""),
    "fail": ("failure", "", ""),
    "missing": ("failure", "Missing", "缺失"),
    "error": ("danger", "Error", "错误"),
    "cite": ("quote", "Cite", ""),
    "笔记": ("note", "笔记", "笔记"),
    "说明": ("note", "说明", "说明"),
    "摘要": ("abstract", "摘要", "摘要"),
    "总结": ("abstract", "总结", "总结"),
    "信息": ("info", "信息", "信息"),
    "提示": ("tip", "提示", "提示"),
    "重要": ("important", "重要", "重要"),
    "问题": ("question", "问题", "问题"),
    "注意": ("warning", "注意", "注意"),
    "警告": ("warning", "警告", "警告"),
    "危险": ("danger", "危险", "危险"),
    "示例": ("example", "示例", "示例"),
    "例子": ("example", "例子", "例子"),
    "引用": ("quote", "引用", "引用"),
}

_MARKER = re.compile(
    r"\[!([^\]\[\n|]{1,60})(?:\|[^\]\n]{0,60})?\]([+-]?)(?:[ \t]+([^\n]*))?(?:\n|$)"
)
_ADMONITION = re.compile(
    r"(!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w -]+?)?(?:[ \t]+\"([^\n]*)\")?[ \t]*$"
)
QUARTO = "callout-"
"""Before the name of a kind in Quarto, where the first heading inside is the title."""
_STARTS_WITH_PICTURE = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")


class Callouts(Feature):
    """Boxes with a title that stand out from the text."""

    name = "callouts"

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.loader.markdown.containers import handle

        handle(md, (*GROUPS, *_ALIASES), _from_container)
        handle(md, [QUARTO + name for name in GROUPS], _from_container)
        md.core.ruler.after("block", "callout_titles", _titles)
        md.core.ruler.after("block", "callouts", _from_quotes)
        md.block.ruler.before(
            "fence",
            "admonition",
            _admonition,
            {"alt": ["paragraph", "reference", "blockquote", "list"]},
        )
        md.add_render_rule("callout_icon", _render_icon)


def group_of(kind: str) -> str:
    """The group that a kind of callout belongs to: `hint` → `tip`, unknown ones → `plain`."""
    plain = kind.strip().lower()
    if plain in GROUPS:
        return plain
    return _ALIASES[plain][0] if plain in _ALIASES else "plain"


def default_title(kind: str, lang: str) -> str:
    """The title of a callout that has none of its own, in the language of the note."""
    plain = kind.strip().lower()
    group = GROUPS[group_of(kind)]
    _, english, chinese = _ALIASES.get(plain, ("", "", ""))
    in_chinese = lang.lower().startswith("zh")
    title = (chinese or group.chinese) if in_chinese else (english or group.english)
    written = kind.strip()
    return title or written[:1].upper() + written[1:]


def _from_quotes(state: "StateCore") -> None:
    """Core rule: a quote whose first line is `[!kind]` is a callout."""
    if not any(token.type == "blockquote_open" for token in state.tokens):
        return
    out: list[Token] = []
    # For each open quote: the tokens that close it if it is a callout.
    closing: list[list[Token]] = []
    tokens = state.tokens
    skip = 0
    for index, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if token.type == "blockquote_open":
            match = _marker(tokens, index)
            if match is None:
                closing.append([])
                out.append(token)
                continue
            inline = tokens[index + 2]
            kind, fold, title = match[1], match[2], (match[3] or "").strip()
            line = inline.map[0] if inline.map else 0
            opening, ending = _frame(state, kind, fold, title, line, token)
            out.extend(opening)
            closing.append(ending)
            rest = inline.content[match.end() :]
            if rest.strip():
                inline.content = rest
                if inline.map:
                    inline.map = [inline.map[0] + 1, inline.map[1]]
            else:
                skip = 3
        elif token.type == "blockquote_close":
            out.extend(closing.pop() or [token])
        else:
            out.append(token)
    state.tokens = out


def _from_container(
    state: "StateBlock", container: "Container"
) -> "tuple[list[Token], list[Token]]":
    """`:::note Title` … `:::`, and `::: {.callout-note collapse="true"}` as Quarto has it."""
    kind = container.name.removeprefix(QUARTO)
    fold = {"true": "-", "false": "+"}.get(container.attributes.get("collapse", ""), "")
    opening, closing = _frame(state, kind, fold, container.title, container.line, None)
    if "id" in container.attributes:
        opening[0].attrs["id"] = container.attributes["id"]
    if kind != container.name and not container.title:
        opening[0].meta["titled"] = False
    return opening, closing


def _titles(state: "StateCore") -> None:
    """Core rule: the heading that a callout of Quarto begins with is its title."""
    out: list[Token] = []
    skip = 0
    for index, token in enumerate(state.tokens):
        if skip:
            skip -= 1
            continue
        if token.type == "callout_open" and token.meta.get("titled") is False:
            title, body = state.tokens[index + 3], index + 6
            inside = state.tokens[body] if body < len(state.tokens) else token
            if inside.type == "heading_open":
                heading = state.tokens[body + 1]
                title.content, title.map = heading.content, heading.map
                title.meta.pop(UNSAID, None)
                out.extend(state.tokens[index:body])
                skip = body - index + 2
                continue
        out.append(token)
    state.tokens = out


def _marker(tokens: "list[Token]", index: int) -> "re.Match[str] | None":
    if index + 2 >= len(tokens) or tokens[index + 1].type != "paragraph_open":
        return None
    content = tokens[index + 2].content
    return _MARKER.match(content) if content.startswith("[!") else None


def _frame(
    state: "StateBlock | StateCore",
    kind: str,
    fold: str,
    title: str,
    line: int,
    like: "Token | None",
) -> "tuple[list[Token], list[Token]]":
    """The tokens that open and close a callout.

    Args:
        fold: `-` folded, `+` unfolded but foldable, else neither.
        line: 0-based line of the title in the text.
        like: The token that the callout takes the place of.
    """
    from markdown_it.token import Token

    context = NoteContext.of(state.env)
    group = group_of(kind)
    box, head = ("details", "summary") if fold else ("div", "p")
    level = like.level if like else 0
    span = [line, line + 1]

    def token(kind: str, tag: str, nesting: Any, **more: Any) -> Token:
        return Token(kind, tag, nesting, block=True, level=level, **more)

    opening = token("callout_open", box, 1, map=like.map if like else span)
    given = {"id": like.attrs["id"]} if like and "id" in like.attrs else {}
    opening.attrs = {
        "class": f"callout callout-{group}",
        **given,
        "data-callout": kind.strip().lower(),
    }
    if fold == "+":
        opening.attrs["open"] = ""
    elif not fold:
        opening.attrs["role"] = "note"
    shown = title or default_title(kind, context.lang)
    emoji = GROUPS[group].emoji
    if _STARTS_WITH_PICTURE.match(shown):
        emoji = ""
    else:
        opening.meta["excerpt"] = emoji
    icon = token("callout_icon", "span", 0, content=emoji)
    head_open = token("callout_title_open", head, 1, attrs={"class": "callout-title"}, map=span)
    head_open.block = False
    inline = Token("inline", "", 0, content=shown, children=[], map=span, level=level + 1)
    if not title:
        inline.meta[UNSAID] = True
    head_close = token("callout_title_close", head, -1)
    body_open = token("callout_body_open", "div", 1, attrs={"class": "callout-body"})
    body_close = token("callout_body_close", "div", -1)
    return (
        [opening, head_open, icon, inline, head_close, body_open],
        [body_close, token("callout_close", box, -1)],
    )


def _admonition(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Block rule: `!!! note "Title"` with a body that is indented by four."""
    position = state.bMarks[start] + state.tShift[start]
    if state.src[position : position + 3] not in ("!!!", "???") or state.is_code_block(start):
        return False
    match = _ADMONITION.match(state.src[position : state.eMarks[start]])
    if match is None:
        return False
    if silent:
        return True
    indent = state.sCount[start] + 4
    after = last = start + 1
    while after < end and (state.isEmpty(after) or state.sCount[after] >= indent):
        after += 1
        if not state.isEmpty(after - 1):
            last = after
    fold = {"!!!": "", "???": "-", "???+": "+"}[match[1]]
    opening, ending = _frame(state, match[2], fold, match[3] or "", start, None)
    opening[0].map = [start, last]
    state.tokens.extend(opening)
    saved = state.blkIndent, state.parentType, state.lineMax
    state.blkIndent, state.parentType, state.lineMax = indent, "callout", last
    state.level += 2
    state.md.block.tokenize(state, start + 1, last)
    state.level -= 2
    state.blkIndent, state.parentType, state.lineMax = saved
    state.tokens.extend(ending)
    state.line = last
    return True


_admonition.starts = "!?"  # type: ignore[attr-defined]


def _render_icon(self: Any, tokens: "list[Token]", index: int, options: Any, env: Any) -> str:
    emoji = tokens[index].content
    return f'<span class="callout-icon" aria-hidden="true">{escape(emoji)}</span> ' if emoji else ""


FEATURE = Callouts()
