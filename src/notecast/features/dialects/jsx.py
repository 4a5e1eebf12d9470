"""Attributes and elements of Docusaurus and VitePress, which are JSX and Vue, as HTML.

    <img src={require("./a.png").default} />      <img src="./a.png" />
    <div style={{textAlign: 'center'}}>           <div style="text-align: center">
    <Tabs> <TabItem value="a" label="A">          :::tabs / :::tab A
    {/* comment */}, import … from '…'            nothing
    <Badge type="tip" text="new" />               <span class="badge">new</span>

Entry points: `is_jsx`, `from_jsx`. https://docusaurus.io/docs/markdown-features
"""

import re

from notecast.features.dialects.outside import CODE_SPAN, outside_code

_SIGNS = ("<TabItem", "{/*", "<Badge", "className=")
_BRACE = re.compile(r"<[A-Za-z][\w.]*\s[^<>]{0,400}?=\{")
_VOID = frozenset(("img", "br", "hr", "input", "source", "wbr", "col", "embed", "track"))
_BRACED = r"\{(?:[^{}]|\{[^{}]*\}){0,2000}\}"
_TAG = re.compile(
    rf"{CODE_SPAN}|\{{/\*(?P<comment>(?:(?!\*/\}}).)*)\*/\}}"
    r"|<(?P<name>[A-Za-z][\w.]*)"
    rf"(?P<attributes>(?:\s+[A-Za-z][\w:-]*(?:=(?:\"[^\"]*\"|'[^']*'|{_BRACED}))?)*+)"
    r"\s*+(?P<end>/?>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    rf"(?P<space>\s+)(?P<name>[A-Za-z][\w:-]*)"
    rf"(?:=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<braced>{_BRACED})))?"
)
_FILE = re.compile(
    r"\{\s*(?:(?P<call>require|useBaseUrl)\(\s*)?([\"'`])(?P<path>[^\"'`{}]*)\2\s*\)?"
    r"(?:\.default)?\s*\}"
)
_NUMBER = re.compile(r"\{\s*(-?[\d.]+)\s*\}")
_STYLE = re.compile(r"([A-Za-z]+)\s*:\s*(?:[\"']([^\"']*)[\"']|(-?[\d.]+))")
_IMPORT = re.compile(
    r"^import[ \t]+(?P<names>[\w{}*, \t]+?)[ \t]+from[ \t]+[\"'][^\"'\n]+[\"'];?[ \t]*$"
)
_TABS = re.compile(r"[ \t]*<(?P<closes>/?)(?P<name>Tabs|TabItem)\b(?P<attributes>[^>]*)>[ \t]*")
_BADGE_END = "</Badge>"


def is_jsx(text: str) -> bool:
    """Whether a text may have such attributes or elements."""
    return any(sign in text for sign in _SIGNS) or (
        "={" in text and _BRACE.search(text) is not None
    )


def from_jsx(text: str) -> str:
    """The same in HTML and the dialect of notes, line for line."""
    tabs = _balanced(text, "Tabs") and _balanced(text, "TabItem")

    def rewrite(run: str, _: int) -> str:
        run = _TAG.sub(_tag, run).replace(_BADGE_END, "</span>")
        lines = [_without_import(line, text) for line in run.split("\n")]
        return "\n".join([_tabs(line) for line in lines] if tabs else lines)

    return outside_code(text, rewrite)


def _balanced(text: str, name: str) -> bool:
    return len(re.findall(rf"<{name}\b", text)) == text.count(f"</{name}>") > 0


def _without_import(line: str, text: str) -> str:
    """Nothing for a line that imports an element which the text has."""
    found = _IMPORT.match(line) if line.startswith("import") else None
    names = re.findall(r"\w+", found["names"]) if found else []
    return "" if any(f"<{name}" in text or f"{{{name}" in text for name in names) else line


def _tabs(line: str) -> str:
    found = _TABS.fullmatch(line) if "<" in line else None
    if found is None:
        return line
    if found["closes"]:
        return ":::"
    if found["name"] == "Tabs":
        return ":::tabs"
    label = re.search(r"\b(?:label|value)=\"([^\"]*)\"", _labels_first(found["attributes"]))
    return f":::tab {label[1] if label else ''}".rstrip()


def _labels_first(attributes: str) -> str:
    at = attributes.find("label=")
    return attributes[at:] if at >= 0 else attributes


def _tag(match: "re.Match[str]") -> str:
    if match["code"] is not None:
        return match[0]
    if match["comment"] is not None:
        return "\n" * match["comment"].count("\n")
    name, attributes, end = match["name"], match["attributes"], match["end"]
    if name == "Badge":
        return _badge(attributes, end)
    if name not in ("Tabs", "TabItem") and "={" not in attributes and "className" not in attributes:
        return match[0]
    written = _ATTRIBUTE.sub(_attribute, attributes)
    if end == "/>" and name[0].islower() and name not in _VOID:
        end = f"></{name}>"
    if name in ("Tabs", "TabItem"):
        # A line of its own, of which the others are left blank.
        flat = " ".join(written.split())
        return f"<{name}{' ' if flat else ''}{flat}{end}" + "\n" * match[0].count("\n")
    return f"<{name}{written}{' ' if end == '/>' else ''}{end}"


def _badge(attributes: str, end: str) -> str:
    text = next(
        (one["double"] or one["single"] for one in _ATTRIBUTE.finditer(attributes)
         if one["name"] == "text"),
        "",
    )  # fmt: skip
    return f'<span class="badge">{text}{"</span>" if end == "/>" else ""}'


def _attribute(match: "re.Match[str]") -> str:
    name = {"className": "class", "htmlFor": "for"}.get(match["name"], match["name"])
    braced = match["braced"]
    if braced is None:
        return f"{match['space']}{name}{match[0].partition(match['name'])[2]}"
    lines = "\n" * match[0].count("\n")
    file, number = _FILE.fullmatch(braced), _NUMBER.fullmatch(braced)
    if name == "style":
        value = "; ".join(
            f"{re.sub('[A-Z]', lambda char: '-' + char[0].lower(), key)}: {text or number_of}"
            for key, text, number_of in _STYLE.findall(braced)
        )
    elif file:
        path = file["path"]
        rooted = file["call"] == "useBaseUrl" and "://" not in path
        value = "/" + path.lstrip("/") if rooted else path.removeprefix("@site/static")
    elif number:
        value = number[1]
    else:
        return lines or " "
    return f'{lines or " "}{name}="{value}"'
