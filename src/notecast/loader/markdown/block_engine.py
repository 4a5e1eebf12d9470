"""Finds blocks: markdown-it's algorithm, asking only the rules that can match at a line.

markdown-it asks every rule at every line, and most of the rules again at every
line of a paragraph whether they end it. Nearly all of them decide by the first
character of the line, or of the line below. A rule says so in the attributes
`starts` and `below` (strings of characters); one that does not is asked
everywhere. What lies deeper than `MAX_DEPTH` becomes text.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from markdown_it.parser_block import ParserBlock
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

from notecast.loader.markdown.nesting import MAX_DEPTH, too_deep

BlockRule = Callable[[StateBlock, int, int, bool], bool]
AnyRule = TypeVar("AnyRule", bound=Callable[..., bool])

_STARTS = {
    "_fence_rule": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list_block": "*-+0123456789",
    "reference": "[",
    "heading": "#",
    "html_block": "<",
}
"""First characters of markdown-it's rules, by function name."""
_LIST_MARKS = "~:"
"""What begins a definition; its term is the line above, or the one above a blank line."""
_TABLE_MARKS = "|-:"


def block_starts(characters: str) -> Callable[[AnyRule], AnyRule]:
    """Marks a block rule as one that only ever matches at a line that begins so."""

    def mark(rule: AnyRule) -> AnyRule:
        rule.starts = characters  # type: ignore[attr-defined]
        return rule

    return mark


def block_below(characters: str) -> Callable[[AnyRule], AnyRule]:
    """Marks a block rule as one that only ever matches above a line that begins so."""

    def mark(rule: AnyRule) -> AnyRule:
        rule.below = characters  # type: ignore[attr-defined]
        return rule

    return mark


class Chain:
    """Rules of one chain, chosen by the characters at hand."""

    def __init__(self, rules: Sequence[BlockRule], ending: bool) -> None:
        """
        Args:
            rules: In their order.
            ending: Whether they are only asked if they end the block above.
        """
        self._rules = list(rules)
        self._ending = ending
        known = "".join(_starts(rule) or "" for rule in rules) + _LIST_MARKS
        self._first = frozenset(known)
        self._below = frozenset(
            "".join(_below(rule) or "" for rule in rules) + _LIST_MARKS + _TABLE_MARKS
        )
        self._chosen: dict[tuple[str, str], list[BlockRule]] = {}

    def at(self, state: StateBlock, line: int, end: int) -> list[BlockRule]:
        """The rules that can match at a line."""
        if state.sCount[line] - state.blkIndent > 3:
            return self._rules
        src = state.src
        marks, shifts = state.bMarks, state.tShift
        position = marks[line] + shifts[line]
        first = src[position : position + 1]
        if first not in self._first:
            first = "x"
        below = ""
        following = line + 1
        if following < end:
            position = marks[following] + shifts[following]
            if position < state.eMarks[following]:
                below = src[position]
                if below not in self._below:
                    below = "x"
            elif following + 1 < end and not self._ending:
                position = marks[following + 1] + shifts[following + 1]
                below = "\n:" if src[position : position + 1] in _LIST_MARKS else ""
        rules = self._chosen.get((first, below))
        if rules is None:
            rules = self._chosen[first, below] = self._choose(first, below)
        return rules

    def ends(self, state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """Stands for the whole chain where it is asked whether it ends a block."""
        for rule in self.at(state, line, end):  # noqa: SIM110 (a generator costs more)
            if rule(state, line, end, silent):
                return True
        return False

    def _choose(self, first: str, below: str) -> list[BlockRule]:
        chosen: list[BlockRule] = []
        for rule in self._rules:
            starts, wanted = _starts(rule), _below(rule)
            if starts is not None and first not in starts:
                continue
            if wanted is not None and (not below or below not in wanted):
                continue
            if _name(rule) == "deflist":
                mark = first if self._ending else below[-1:]
                if not mark or mark not in _LIST_MARKS:
                    continue
            if _name(rule) == "code":  # wants four spaces, and then all rules are asked
                continue
            if _name(rule) == "lheading" and (not below or below[0] == "\n"):
                rule = _no_underline
            chosen.append(rule)
        return chosen


class ChainRuler(Ruler[BlockRule]):
    """A ruler whose chains of ending rules are one rule each."""

    def __compile__(self) -> None:
        super().__compile__()
        chains = self.__cache__
        assert chains is not None
        self.all = Chain(chains[""], ending=False)
        for name, rules in chains.items():
            if name and rules:
                chains[name] = [Chain(rules, ending=True).ends]


class NoteBlock(ParserBlock):
    """Finds blocks; what lies deeper than `MAX_DEPTH` becomes text."""

    def __init__(self) -> None:
        super().__init__()
        ruler = ChainRuler()
        for rule in self.ruler.__rules__:
            ruler.push(rule.name, rule.fn, {"alt": rule.alt})
        self.ruler = ruler

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        """Makes the tokens of some lines."""
        depth = state.env.get("block_depth", 0)
        if depth >= MAX_DEPTH:
            too_deep(state, startLine, endLine)
            return
        state.env["block_depth"] = depth + 1
        self._tokenize(state, startLine, endLine)
        state.env["block_depth"] = depth

    def _tokenize(self, state: StateBlock, start: int, end: int) -> None:
        """The loop of markdown-it's `ParserBlock.tokenize`."""
        ruler = self.ruler
        assert isinstance(ruler, ChainRuler)
        ruler.getRules("")
        rules_at = ruler.all.at
        line, blank_seen = start, False
        while line < end:
            state.line = line = state.skipEmptyLines(line)
            # A line that is indented less ends a list item or a quote.
            if line >= end or state.sCount[line] < state.blkIndent:
                break
            for rule in rules_at(state, line, end):
                if rule(state, line, end, False):
                    break
            else:
                raise RuntimeError("no block rule matched")
            if state.line <= line:
                raise RuntimeError("a block rule did not move on")
            state.tight = not blank_seen
            line = state.line
            # A paragraph in a list may have taken a blank line with it.
            if line - 1 < end and state.isEmpty(line - 1):
                blank_seen = True
            if line < end and state.isEmpty(line):
                blank_seen = True
                line += 1
                state.line = line


def _no_underline(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """What is left of the rule `lheading` above a blank line."""
    state.parentType = "paragraph"
    return False


def _starts(rule: BlockRule) -> str | None:
    given = getattr(rule, "starts", None)
    if given is not None:
        return str(given)
    if getattr(rule, "__module__", "").startswith("markdown_it."):
        return _STARTS.get(_name(rule))
    return None


def _below(rule: BlockRule) -> str | None:
    given = getattr(rule, "below", None)
    if given is not None:
        return str(given)
    return _TABLE_MARKS if _name(rule) == "table" else None


def _name(rule: BlockRule) -> str:
    """The function's name, if it is markdown-it's or one of its plugins'."""
    module = getattr(rule, "__module__", "")
    ours = not module.startswith(("markdown_it.", "mdit_py_plugins."))
    return "" if ours else getattr(rule, "__name__", "")
