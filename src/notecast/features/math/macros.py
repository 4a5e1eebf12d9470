"""Author macros: read from definitions, expanded before any engine sees the formula.

`\\newcommand`, `\\renewcommand`, `\\providecommand`, `\\def`, `\\let` and
`\\DeclareMathOperator` in a note hold from there to its end; `math.macros` in
`site.yaml` and files of macros (`macro_files.py`) hold everywhere. Both engines have
macros of their own, but with different limits and without our positions.
Entry points: `Macros.of`, `expand`.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from notecast.features.math.fault import Fault
from notecast.features.math.own_colours import NAMED, hex_of
from notecast.features.math.tokens import (
    Tex,
    argument,
    group_end,
    is_command,
    option,
    plain,
    scan,
    skip_blank,
)

MAX_EXPANSIONS = 1_000
MAX_TOKENS = 20_000
_NAME = 60
"""Tokens among which the name of a colour ends."""

DEFINITIONS = frozenset(
    (
        r"\newcommand",
        r"\renewcommand",
        r"\providecommand",
        r"\def",
        r"\gdef",
        r"\let",
        r"\DeclareMathOperator",
        r"\DeclareRobustCommand",
        r"\definecolor",
    )
)
DEFINES = re.compile(
    r"\\(?:newcommand|renewcommand|providecommand|g?def|let|DeclareMathOperator"
    r"|DeclareRobustCommand|definecolor)(?![A-Za-z])"
)


class Macro(NamedTuple):
    """What a command stands for."""

    parameters: int
    body: tuple[str, ...]
    """Tokens, with `#1` … as pairs of tokens."""
    default: tuple[str, ...] | None = None
    """Of an optional first parameter."""
    final: bool = False
    """Whether the body is not expanded again: `\\let` keeps the old meaning."""


class MacroFault(Exception):
    """A definition or a use that cannot be followed."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(offset, message, hint)


@dataclass(frozen=True, eq=False)
class Macros:
    """A table of macros; every change makes a new one."""

    table: Mapping[str, Macro] = field(default_factory=dict)
    """Command with its backslash → what it stands for."""

    @classmethod
    def of(cls, written: Mapping[str, str]) -> "Macros":
        """Macros from `site.yaml`: name (backslash optional) → replacement with `#1` …"""
        table = {}
        for name, replacement in written.items():
            body = tuple(token.text for token in scan(replacement))
            numbers = [int(digit) for digit in re.findall(r"(?<!\\)#([1-9])", replacement)]
            table["\\" + name.removeprefix("\\")] = Macro(max(numbers, default=0), body)
        return cls(table)

    def defined(self, definitions: Sequence[str]) -> "Macros":
        """These macros and those of definitions in TeX; one that cannot be read is left out."""
        macros = self
        for written in definitions:
            with suppress(MacroFault):
                macros = expand(scan(written), macros)[1]
        return macros

    def and_also(self, others: "Macros") -> "Macros":
        """These macros and others, which count where both have one."""
        return Macros({**self.table, **others.table})

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Macros) and self.key == other.key

    def with_definition(self, name: str, macro: Macro) -> "Macros":
        """These macros and one more, or one replaced."""
        return Macros({**self.table, name: macro})

    @cached_property
    def key(self) -> str:
        """Digest of all definitions, in any order."""
        return sha256(repr(sorted(self.table.items())).encode()).hexdigest()[:16]

    @cached_property
    def _used(self) -> "re.Pattern[str] | None":
        names = [
            re.escape(name) + ("(?![A-Za-z])" if is_command(name) else "") for name in self.table
        ]
        return re.compile("|".join(sorted(names))) if names else None

    def concern(self, tex: str) -> bool:
        """Whether the formula uses any of these macros, or defines one."""
        if "\\" not in tex:
            return False
        if self._used is not None and self._used.search(tex) is not None:
            return True
        return DEFINES.search(tex) is not None


NO_MACROS = Macros()

_Within = tuple[Tex, tuple[str, ...]]


def expand(tokens: Sequence[Tex], macros: Macros) -> tuple[list[Tex], Macros]:
    """Takes definitions out of a formula and replaces uses by what they stand for.

    Returns:
        The tokens without macros, and the macros that hold behind the formula.

    Raises:
        MacroFault: A definition that cannot be read, a missing argument, a macro
            that stands for itself, or more expansions than any formula needs.
    """
    result: list[Tex] = []
    # What is still to read, last first, each with the macros whose bodies it comes from.
    rest: list[_Within] = [(token, ()) for token in reversed(tokens)]
    expansions = 0
    while rest:
        token, within = rest.pop()
        if token.text in DEFINITIONS:
            macros = _define(token, rest, macros)
            continue
        macro = macros.table.get(token.text)
        if macro is None:
            result.append(token)
            if token.text in NAMED:
                _colour(rest, macros)
            if len(result) > MAX_TOKENS:
                raise MacroFault(token.start, "its macros make the formula too long")
            continue
        expansions += 1
        if token.text in within:
            raise MacroFault(
                token.start,
                f"the macro {token.text} stands for itself",
                "define it by other commands, or give it another name",
            )
        if expansions > MAX_EXPANSIONS or len(rest) > MAX_TOKENS:
            raise MacroFault(token.start, f"the macro {token.text} grows without end")
        replacement = _apply(token, macro, rest, (*within, token.text))
        if macro.final:
            result.extend(token for token, _ in replacement)
        else:
            rest.extend(reversed(replacement))
    return result, macros


def _colour(rest: "list[_Within]", macros: Macros) -> None:
    """Puts the value of a colour of the author's in the place of its name."""
    following = _ahead(rest[-_NAME:])
    named = argument(following, 0)
    own = macros.table.get(f"{{{plain(named[0]).strip()}}}") if named else None
    if named and own is not None:
        start = following[0].start
        del rest[len(rest) - named[1] :]
        rest.extend((Tex(text, start), ()) for text in ("}", *own.body, "{"))


def _ahead(rest: "list[_Within]") -> list[Tex]:
    """What follows, in reading order."""
    return [token for token, _ in reversed(rest)]


def _apply(
    call: Tex, macro: Macro, rest: "list[_Within]", within: tuple[str, ...]
) -> "list[_Within]":
    if not macro.parameters:
        return [(Tex(text, call.start), within) for text in macro.body]
    following = _ahead(rest)
    index = 0
    given: list[list[_Within]] = []
    if macro.default is not None:
        found = option(following, 0)
        if found is None:
            given.append([(Tex(text, call.start), within) for text in macro.default])
        else:
            index = found[1]
            given.append(_taken(rest, index - 1 - len(found[0]), index - 1))
    while len(given) < macro.parameters:
        taken = argument(following, index)
        if taken is None:
            raise MacroFault(
                call.start,
                f"the macro {call.text} wants {macro.parameters} arguments, {len(given)} given",
                "put each argument in braces",
            )
        index = taken[1]
        closed = following[index - 1].text == "}" and taken[0] != [following[index - 1]]
        given.append(_taken(rest, index - closed - len(taken[0]), index - closed))
    del rest[len(rest) - index :]
    result: list[_Within] = []
    body = iter(macro.body)
    for text in body:
        if text == "#":
            number = next(body, "")
            if number.isdigit() and 0 < int(number) <= len(given):
                result.extend(given[int(number) - 1])
                continue
            text += number
        result.append((Tex(text, call.start), within))
    return result


def _taken(rest: "list[_Within]", start: int, end: int) -> "list[_Within]":
    """Tokens `start` to `end` of what follows, counted in reading order."""
    return rest[len(rest) - end : len(rest) - start][::-1]


def _define(command: Tex, rest: "list[_Within]", macros: Macros) -> Macros:
    if command.text == "\\definecolor":
        return _define_colour(command, rest, macros)
    tokens = _ahead(rest)
    index = skip_blank(tokens, 0)
    starred = index < len(tokens) and tokens[index].text == "*"
    index = skip_blank(tokens, index + 1) if starred else index
    named = argument(tokens, index)
    name = plain(named[0]).strip() if named else ""
    if named and tokens[named[1] - 1].text == "}" and name.isalpha() and name.isascii():
        name = f"\\{name}"  # \newcommand{R}{…}, as MathJax takes it
    if named is None or len(name) < 2 or name[0] != "\\":
        raise MacroFault(
            command.start, f"{command.text} needs the name of a command", "such as \\R or {\\R}"
        )
    index = named[1]
    if command.text == "\\let":
        index = skip_blank(tokens, index)
        if index < len(tokens) and tokens[index].text == "=":
            index = skip_blank(tokens, index + 1)
        if index >= len(tokens):
            raise MacroFault(command.start, f"\\let {name} needs a command to stand for")
        target = tokens[index].text
        del rest[len(rest) - index - 1 :]
        known = macros.table.get(target, Macro(0, (target,), final=True))
        return macros.with_definition(name, known)
    parameters, default, index = _parameters(command, tokens, index)
    index = skip_blank(tokens, index)
    body = argument(tokens, index) if index < len(tokens) else None
    if body is None or (tokens[index].text == "{" and group_end(tokens, index) < 0):
        raise MacroFault(
            command.start,
            f"the definition of {name} has no body",
            "put what it stands for in braces",
        )
    del rest[len(rest) - body[1] :]
    texts = tuple(token.text for token in body[0])
    if command.text == "\\DeclareMathOperator":
        texts = ("\\operatorname", *("*" if starred else ""), "{", *texts, "}")
    if command.text == "\\providecommand" and name in macros.table:
        return macros
    return macros.with_definition(name, Macro(parameters, texts, default))


def _define_colour(command: Tex, rest: "list[_Within]", macros: Macros) -> Macros:
    following = _ahead(rest)
    given: list[str] = []
    index = 0
    while len(given) < 3:
        found = argument(following, index)
        if found is None:
            raise MacroFault(
                command.start,
                "\\definecolor wants a name, a model and values",
                r"such as \definecolor{loss}{RGB}{200, 30, 30}",
            )
        given.append(plain(found[0]).strip())
        index = found[1]
    del rest[len(rest) - index :]
    value = hex_of(given[1], given[2])
    if value is None:
        raise MacroFault(
            command.start,
            f"the colour {given[0]} has a model or values that are not known",
            "models are RGB, rgb, HTML and gray",
        )
    # A name in braces, so that formulas that use it are found as those with other macros.
    return macros.with_definition(f"{{{given[0]}}}", Macro(0, (value,)))


def definition_end(tokens: Sequence[Tex]) -> int:
    """Index behind the definition that begins with the first token.

    Raises:
        MacroFault: It cannot be read.
    """
    rest: list[_Within] = [(token, ()) for token in reversed(tokens[1:])]
    _define(tokens[0], rest, NO_MACROS)
    return len(tokens) - len(rest)


def _parameters(
    command: Tex, tokens: Sequence[Tex], index: int
) -> tuple[int, tuple[str, ...] | None, int]:
    """Number of parameters, default of the first, and the index behind them."""
    if command.text in ("\\def", "\\gdef"):
        count = 0
        while index < len(tokens) and tokens[index].text != "{":
            pair = plain(tokens[index : index + 2])
            if pair != f"#{count + 1}":
                raise MacroFault(
                    tokens[index].start,
                    "only plain parameters #1, #2 … can follow the name in \\def",
                    "use \\newcommand{\\name}[2]{…}",
                )
            count += 1
            index += 2
        return count, None, index
    found = option(tokens, index)
    if found is None:
        return 0, None, index
    written = plain(found[0]).strip()
    if not (written.isdigit() and 1 <= int(written) <= 9):
        raise MacroFault(command.start, f"{command.text} takes a number of arguments from 1 to 9")
    optional = option(tokens, found[1])
    if optional is None:
        return int(written), None, found[1]
    return int(written), tuple(token.text for token in optional[0]), optional[1]
