"""Puts a header together from its nodes: which key is whose, and what they say jointly.

Entry point: `assemble`. Several keys may say one thing (`draft`, `publish`,
`status`), several names may mean one key (`lastmod`, `modified`), and one key
may say several things (`aliases`).
"""

from typing import Any, NamedTuple

from notecast.loader.dates import parse_date
from notecast.loader.header_keys import BY_NAME, canonical, is_known, squash, suggestion
from notecast.loader.header_node import Node
from notecast.loader.header_values import (
    ABSENT,
    FOREIGN,
    ValueReader,
    as_flag,
    is_draft_state,
    plain,
)
from notecast.loader.header_yaml import Tree
from notecast.problems import Problem
from notecast.urls import is_external


class Assembled(NamedTuple):
    """What the keys of a header say; the fields are those of `Header`."""

    values: dict[str, Any]
    extra: dict[str, Any]
    lines: dict[str, tuple[int, int]]
    problems: list[Problem]
    publishable: bool


def assemble(tree: Tree, path: str, timezone: str) -> Assembled:
    """Reads every key of a header.

    Args:
        tree: The header's nodes; the root is a mapping or `None`.
        path: The file as the author knows it, for problems.
        timezone: IANA name of the site's zone.
    """
    return _Assembly(path, timezone).assemble(tree)


_DECIDING = frozenset(
    ("draft", "isdraft", "publish", "dgpublish", "published", "private", "status", "expires")
)
"""Keys that say whether to publish; one that cannot be read keeps the note back."""


class _Assembly:
    """One header while its keys are read."""

    def __init__(self, path: str, timezone: str) -> None:
        self.path = path
        self.timezone = timezone
        self.values: dict[str, Any] = {}
        self.ranks: dict[str, int] = {}
        self.extra: dict[str, Any] = {}
        self.lines: dict[str, tuple[int, int]] = {}
        self.publishable = True
        self.drafts: list[bool] = []

    def assemble(self, tree: Tree) -> Assembled:
        pairs = tree.root.value if tree.root is not None else []
        entries = self.unique(pairs, reader := self.reader(pairs))
        refused = {(value.line, value.column) for value in tree.refused}
        for key, node in entries:
            if (node.line, node.column) in refused and squash(key.value) in _DECIDING:
                self.publishable = False
            self.entry(key, node, reader)
        if self.drafts:
            self.values["draft"] = any(self.drafts)
        problems = reader.problems
        for line, column, message, hint in tree.refused:
            problems.append(
                Problem("header-is-plain", "error", self.path, line, column, message, hint)
            )
        self.check_comments(tree, entries, reader)
        return Assembled(self.values, self.extra, self.lines, problems, self.publishable)

    def reader(self, pairs: list[tuple[Node, Node]]) -> ValueReader:
        # `layout` marks Jekyll, where spaces separate tags; elsewhere tags hold spaces.
        spaced = any(key.value == "layout" for key, _ in pairs)
        return ValueReader(self.path, self.timezone, spaced_tags=spaced)

    def unique(
        self, pairs: list[tuple[Node, Node]], reader: ValueReader
    ) -> list[tuple[Node, Node]]:
        """Each key once; the last counts, as YAML readers do it."""
        found: dict[str, tuple[Node, Node]] = {}
        for key, node in pairs:
            name = key.value.strip()
            squashed = squash(name) if is_known(name) else name
            if squashed in found:
                earlier = found[squashed][0]
                both = squashed in _DECIDING
                fate = "also counts" if both else "is ignored"
                reader.problem(
                    "header-key-is-unique",
                    key,
                    f"{name} stands twice; the first, on line {earlier.line}, {fate}",
                    "remove one of them",
                    "warning",
                )
                if both:  # any of them may keep the note back
                    found[f"{squashed} {earlier.line}"] = found[squashed]
            found[squashed] = (key, node)
        return list(found.values())

    def entry(self, key: Node, node: Node, reader: ValueReader) -> None:
        written = key.value.strip()
        squashed = squash(written)
        if squashed in ("publish", "dgpublish", "private", "status", "published"):
            if self.decision(squashed, key, node, reader):
                return
        elif squashed == "taxonomies" and node.kind == "map":
            for inner, value in node.value:  # Zola
                self.entry(inner, value, reader)
            return
        elif squashed == "date" and node.kind == "map":
            for inner, value in node.value:  # Material for MkDocs
                self.entry(inner, value, reader)
            return
        known = canonical(squashed)
        if squashed == "url" and node.is_scalar and is_external(node.value.strip()):
            known = None  # of the paper, not of the note
        if known is None:
            self.unknown(written, key, node, reader)
            return
        self.known(known, key, node, reader)

    def known(self, known: tuple[str, int], key: Node, node: Node, reader: ValueReader) -> None:
        name, rank = known
        value = reader.read(BY_NAME[name], node)
        if value is FOREIGN:
            self.extra[key.value.strip()] = plain(node)
            self.lines.setdefault(key.value.strip(), (key.line, key.column))
            return
        if value is ABSENT:
            if (squash(key.value) in _DECIDING or name == "expires") and not node.is_empty:
                self.publishable = False
            return
        if name == "names":
            names, redirects = value
            if redirects:
                self.merge("redirects", redirects, key)
            if names:
                self.merge("names", names, key)
        elif name == "draft":
            self.drafts.append(value)
            self.lines.setdefault("draft", (key.line, key.column))
        elif isinstance(value, list) and name != "bibliography":
            self.merge(name, value, key)
        elif name not in self.values or rank < self.ranks[name]:
            self.values[name] = value
            self.ranks[name] = rank
            self.lines[name] = (key.line, key.column)

    def merge(self, name: str, items: list[str], key: Node) -> None:
        """Joins lists that came under several keys (`category` and `categories`)."""
        self.values[name] = list(dict.fromkeys([*self.values.get(name, ()), *items]))
        self.lines.setdefault(name, (key.line, key.column))

    def decision(self, squashed: str, key: Node, node: Node, reader: ValueReader) -> bool:
        """Reads a key that may say whether to publish; false if it says something else."""
        if node.is_empty:
            return True
        flag = as_flag(node)
        if squashed == "status":
            words = node.value if node.kind == "list" else [node]
            states = [is_draft_state(word.value) for word in words if word.is_scalar]
            flag = True if True in states else next(iter(states), None)
        elif squashed in ("publish", "dgpublish", "published") and flag is not None:
            flag = not flag
        if flag is not None:
            self.drafts.append(flag)
            self.lines.setdefault("draft", (key.line, key.column))
            return True
        is_date = node.is_scalar and isinstance(parse_date(node.value, self.timezone), str)
        if squashed in ("status", "published") or is_date:
            return False
        reader.wrong(BY_NAME["draft"]._replace(name=squashed), node, "true or false")
        self.publishable = False
        return True

    def unknown(self, written: str, key: Node, node: Node, reader: ValueReader) -> None:
        if not written:
            reader.problem(
                "header-value-fits", key, "a value has no key", "write the key before the colon"
            )
            return
        self.extra[written] = plain(node)
        self.lines.setdefault(written, (key.line, key.column))
        wanted = suggestion(written)
        if wanted:
            reader.problem(
                "header-key-is-known",
                key,
                f"{written} is not a key of Notecast; it is kept for templates only",
                f"did you mean {wanted}?",
                "warning",
                same=written,
            )

    def check_comments(
        self, tree: Tree, entries: list[tuple[Node, Node]], reader: ValueReader
    ) -> None:
        """Warns where the YAML reader took the end of a value for a comment."""
        if not tree.comments:
            return
        keys: dict[tuple[int, int], str] = {}
        for key, node in entries:
            for inner in node.value if node.kind == "list" else [node]:
                keys[inner.line, inner.column] = squash(key.value)
        for node, rest in tree.comments:
            name, _ = canonical(keys.get((node.line, node.column), "")) or ("", 0)
            attached = rest[1:2].strip() != "" and not rest.startswith("#!")
            lost_tag = node.is_empty and attached and name in ("tags", "categories", "names")
            if lost_tag or (name in ("title", "subtitle") and (attached or rest == "#")):
                value = f"{node.value} {rest}".strip().replace('"', "'")
                reader.problem(
                    "header-value-is-whole",
                    node,
                    f"{rest} is a comment in YAML and not part of the value",
                    f'quote the value: "{value}"',
                    "warning",
                )
