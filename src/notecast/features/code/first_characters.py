"""What a regular expression can begin with, drawn from what `re` itself parses.

Entry point: `first_characters`. What is not understood for certain counts as an
expression that may match anywhere.
"""

import re
from functools import cache
from typing import Any

First = tuple[frozenset[str], bool]
"""ASCII characters that a match can begin with, and whether it can be empty."""


ASCII = frozenset(map(chr, range(128)))
ANYTHING: First = (ASCII, True)
_CLASSES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
"""How `re` calls what its parser found, and how that is written."""
_ZERO_WIDTH = frozenset({"AT", "ASSERT_NOT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def first_characters(pattern: "re.Pattern[str]") -> First:
    """ASCII characters that a match can begin with, and whether a match can be empty.

    Both may say more than is so, never less.
    """
    parser: Any = getattr(re, "_parser", None)
    if parser is None or pattern.flags & re.LOCALE or not isinstance(pattern.pattern, str):
        return ANYTHING
    try:
        parsed = parser.parse(pattern.pattern, pattern.flags)
        return _first(parsed, bool(pattern.flags & re.IGNORECASE))
    except (re.error, RecursionError, TypeError, ValueError, AttributeError):
        return ANYTHING


def _first(sequence: Any, ignore_case: bool) -> First:
    """The same for a sequence of parsed parts."""
    seen: frozenset[str] = frozenset()
    parts = list(sequence)
    for index, (operation, value) in enumerate(parts):
        name = str(operation)
        if name in _ZERO_WIDTH:
            continue
        if name == "ASSERT":
            direction, inner = value
            ahead, free = _first(inner, ignore_case)
            if direction > 0 and not free and not seen:
                # What follows must be one of these, even if nothing is taken.
                rest, empty = _first(parts[index + 1 :], ignore_case)
                return (ahead if empty else ahead & rest), False
            continue
        characters, empty = _part(name, value, ignore_case)
        seen |= characters
        if not empty:
            return seen, False
    return seen, True


def _part(name: str, value: Any, ignore_case: bool) -> First:
    if name == "LITERAL":
        return _literal(value, ignore_case), False
    if name == "NOT_LITERAL":
        return ASCII - {chr(value)}, False
    if name == "ANY":
        return ASCII, False
    if name == "IN":
        return _set(value, ignore_case), False
    if name == "BRANCH":
        branches = [_first(branch, ignore_case) for branch in value[1]]
        return (
            frozenset().union(*(characters for characters, _ in branches)),
            any(empty for _, empty in branches),
        )
    if name == "SUBPATTERN":
        _, added, removed, inner = value
        ignored = (ignore_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
        return _first(inner, ignored)
    if name in _REPEATS:
        least, _, inner = value
        characters, empty = _first(inner, ignore_case)
        return characters, empty or least == 0
    if name == "ATOMIC_GROUP":
        return _first(value, ignore_case)
    return ANYTHING


def _literal(code: int, ignore_case: bool) -> frozenset[str]:
    if code > 127:
        # Without regard to case a few letters beyond ASCII equal one in it.
        return ASCII if ignore_case else frozenset()
    character = chr(code)
    if ignore_case:
        return frozenset({character.lower(), character.upper()})
    return frozenset({character})


def _set(items: Any, ignore_case: bool) -> frozenset[str]:
    found: set[str] = set()
    negated = False
    for operation, value in items:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            # What is taken away must be certain: without the other case.
            if value < 128:
                found |= _literal(value, ignore_case and not negated)
        elif name == "RANGE":
            low, high = value
            inside = {chr(code) for code in range(low, min(high, 127) + 1)}
            found |= inside
            if ignore_case and not negated:
                found |= {c.lower() for c in inside} | {c.upper() for c in inside}
        elif name == "CATEGORY" and str(value) in _CLASSES:
            found |= _class(_CLASSES[str(value)], negated)
        elif negated:
            continue
        else:
            return ASCII
        if ignore_case and not negated and _beyond_ascii(name, value):
            return ASCII
    return ASCII - found if negated else frozenset(found)


@cache
def _class(written: str, certain: bool) -> frozenset[str]:
    """What a class holds with or without the flag ASCII, or, if it is to be certain, with both."""
    one, other = (frozenset(re.findall(written, "".join(ASCII), flag)) for flag in (0, re.ASCII))
    return one & other if certain else one | other


def _beyond_ascii(name: str, value: Any) -> bool:
    return (name == "LITERAL" and value > 127) or (name == "RANGE" and value[1] > 127)
