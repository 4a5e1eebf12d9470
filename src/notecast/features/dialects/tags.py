"""Tags in a text, outside of code: `{{< name … >}}`, `{{% name … %}}`, `{% name … %}`, `{{ … }}`.

Entry points: `translated`; `Tag` for those who say what becomes of one; `in_html`.
"""

import re
from typing import NamedTuple

from notecast.features.dialects.outside import CODE_SPAN, outside_code

_TAG = re.compile(
    rf"{CODE_SPAN}"
    r"|\{\{[<%](?P<hugo>(?:[^{}]|\{(?!\{)|\}(?!\})){1,4000}?)[>%]\}\}"
    r"|\{%-?(?P<liquid>(?:[^%{}]|%(?!\})|[{}](?!%)){1,4000}?)-?%\}"
    r"|\{\{-?(?P<output>\s*(?:(?:site|page|config|theme)\.[^{}\n]{1,200}?"
    r"|[\"'][^{}\n]{1,400}?[\"']\s*\|[^{}\n]{1,200}?))-?\}\}"
)
_NAME = re.compile(r"\s*(/?)\s*([A-Za-z][\w./-]*)\s*(.*?)\s*(/?)\s*\Z", re.DOTALL)
_ARGUMENT = re.compile(
    r"""(?:(?P<key>[\w-]+)\s*[=:]\s*)?"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|`(?P<raw>[^`]*)`"""
    r"""|(?P<bare>[^\s"'`=]+))""",
    re.DOTALL,
)
_BLANK = re.compile(r"\s*")
_HTML = re.compile(r"[ \t>]{0,8}</?[A-Za-z][\w-]*(?:[\s/][^<>\n]*)?>[ \t]*(?=\n)")
_BLOCK = re.compile(
    r"[ \t>]{0,3}</?(?:article|aside|center|details|div|figure|li|ol|p|section|summary|t[dhr]|table"
    r"|tbody|ul)(?=[\s/>])",
    re.IGNORECASE,
)
"""What ends a paragraph."""
_FAR = 2_000
"""Characters over which a block of HTML is followed to its beginning."""
_ESCAPED = re.compile(r"\\([\"'\\])")


class Tag(NamedTuple):
    """One tag as it is written."""

    name: str
    """In lower case."""
    closes: bool
    """Whether it ends what another began: `{{< /name >}}`, `{% endname %}`."""
    words: tuple[str, ...]
    """Arguments without a name."""
    named: dict[str, str]
    text: str
    """All arguments as written."""
    path: str
    """Of the note."""
    alone: bool
    """Whether nothing else stands on its line."""
    in_link: bool
    """Whether it is (a part of) the address of a link or an image."""
    by_formula: bool
    """Whether it stands around a formula."""
    by_fence: bool
    """Whether it stands around a block of code, with nothing between."""
    in_html: bool
    """Whether it stands in a block of HTML, in which Markdown means nothing."""

    def first(self, *names: str) -> str:
        """The first of the named arguments that there is."""
        return next((self.named[name] for name in names if self.named.get(name)), "")


_REPORTED = ("include", "include_relative")
"""What takes in a file says itself what is wrong (`loader/includes.py`)."""


def translated(text: str, path: str, unknown: dict[str, int]) -> str:
    """A text in the dialect of notes, with as many lines as before.

    Args:
        text: Of a note, without its header.
        path: Of the note.
        unknown: Takes what was not understood: name as shown → line (0-based).
    """
    return outside_code(text, lambda run, first: _run(run, first, path, unknown))


def _run(text: str, first: int, path: str, unknown: dict[str, int]) -> str:
    if "{{" not in text and "{%" not in text:
        return text

    def replaced(match: "re.Match[str]") -> str:
        if match["code"] is not None:
            return match[0]
        found = _replacement(match, path)
        if found is None:
            name = _shown(match)
            if name and not _in_comment(text, match.start()):
                unknown.setdefault(name, first + text.count("\n", 0, match.start()))
            return match[0]
        return found + "\n" * (match[0].count("\n") - found.count("\n"))

    return _TAG.sub(replaced, text)


def _in_comment(text: str, start: int) -> bool:
    return text.rfind("<!--", 0, start) > text.rfind("-->", 0, start)


def _replacement(match: "re.Match[str]", path: str) -> str | None:
    from notecast.features.dialects import hugo, liquid

    if match["output"] is not None:
        return liquid.output(match["output"].strip())
    read = _NAME.match(match["hugo"] if match["hugo"] is not None else match["liquid"])
    if read is None:
        return None
    name, closes = read[2].lower(), bool(read[1])
    if match["liquid"] is not None and name.startswith("end") and len(name) > 3:
        name, closes = name[3:], True
    text, start, end = match.string, match.start(), match.end()
    before = text[text.rfind("\n", 0, start) + 1 : start]
    stop = text.find("\n", end)
    after = text[end : stop if stop >= 0 else None]
    tag = Tag(
        name,
        closes,
        *_arguments(read[3]),
        read[3],
        path,
        alone=not before.strip(" \t>") and not after.strip(),
        in_link=bool(
            re.search(
                r"(?:\]\(\s*<?|(?:href|src)\s*=\s*[\"']?)(?:[^\s(){]|\{\{[^{}]*\}\})*\Z", before
            )
        ),
        by_fence=_BLANK.fullmatch(text, *((0, start) if closes else (end, len(text)))) is not None,
        in_html="<" in text and in_html(text, start - len(before)),
        by_formula=(before if closes else after).strip()[-1 if closes else 0 :][:1] == "$",
    )
    return hugo.read(tag) if match["hugo"] is not None else liquid.read(tag)


def in_html(text: str, start: int) -> bool:
    """Whether the line that begins at `start` goes on with a block of HTML.

    A tag that asks for Markdown opens none.
    """
    first = start
    while first > 0:
        above = text.rfind("\n", 0, first - 1) + 1
        if not text[above : first - 1].strip(" \t>"):
            break
        first = above
        if _BLOCK.match(text, first) or start - first > _FAR:
            break
    if _BLOCK.match(text, first, start) is None and _HTML.match(text, first, start) is None:
        return False
    return "markdown" not in text[first : text.find("\n", first, start)]


def _arguments(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    words: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        quoted = match["double"] if match["double"] is not None else match["single"]
        if quoted is not None:
            value = _ESCAPED.sub(r"\1", quoted)
        else:
            value = match["raw"] if match["raw"] is not None else match["bare"]
        value = " ".join(value.split())
        if match["key"]:
            named[match["key"].lower()] = value
        else:
            words.append(value)
    return tuple(words), named


def _shown(match: "re.Match[str]") -> str:
    """How a tag is named to the author; the end of one is not named by itself."""
    inner = match["hugo"] if match["hugo"] is not None else match["liquid"]
    if inner is None:
        words = match["output"].strip()
        return f"{{{{ {words if len(words) < 40 else words[:38] + '…'} }}}}"
    read = _NAME.match(inner)
    if read is None or read[1] or read[2].startswith("end"):
        return ""
    if read[2] == _REPORTED[match["hugo"] is None]:
        return ""
    return f"{{% {read[2]} %}}" if match["hugo"] is None else f"{{{{< {read[2]} >}}}}"
