"""Sets all formulas of a note, in order: macros, numbers, labels, references.

A core rule, run when the note is parsed: a macro holds from its definition on,
numbers count through the note, and a reference may come before its equation.
Entry point: `set_page`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it.token import Token

from notecast.features.math.engine import Formula, set_formula
from notecast.features.math.escapes import unescaped
from notecast.features.math.labels import Equation, anchor_of, link, missing
from notecast.features.math.macros import Macros
from notecast.features.math.numbering import MARK, Slot
from notecast.features.math.places import Place, note_of
from notecast.features.math.spoken import spoken
from notecast.model import HOLE
from notecast.short_texts import text_of_html

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

FAMILY = "equations"
"""What `NoteContext.fact` records of each label."""
_WORD = {"zh": "公式", "ja": "数式", "ko": "수식", "de": "Formel", "fr": "Formule"}


class _Set(NamedTuple):
    token: Token
    inline: Token | None
    formula: Formula
    numbers: dict[int, Equation]


@dataclass
class _Page:
    """What is known of a note's formulas while it is parsed."""

    macros: Macros
    count: int = 0
    equations: dict[str, Equation] = field(default_factory=dict)


def set_page(state: "StateCore", macros: Macros) -> None:
    """Gives every formula of the note its HTML in `token.meta["html"]`.

    Args:
        state: The parser's state behind the inline rules.
        macros: Those of the site.
    """
    formulas: list[_Set] = []
    references: list[tuple[list[Token], int, Token]] = []
    page = _page_of(state.env, macros)
    for token in state.tokens:
        if token.type == "fence" and token.info.split()[:1] == ["math"]:
            _from_fence(token)
        if token.type == "math_block":
            formulas.append(_set(state.env, page, token, None))
        elif token.children:
            _walk(state.env, page, token.children, token, formulas, references)
    for one in formulas:
        html = one.token.meta["html"] = _html(state.env, page, one)
        if one.token.type == "math_inline":
            one.token.meta["spoken"] = partial(spoken, html)
    for children, index, inline in reversed(references):
        children[index : index + 1] = _reference(state.env, page, children[index], inline)


def html_of(token: Token, env: Any, macros: Macros) -> str:
    """The HTML of a formula, also of one that came into the note behind `set_page`."""
    if "html" not in token.meta:
        page = _page_of(env, macros)
        token.meta["html"] = _html(env, page, _set(env, page, token, None))
    return str(token.meta["html"])


def _page_of(env: Any, macros: Macros) -> _Page:
    note = note_of(env)
    if note is None:
        return _Page(macros)
    page = note.data.setdefault("math", _Page(macros))
    assert isinstance(page, _Page)
    return page


def _from_fence(token: Token) -> None:
    token.type = "math_block"
    token.tag = "math"
    line = token.map[0] + 1 if token.map else 0
    blank = token.content[: len(token.content) - len(token.content.lstrip())]
    token.meta = {"line": line + blank.count("\n")}
    token.content = token.content.strip()


def _walk(
    env: Any,
    page: _Page,
    children: list[Token],
    inline: Token,
    formulas: list[_Set],
    references: list[tuple[list[Token], int, Token]],
) -> None:
    links = 0
    for index, child in enumerate(children):
        if child.type in ("link_open", "link_close"):
            links += child.nesting
        if child.type in ("math_inline", "math_display"):
            formulas.append(_set(env, page, child, inline))
        elif child.type == "math_ref":
            child.meta["in_link"] = links > 0
            references.append((children, index, inline))
        elif child.type == "image" and child.children:
            # The words for a picture are an attribute: only text can stand there.
            for inner in child.children:
                if inner.type in ("math_inline", "math_display"):
                    inner.type, inner.tag = "text", ""
        elif child.children:
            # The caption of a figure, which the images' rule has put beside the picture.
            _walk(env, page, child.children, inline, formulas, references)


def _set(env: Any, page: _Page, token: Token, inline: Token | None) -> _Set:
    tex = unescaped(token.content, token.markup)
    formula = set_formula(tex, token.type != "math_inline", page.macros)
    page.macros = formula.macros
    if formula.fault is not None:
        place = _place(env, token, inline, formula.fault.offset)
        place.problem(
            "formula-can-be-set",
            f"this formula cannot be set: {formula.fault.message}",
            formula.fault.hint,
        )
    for hint in formula.hints:
        place = _place(env, token, inline, hint.offset)
        place.problem("formula-is-plain-tex", hint.message, hint.hint, "warning", once=True)
    numbers: dict[int, Equation] = {}
    if formula.slots:
        numbers = {
            nth: _numbered(env, page, slot, token, inline)
            for nth, slot in enumerate(formula.slots)
            if slot.kind == "number"
        }
    return _Set(token, inline, formula, numbers)


def _place(env: Any, token: Token, inline: Token | None, offset: int) -> Place:
    if token.type == "math_block" or "source" not in token.meta:
        return Place.in_block(env, token.meta.get("line", 0), token.content, offset)
    return _in_text(env, token, inline, offset)


def _in_text(env: Any, token: Token, inline: Token | None, offset: int = 0) -> Place:
    parsed = token.meta.get("inline") or inline
    return Place.in_text(env, token.meta["source"], token.meta["offset"] + offset, parsed)


def _numbered(env: Any, page: _Page, slot: Slot, token: Token, inline: Token | None) -> Equation:
    """Counts an equation, and records its labels."""
    note = note_of(env)
    if slot.tag is None:
        page.count += 1
        number = str(page.count)
    else:
        number = _tag_html(slot.tag, page.macros)
    anchor = ""
    if slot.labels:
        wanted = anchor_of(slot.labels[0][0])
        anchor = note.anchor(wanted) if note else wanted
    equation = Equation(anchor, number, slot.bare)
    for label, offset in slot.labels:
        place = _place(env, token, inline, offset)
        if label in page.equations:
            place.problem(
                "equation-label-is-unique",
                f"another equation of this note has the label {label}",
                "give each equation a label of its own",
            )
            continue
        page.equations[label] = equation
        if note is not None:
            note.fact(FAMILY, [label, anchor, number])
    return equation


def _tag_html(tag: str, macros: Macros) -> str:
    if not any(char in tag for char in "\\$^_{}"):
        return escape(tag)
    inner = tag[1:-1] if len(tag) > 2 and tag[0] == tag[-1] == "$" else f"\\text{{{tag}}}"
    formula = set_formula(inner, False, macros)
    return formula.html or escape(tag)


def _html(env: Any, page: _Page, one: _Set) -> str:
    formula, token = one.formula, one.token
    if formula.fault is not None:
        title = escape(formula.fault.message)
        html = (
            f'<span class="math-error" title="{title}"><code>'
            f"{escape(token.content, quote=False)}</code></span>"
        )
    elif formula.slots:
        html = MARK.sub(lambda match: _slot(env, page, one, match), formula.html)
    else:
        html = formula.html
    if token.type == "math_inline" or not html:
        return html
    note = note_of(env)
    word = _WORD.get((note.lang if note else "").partition("-")[0], "Formula")
    anchors = [equation.anchor for equation in one.numbers.values() if equation.anchor]
    # The one number of a formula names all of it; of several each names its row.
    named = f' id="{anchors[0]}"' if len(anchors) == 1 and len(one.numbers) == 1 else ""
    tag = "div" if token.type == "math_block" else "span"
    given = f' id="{escape(str(token.attrs["id"]))}"' if "id" in token.attrs else ""
    # A wide formula scrolls alone, so the keyboard must be able to reach it.
    html = (
        f'<{tag} class="math-display"{named or given} tabindex="0" role="group" '
        f'aria-label="{word}">{html}</{tag}>'
    )
    if named and given:
        html = f"<{tag}{given}>{html}</{tag}>"
    return html + ("\n" if tag == "div" else "")


def _slot(env: Any, page: _Page, one: _Set, match: "Any") -> str:
    index = int(match[1])
    if index >= len(one.formula.slots):
        return str(match[0])
    slot = one.formula.slots[index]
    if slot.kind != "number":
        label, offset = slot.labels[0]
        place = _place(env, one.token, one.inline, offset)
        return _resolved(page, f"{slot.kind}-text", label, place)
    equation = one.numbers[index]
    shown = equation.number if equation.bare else f"({equation.number})"
    # No link: assistive technology takes a formula for one thing, without links inside.
    named = f' id="{equation.anchor}"' if equation.anchor and len(one.numbers) > 1 else ""
    return f'<span class="math-number"{named}>{shown}</span>'


def _resolved(page: _Page, kind: str, label: str, place: Place) -> str:
    """A reference: a link, a hole for one to another note, or its label and a problem.

    Args:
        page: What is known of the note.
        kind: `ref` or `eqref`, with `-text` for one inside a formula: its number alone.
        label: The label, behind `note#` if it is another note's.
        place: Where the reference stands.
    """
    if "#" in label and place.note is not None:
        target, _, name = label.partition("#")
        return place.note.hole(
            "math",
            kind,
            target,
            name,
            place.note.shown_path,
            line=place.line,
            column=place.column,
        )
    equation = page.equations.get(label)
    if equation is None:
        _unknown(page, label, place)
        return missing(label)
    return link(kind, f"#{equation.anchor}", equation)


def _unknown(page: _Page, label: str, place: Place) -> None:
    similar = get_close_matches(label, sorted(page.equations), n=1)
    hint = f"did you mean {similar[0]}?" if similar else "write \\label{…} in the equation"
    place.problem("equation-label-exists", f"no equation of this note has the label {label}", hint)


def _reference(env: Any, page: _Page, token: Token, inline: Token) -> Sequence[Token]:
    """Tokens of an `\\eqref` in prose: an ordinary link where the equation is in this note."""
    label, kind = token.content, token.info
    place = _in_text(env, token, inline)
    equation = page.equations.get(label)
    if equation is None or token.meta["in_link"]:
        # A link cannot hold another one: there the number stands alone.
        kind += "-text" if token.meta["in_link"] else ""
        html = token.meta["html"] = _resolved(page, kind, label, place)
        if html.startswith(HOLE):
            assert place.note is not None
            token.meta["hole"] = place.note.holes[-1]
        else:
            token.meta["text"] = text_of_html(html)
        return [token]
    shown = equation.number if equation.bare or kind == "ref" else f"({equation.number})"
    opening = Token("link_open", "a", 1, attrs={"class": "math-ref", "href": f"#{equation.anchor}"})
    inner = Token("text", "", 0, content=shown, level=token.level + 1)
    if "<" in shown or "&" in shown:
        meta = {"html": shown, "text": text_of_html(shown)}
        inner = Token("math_number", "", 0, meta=meta, level=token.level + 1)
    opening.level = token.level
    return [opening, inner, Token("link_close", "a", -1, level=token.level)]
