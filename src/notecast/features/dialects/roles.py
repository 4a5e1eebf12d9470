"""Roles of MyST: `` {cite}`key` ``, `` {ref}`text <label>` ``.

Entry points: `ROLE` with `role`, and `Labels`, which knows what they lead to.
"""

import re
from dataclasses import dataclass, field

ROLE = re.compile(
    r"(?<![`\w])(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|\{(?P<role>[A-Za-z][\w:+-]*)\}(?P<marks>`+)(?!`)(?P<text>.+?)(?<!`)(?P=marks)(?!`)"
)
_NAMED = re.compile(r"(?P<text>.*?)\s*<(?P<target>[^<>]+)>\s*\Z", re.DOTALL)
_LABEL = re.compile(r"[^\w.:-]+")
_COUNTED = ("numref", "prf:ref", "proof:ref")
_PREFIX = re.compile(
    r"\A(?:fig|tbl|eq|thm|lem|prp|cor|def|asm|axm|cnj|alg|exm|exr|rem|prf|sol)[-:_](?=.)"
)
_OTHER_BOOK = re.compile(r"\w+:\w")
"""A note of another book, which Sphinx looks up on the network (intersphinx)."""
_LIKE_CODE = frozenset(
    (
        *("code", "file", "command", "program", "envvar", "option", "samp", "literal", "py:func"),
        *("guilabel", "menuselection", "mod", "class", "func", "meth", "attr", "obj", "data"),
    )
)


@dataclass
class Labels:
    """Labels of one note, as its author and as the dialect of notes writes them."""

    known: dict[str, str] = field(default_factory=dict)
    code: set[int] = field(default_factory=set)
    """Lines (0-based) of code and formulas, in which there are no roles."""

    def add(self, written: str, prefix: str) -> str:
        """Our label for one of the author's: `fig:x` for `fig-x`."""
        name = _LABEL.sub("-", written.strip()).strip("-:") or "x"
        name = re.sub(rf"\A{prefix}[-:_]", "", name) or name
        found = f"sec-{name}" if prefix == "sec" else f"{prefix}:{name}"
        self.known[written.strip()] = found
        return found


def role(match: "re.Match[str]", labels: Labels) -> str:
    """What a role becomes; code in a line stays."""
    if match["code"] is not None:
        return match[0]
    name, text = match["role"].lower(), match["text"].strip()
    if name.startswith("cite"):
        keys = [key.strip() for key in text.split(",") if key.strip()]
        if name in ("cite:t", "citet", "cite:ts", "cite:author", "cite:alt"):
            return ", ".join(f"@{key}" for key in keys)
        return f"[{'; '.join(f'@{key}' for key in keys)}]"
    if name == "math":
        return f"${text}$"
    if name in ("sub", "sup", "kbd"):
        return f"<{name}>{text}</{name}>"
    named = _NAMED.match(text)
    shown = named["text"] if named else ""
    target = named["target"].strip() if named else text
    if name == "eq":
        found = labels.known.get(target)
        return f"\\eqref{{{found}}}" if found else f"({target})"
    if name in ("ref", "numref", "prf:ref", "proof:ref", "std:ref"):
        return _reference(target, "" if name == "numref" else shown, labels, name in _COUNTED)
    if name == "doc" and _OTHER_BOOK.match(target):
        return shown or target.partition(":")[2]
    if name == "doc":
        path = target if target.endswith(".md") else f"{target}.md"
        return f"[{shown}]({path})" if shown else f"[[{target.strip('/')}]]"
    if name == "download":
        return f"[{shown or target}]({target})"
    if name in ("index", "term", "abbr", "dfn", "fn"):
        return shown if name == "index" and shown else text
    if name in _LIKE_CODE or name.startswith("py:"):
        return f"{match['marks']}{text}{match['marks']}"
    return match[0]


def _reference(target: str, shown: str, labels: Labels, counted: bool) -> str:
    found = labels.known.get(target)
    if found is None and counted:
        name = _LABEL.sub("-", target).strip("-:")
        return f"@{{any:{_PREFIX.sub('', name) or name}}}"
    if found is None:
        # Most labels of other notes are those of headings.
        name = _LABEL.sub("-", target).strip("-:")
        return f"@{{sec-{name}|{shown}}}" if shown else f"@{{sec-{name}}}"
    if found.startswith("sec-"):
        return f"@{{{found}|{shown}}}" if shown else f"@{{{found}}}"
    return f"[{shown}](#{found})" if shown else f"@{{{found}}}"
