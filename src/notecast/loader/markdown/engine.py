"""The parser classes behind the note dialect: markdown-it-py with four changes.

- Emphasis follows the CJK-friendly rule (`cjk_emphasis`).
- Inline rules are looked up by the character they start at, which spares most
  of the calls. A rule says so in an attribute `starts` (a string of characters);
  one that does not is tried everywhere.
- Block rules are looked up the same way (`block_engine`).
- Nesting that is too deep becomes plain text and a problem, never silence.

All of it is bound to an instance: other users of markdown-it are not affected.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from notecast.loader.markdown.block_engine import NoteBlock
from notecast.loader.markdown.brackets import note_helpers
from notecast.loader.markdown.cjk_emphasis import flanking
from notecast.loader.markdown.html_renderer import NoteRenderer
from notecast.loader.markdown.nesting import MAX_INLINE_DEPTH

InlineRule = Callable[[StateInline, bool], bool]

_STARTS = {
    "newline": "\n",
    "escape": "\\",
    "backtick": "`",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "footnote_inline": "^",
}
"""First characters of the rules that others wrote, by function name."""
_STARTS_BY_MODULE = {
    "markdown_it.rules_inline.strikethrough": "~",
    "markdown_it.rules_inline.emphasis": "*_",
}


def starts(characters: str) -> Callable[[InlineRule], InlineRule]:
    """Marks an inline rule as one that only ever matches at these characters."""

    def mark(rule: InlineRule) -> InlineRule:
        rule.starts = characters  # type: ignore[attr-defined]
        return rule

    return mark


class NoteState(StateInline):
    """The state of one inline text."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, outTokens: list[Token]) -> None:
        super().__init__(src, md, env, outTokens)
        self.labels: dict[tuple[int, int], tuple[int, bool]] = {}
        """What `brackets` knows: start and limit → end, and whether links are inside."""
        self._held: dict[str, bool] = {}

    def holds(self, sign: str) -> bool:
        """Whether that stands anywhere in the text; rules ask at many places."""
        known = self._held.get(sign)
        if known is None:
            known = self._held[sign] = sign in self.src
        return known

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        src, end, limit = self.src, start, self.posMax
        marker = src[start]
        while end < limit and src[end] == marker:
            end += 1
        can_open, can_close = flanking(src, start, end, limit, canSplitWord)
        return Scanned(can_open, can_close, end - start)


class NoteInline(ParserInline):
    """Finds inline syntax; the same algorithm as its parent with a table of rules."""

    def __init__(self) -> None:
        super().__init__()
        self._known: Sequence[InlineRule] = ()
        self._by_character: dict[str, list[InlineRule]] = {}
        self._elsewhere: list[InlineRule] = []
        self._stops = self.terminator_re

    def _table(self) -> dict[str, list[InlineRule]]:
        rules = self.ruler.getRules("")
        if rules is not self._known:
            self._known = rules
            self._by_character, self._elsewhere = _by_first_character(rules)
            self._stops = self.terminator_re
            if not self._elsewhere:
                # Nothing begins at the other characters that end a text in markdown-it.
                characters = filter(self.terminator_re.match, sorted(self._by_character))
                self._stops = re.compile(f"[{re.escape(''.join(characters))}]")
        return self._by_character

    def skipToken(self, state: StateInline) -> None:
        """Moves over one token without making it."""
        start = state.pos
        known = state.cache.get(start)
        if known is not None:
            state.pos = known
            return
        matched = False
        if state.level < MAX_INLINE_DEPTH:
            table = self._table()
            state.level += 1
            for rule in table.get(state.src[start], self._elsewhere):
                if rule(state, True):
                    matched = True
                    break
            state.level -= 1
        else:
            state.pos = state.posMax
        if not matched:
            state.pos += 1
            if state.pos < state.posMax and state.src[start] not in self._by_character:
                stop = self.terminator_re.search(state.src, state.pos, state.posMax)
                state.pos = stop.start() if stop else state.posMax
        state.cache[start] = state.pos

    def tokenize(self, state: StateInline) -> None:
        """Makes the tokens of an inline text."""
        table, elsewhere = self._table(), self._elsewhere
        src, end = state.src, state.posMax
        search = self._stops.search
        while state.pos < end:
            position = state.pos
            character = src[position]
            matched = False
            if state.level < MAX_INLINE_DEPTH:
                for rule in table.get(character, elsewhere):
                    if rule(state, False):
                        matched = True
                        break
            if matched:
                continue
            # Nothing starts here: take the character and all plain text behind it.
            stop = search(src, position + 1, end)
            state.pos = stop.start() if stop else end
            state.append_pending(src[position : state.pos])
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        """Parses an inline text into `tokens`."""
        # Image descriptions and inline footnotes are parsed by themselves, inside one another.
        depth = env.get("inline_depth", 0)
        if depth >= MAX_INLINE_DEPTH // 4:
            text = Token("text", "", 0, content=src)
            tokens.append(text)
            return tokens
        env["inline_depth"] = depth + 1
        state = NoteState(src, md, env, tokens)
        self.tokenize(state)
        # The second pass pairs delimiters and joins texts: nothing to do for one token.
        if len(state.tokens) > 1:
            for rule in self.ruler2.getRules(""):
                rule(state)
        env["inline_depth"] = depth
        return state.tokens


class NoteMarkdown(MarkdownIt):
    """markdown-it with the parsers above."""

    def __init__(self, preset: str, options: Mapping[str, Any] | None = None) -> None:
        super().__init__(preset, options, renderer_cls=NoteRenderer)
        self.helpers = note_helpers()  # type: ignore[assignment]
        self.inline = NoteInline()
        self.block = NoteBlock()
        self.configure(preset, options)


def _by_first_character(
    rules: Sequence[InlineRule],
) -> tuple[dict[str, list[InlineRule]], list[InlineRule]]:
    """Rules by the character that they start at, and those for every other character."""
    rules = [rule for rule in rules if _name(rule) != "text"]
    elsewhere = [rule for rule in rules if _starts(rule) is None]
    table: dict[str, list[InlineRule]] = {}
    for character in {character for rule in rules for character in _starts(rule) or ""}:
        table[character] = [
            rule for rule in rules if (_starts(rule) is None or character in (_starts(rule) or ""))
        ]
    return table, elsewhere


def _name(rule: InlineRule) -> str:
    return getattr(rule, "__name__", "")


def _starts(rule: InlineRule) -> str | None:
    given = getattr(rule, "starts", None)
    if given is not None:
        return str(given)
    module = getattr(rule, "__module__", "")
    if module in _STARTS_BY_MODULE:
        return _STARTS_BY_MODULE[module]
    if module.startswith(("markdown_it.", "mdit_py_plugins.footnote")):
        return _STARTS.get(_name(rule))
    return None
