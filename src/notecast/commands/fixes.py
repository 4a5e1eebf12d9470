"""What `--fix` can do to one note; each way is a function from text to text.

Entry point: `Mender.mend`. Every step is proven: the note is read before and
after by the loader of the build, and the step is dropped unless the facts of
the note are the same and no problem is new. `fence_languages` tells the
language of code.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from notecast.commands.fence_languages import language_of
from notecast.commands.fix_formulas import Span, freed, meant_by, spans, with_dollars
from notecast.feature import Feature
from notecast.loader.header_block import Block, find_block
from notecast.loader.header_keys import canonical, squash
from notecast.loader.load import NoteLoader
from notecast.loader.settings import LoadSettings, NoteInput
from notecast.model import Body, Digest, NotePath, Post

_KEY = re.compile(r"^(?P<key>[A-Za-z][\w -]*?)(?P<sign>[ \t]*:)(?=[ \t]|$)")
_VALUE = re.compile(r"^(?P<key>[A-Za-z][\w -]*:[ \t]+)(?P<value>[^\s\"'\[{|>&*!#].*?)[ \t]*$")
_FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_ROUNDS = 12
# As good as our own where there is one value, and in half of all notes.
_SINGULAR = frozenset(("category", "tag", "author", "alias"))
_OUR_NAMES = {"names": "aliases", "redirects": "redirect_from"}


class Read:
    """A note as the loader reads it."""

    def __init__(self, post: Post, body: Body) -> None:
        self.post = post
        self.body = body
        self.errors = {p for p in post.problems if p.severity == "error"}
        self.problems = sorted((problem.rule, problem.message) for problem in post.problems)

    def same_facts(self, other: "Read") -> bool:
        """Whether the headers say the same."""
        mine, theirs = self.post, other.post
        names = (
            *("title", "url", "lang", "date", "updated", "categories", "tags", "authors"),
            *("series", "weight", "pin", "draft", "expires", "image", "names"),
            *("redirects", "readable"),
        )
        return all(getattr(mine, name) == getattr(theirs, name) for name in names)


class Mender:
    """Mends notes of one site."""

    def __init__(
        self,
        features: Sequence[Feature],
        settings: LoadSettings,
        defaults: Callable[[str], Mapping[str, Any]],
    ) -> None:
        """
        Args:
            features: Those of the site.
            settings: How the build loads notes.
            defaults: Header values for a note by its folder.
        """
        self._loader = NoteLoader(features, settings)
        self._defaults = defaults

    def mend(self, text: str, path: str) -> str:
        """A note with all that can be mended safely; the same text if nothing can.

        Args:
            text: The whole note.
            path: The note below the notes folder.
        """
        mark, plain = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
        ends = "\n"
        if "\r" in plain:
            ends, plain = "\r\n", plain.replace("\r\n", "\n")
            if "\r" in plain or plain.replace("\n", ends) != text.removeprefix(mark):
                return text  # line ends of several kinds cannot be put back
        mended = self._mend(plain, path)
        return text if mended == plain else mark + mended.replace("\n", ends)

    def _mend(self, text: str, path: str) -> str:
        before = self._read(path, text)
        steps = (
            (_quoted_values, _reads_now),
            (_plain_keys, _is_same),
            (_named_fences, _is_same_but_code),
            (_with_dollars, _is_same),
        )
        for make, holds in steps:
            candidate = make(text, before)
            if candidate != text:
                after = self._read(path, candidate)
                if holds(before, after):
                    text, before = candidate, after
        return self._with_freed_formulas(path, text, before)

    def _with_freed_formulas(self, path: str, text: str, before: Read) -> str:
        """Takes the backquotes off formulas, but of those that cannot be set.

        What stands in a span that was freed may hold others: again until there are none.
        """
        left: set[Span] = set()
        for _ in range(_ROUNDS):
            chosen = [span for span in spans(text, before.post.problems) if span not in left]
            if not chosen:
                break
            candidate = freed(text, chosen)
            after = self._read(path, candidate)
            wrong = meant_by(text, chosen, after.errors - before.errors)
            if wrong:
                left |= wrong
            elif _is_better(before, after):
                text, before, left = candidate, after, set()
            else:
                break
        return text

    def _read(self, path: str, text: str) -> Read:
        note = NoteInput(
            path=NotePath(path),
            source="",
            key=Digest(""),
            digest=Digest(""),
            stamp=Digest(""),
            defaults=dict(self._defaults(path)),
            git_dates=("", ""),
        )
        return Read(*self._loader.load(note, text.encode()))


def _is_same(before: Read, after: Read) -> bool:
    return (
        before.same_facts(after) and before.body == after.body and after.problems == before.problems
    )


def _is_same_but_code(before: Read, after: Read) -> bool:
    return (
        before.same_facts(after)
        and before.body.headings == after.body.headings
        and before.post.words == after.post.words
        and set(after.problems) <= set(before.problems)
    )


def _reads_now(before: Read, after: Read) -> bool:
    """A header that could not be read can be, and nothing in it is wrong."""
    headers = (problem for problem in after.post.problems if problem.rule.startswith("header-"))
    return not before.post.readable and after.post.readable and not any(headers)


def _is_better(before: Read, after: Read) -> bool:
    return before.same_facts(after) and len(after.problems) < len(before.problems)


def _header_lines(text: str) -> tuple[Block, list[str]] | None:
    block = find_block(text)
    if block is None or not block.closed or block.language != "yaml":
        return None
    return block, text.split("\n")


def _quoted_values(text: str, read: Read) -> str:
    """Quotes the values that YAML takes for something else: `title: A: B`, `title: @x`."""
    found = _header_lines(text)
    if found is None or read.post.readable:
        return text
    block, lines = found
    wrong = {problem.line for problem in read.post.problems}
    for index in range(block.open_line, block.body_line - 2):
        match = _VALUE.match(lines[index])
        doubtful = match is not None and re.search(r":(?: |$)|^[@`%]| #|\t", match["value"])
        if match is not None and (doubtful or index + 1 in wrong):
            lines[index] = match["key"] + json.dumps(match["value"], ensure_ascii=False)
    return "\n".join(lines)


def _plain_keys(text: str, read: Read) -> str:
    """Writes keys by our own names: `lastMod` becomes `updated`."""
    found = _header_lines(text)
    if found is None:
        return text
    block, lines = found
    keys: dict[int, str] = {}
    for index in range(block.open_line, block.body_line - 2):
        match = _KEY.match(lines[index])
        ours = canonical(squash(match["key"])) if match else None
        if match and match["key"] in _SINGULAR:
            continue
        if ours is not None:
            keys[index] = ours[0]
    for index, name in keys.items():
        if list(keys.values()).count(name) == 1:  # else the order of preference decides
            match = _KEY.match(lines[index])
            assert match is not None
            lines[index] = _OUR_NAMES.get(name, name) + ":" + lines[index][match.end() :]
    return "\n".join(lines)


def _with_dollars(text: str, read: Read) -> str:
    return with_dollars(text)


def _named_fences(text: str, read: Read) -> str:
    """Says the language of code blocks that do not, where there is no doubt."""
    lines = text.split("\n")
    block = find_block(text)
    start = block.body_line - 1 if block is not None and block.closed else 0
    opening: tuple[int, str, str] | None = None
    for index in range(start, len(lines)):
        match = _FENCE.match(lines[index])
        if match is None:
            continue
        if opening is None:
            opening = (index, match["fence"], match["info"].strip())
        elif match["fence"].startswith(opening[1]) and not match["info"].strip():
            first, fence, info = opening
            language = "" if info else language_of("\n".join(lines[first + 1 : index]))
            if language:
                lines[first] = lines[first].rstrip().removesuffix(fence) + fence + language
            opening = None
    return "\n".join(lines)
