"""Reads the header of a note: what its author says about it before the text begins.

Entry point: `read_header`. The steps: `header_block` finds the header,
`header_yaml` or `header_toml` reads it into nodes within limits, and
`header_assembly` gives each key its meaning with the help of `header_values`. A
header that cannot be read is an error and its note is not published, since it
might be a draft; a single wrong value is an error and the note is published
without it, unless it says whether to publish.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from notecast.loader.header_assembly import Assembled, assemble
from notecast.loader.header_block import (
    Block,
    begins_with_known_key,
    find_block,
    is_unopened,
    looks_like_keys,
)
from notecast.loader.header_data import nodes_of
from notecast.loader.header_keys import is_known
from notecast.loader.header_node import HeaderError, Node
from notecast.loader.header_toml import read_toml
from notecast.loader.header_yaml import Tree, read_yaml
from notecast.problems import Problem


class Header(msgspec.Struct, frozen=True):
    """What a header says, and where the text behind it begins."""

    values: dict[str, Any]
    """By canonical name (`header_keys.KEYS`), only what is given and well formed."""
    extra: dict[str, Any]
    """Keys that are not ours, as JSON, by the name the author wrote."""
    body: str
    """The text behind the header."""
    first_line: int
    """Line of the file (1-based) on which the body begins."""
    lines: dict[str, tuple[int, int]]
    """Line and column of each key, by canonical name, else as written."""
    problems: tuple[Problem, ...]
    publishable: bool
    """False if the header cannot be read, or does not say whether to publish."""


_TEMPLATES = re.compile(
    r"(?:\A|/)(?:[\w .-]*templates?|scaffolds|archetypes)/[^/]*\Z", re.IGNORECASE
)


def read_header(
    text: str,
    path: str,
    timezone: str = "UTC",
    defaults: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Header:
    """Reads a note's header.

    Args:
        text: The whole note, as `decode` returned it.
        path: The file as the author knows it, for problems.
        timezone: IANA name of the site's zone, for times without one.
        defaults: Header values of the note's folder, under any of the known
            names; the note's own replace them key by key. What is wrong with
            them is not repeated for each note: see `check_defaults`.
        given: Header values that the file has elsewhere than in its text. They come
            before those of the folder, and the header in the text before them.

    Returns:
        A header without values where neither the note nor its folder has any.
    """
    header = _read_own(text, path, timezone)
    if given and header.publishable:
        header = _upon(header, _read_defaults(given, path, timezone), tell=True)
    if defaults and header.publishable:
        header = _upon(header, _read_defaults(defaults, path, timezone), tell=False)
    return header


def _upon(header: Header, lower: Header, *, tell: bool) -> Header:
    """A header with the values of another where it has none of its own."""
    return Header(
        {**lower.values, **header.values},
        {**lower.extra, **header.extra},
        header.body,
        header.first_line,
        header.lines,
        (*header.problems, *lower.problems) if tell else header.problems,
        lower.publishable,
    )


def check_defaults(defaults: Mapping[str, Any], path: str, timezone: str) -> list[Problem]:
    """What is wrong with header values that stand for a whole folder.

    Args:
        defaults: As `read_header` takes them.
        path: The file that holds them, as the author knows it.
        timezone: IANA name of the site's zone.
    """
    return list(_read_defaults(defaults, path, timezone).problems)


def _read_defaults(defaults: Mapping[str, Any], path: str, timezone: str) -> Header:
    block = Block("yaml", "", 0, "", 0, True, False)
    try:
        tree = Tree(nodes_of(dict(defaults)), (), ())
    except HeaderError as error:
        return _refused("", 0, path, error)
    return _header(block, assemble(tree, path, timezone))


def _read_own(text: str, path: str, timezone: str) -> Header:
    block = find_block(text)
    if block is None:
        if is_unopened(text):
            error = HeaderError(
                "header-is-fenced",
                1,
                1,
                "the header has no opening line of three dashes",
                "put --- above the first line and behind the last key",
            )
            return _refused(text, 1, path, error)
        return Header({}, {}, text, 1, {}, (), True)
    try:
        tree = _read_block(block)
    except HeaderError as error:
        body, line = (block.body, block.body_line) if block.closed else (text, 1)
        if "{{" in block.text and _TEMPLATES.search(path):
            return _template(body, line, path, error)
        return _refused(body, line, path, error)
    if tree is None:
        return Header({}, {}, text, 1, {}, (), True)
    return _header(block, assemble(tree, path, timezone))


def _template(body: str, line: int, path: str, error: HeaderError) -> Header:
    """A header to be filled in, in a folder where Hexo, Hugo or Obsidian keep such files."""
    folder = path.rpartition("/")[0].rpartition("/")[2]
    message = "this is a template for notes, so it is not published: its header has {{"
    hint = f'leave the folder out: ignore: ["{folder}/"] in site.yaml'
    problem = Problem(error.rule, "warning", path, error.line, error.column, message, hint)
    return Header({}, {}, body, line, {}, (problem,), False)


def _refused(body: str, line: int, path: str, error: HeaderError) -> Header:
    problem = Problem(
        error.rule, "error", path, error.line, error.column, error.message, error.hint
    )
    return Header({}, {}, body, line, {}, (problem,), False)


def _header(block: Block, read: Assembled) -> Header:
    return Header(
        read.values,
        read.extra,
        block.body,
        block.body_line,
        read.lines,
        tuple(read.problems),
        read.publishable,
    )


def _read_block(block: Block) -> Tree | None:
    """The nodes of a header; `None` if its fences are horizontal rules of the text.

    Raises:
        HeaderError: It is a header, but cannot be read.
    """
    if block.language not in ("yaml", "toml"):
        if not block.closed:
            return None
        raise HeaderError(
            "header-is-plain",
            block.open_line,
            1,
            f"a header in the language {block.language} is not read",
            "write it as YAML, between lines of three dashes",
        )
    if not block.closed:
        if not begins_with_known_key(block.text, block.language):
            return None
        fence = "+++" if block.language == "toml" else "---"
        raise HeaderError(
            "header-is-fenced",
            block.open_line,
            1,
            "the header is not closed",
            f"put {fence} on a line of its own behind the last key",
        )
    if not block.text.strip():
        return Tree(None, (), ())
    first = block.open_line + 1
    try:
        tree = (
            Tree(read_toml(block.text, first), (), ())
            if block.language == "toml"
            else read_yaml(block.text, first)
        )
    except HeaderError:
        if looks_like_keys(block.text, block.language):
            raise
        return None
    return tree if _is_header(tree.root, block) else None


def _is_header(root: Node | None, block: Block) -> bool:
    """Whether valid YAML between two rules was meant as a header.

    Raises:
        HeaderError: It was, but holds no keys.
    """
    if root is not None and root.kind == "map":
        # Behind a blank line only a known key tells a header from prose with a colon.
        return not block.spaced or any(is_known(key.value) for key, _ in root.value)
    if root is None or not begins_with_known_key(block.text, block.language):
        return False
    what, hint = "a list", "remove the dash before the key"
    if root.kind != "list":
        what, hint = "text", "write key: value, with an ASCII colon and a space behind it"
    message = f"the header is {what}, not keys with values"
    raise HeaderError("header-is-yaml", root.line, root.column, message, hint)
