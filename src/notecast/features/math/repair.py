"""What authors write although TeX or an engine refuses it, where the meaning is plain.

Each repair leaves a `Fault` for the author, unless the source is good TeX that
only our engines do not take (`split`, `\\substack`, mathematics inside `\\text`).
Entry point: `repair`.
"""

from collections.abc import Sequence

from notecast.features.math.chemistry import as_written, chemical
from notecast.features.math.fault import Fault
from notecast.features.math.tokens import (
    Tex,
    argument,
    environment,
    group_end,
    made,
    option,
    plain,
    skip_blank,
)
from notecast.features.math.vocabulary import (
    ANGLES,
    BLANKS,
    COLUMN_COUNT,
    CONTROL,
    DASHES,
    DROPPED,
    EM,
    ENTITIES,
    ENVIRONMENTS,
    HAN_RUN,
    INVISIBLE,
    LENGTH,
    LITERAL,
    MATH_IN_MATH,
    NOT_LATEX,
    POSITIONED,
    RENAMED,
    SIZED,
    TEXT,
    WIDE,
)

STRUT = "龦+{}龧"
"""Stands in a `\\text` for extra room below a table row, which no engine has; see `markup`."""


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
        elif text in ENTITIES:
            if text == "&nbsp;" or text == "&quot;" or not in_text:
                self._say(start, f"{text} is HTML, not TeX", f"write {ENTITIES[text]}")
            self._put("\\&" if in_text and text == "&amp;" else ENTITIES[text], start)
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
        if INVISIBLE.match(text):
            self._say(start, "an invisible character stands in the formula", "delete it")
        elif CONTROL.match(text):
            self._say(
                start,
                f"a control character (U+{ord(text[0]):04X}) stands in the formula",
                "a script may have eaten a backslash: \\b, \\f, \\t …",
            )
        elif text.isspace():
            if BLANKS.search(text):
                self._say(start, "a no-break or wide space stands in the formula", "use a space")
            self._put(" ", start)
        elif in_text or "literal" in self.groups:
            self.out.append(Tex(text, start))
        elif text in WIDE:
            self._say(
                start, f"full-width {text} stands in the formula", f"write {WIDE[text].strip()}"
            )
            if text == "＆":
                return self._column(index)
            self._put(WIDE[text], start)
        elif text in DASHES:
            self._put(DASHES[text], start)
        elif HAN_RUN.match(text) or text in "。“”…《》":
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
            self.out.append(Tex(RENAMED.get(text, text) if text in TEXT else text, start))
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
            self._put(RENAMED.get(text, text), start)
            self.out.append(self.tokens[after])
            self.groups.append("text")
            return after + 1
        if text in LITERAL and opens and text not in ("\\ce", "\\href", "\\url"):
            self.out.extend(self.tokens[index : after + 1])
            self.groups.append("literal")
            return after + 1
        if text in MATH_IN_MATH or text in MATH_IN_MATH.values():
            self._say(
                start, f"{text} stands inside a formula", "delete it: this is mathematics already"
            )
            return index + 1
        if text in DROPPED:
            return index + 1
        if text == "\\*":
            self._say(start, "\\* stands in the formula", "write *: Markdown keeps out of formulas")
            self._put("*", start)
            return index + 1
        if text in RENAMED:
            if text in NOT_LATEX:
                self._say(
                    start,
                    f"{text} is not a command of LaTeX",
                    f"define it: \\newcommand{{{text}}}{{{RENAMED[text]}}}, or in math.macros",
                )
            self._put(RENAMED[text], start)
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
            self._say(
                start, f"{text} has no place inside a line", "set the formula as display math"
            )
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
                found = as_written(plain(content))
            self._put(f"{{{found}}}", start)
        elif text == "\\href":
            shown = argument(self.tokens, end)
            self._say(start, "\\href does not work in formulas", "put the link outside")
            if shown is not None:
                self._inner(shown[0], "")
                end = shown[1]
        elif text in SIZED and len(content) == 1 and end > index + 2:
            # \big{[}: TeX does not take the braces, authors write them.
            self._put(f"{text} {ANGLES.get(content[0].text, content[0].text)}", start)
        elif text in SIZED and content and content[0].text in ANGLES:
            self._put(text + ANGLES[content[0].text], start)
        elif text == "\\hspace" and plain(content) == "*":
            self.out.append(self.tokens[index])
            return end
        else:
            self.out.append(self.tokens[index])
            return index + 1
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
        self._put("{" + RENAMED.get(self.tokens[index].text, self.tokens[index].text) + "{", start)
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
        if gap is not None and (size := LENGTH.match(plain(gap[0]))):
            index = gap[1]
            room = float(size[1]) * EM[size[2]]
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
        after = skip_blank(self.tokens, index)
        if after < len(self.tokens) and self.tokens[after].text == "[":
            self._put("{}", start)
        return index

    def _environment(self, index: int) -> int:
        token = self.tokens[index]
        found = environment(self.tokens, index)
        if found is None:
            self.out.append(token)
            return index + 1
        name, end = named = found
        if token.text == "\\begin":
            self.environments.append(name)
            self.columns.append(0)
            if name in COLUMN_COUNT and (count := argument(self.tokens, end)):
                end = count[1]
            elif name in POSITIONED and (position := option(self.tokens, end)):
                end = position[1] if plain(position[0]) in ("t", "c", "b") else end
        elif self.environments and self.environments[-1] == name:
            self.environments.pop()
            self.columns.pop()
        else:
            # Another name than the beginning's: the engine shall say so.
            self.out.extend(self.tokens[index:end])
            return end
        if name.startswith("eqnarray") and token.text == "\\begin":
            self._say(
                token.start,
                f"{name} is obsolete, its spacing is wrong in LaTeX",
                "use align with &=",
            )
        if name in ENVIRONMENTS:
            self._put(f"{token.text}{{{ENVIRONMENTS[name]}}}", token.start)
        else:
            self.out.extend(self.tokens[index : named[1]])
        return end

    def _align(self) -> None:
        start = self.out[self.loose].start
        if self.groups:
            return
        self._say(
            start,
            f"{self.out[self.loose].text} stands outside any environment",
            "put the formula between \\begin{aligned} and \\end{aligned}",
        )
        columns = any(token.text == "&" for token in self.out)
        name = "aligned" if columns else "gathered"
        self.out = [
            *made(f"\\begin{{{name}}}", start),
            *self.out,
            *made(f"\\end{{{name}}}", start),
        ]
