"""The quick path through Pygments' lexers gives Pygments' own tokens, for every lexer there is.

The texts are drawn from each lexer's own expressions, so that they get into its
states, and from noise that no lexer expects. Seeded: a failure can be repeated.
"""

import inspect
import json
import random
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from pygments.lexer import Lexer, RegexLexer
from pygments.lexers import find_lexer_class, get_all_lexers

from notecast.features.code.dispatch import quicken
from notecast.features.code.first_characters import ASCII, first_characters

NOISE = "abcxyzABCif \n\t\n  0129_$@#%&*()[]{}<>=+-/\\|:;,.!?~^`'\"\x1c\x85é中文ſK\u2028😀"
NAMES = sorted(name for name, *_ in get_all_lexers(plugins=False))


class Sampler:
    """Text that regular expressions more or less match, and noise."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self, patterns: list["re.Pattern[str]"], pieces: int) -> str:
        made = []
        for _ in range(pieces):
            if patterns and self.random.random() < 0.7:
                pattern = self.random.choice(patterns)
                parser: Any = re._parser  # type: ignore[attr-defined]
                made.append(self._sequence(parser.parse(pattern.pattern, pattern.flags), {}))
            else:
                made.append("".join(self.random.choices(NOISE, k=self.random.choice((1, 1, 2, 5)))))
            if self.random.random() < 0.2:
                made.append(self.random.choice((" ", "\n", "\n")))
        return "".join(made)

    def _sequence(self, parts: Any, groups: dict[int, str]) -> str:
        return "".join(self._part(str(name), value, groups) for name, value in parts)

    def _part(self, name: str, value: Any, groups: dict[int, str]) -> str:
        rnd = self.random
        if name == "LITERAL":
            character = chr(value)
            return character.swapcase() if rnd.random() < 0.05 else character
        if name == "BRANCH":
            return self._sequence(rnd.choice(value[1]), groups)
        if name == "SUBPATTERN":
            made = self._sequence(value[3], groups)
            groups[value[0]] = made
            return made
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = value
            times = rnd.randint(least, min(int(most), least + 2))
            return "".join(self._sequence(inner, groups) for _ in range(min(times, 6)))
        if name in ("ASSERT", "ATOMIC_GROUP"):
            return self._sequence(value[1] if name == "ASSERT" else value, groups)
        if name == "GROUPREF":
            return groups.get(value, "")
        if name == "IN":
            operation, given = rnd.choice(value)
            if str(operation) == "LITERAL":
                return chr(given)
            if str(operation) == "RANGE":
                return chr(rnd.randint(given[0], min(given[1], given[0] + 90)))
            return rnd.choice(NOISE)
        return rnd.choice("aZ5 _") if name in ("ANY", "NOT_LITERAL") else ""


def parts_of(lexer: Any) -> Iterator[RegexLexer]:
    """The regular lexers that a lexer puts together."""
    if isinstance(lexer, RegexLexer):
        yield lexer
    for name in ("root_lexer", "language_lexer"):
        if hasattr(lexer, name):
            yield from parts_of(getattr(lexer, name))


def patterns_of(lexer: Lexer) -> list["re.Pattern[str]"]:
    found = {}
    for part in parts_of(lexer):
        for rules in part._tokens.values():
            for match_at, *_ in rules:
                if isinstance(getattr(match_at, "__self__", None), re.Pattern):
                    found[match_at.__self__] = None
    return list(found)


def both(name: str, text: str) -> tuple[Any, Any]:
    """Tokens, or the type of the error: some lexers raise on noise, and then both must."""
    results = []
    for quick in (False, True):
        lexer_class = find_lexer_class(name)
        assert lexer_class is not None
        lexer = lexer_class(stripnl=False)
        if quick:
            quicken(lexer)
        try:
            results.append(list(lexer.get_tokens(text)))
        except Exception as error:
            results.append([type(error), str(error)])
    return results[0], results[1]


@pytest.mark.parametrize("name", NAMES)
def test_tokens_are_those_of_pygments(name: str) -> None:
    lexer_class = find_lexer_class(name)
    assert lexer_class is not None
    patterns = patterns_of(lexer_class(stripnl=False))
    sampler = Sampler(zlib.crc32(name.encode()))
    texts = ["", "\n", "x", *(sampler.text(patterns, pieces) for pieces in (5, 40, 120))]
    if name in ("Python", "Python 2.x", "Cython", "NumPy", "Text only", "Bash", "C", "JavaScript"):
        texts += [inspect.getsource(json), inspect.getsource(re)[:8000]]
    for text in texts:
        expected, found = both(name, text)
        assert found == expected, text


@pytest.mark.parametrize(
    ("pattern", "flags", "characters", "empty"),
    [
        ("abc", 0, "a", False),
        ("a?b", 0, "ab", False),
        ("a*", 0, "a", True),
        ("", 0, "", True),
        ("[a-c]|x+", 0, "abcx", False),
        (r"\b(if|else)\b", 0, "ei", False),
        ("(?=[xy])[a-z]", 0, "xy", False),
        ("(?=[xy])", 0, "xy", False),
        ("(?!a)b", 0, "b", False),
        ("(?<=q)b", 0, "b", False),
        ("(?i:k)", 0, "kK", False),
        ("[a-c]", re.IGNORECASE, "abcABC", False),
        ("(a)?(?(1)b|c)", 0, "".join(sorted(ASCII)), True),
        ("é", 0, "", False),
        ("ſ", re.IGNORECASE, "".join(sorted(ASCII)), False),
        ("x{2,3}", 0, "x", False),
        ("(?>ab|c)", 0, "ac", False),
    ],
)
def test_first_characters(pattern: str, flags: int, characters: str, empty: bool) -> None:
    expected = (frozenset(characters), empty)
    assert first_characters(re.compile(pattern, flags)) == expected


def test_first_characters_never_say_too_little() -> None:
    """Whatever matches begins with one of them: tried on every expression of every lexer."""
    seen = set()
    for name in NAMES[::7]:
        lexer_class = find_lexer_class(name)
        assert lexer_class is not None
        for pattern in patterns_of(lexer_class()):
            if pattern in seen:
                continue
            seen.add(pattern)
            characters, empty = first_characters(pattern)
            for character in ASCII - characters if not empty else ():
                for text in (character, character + "a", character * 3, character + "\n"):
                    match = pattern.match(text)
                    assert match is None, (pattern.pattern, text)
    assert len(seen) > 1000


def test_a_lexer_is_quickened_once() -> None:
    lexer_class = find_lexer_class("Python")
    assert lexer_class is not None
    lexer = lexer_class()
    quicken(lexer)
    states = lexer._tokens
    quicken(lexer)
    assert lexer._tokens is states
    assert type(lexer)._tokens is not states
