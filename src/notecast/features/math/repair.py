"""What authors write although TeX or an engine refuses it, where the meaning is plain.

Each repair leaves a `Fault` for the author, unless the source is good TeX that
only our engines do not take (`split`, `\\substack`, mathematics inside `\\text`).
Entry point: `repair`.
"""

import re
from collections.abc import Sequence

from notecast.features.math.chemistry import chemical
from notecast.features.math.fault import Fault
from notecast.features.math.tokens import (
    HAN,
    Tex,
    argument,
    environment,
    group_end,
    made,
    option,
    plain,
    skip_blank,
)

STRUT = "龦+{}龧"
"""Stands in a `\\text` for extra room below a table row, which no engine has; see `markup`."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2063-\u206f\ufe0e\ufe0f\ufeff]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_WIDE = dict(
    zip(
        "（）＝＋－＜＞，：；！［］／＊？．｜～＿＾＆＃％＄｛｝",
        ["(", ")", "=", "+", "-", "<", ">", ",", ":", ";", "!", "[", "]", "/", "*", "?", "."]
        + ["|", r"\sim ", "_", "^", "&", r"\#", r"\%", r"\$", r"\{", r"\}"],
        strict=True,
    )
)
_DASHES = {"–": "-", "—": "-", "−": "-", "‐": "-", "’": "'", "‘": "'", "，": ","}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " "}
_HAN_RUN = re.compile(f"[{HAN}]+\\Z")

TEXT = frozenset(
    r"\text \textrm \textbf \textit \textsf \texttt \textnormal \textup \mbox \hbox \emph"
    r" \textmd \textsl \textsc".split()
)
_LITERAL = frozenset(
    r"\operatorname \mathrm \mathbf \mathit \mathsf \mathtt \mathcal \mathbb \mathfrak"
    r" \mathscr \label \ref \eqref \color \textcolor \begin \end \hspace \ce \href \url".split()
)
_RENAMED = {
    r"\mbox": r"\text",
    r"\hbox": r"\text",
    r"\textnormal": r"\textrm",
    r"\textup": r"\textrm",
    r"\textmd": r"\textrm",
    r"\textsl": r"\textit",
    r"\textsc": r"\textrm",
    r"\emph": r"\textit",
    r"\mathbbm": r"\mathbb",
    r"\mathds": r"\mathbb",
    r"\bold": r"\mathbf",
    r"\pmb": r"\boldsymbol",
    r"\idotsint": r"\int\cdots\int",
    r"\bracevert": r"\vert",
    r"\ind": r"\perp\!\!\!\perp",
    r"\nind": r"\not\!\perp\!\!\!\perp",
    r"\independent": r"\perp\!\!\!\perp",
    r"\lt": "<",
    r"\gt": ">",
    r"\LaTeX": r"\text{LaTeX}",
    r"\TeX": r"\text{TeX}",
    r"\centerdot": r"\cdot",
    r"\argmax": r"\operatorname*{arg\,max}",
    r"\argmin": r"\operatorname*{arg\,min}",
    r"\softmax": r"\operatorname{softmax}",
    r"\degree": r"^\circ",
    r"\~": r"\sim ",
}
_SIZED = frozenset(
    r"\left \right \middle \big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr"
    r" \Biggr \bigm \Bigm \biggm \Biggm".split()
)
_ANGLES = {"<": r"\langle ", ">": r"\rangle "}
_NOT_LATEX = frozenset((r"\ind", r"\nind", r"\independent", r"\softmax", r"\argmax", r"\argmin"))
_DROPPED = frozenset(
    r"\displaylimits \noindent \centering \par \hfill \hfil \allowdisplaybreaks \nonumber"
    r" \notag \mathstrut \strut \unskip \ignorespaces".split()
)
_MATH_IN_MATH = {r"\[": r"\]", r"\(": r"\)"}
_ENVIRONMENTS = {
    "split": "aligned",
    "alignedat": "aligned",
    "align": "aligned",
    "align*": "aligned",
    "alignat": "aligned",
    "alignat*": "aligned",
    "flalign": "aligned",
    "flalign*": "aligned",
    "eqnarray": "aligned",
    "eqnarray*": "aligned",
    "gather": "gathered",
    "gather*": "gathered",
    "multline": "gathered",
    "multline*": "gathered",
    "equation": "gathered",
    "equation*": "gathered",
    "displaymath": "gathered",
    "math": "gathered",
}
_COLUMN_COUNT = frozenset(("alignedat", "alignat", "alignat*"))
_POSITIONED = frozenset(("aligned", "gathered", "split", "alignedat"))
_LENGTH = re.compile(r"\s*(-?\d*\.?\d+)\s*(em|ex|pt|mm|cm|in|px|mu|pc|bp)\s*\Z")
_EM = {"em": 1.0, "ex": 0.43, "pt": 0.1, "mm": 0.285, "cm": 2.85, "in": 7.2, "px": 0.075}
_EM |= {"mu": 1 / 18, "pc": 1.2, "bp": 0.1}


def repair(tokens: Sequence[Tex], display: bool) -> tuple[list[Tex], list[Fault]]:
    """Rewrites a formula, macros already expanded, into what engines take.

    Returns:
        The new tokens, and what the author should know.
    """
    return _Repair(tokens, display).run()


class _Repair:
    """One pass from left to right; `groups` are the braces that are open."""

    def __init__(self, tokens: Sequence[Tex], display: bool) -> None:
        self.tokens = tokens
        self.display = display
        self.out: list[Tex] = []
        self.faults: dict[str, Fault] = {}
        self.groups: list[str] = []
        self.environments: list[str] = []
        self.columns: list[int] = []
        self.loose = -1
        """Where the first `&` or line break outside any environment stands in `out`."""

    def run(self) -> tuple[list[Tex], list[Fault]]:
        index = 0
        while index < len(self.tokens):
            index = self._step(index)
        if self.loose >= 0:
            self._align()
        return self.out, sorted(self.faults.values(), key=lambda fault: fault.offset)

    def _say(self, start: int, message: str, hint: str = "") -> None:
        # Once for each formula: twenty no-break spaces are one slip of the keyboard.
        self.faults.setdefault(message, Fault(start, message, hint))

    def _put(self, text: str, start: int) -> None:
        self.out.extend(made(text, start))

    def _step(self, index: int) -> int:
        """Handles the token at `index`; the index of the next one to handle."""
        token = self.tokens[index]
        text, start = token
        in_text = "text" in self.groups
        if text == "{":
            self.groups.append("plain")
        elif text == "}":
            if self.groups:
                self.groups.pop()
        elif text[0] == "\\" and len(text) > 1:
            return self._in_text(index) if in_text else self._command(index)
        elif text[0] == "%" and len(text) > 1:
            return index + 1
        elif text in _ENTITIES and "\\&" != text:
            if text == "&nbsp;" or text == "&quot;" or not in_text:
                self._say(start, f"{text} is HTML, not TeX", f"write {_ENTITIES[text]}")
            self._put("\\&" if in_text and text == "&amp;" else _ENTITIES[text], start)
            if text == "&amp;" and not in_text and not self.environments:
                self.loose = len(self.out) - 1 if self.loose < 0 else self.loose
            return index + 1
        elif not text.isascii() or not (text.isprintable() or text.isspace()):
            return self._character(index)
        elif in_text:
            return self._in_text(index)
        elif text == "&":
            return self._column(index)
        self.out.append(token)
        return index + 1

    def _character(self, index: int) -> int:
        text, start = self.tokens[index]
        in_text = "text" in self.groups
        if _INVISIBLE.match(text):
            self._say(start, "an invisible character stands in the formula", "delete it")
        elif _CONTROL.match(text):
            self._say(
                start,
                f"a control character (U+{ord(text[0]):04X}) stands in the formula",
                "a script may have eaten a backslash: \\b, \\f, \\t …",
            )
        elif text.isspace():
            if _BLANKS.search(text):
                self._say(start, "a no-break or wide space stands in the formula", "use a space")
            self._put(" ", start)
        elif in_text or "literal" in self.groups:
            self.out.append(Tex(text, start))
        elif text in _WIDE:
            self._say(
                start, f"full-width {text} stands in the formula", f"write {_WIDE[text].strip()}"
            )
            if text == "＆":
                return self._column(index)
            self._put(_WIDE[text], start)
        elif text in _DASHES:
            self._put(_DASHES[text], start)
        elif _HAN_RUN.match(text) or text in "。“”…《》":
            self._put("\\dots " if text == "…" else f"\\text{{{text}}}", start)
        else:
            self.out.append(Tex(text, start))
        return index + 1

    def _in_text(self, index: int) -> int:
        """Inside `\\text{…}`: prose, in which authors forget to escape."""
        text, start = self.tokens[index]
        if text in ("_", "&", "#", "^"):
            self._say(start, f"{text} must be escaped inside \\text", f"write \\{text}")
            self._put("ˆ" if text == "^" else f"\\{text}", start)
        elif text in ("\\\\", "\\newline"):
            self._put(" ", start)
        elif text in ("\\textbackslash", "\\backslash"):
            self._put("\\textbackslash ", start)
        elif text == "$":
            return self._math_in_text(index)
        else:
            self.out.append(Tex(_RENAMED.get(text, text) if text in TEXT else text, start))
            if text in TEXT and self._next_is_brace(index):
                self.groups.append("text")
                self.out.append(self.tokens[index + 1])
                return index + 2
        return index + 1

    def _math_in_text(self, index: int) -> int:
        """`\\text{a $x$ b}` becomes `\\text{a }x\\text{ b}`: no engine sets the first."""
        start = self.tokens[index].start
        end = index + 1
        while end < len(self.tokens) and self.tokens[end].text not in ("$", "}"):
            end += 1
            if self.tokens[end - 1].text == "{":
                end = group_end(self.tokens, end - 1)
                if end < 0:
                    break
        if end < 0 or end >= len(self.tokens) or self.tokens[end].text != "$":
            self._say(start, "$ must be escaped inside \\text", "write \\$")
            self._put("\\$", start)
            return index + 1
        inner, faults = repair(self.tokens[index + 1 : end], self.display)
        for fault in faults:
            self.faults.setdefault(fault.message, fault)
        self._put("}{", start)
        self.out.extend(inner)
        self._put("}\\text{", start)
        return end + 1

    def _next_is_brace(self, index: int) -> bool:
        return index + 1 < len(self.tokens) and self.tokens[index + 1].text == "{"

    def _command(self, index: int) -> int:
        text, start = self.tokens[index]
        after = skip_blank(self.tokens, index + 1)
        opens = after < len(self.tokens) and self.tokens[after].text == "{"
        if text in ("\\begin", "\\end"):
            return self._environment(index)
        if text in ("\\\\", "\\newline", "\\cr"):
            return self._line_break(index)
        if text in TEXT and opens:
            # The extra braces keep \text{a $x$ b} one argument of a superscript.
            end = group_end(self.tokens, after)
            if end > 0 and any(token.text == "$" for token in self.tokens[after:end]):
                return self._split_text(index, after, end)
            self._put(_RENAMED.get(text, text), start)
            self.out.append(self.tokens[after])
            self.groups.append("text")
            return after + 1
        if text in _LITERAL and opens and text not in ("\\ce", "\\href", "\\url"):
            self.out.extend(self.tokens[index : after + 1])
            self.groups.append("literal")
            return after + 1
        if text in _MATH_IN_MATH or text in _MATH_IN_MATH.values():
            self._say(start, f"{text} stands inside a formula", "delete it: this is mathematics already")
            return index + 1
        if text in _DROPPED:
            return index + 1
        if text == "\\*":
            self._say(start, "\\* stands in the formula", "write *: Markdown keeps out of formulas")
            self._put("*", start)
            return index + 1
        if text in _RENAMED:
            if text in _NOT_LATEX:
                self._say(
                    start,
                    f"{text} is not a command of LaTeX",
                    f"define it: \\newcommand{{{text}}}{{{_RENAMED[text]}}}, or in math.macros",
                )
            self._put(_RENAMED[text], start)
            return index + 1
        return self._with_arguments(index)

    def _with_arguments(self, index: int) -> int:
        """Commands that our engines lack and that other commands can say."""
        text, start = self.tokens[index]
        taken = argument(self.tokens, index + 1)
        if taken is None:
            self.out.append(self.tokens[index])
            return index + 1
        content, end = taken
        if text == "\\substack":
            self._put("\\begin{subarray}{c}", start)
            self._inner(content, "subarray")
            self._put("\\end{subarray}", start)
        elif text in ("\\require", "\\vspace"):
            pass
        elif text in ("\\tag", "\\label"):
            # Those of displays are slots by now (numbering.py).
            self._say(start, f"{text} has no place inside a line", "set the formula as display math")
            if plain(content) == "*" and (tag := argument(self.tokens, end)):
                end = tag[1]
        elif text in ("\\ce", "\\cf"):
            found = chemical(plain(content))
            if found is None:
                self._say(
                    content[0].start if content else start,
                    f"this chemical formula is shown as it is written: {plain(content)}",
                    "write it with \\mathrm and sub- and superscripts",
                )
                escaped = re.sub(r"[\\{}$&#^_%~]", lambda m: _escape(m[0]), plain(content))
                found = f"\\texttt{{{escaped}}}"
            self._put(f"{{{found}}}", start)
        elif text == "\\href":
            shown = argument(self.tokens, end)
            self._say(start, "\\href does not work in formulas", "put the link outside")
            if shown is not None:
                self._inner(shown[0], "")
                end = shown[1]
        elif text in _SIZED and len(content) == 1 and end > index + 2:
            # \big{[}: TeX does not take the braces, authors write them.
            self._put(text + _ANGLES.get(content[0].text, content[0].text), start)
        elif text in _SIZED and content and content[0].text in _ANGLES:
            self._put(text + _ANGLES[content[0].text], start)
        elif text == "\\hspace" and plain(content) == "*":
            self.out.append(self.tokens[index])
            return end
        elif text == "\\mathop":
            return self._operator(content, start, end)
        else:
            self.out.append(self.tokens[index])
            return index + 1
        return end

    def _operator(self, content: Sequence[Tex], start: int, end: int) -> int:
        """`\\mathop{…}` with what stands below and above it, which engines put beside it."""
        scripts: dict[str, list[Tex]] = {}
        limits = self.display
        while (nth := skip_blank(self.tokens, end)) < len(self.tokens):
            text = self.tokens[nth].text
            if text in ("\\limits", "\\nolimits"):
                limits, end = text == "\\limits", nth + 1
                continue
            script = argument(self.tokens, nth + 1) if text in ("_", "^") else None
            if script is None or text in scripts:
                break
            scripts[text], end = script
        below, above = ("\\underset", "\\overset") if limits else ("", "")
        name = re.sub(r"^\\mathrm\s*(?=\{)", r"\\operatorname", plain(content).strip())
        body = made(name, start) if name.startswith("\\operatorname") else list(content)
        for mark, command in (("_", below), ("^", above)):
            if mark in scripts and command:
                self._put(f"{command}{{", start)
                self._inner(scripts[mark], "script")
                self._put("}{", start)
        self._put("{", start)
        self._inner(body, "operator")
        self._put("}", start)
        for mark, command in (("^", above), ("_", below)):
            if mark in scripts and command:
                self._put("}", start)
            elif mark in scripts:
                self._put(f"{mark}{{", start)
                self._inner(scripts[mark], "script")
                self._put("}", start)
        self._put("\\,", start)
        return end

    def _inner(self, content: Sequence[Tex], within: str) -> None:
        """Repairs tokens that stand inside something that we put around them."""
        part = _Repair(content, self.display)
        part.environments = [within]
        part.columns = [0]
        out, faults = part.run()
        self.out.extend(out)
        for fault in faults:
            self.faults.setdefault(fault.message, fault)

    def _split_text(self, index: int, opening: int, end: int) -> int:
        start = self.tokens[index].start
        self._put("{" + _RENAMED.get(self.tokens[index].text, self.tokens[index].text) + "{", start)
        part = _Repair(self.tokens[opening + 1 : end - 1], self.display)
        part.groups = ["text"]
        out, faults = part.run()
        self.out.extend(out)
        for fault in faults:
            self.faults.setdefault(fault.message, fault)
        self._put("}}", start)
        return end

    def _column(self, index: int) -> int:
        start = self.tokens[index].start
        if not self.environments:
            self.loose = len(self.out) if self.loose < 0 else self.loose
        elif self.environments[-1].startswith("eqnarray"):
            self.columns[-1] += 1
            if self.columns[-1] == 2:
                # a & = & b: three columns in eqnarray, two in aligned.
                self._put("{}", start)
                return index + 1
        self.out.append(Tex("&", start))
        return index + 1

    def _line_break(self, index: int) -> int:
        start = self.tokens[index].start
        index += 1
        if index < len(self.tokens) and self.tokens[index].text == "*":
            index += 1
        gap = option(self.tokens, index)
        if gap is not None and (size := _LENGTH.match(plain(gap[0]))):
            index = gap[1]
            room = float(size[1]) * _EM[size[2]]
            if room > 0:
                self._put("\\text{" + STRUT.format(f"{room:.2f}") + "}", start)
        if self.columns:
            self.columns[-1] = 0
        if not self.environments:
            if skip_blank(self.tokens, index) >= len(self.tokens):
                return index
            if not self.display:
                self._say(
                    start, "a line cannot break inside a formula in running text", "use $$…$$"
                )
                self._put("\\quad ", start)
                return index
            self.loose = len(self.out) if self.loose < 0 else self.loose
        self.out.append(Tex("\\\\", start))
        # math-core would take a bracket behind the break for the size of a gap.
        if (after := skip_blank(self.tokens, index)) < len(self.tokens):
            if self.tokens[after].text == "[":
                self._put("{}", start)
        return index

    def _environment(self, index: int) -> int:
        token = self.tokens[index]
        found = environment(self.tokens, index)
        if found is None:
            self.out.append(token)
            return index + 1
        name, end = found
        if token.text == "\\begin":
            self.environments.append(name)
            self.columns.append(0)
            if name in _COLUMN_COUNT and (count := argument(self.tokens, end)):
                end = count[1]
            elif name in _POSITIONED and (position := option(self.tokens, end)):
                end = position[1] if plain(position[0]) in ("t", "c", "b") else end
        elif self.environments and self.environments[-1] == name:
            self.environments.pop()
            self.columns.pop()
        if name.startswith("eqnarray") and token.text == "\\begin":
            self._say(
                token.start, f"{name} is obsolete, its spacing is wrong in LaTeX", "use align with &="
            )
        self._put(f"{token.text}{{{_ENVIRONMENTS.get(name, name)}}}", token.start)
        return end

    def _align(self) -> None:
        start = self.out[self.loose].start
        if self.groups:
            return
        what = "&" if self.out[self.loose].text == "&" else "\\\\"
        self._say(
            start,
            f"{what} stands outside any environment",
            "put the formula between \\begin{aligned} and \\end{aligned}",
        )
        columns = any(token.text == "&" for token in self.out)
        name = "aligned" if columns else "gathered"
        self.out = [
            *made(f"\\begin{{{name}}}", start),
            *self.out,
            *made(f"\\end{{{name}}}", start),
        ]


def _escape(char: str) -> str:
    names = {"\\": r"\textbackslash ", "^": "ˆ", "~": "˜"}
    return names.get(char, "\\" + char)
