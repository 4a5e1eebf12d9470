"""Outlines of Logseq: properties `key:: value`, blocks `((id))`, `{{embed …}}`, `#+BEGIN_NOTE`.

Entry points: `is_logseq`, `from_logseq`. https://docs.logseq.com
"""

import re

_ID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_SIGN = re.compile(
    rf"\(\({_ID}\)\)|^[ \t]*(?:[-*][ \t]+)?(?:id::[ \t]+{_ID}|collapsed::[ \t])"
    r"|^[ \t]*(?:[-*][ \t]+)?#\+BEGIN_|\{\{(?:embed|query|renderer|cards)\b",
    re.MULTILINE | re.IGNORECASE,
)
_OUTLINE = re.compile(r"^[ \t]*(?:- )?[\w.-]+::[ \t]|^[ \t]*- (?:TODO|DONE|NOW|LATER|DOING) ", re.M)
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})")
_PROPERTY = re.compile(
    r"(?P<indent>[ \t]*(?:[-*][ \t]+)?)(?P<key>[\w./-]+)::(?:[ \t]+(?P<value>.*))?\Z"
)
_BEGIN = re.compile(
    r"(?P<indent>[ \t]*(?:[-*][ \t]+)?)#\+BEGIN_(?P<name>\w+)[ \t]*(?P<rest>.*)\Z", re.I
)
_END = re.compile(r"(?P<indent>[ \t]*)#\+END_(?P<name>\w+)[ \t]*\Z", re.I)
_TASK = re.compile(
    r"([ \t]*[-*][ \t]+)(?:(TODO|LATER|NOW|DOING|WAITING|IN-PROGRESS)|DONE|CANCELL?ED)[ \t]+"
)
_SIZE = re.compile(r"(?<=\))\{(?=[^{}]*:(?:height|width))([^{}]*)\}")
_PART = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    rf"|\[(?P<label>[^\[\]]*)\]\(\(\((?P<linked>{_ID})\)\)\)"
    rf"|\{{\{{embed[ \t]+\(\((?P<embedded>{_ID})\)\)[ \t]*\}}\}}"
    r"|\{\{embed[ \t]+\[\[(?P<page>[^\[\]]+)\]\][ \t]*\}\}"
    r"|\{\{(?P<macro>[a-z][\w-]*)(?P<rest>(?:[ \t:(][^{}]*)?)\}\}"
    rf"|\(\((?P<block>{_ID})\)\)",
    re.IGNORECASE,
)
_FILMS = frozenset(("video", "youtube", "vimeo", "bilibili", "tweet", "twitter"))
_MACROS = frozenset(
    (
        *("query", "renderer", "cards", "namespace", "function", "youtube-timestamp", "cloze"),
        *("zotero-imported-file", "zotero-linked-file", "embed", "docs-base-url"),
    )
)
_INNER = re.compile(
    r"id|collapsed|icon|public|title|alias|aliases|tags|template(?:-.*)?|background-color|heading|created-at|banner"
    r"|updated-at|card-.*|logseq\..*|exclude-from-graph-view|hl-.*|ls-type|filters|query-.*"
    r"|done|todo|now|later|doing|doc-type|background-image",
)
_KINDS = frozenset(("note", "tip", "important", "caution", "warning", "example", "quote"))
_NOTHING = "<!-- -->"


def is_logseq(text: str, path: str) -> bool:
    """Whether a note is an outline of Logseq."""
    # A search of the whole text takes a fortieth of the time to parse it.
    if ("((" in text or "::" in text or "#+" in text or "{{" in text) and _SIGN.search(text):
        return True
    folders = path.lower().split("/")[:-1]
    return bool({"pages", "journals"} & set(folders)) and _OUTLINE.search(text) is not None


def from_logseq(text: str, unknown: dict[str, int]) -> str:
    """A text in the dialect of notes, with as many lines as before.

    Args:
        text: Of a note, without its header.
        unknown: Takes what was not understood: name as shown → line (0-based).
    """
    lines = text.split("\n")
    blocks = _blocks(lines)
    out: list[str] = []
    fence = skipped = ""
    for nth, line in enumerate(lines):
        marker = _FENCE.match(line)
        if fence:
            if marker and marker[1].startswith(fence):
                fence = ""
            out.append(line)
            continue
        if skipped:
            done = line.strip().upper() == skipped
            skipped = "" if done else skipped
            out.append("")
            continue
        if marker:
            fence = marker[1]
            out.append(line)
            continue
        begin = _BEGIN.match(line)
        if begin and begin["name"].upper() in ("QUERY", "COMMENT", "EXPORT"):
            skipped = f"#+END_{begin['name'].upper()}"
            out.append(begin["indent"])
        elif line.strip() == ":LOGBOOK:":
            skipped = ":END:"
            out.append("")
        else:
            out.append(_line(line, begin, blocks, unknown, nth))
    return "\n".join(out)


def _blocks(lines: list[str]) -> dict[str, str]:
    """Text of the blocks of this note that have an id."""
    found: dict[str, str] = {}
    above = ""
    for line in lines:
        match = _PROPERTY.match(line)
        if match is None:
            above = line
        elif match["key"] == "id":
            words = above.strip().lstrip("-* #").strip()
            words = _TASK.sub("", f"- {words}").removeprefix("- ")
            found[(match["value"] or "").strip()] = re.sub(r"[\[\]]|\(\(.*", "", words) or "↗"
    return found


def _line(
    line: str,
    begin: "re.Match[str] | None",
    blocks: dict[str, str],
    unknown: dict[str, int],
    nth: int,
) -> str:
    if begin is not None:
        name = begin["name"].lower()
        if name == "src":
            return f"{begin['indent']}`````{begin['rest'].split(' ')[0]}"
        return f"{begin['indent']}:::{name if name in _KINDS else 'note'} {begin['rest']}".rstrip()
    end = _END.match(line)
    if end is not None:
        return end["indent"] + ("`````" if end["name"].lower() == "src" else ":::")
    written = _PROPERTY.match(line)
    if written is not None:
        return _property(written)
    line = _TASK.sub(lambda task: f"{task[1]}[{' ' if task[2] else 'x'}] ", line)
    line = _SIZE.sub(_size, line)

    def replaced(match: "re.Match[str]") -> str:
        found = _part(match, blocks)
        if found is None:
            unknown.setdefault("{{" + match["macro"] + "}}" if match["macro"] else "((…))", nth)
            return match[0]
        return found

    return _PART.sub(replaced, line) if "((" in line or "{{" in line else line


def _property(match: "re.Match[str]") -> str:
    key, value = match["key"], (match["value"] or "").strip()
    if key == "id":
        return f"{match['indent']}^{value}"
    if _INNER.fullmatch(key.lower()) or not value:
        return match["indent"] + _NOTHING
    return f"{match['indent']}{key}: {value}  "


def _size(match: "re.Match[str]") -> str:
    sizes = re.findall(r":(height|width)[ \t]+(\d{1,5})\b", match[1])
    return f"{{{' '.join(f'{name}={value}' for name, value in sizes)}}}" if sizes else ""


def _part(match: "re.Match[str]", blocks: dict[str, str]) -> str | None:
    if match["code"] is not None:
        return match[0]
    if match["linked"]:
        known = match["linked"] in blocks
        return f"[{match['label']}](#^{match['linked']})" if known else match["label"]
    if match["embedded"]:
        return f"![[#^{match['embedded']}]]" if match["embedded"] in blocks else None
    if match["page"]:
        return f"![[{match['page']}]]"
    if match["block"]:
        words = blocks.get(match["block"])
        return f"[{words}](#^{match['block']})" if words else None
    macro, rest = match["macro"].lower(), match["rest"].strip()
    if macro in _FILMS and "://" in rest:
        return f"<{rest}>"
    if macro == "cloze":
        return rest
    return "" if macro in _MACROS else None
