"""References in a text: `@thm:x`, `@note#thm:x`, `@{note name#thm:x}`, `[@fig:a; @fig:b]`.

`[-@thm:x]` shows the number alone. Entry point: `add_reference_rules`; the
page rule (`page.py`) resolves what is found.
"""

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.places import place_at

_BEFORE = re.compile(r"[A-Za-z0-9_.+-]")
"""Behind one of these an `@` belongs to an address of mail."""


def add_reference_rules(md: MarkdownIt, prefixes: Iterable[str]) -> None:
    """Adds the inline rules to a parser.

    Args:
        md: The parser.
        prefixes: What a label may start with, before the colon.
    """
    one, group = _patterns(prefixes)

    @starts("@")
    def reference(state: StateInline, silent: bool) -> bool:
        match = one.match(state.src, state.pos, state.posMax)
        if match is None or (state.pos and _BEFORE.match(state.src[state.pos - 1])):
            return False
        if not silent:
            _push(state, match, state.pos, bare=False)
        state.pos = match.end()
        return True

    @starts("[")
    def references(state: StateInline, silent: bool) -> bool:
        if state.src.find("@", state.pos, state.pos + 8) < 0:
            return False
        match = group.match(state.src, state.pos, state.posMax)
        if match is None or state.src[match.end() : match.end() + 1] == "(":
            return False
        if not silent:
            end = state.pos
            for found in one.finditer(state.src, state.pos, match.end()):
                if end != state.pos:
                    state.push("text", "", 0).content = ", "
                bare = state.src[found.start() - 1] == "-"
                _push(state, found, found.start(), bare=bare)
                end = found.end()
        state.pos = match.end()
        return True

    md.inline.ruler.before("link", "label_group", references)
    md.inline.ruler.before("newline", "label_reference", reference)


def _patterns(prefixes: Iterable[str]) -> tuple["re.Pattern[str]", "re.Pattern[str]"]:
    """One reference, and several in brackets."""
    # Chinese has no space behind a reference, so a label written bare is ASCII.
    prefix = f"(?:{'|'.join(sorted(map(re.escape, prefixes)))})"
    label = rf"{prefix}:[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?"
    any_label = rf"{prefix}:[^\s\]}}{{;@#]+"
    key = (
        rf"@(?:\{{(?:(?P<name1>[^}}{{@#\n]+)#)?(?P<label1>{any_label})\}}"
        rf"|(?:(?P<name2>[\w./-]+)#)?(?P<label2>{label}))"
    )
    plain = re.sub(r"\?P<\w+>", "?:", key)
    return re.compile(key), re.compile(rf"\[\s*-?{plain}(?:\s*;\s*-?{plain})*\s*\]")


def _push(state: StateInline, match: "re.Match[str]", position: int, *, bare: bool) -> None:
    name = (match["name1"] or match["name2"] or "").strip()
    label = match["label1"] or match["label2"]
    token = state.push("label_reference", "", 0)
    token.content = label
    token.meta = {"label": label, "name": name, "bare": bare, "place": place_at(state, position)}
    if name:
        # For backlinks.
        token.meta["link"] = (name, label, "name")
