r"""What got lost from a formula on its way: a backslash, the columns of an array.

A script that reads `\theta` as an escape leaves a tab and `heta`; engines then
set five letters and say nothing. `\begin{array}` without `{lcr}` is an error in
TeX, but plain enough. Entry points: `with_backslashes`, `with_columns`.
"""

import re
from collections.abc import Sequence

from notecast.features.math.fault import Fault
from notecast.features.math.tokens import Tex, environment, made, plain, skip_blank

_NAMES = ("theta", "times", "text", "textbf", "textrm", "tilde", "tanh", "tfrac", "triangle")
TAB = rf"\t(?:{'|'.join(name[1:] for name in _NAMES)})(?![A-Za-z])"
"""As a regular expression: what is left of these commands."""
_LONGEST = max(len(name) for name in _NAMES)


def with_backslashes(tokens: Sequence[Tex]) -> tuple[list[Tex], list[Fault]]:
    """Puts the commands back whose backslash and `t` became a tab."""
    result: list[Tex] = []
    faults: list[Fault] = []
    index = 0
    while index < len(tokens):
        text, start = tokens[index]
        index += 1
        name = ""
        if text.isspace() and text[-1] == "\t":
            word = re.match("[A-Za-z]*", plain(tokens[index : index + _LONGEST]))
            name = f"t{word[0]}" if word else ""
        if name not in _NAMES:
            result.append(Tex(text, start))
            continue
        at = start + len(text) - 1
        result.append(Tex(f"\\{name}", at))
        faults.append(
            Fault(
                at,
                f"a tab stands where \\{name} was meant",
                "a script has read \\t as an escape: write the backslash again",
            )
        )
        index += len(name) - 1
    return result, faults


def with_columns(tokens: Sequence[Tex]) -> tuple[list[Tex], list[Fault]]:
    r"""Gives every `\begin{array}` its columns, centred, where the author gave none."""
    result: list[Tex] = []
    faults: list[Fault] = []
    index = 0
    while index < len(tokens):
        named = environment(tokens, index) if tokens[index].text == "\\begin" else None
        if named is None or named[0] != "array":
            result.append(tokens[index])
            index += 1
            continue
        result.extend(tokens[index : named[1]])
        after = skip_blank(tokens, named[1])
        if after < len(tokens) and tokens[after].text not in ("{", "["):
            start = tokens[index].start
            faults.append(
                Fault(
                    start,
                    "\\begin{array} says nothing of its columns",
                    "write a letter for each, l, c or r: \\begin{array}{lcr}",
                )
            )
            result.extend(made(f"{{{'c' * _columns(tokens, after)}}}", start))
        index = named[1]
    return result, faults


def _columns(tokens: Sequence[Tex], index: int) -> int:
    """The most cells of a row, up to the end of the environment."""
    most = cells = 1
    depth = 0
    for token in tokens[index:]:
        if token.text in ("\\begin", "{"):
            depth += 1
        elif token.text in ("\\end", "}"):
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and token.text == "&":
            cells += 1
        elif depth == 0 and token.text == "\\\\":
            cells = 1
        most = max(most, cells)
    return most
