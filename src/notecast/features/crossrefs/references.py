"""References in a text: `@thm:x`, `@note#thm:x`, `@{note name#thm:x}`, `[@fig:a; @fig:b]`.

`[-@thm:x]` shows the number alone. Entry point: `add_reference_rules`; the
page rule (`page.py`) resolves what is found.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from notecast.features.crossrefs.kinds import PREFIXES
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.places import place_at

# Chinese has no space behind a reference, so a label written bare is ASCII.
_PREFIX = f"(?:{'|'.join(sorted(PREFIXES))})"
_LABEL = rf"{_PREFIX}:[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?"
_ANY_LABEL = rf"{_PREFIX}:[^\s\]}}{{;@#]+"
_KEY = (
    rf"@(?:\{{(?:(?P<name1>[^}}{{@#\n]+)#)?(?P<label1>{_ANY_LABEL})\}}"
    rf"|(?:(?P<name2>[\w./-]+)#)?(?P<label2>{_LABEL}))"
)
_ONE = re.compile(_KEY)
_PLAIN_KEY = re.sub(r"\?P<\w+>", "?:", _KEY)
_GROUP = re.compile(rf"\[\s*-?{_PLAIN_KEY}(?:\s*;\s*-?{_PLAIN_KEY})*\s*\]")
_BEFORE = re.compile(r"[A-Za-z0-9_.+-]")
"""Behind one of these an `@` belongs to an address of mail."""


def add_reference_rules(md: MarkdownIt) -> None:
    """Adds the inline rules to a parser."""
    md.inline.ruler.before("link", "label_group", _group)
    md.inline.ruler.before("newline", "label_reference", _reference)


@starts("@")
def _reference(state: StateInline, silent: bool) -> bool:
    match = _ONE.match(state.src, state.pos, state.posMax)
    if match is None or (state.pos and _BEFORE.match(state.src[state.pos - 1])):
        return False
    if not silent:
        _push(state, match, state.pos, bare=False)
    state.pos = match.end()
    return True


@starts("[")
def _group(state: StateInline, silent: bool) -> bool:
    if state.src.find("@", state.pos, state.pos + 8) < 0:
        return False
    match = _GROUP.match(state.src, state.pos, state.posMax)
    if match is None or state.src[match.end() : match.end() + 1] == "(":
        return False
    if not silent:
        end = state.pos
        for found in _ONE.finditer(state.src, state.pos, match.end()):
            if end != state.pos:
                state.push("text", "", 0).content = ", "
            bare = state.src[found.start() - 1] == "-"
            _push(state, found, found.start(), bare=bare)
            end = found.end()
    state.pos = match.end()
    return True


def _push(state: StateInline, match: "re.Match[str]", position: int, *, bare: bool) -> None:
    name = (match["name1"] or match["name2"] or "").strip()
    label = match["label1"] or match["label2"]
    token = state.push("label_reference", "", 0)
    token.content = label
    token.meta = {"label": label, "name": name, "bare": bare, "place": place_at(state, position)}
    if name:
        # For backlinks.
        token.meta["link"] = (name, label, "name")
