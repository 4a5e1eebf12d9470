"""A formula stays on the line of the punctuation at it: `（$x$）` and `$x$，` never part.

Browsers lay a formula out as one box, and a line may end on both sides of such
a box whatever stands there: "CB" of UAX #14, which browsers apply before its
rules for punctuation. Text that is glued to the formula (`$n$-gram`, `$k$th`)
would part from it too. So the formula and what belongs to it are wrapped into
`<span class="nb">`, which the stylesheet does not break.

Entry point: `unbroken`, a core rule.
"""

import re
from collections.abc import Callable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_OPENING = re.compile(r"""[(\[{"'‘“（［｛〔〈《「『【〖〘〚]+\Z""")
_CLOSING = re.compile(
    # A word goes on behind the formula; behind a hyphen a line may end.
    r"""['’]?[A-Za-z0-9]{1,12}(?![A-Za-z0-9])[,.;:!?)]*|-"""
    r"""|[)\]}"'’”）］｝〕〉》」』】〗〙〛、。，．,.;:!?：；！？…％%]+"""
)


def unbroken(state: StateCore) -> None:
    """Core rule: wraps inline formulas together with the punctuation at them."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            kinds = [child.type for child in token.children]
            if "math_inline" in kinds and "text" in kinds:
                token.children = _wrapped(token.children)


def _wrapped(children: list[Token]) -> list[Token]:
    found: list[Token] = []
    rest = list(reversed(children))
    while rest:
        token = rest.pop()
        if token.type != "math_inline":
            found.append(token)
            continue
        before = _cut(found, _OPENING.search) if found else ""
        after = _cut(rest, _CLOSING.match) if rest else ""
        if not before and not after:
            found.append(token)
            continue
        level = token.level
        found.append(Token("nb_open", "span", 1, attrs={"class": "nb"}, level=level))
        found += _text(before, level)
        found.append(token)
        found += _text(after, level)
        found.append(Token("nb_close", "span", -1, level=level))
    return found


def _cut(tokens: list[Token], find: Callable[[str], re.Match[str] | None]) -> str:
    """Takes what `find` finds out of the text token at the end of `tokens`."""
    token = tokens[-1]
    match = find(token.content) if token.type == "text" else None
    if match is None:
        return ""
    left = token.content[: match.start()] + token.content[match.end() :]
    tokens.pop()
    if left:
        tokens.append(token.copy(content=left))
    return match[0]


def _text(content: str, level: int) -> list[Token]:
    return [Token("text", "", 0, content=content, level=level)] if content else []
