"""Properties at the top of a page of Logseq, which are its header: `alias:: a, b`.

Entry point: `page_properties`. Obsidian's Dataview writes them so, too.
"""

import re
from typing import Any

_LINE = re.compile(r"[ \t]*(?:-[ \t]+)?([A-Za-z][\w-]*)::(?:[ \t]+(.*))?\Z")
_ITEM = re.compile(r"\[\[([^\[\]]+)\]\]|([^,\[\]]+)")
_LISTS = {"alias": "aliases", "aliases": "aliases", "tags": "tags"}
_TEXTS = frozenset(("title", "description", "date", "author", "lang"))
_MAX_LINES = 40


def page_properties(text: str) -> dict[str, Any]:
    """Header values of a page that begins with properties; empty for all other notes."""
    if "::" not in text[:200].lstrip().partition("\n")[0]:
        return {}
    found: dict[str, Any] = {}
    for line in text.lstrip().split("\n", _MAX_LINES)[:_MAX_LINES]:
        match = _LINE.match(line.rstrip())
        if match is None:
            break
        key, value = match[1].lower(), (match[2] or "").strip()
        if key in _LISTS:
            items = [(one or other).strip(" \t#") for one, other in _ITEM.findall(value)]
            found[_LISTS[key]] = [item for item in items if item]
        elif key in _TEXTS and value:
            found[key] = value
        elif key == "public" and value.lower() == "false":
            found["draft"] = True
    return found
