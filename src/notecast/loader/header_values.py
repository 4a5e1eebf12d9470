"""Reads the value of a header key as its kind demands: text, date, list of names …

Entry point: `ValueReader`, one for each header; `header_keys.KEYS` says which
method reads which key. A method returns the value, `ABSENT` for an open or
refused one, or `FOREIGN` for one that has the key of ours but another program's
meaning, and then stays among the unknown keys.
"""

import re
from typing import Any, Final

from notecast.loader.dates import FORMS, BadDate, parse_date
from notecast.loader.header_keys import Key
from notecast.loader.header_node import Node
from notecast.problems import Problem, Severity
from notecast.urls import BadAddress, check_address, check_pattern, check_slug

ABSENT: Final = object()
FOREIGN: Final = object()

TRUE = frozenset(("true", "yes", "on", "1", "y"))
FALSE = frozenset(("false", "no", "off", "0", "n"))
_DRAFT_STATES = frozenset(("draft", "hidden", "private", "skip", "unpublished"))

# Layouts that every Jekyll, Hugo or Hexo note names; they are no templates of ours.

# Language, script, region, as RFC 5646 §2.1 orders them; variants are left as written.
_LANG = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?((?:[-_]\w+)*)"
)
_NUMBER = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,14})", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:0|[1-9]\d{0,14})\.\d{1,15}", re.ASCII)
_COMMAS = re.compile(r"[,，]")
_WIKILINK = re.compile(r"!?\[\[([^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|([^\[\]\n]*))?\]\]")
_IMAGE_KEYS = ("src", "image", "url", "path", "feature", "teaser", "name", "file", "relative")


class ValueReader:
    """Reads values and collects what is wrong with them; lives for one header."""

    def __init__(self, path: str, timezone: str, *, spaced_tags: bool) -> None:
        """`spaced_tags`: whether `tags: a b` means two, as in Jekyll."""
        self.path = path
        self.timezone = timezone
        self.spaced_tags = spaced_tags
        self.problems: list[Problem] = []

    def problem(
        self,
        rule: str,
        node: Node,
        message: str,
        hint: str,
        severity: Severity = "error",
        same: str = "",
    ) -> None:
        self.problems.append(
            Problem(rule, severity, self.path, node.line, node.column, message, hint, same=same)
        )

    def read(self, key: Key, node: Node) -> Any:
        """The value of `node` as one of `key`, `ABSENT` or `FOREIGN`."""
        if node.is_empty:
            return ABSENT
        return getattr(self, key.kind)(key, node)

    def wrong(self, key: Key, node: Node, accepted: str, hint: str = "") -> Any:
        """Reports a value of the wrong kind."""
        given = {"list": "a list", "map": "a mapping"}.get(node.kind) or f'"{_short(node.value)}"'
        shown = {"names": "aliases", "redirects": "redirect_from"}.get(key.name, key.name)
        message = f"{shown} cannot be {given}; it is {accepted}"
        if not hint and node.kind == "map" and node.value:
            hint = "text with a colon in it needs quotes"
        self.problem(
            "header-value-fits", node, message, hint or f"see {shown} in the table of keys"
        )
        return ABSENT

    def text(self, key: Key, node: Node) -> Any:
        if node.is_scalar:
            text = " ".join(node.value.split())
            return text or ABSENT
        if node.kind == "list" and len(node.value) == 1 and node.value[0].is_scalar:
            return self.text(key, node.value[0])
        return self.wrong(key, node, 'one line of text, such as "Notes on flow"')

    def first(self, key: Key, node: Node) -> Any:
        """Text, or a list of which the first item counts (Hugo's taxonomies are lists)."""
        items = [item for item in node.value if item.is_scalar] if node.kind == "list" else []
        if node.kind == "list":
            return self.text(key, items[0]) if items else ABSENT
        return self.text(key, node)

    def texts(self, key: Key, node: Node) -> Any:
        if node.is_scalar:
            return [node.value.strip()] if node.value.strip() else ABSENT
        if node.kind == "list" and all(item.is_scalar for item in node.value):
            return [item.value.strip() for item in node.value if not item.is_empty] or ABSENT
        return self.wrong(key, node, "text or a list of texts")

    def date(self, key: Key, node: Node) -> Any:
        if not node.is_scalar:
            return self.wrong(key, node, "a date", FORMS)
        if not node.value.strip() or (key.name == "updated" and as_flag(node) is not None):
            return ABSENT  # VuePress shows the date of the file, or with `false` none
        parsed = parse_date(node.value, self.timezone)
        if isinstance(parsed, BadDate):
            self.problem("date-exists", node, f"{key.name}: {parsed.message}", parsed.hint)
            return ABSENT
        return parsed

    def flag(self, key: Key, node: Node) -> Any:
        value = as_flag(node)
        if value is None and key.name == "pin" and node.is_scalar and _NUMBER.fullmatch(node.value):
            return float(node.value) > 0  # Hexo sorts by `sticky: 100`
        if value is None:
            return self.wrong(key, node, "true or false")
        return value

    def switch(self, key: Key, node: Node) -> Any:
        """A flag that other systems also give a word or settings (`math: katex`)."""
        value = as_flag(node)
        return value if value is not None else bool(node.value)

    def number(self, key: Key, node: Node) -> Any:
        if node.is_scalar and _NUMBER.fullmatch(node.value.strip()):
            return float(node.value)
        return self.wrong(key, node, "a number")

    def lang(self, key: Key, node: Node) -> Any:
        match = _LANG.fullmatch(node.value.strip().split(".")[0]) if node.is_scalar else None
        if match is None:
            return self.wrong(key, node, "a language tag such as zh-CN or en")
        language, script, region, rest = match.groups()
        parts = [language.lower(), (script or "").title(), (region or "").upper()]
        return "-".join(part for part in parts if part) + rest.replace("_", "-")

    def names(self, key: Key, node: Node) -> Any:
        """Categories: a list, or text separated by commas; inner lists are paths (Hexo)."""
        found: dict[str, None] = {}
        for item in _items(node, _COMMAS):
            if item.kind == "list" and all(part.is_scalar for part in item.value):
                written = "/".join(part.value for part in item.value if not part.is_empty)
            elif item.is_scalar:
                written = item.value
            else:
                self.wrong(key, item, "a name or a list of names, nested by /")
                continue
            self.add_name(found, written)
        return list(found) or ABSENT

    def tags(self, key: Key, node: Node) -> Any:
        """Tags: a list, or text separated by commas, `#` signs or (as in Jekyll) spaces."""
        separator = _COMMAS
        if node.is_scalar and not _COMMAS.search(node.value):
            words = node.value.split()
            if self.spaced_tags or all(word.startswith("#") for word in words):
                separator = re.compile(r"\s+")
        found: dict[str, None] = {}
        for item in _items(node, separator):
            inner = item.value if item.kind == "list" else [item]
            for tag in inner:
                if tag.is_scalar:
                    self.add_name(found, "" if tag.is_empty else tag.value.strip().lstrip("#"))
                else:
                    self.wrong(key, tag, "a tag or a list of tags")
        return list(found) or ABSENT

    def add_name(self, found: dict[str, None], written: str) -> None:
        parts = (" ".join(part.split()) for part in unlinked(written).split("/"))
        name = "/".join(part for part in parts if part)
        if name:
            found[name] = None

    def authors(self, key: Key, node: Node) -> Any:
        """A name, several separated by `;` or `、`, a list, or mappings that hold a name."""
        found: dict[str, None] = {}
        for item in _items(node, re.compile("[;；、]")):
            name = self.author(item)
            if name is None:
                self.wrong(key, item, "a name, a list of names, or mappings with a name")
            elif name:
                found[name] = None
        return list(found) or ABSENT

    def author(self, node: Node) -> str | None:
        if node.is_scalar:
            return "" if node.is_empty else " ".join(unlinked(node.value).split())
        if node.kind == "map":
            fields = {pair[0].value.lower(): pair[1] for pair in node.value}
            if "name" in fields:
                return self.author(fields["name"])
            parts = [fields[part] for part in ("given", "family", "literal") if part in fields]
            if parts and all(part.is_scalar for part in parts):
                return " ".join(part.value for part in parts)
        return None

    def slug(self, key: Key, node: Node) -> Any:
        if not node.is_scalar:
            return self.wrong(key, node, "text")
        if "/" in node.value:
            return self.checked_address(key, node)  # Docusaurus: a whole path
        bad = check_slug(node.value)
        if bad is not None:
            self.problem("address-is-safe", node, f"slug: {bad.message}", bad.hint)
            return ABSENT
        return node.value.strip() or ABSENT

    def address(self, key: Key, node: Node) -> Any:
        if not node.is_scalar:
            return self.wrong(key, node, "an address such as /about/")
        return self.checked_address(key, node)

    def checked_address(self, key: Key, node: Node) -> Any:
        is_pattern = key.name == "permalink" and ":" in node.value
        checked = (is_pattern and check_pattern(node.value)) or check_address(node.value)
        if isinstance(checked, BadAddress):
            shown = "redirect_from" if key.name == "redirects" else key.name
            shown = "aliases" if key.name == "names" else shown
            self.problem("address-is-safe", node, f"{shown}: {checked.message}", checked.hint)
            return ABSENT
        return checked

    def addresses(self, key: Key, node: Node) -> Any:
        """Old addresses of a note."""
        found: dict[str, None] = {}
        for item in _items(node, None):
            if not item.is_scalar:
                self.wrong(key, item, "an address or a list of addresses")
            elif not item.is_empty and (address := self.checked_address(key, item)) is not ABSENT:
                found[address] = None
        return list(found) or ABSENT

    def aliases(self, key: Key, node: Node) -> Any:
        """Other names (Obsidian) and old addresses (Hugo), told apart by `/`."""
        names: dict[str, None] = {}
        redirects: dict[str, None] = {}
        for item in _items(node, _COMMAS):
            if not item.is_scalar:
                self.wrong(key, item, "a name, an old address, or a list of them")
            elif not item.is_empty and is_old_address(item.value.strip()):
                if (address := self.checked_address(key, item)) is not ABSENT:
                    redirects[address] = None
            elif not item.is_empty and item.value.strip():
                names[" ".join(item.value.split())] = None
        return list(names), list(redirects)

    def image(self, key: Key, node: Node) -> Any:
        if node.kind == "list":
            return self.image(key, node.value[0]) if node.value else ABSENT
        if node.kind == "map":
            fields = {pair[0].value.lower(): pair[1] for pair in node.value}
            for name in _IMAGE_KEYS:
                if name in fields and fields[name].is_scalar and as_flag(fields[name]) is None:
                    return self.image(key, fields[name])
            return FOREIGN
        if as_flag(node) is not None:
            return FOREIGN  # `feature: true`
        link = _WIKILINK.fullmatch(node.value.strip())
        return (link[1] if link else node.value).strip() or ABSENT

    def mapping(self, key: Key, node: Node) -> Any:
        if node.kind != "map":
            return self.wrong(key, node, "a mapping, such as {arxiv: 1706.03762}")
        return {pair[0].value: written(pair[1]) for pair in node.value if not pair[1].is_empty}


def _items(node: Node, separator: "re.Pattern[str] | None") -> list[Node]:
    """The items of a list, or of text that a separator cuts."""
    if node.kind == "list":
        return list(node.value)
    if node.is_scalar and separator is not None:
        return [node._replace(value=part) for part in separator.split(node.value)]
    return [node]


def unlinked(text: str) -> str:
    """A name that is written as a wikilink, as Obsidian's properties have it: `[[Books]]`."""
    link = _WIKILINK.fullmatch(text.strip())
    return (link[2] or link[1].rpartition("/")[2]) if link else text


def is_old_address(alias: str) -> bool:
    """Whether an alias is an address rather than a name: it holds `/`, and no
    spaces unless it begins with it (`client/server model` is a name)."""
    return alias.startswith("/") or ("/" in alias and " " not in alias)


def as_flag(node: Node) -> bool | None:
    """True or false as YAML 1.1 writes them, in quotes too; else `None`."""
    if not node.is_scalar:
        return None
    word = node.value.strip().lower()
    return True if word in TRUE else False if word in FALSE else None


def is_draft_state(word: str) -> bool | None:
    """What a `status` says of a note: draft or not, `None` if it speaks of something else."""
    word = word.strip().lower()
    if word in _DRAFT_STATES:
        return True
    return False if word in ("published", "publish", "public") else None


def written(node: Node) -> Any:
    """A value as JSON with every scalar as written: `1706.03762` keeps its last digit."""
    if node.kind == "list":
        return [written(item) for item in node.value if not item.is_empty]
    if node.kind == "map":
        return {pair[0].value: written(pair[1]) for pair in node.value}
    return node.value.strip()


def plain(node: Node) -> Any:
    """A value of an unknown key as JSON, for templates.

    `true`, `false`, `yes`, `no`, `on`, `off` in lower case are flags (the first two
    in any case) and plain decimal numbers are numbers; all else stays as written,
    so that `NO`, `010`, `1:30` and `0x1F` mean what the author sees.
    """
    if node.kind == "list":
        return [plain(item) for item in node.value]
    if node.kind == "map":
        return {pair[0].value: plain(pair[1]) for pair in node.value}
    text = node.value
    if node.kind == "quoted":
        return text
    if node.is_empty:
        return None
    if text in ("true", "True", "TRUE", "yes", "on"):
        return True
    if text in ("false", "False", "FALSE", "no", "off"):
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
