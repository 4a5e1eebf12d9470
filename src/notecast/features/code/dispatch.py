"""Pygments' lexers, faster: at each place only the rules that can match there are tried.

A state of a lexer is a list of regular expressions, tried one after the other at
every token; Python's has about thirty-five. Most of them say in their first
character that they cannot match. Entry point: `quicken`, which gives one lexer a
table from character to rules for each of its states. The tokens are the same.

The tables come from `first_characters`; characters beyond ASCII get all rules.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pygments.lexer import (
    DelegatingLexer,
    ExtendedRegexLexer,
    Lexer,
    LexerContext,
    RegexLexer,
)
from pygments.token import Error, Text, Whitespace, _TokenType

from notecast.features.code.first_characters import ANYTHING, ASCII, First, first_characters

Rule = tuple[Callable[..., "re.Match[str] | None"], Any, Any]
"""How to match, what to make of it, and the change of states."""


class State:
    """The rules of one state, by the character at hand.

    It can stand in the place of the list of rules that Pygments' loops go
    through: the first rule it yields only looks at the character, then come the
    rules that can match there.
    """

    __slots__ = ("_chosen", "rules", "table")

    def __init__(self, rules: Sequence[Rule], known: dict[Any, First]) -> None:
        self.rules = tuple(rules)
        self.table = _table(self.rules, known)
        self._chosen = self.rules

    def __iter__(self) -> Iterator[Rule]:
        yield self._look, None, None
        yield from self._chosen

    def _look(self, text: str, position: int, _: int = 0) -> None:
        character = text[position : position + 1]
        self._chosen = self.table.get(character, self.rules)


class States(dict[str, State]):
    """States by name, each made when a lexer first gets into it."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        super().__init__()
        self._rules = rules
        self._known: dict[Any, First] = {}

    def __missing__(self, name: str) -> State:
        state = self[name] = State(self._rules[name], self._known)
        return state


def quicken(lexer: Lexer) -> None:
    """Makes one lexer faster, and those that it puts together; others stay as they are.

    Args:
        lexer: Of any class. Where the class has a loop of its own, or changes
            what the usual one yields, that code goes on running, over our states.
    """
    if isinstance(lexer, DelegatingLexer):
        quicken(lexer.root_lexer)
        quicken(lexer.language_lexer)
    rules = getattr(lexer, "_tokens", None)
    if not isinstance(lexer, RegexLexer) or rules is None or isinstance(rules, States):
        return
    states = States(rules)
    vars(lexer)["_tokens"] = states
    method = type(lexer).get_tokens_unprocessed
    if method is RegexLexer.get_tokens_unprocessed:
        lexer.get_tokens_unprocessed = partial(_tokens, lexer, states)  # type: ignore[method-assign]
    elif method is ExtendedRegexLexer.get_tokens_unprocessed:
        lexer.get_tokens_unprocessed = partial(_context_tokens, lexer, states)  # type: ignore[method-assign]


def _tokens(
    lexer: Lexer, states: States, text: str, stack: Sequence[str] = ("root",)
) -> Iterator[tuple[int, Any, str]]:
    """What `RegexLexer.get_tokens_unprocessed` yields."""
    position, size = 0, len(text)
    names = list(stack)
    state = states[names[-1]]
    table, rules = state.table, state.rules
    while True:
        here = text[position] if position < size else ""
        for match_at, action, change in table.get(here, rules):
            match = match_at(text, position)
            if match is None:
                continue
            if type(action) is _TokenType:
                yield position, action, match[0]
            elif action is not None:
                yield from action(lexer, match)
            position = match.end()
            if change is not None:
                _change(names, change)
                state = states[names[-1]]
                table, rules = state.table, state.rules
            break
        else:
            if position >= size:
                return
            if here == "\n":
                # What no rule can follow up on ends with the line.
                names = ["root"]
                state = states["root"]
                table, rules = state.table, state.rules
                yield position, Whitespace, "\n"
            else:
                yield position, Error, here
            position += 1


def _context_tokens(
    lexer: Lexer, states: States, text: str | None = None, context: LexerContext | None = None
) -> Iterator[tuple[int, Any, str]]:
    """What `ExtendedRegexLexer.get_tokens_unprocessed` yields; actions move the context."""
    at: Any
    if context:
        at = context
        text = at.text
        state = states[at.stack[-1]]
    else:
        at = LexerContext(text, 0)
        state = states["root"]
    assert text is not None
    size = len(text)
    while True:
        here = text[at.pos] if at.pos < size else ""
        for match_at, action, change in state.table.get(here, state.rules):
            match = match_at(text, at.pos, at.end)
            if match is None:
                continue
            if type(action) is _TokenType:
                yield at.pos, action, match[0]
                at.pos = match.end()
            elif action is not None:
                yield from action(lexer, match, at)
                if not change:
                    state = states[at.stack[-1]]
            if change is not None:
                _change(at.stack, change)
                state = states[at.stack[-1]]
            break
        else:
            if at.pos >= at.end or at.pos >= size:
                return
            here = text[at.pos]
            if here == "\n":
                at.stack = ["root"]
                state = states["root"]
                yield at.pos, Text, "\n"
            else:
                yield at.pos, Error, here
            at.pos += 1


def _change(names: list[str], change: Any) -> None:
    """Applies one change of states, as Pygments writes them, to the stack of names."""
    if type(change) is tuple:
        for name in change:
            if name == "#pop":
                if len(names) > 1:
                    names.pop()
            elif name == "#push":
                names.append(names[-1])
            else:
                names.append(name)
    elif isinstance(change, int):
        # Minus so many from the top; the lowest always stays.
        del names[1 if -change >= len(names) else change :]
    else:
        assert change == "#push", f"a change of states that is not known: {change!r}"
        names.append(names[-1])


def _table(rules: Sequence[Rule], known: dict[Any, First]) -> dict[str, tuple[Rule, ...]]:
    """Rules that can match, by the character at hand; empty for the end of the text."""
    firsts = []
    for match_at, _, _ in rules:
        pattern = getattr(match_at, "__self__", None)
        if not isinstance(pattern, re.Pattern):
            firsts.append(ANYTHING)
            continue
        if pattern not in known:
            known[pattern] = first_characters(pattern)
        firsts.append(known[pattern])
    shared: dict[tuple[int, ...], tuple[Rule, ...]] = {}
    table = {}
    for character in ["", *sorted(ASCII)]:
        chosen = tuple(
            number
            for number, (characters, empty) in enumerate(firsts)
            if empty or character in characters
        )
        if chosen not in shared:
            shared[chosen] = tuple(rules[number] for number in chosen)
        table[character] = shared[chosen]
    return table
