"""Engine output → MathML Core without style attributes, as one `<math>` element.

A page under `Content-Security-Policy: default-src 'self'` shows no style
attribute, and browsers implement MathML Core only: what engines say by style
attributes or by older attributes (`columnalign`, `menclose`, `mathvariant`)
becomes classes of `math.css` or characters. Entry points: `from_math_core`,
`from_katex`, `wrap`.
"""

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CLASS = {
    "text-align: right": "m-r",
    "text-align: left": "m-l",
    "padding-right: 0": "m-pr0",
    "padding-left: 0": "m-pl0",
    "padding-left:0": "m-pl0",
    "padding-right:0": "m-pr0",
    "padding-left:1em": "m-gap",
    "padding-right:0.1667em": "m-op",
    "padding-left:0.2778em": "m-rel",
    "padding-top: 0": "m-tight",
    "padding-top: 0.1667em": "m-cfrac",
    "border-left: 0.05em solid currentcolor": "m-bl",
    "border-right: 0.05em solid currentcolor": "m-br",
    "border-top: 0.05em solid currentcolor": "m-bt",
    "border-bottom: 0.05em solid currentcolor": "m-bb",
    "border-left: 0.05em dashed currentcolor": "m-bl m-dash",
    "border-right: 0.05em dashed currentcolor": "m-br m-dash",
    "border-top: 0.05em dashed currentcolor": "m-bt m-dash",
    "border-bottom: 0.05em dashed currentcolor": "m-bb m-dash",
}
NUMBERED = '<mtable class="m-numbered"'
"""How a table with equation numbers begins."""
NEGATIVE_STEPS = (1, 2, 3, 4, 5, 6, 9, 12, 18, 36)
"""Negative spaces in eighteenths of an em; others take the nearest."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_STYLE = re.compile(r' style="([^"]*)"')
_MENCLOSE = re.compile(r'<menclose notation="([^"]*)">')
_MENCLOSE_LINE = re.compile(r'<mrow class="menclose-[a-z]*"></mrow>')
_STRUT = re.compile(r"<mtext>龦\+([0-9.]+)龧</mtext>")
_DOWN = "-.2em"
"""How far a label comes down to its arrow: browsers leave more room than TeX."""
_LAST_LINE = re.compile(r'<mtr>((?:<mtd class="[^"]*\bm-bt\b[^"]*"></mtd>)+)</mtr></mtable>')
_COMBINING = re.compile('<mo((?: [a-z]+="[^"]*")*>[\u20d7\u20db]</mo>)')
_ACCENT = re.compile("<mo>([˙¨˘´`˚])</mo></mover>")
_ARROW_LABEL = re.compile(
    r'<(mover|munder)><mrow><mspace width="0\.4286em"/>'
    r'((?:(?!<mspace width="3\.5em"/>).)*)<mspace width="0\.4286em"/></mrow>'
    r'<mspace width="3\.5em"/></\1>'
)
_ENCLOSED = {
    "box": "m-box",
    "updiagonalstrike": "m-up",
    "downdiagonalstrike": "m-down",
    "horizontalstrike": "m-strike",
    "updiagonalstrike downdiagonalstrike": "m-up m-down",
}


def wrap(inner: str, tex: str, display: bool) -> str:
    """One `<math>` element around an engine's elements, with its TeX for who copies it."""
    kind = ' display="block"' if display else ""
    wide = ""
    if inner.startswith(NUMBERED):
        # As wide as the page, so that the numbers stand at its edge.
        wide = ' class="m-wide"'
    else:
        inner = f"<mrow>{inner}</mrow>"
    source = escape(_NOT_XML.sub("", tex.strip()), quote=False)
    return (
        f"<math{kind}><semantics{wide}>{inner}"
        f'<annotation encoding="application/x-tex">{source}</annotation></semantics></math>'
    )


def from_math_core(html: str) -> str:
    """What stands inside math-core's `<math>`, without styles."""
    inner = html[html.index(">") + 1 : -len("</math>")]
    if "style=" in inner:
        inner = _STYLE.sub(_without_style, inner)
    if "&A" in inner:
        inner = inner.replace("&ApplyFunction;", "\u2061")
    if "<menclose" in inner:
        inner = _MENCLOSE_LINE.sub("", inner)
        inner = _MENCLOSE.sub(lambda m: f'<mrow class="{_ENCLOSED.get(m[1], "m-box")}">', inner)
        inner = inner.replace("</menclose>", "</mrow>")
    if '<mspace width="3.5em"/>' in inner:
        # The least width of an arrow, said so that browsers do not raise its label.
        inner = _ARROW_LABEL.sub(_arrow_label, inner)
    if "\u20d7" in inner or "\u20db" in inner:
        # Combining characters hang to the left of their place.
        inner = _COMBINING.sub(r'<mo class="m-vec"\1', inner)
    if "</mover>" in inner:
        # Said of every accent that is one character: a stylesheet can only ask for attributes.
        inner = _ACCENT.sub(r'<mo stretchy="false">\1</mo></mover>', inner)
    if "\u0332" in inner:
        # A combining character draws its line to the left of its place.
        inner = inner.replace("\u0332", "‾")
    if "\u0302" in inner:
        inner = inner.replace('<mo stretchy="true">\u0302</mo>', '<mo stretchy="true">ˆ</mo>')
    if ">~</mo>" in inner:
        inner = inner.replace('<mo stretchy="true">~</mo>', '<mo stretchy="true">˜</mo>')
    if "m-bt" in inner:
        # A line below the last row: math-core begins another row for it.
        inner = _LAST_LINE.sub('<mtr class="m-end"></mtr></mtable>', inner)
    if "math-core-" in inner:
        inner = inner.replace("math-core-sans-serif-font", "m-sans")
    return with_struts(inner)


def _arrow_label(match: re.Match[str]) -> str:
    room = '<mspace width=".8em"/>'
    if match[1] == "munder":
        return f"<mrow>{room}{match[2]}{room}</mrow>"
    return f'<mpadded voffset="{_DOWN}">{room}{match[2]}{room}</mpadded>'


def with_struts(inner: str) -> str:
    """Sets the room that `\\\\[6pt]` asks for, as depth of an empty space."""
    if "龦" not in inner:
        return inner
    return _STRUT.sub(lambda m: f'<mspace depth="{float(m[1]) + 0.3:.2f}em"/>', inner)


def _without_style(match: "re.Match[str]") -> str:
    return _attributes(match[1])


@lru_cache(maxsize=512)
def _attributes(style: str) -> str:
    classes: list[str] = []
    colour = ""
    for declaration in style.split(";"):
        written = declaration.strip()
        if written.startswith("color:"):
            colour = f' mathcolor="{written[6:].strip()}"'
        elif written.startswith("margin-left:-"):
            classes.append(_negative(float(written[13:].removesuffix("em").removesuffix("r"))))
        elif (name := _CLASS.get(written)) and name not in classes:
            classes.append(name)
    # An operator's own padding says both sides; the plain zero adds nothing.
    if "m-op" in classes or "m-rel" in classes:
        classes = [name for name in classes if name in ("m-op", "m-rel")]
    listed = " ".join(classes)
    return (f' class="{listed}"' if listed else "") + colour


def _negative(em: float) -> str:
    step = min(NEGATIVE_STEPS, key=lambda mu: abs(mu - em * 18))
    return f"m-n{step}"


class NotSupported(ValueError):
    """KaTeX set a command that it does not support as red text."""


def from_katex(html: str) -> str:
    """What stands inside KaTeX's `<semantics>`, in MathML Core without styles.

    Raises:
        NotSupported: The formula uses what KaTeX only shows as its name.
        ValueError: The markup cannot be read.
        RecursionError: The markup is nested too deep to be written again.
    """
    from xml.etree import ElementTree

    begin = html.index("<semantics>") + len("<semantics>")
    markup = html[begin : html.rindex("<annotation")]
    try:
        root = ElementTree.fromstring(f"<mrow>{markup}</mrow>")
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    for element in list(root.iter()):
        _to_core(element)
    if len(root) == 1 and root[0].tag == "mrow" and not root[0].attrib:
        root = root[0]
    inner = "".join(ElementTree.tostring(child, encoding="unicode") for child in root)
    return with_struts(inner)


def _to_core(element: "Element") -> None:
    attributes = element.attrib
    attributes.pop("style", None)
    tag = element.tag
    if tag == "mtable":
        _align_cells(element)
    elif tag == "mstyle" and attributes.get("mathcolor") == "#cc0000" and len(element) == 1:
        if (element[0].text or "").startswith("\\"):
            raise NotSupported(element[0].text)
    elif tag == "menclose":
        element.tag = "mrow"
        notation = attributes.pop("notation", "box")
        attributes.clear()
        attributes["class"] = _ENCLOSED.get(notation, "m-box")
    elif tag == "mpadded":
        _pad(element)
    elif tag in ("munderover", "mover", "munder") and element[0].attrib.get("minsize") == "3.0em":
        _widen(element)
    if variant := attributes.get("mathvariant"):
        if variant != "normal":
            del attributes["mathvariant"]
            element.text = "".join(_variant(char, variant) for char in element.text or "")
        elif len(element.text or "") != 1:
            del attributes["mathvariant"]


def _align_cells(table: "Element") -> None:
    columns = table.attrib.pop("columnalign", "").split()
    spacing = table.attrib.pop("columnspacing", "")
    tight = spacing == "0em"
    small = spacing.startswith("0.27")
    lines = table.attrib.pop("columnlines", "").split()
    between = table.attrib.pop("rowlines", "").split()
    frame = table.attrib.pop("frame", "")
    for name in ("rowspacing", "width"):
        table.attrib.pop(name, None)
    if frame in ("solid", "dashed"):
        table.attrib["class"] = "m-box"
    if len(table) and not len(table[-1]):
        table.remove(table[-1])
    for nth_row, row in enumerate(table):
        for nth, cell in enumerate(row):
            align = columns[nth] if nth < len(columns) else "center"
            classes = {"right": ["m-r"], "left": ["m-l"]}.get(align, [])
            if small:
                classes.append("m-small")
            if tight and align in ("right", "left"):
                classes.append("m-pr0" if align == "right" else "m-pl0")
            if nth < len(lines) and lines[nth] != "none":
                classes.extend(["m-br"] + ["m-dash"] * (lines[nth] == "dashed"))
            if nth_row and nth_row <= len(between) and between[nth_row - 1] != "none":
                classes.append("m-bt")
            cell.attrib.clear()
            if classes:
                cell.attrib["class"] = " ".join(classes)


def _widen(arrow: "Element") -> None:
    """Gives an arrow of `CD` its length by its labels: browsers know no least width."""
    from xml.etree.ElementTree import Element

    for label in arrow[1:]:
        label.attrib.clear()
        over = label is arrow[-1] and arrow.tag != "munder"
        label.tag = "mpadded" if over else "mrow"
        if over:
            label.attrib["voffset"] = _DOWN
        label.insert(0, Element("mspace", {"width": "1.2em"}))
        label.append(Element("mspace", {"width": "1.2em"}))


def _pad(element: "Element") -> None:
    """KaTeX gives sizes relative to the content, which MathML Core has not."""
    from xml.etree.ElementTree import Element

    attributes = element.attrib
    shift = attributes.get("lspace", "")
    if attributes.get("voffset") == "0.7em":
        # Beside a vertical arrow of CD, which browsers put on the axis.
        del attributes["voffset"]
    if attributes.get("width", "").startswith("+"):
        attributes["class"] = "m-pad"
        for name in ("width", "height", "lspace", "voffset"):
            attributes.pop(name, None)
    elif shift.startswith("-"):
        del attributes["lspace"]
        moved = Element("mrow", {"class": "m-clap" if shift.startswith("-0.5") else "m-llap"})
        moved.extend(list(element))
        for child in list(element):
            element.remove(child)
        element.append(moved)


_BLOCKS = {
    "bold": (0x1D400, 0x1D6A8, 0x1D7CE),
    "italic": (0x1D434, 0x1D6E2, None),
    "bold-italic": (0x1D468, 0x1D71C, None),
    "script": (0x1D49C, None, None),
    "bold-script": (0x1D4D0, None, None),
    "fraktur": (0x1D504, None, None),
    "bold-fraktur": (0x1D56C, None, None),
    "double-struck": (0x1D538, None, 0x1D7D8),
    "sans-serif": (0x1D5A0, None, 0x1D7E2),
    "bold-sans-serif": (0x1D5D4, 0x1D756, 0x1D7EC),
    "sans-serif-italic": (0x1D608, None, None),
    "sans-serif-bold-italic": (0x1D63C, 0x1D790, None),
    "monospace": (0x1D670, None, 0x1D7F6),
}
"""First character for A, for capital Alpha, for 0 (Unicode, Mathematical Alphanumeric Symbols)."""
_HOLES = {
    0x1D455: 0x210E, 0x1D49D: 0x212C, 0x1D4A0: 0x2130, 0x1D4A1: 0x2131, 0x1D4A3: 0x210B,
    0x1D4A4: 0x2110, 0x1D4A7: 0x2112, 0x1D4A8: 0x2133, 0x1D4AD: 0x211B, 0x1D4BA: 0x212F,
    0x1D4BC: 0x210A, 0x1D4C4: 0x2134, 0x1D506: 0x212D, 0x1D50B: 0x210C, 0x1D50C: 0x2111,
    0x1D515: 0x211C, 0x1D51D: 0x2128, 0x1D53A: 0x2102, 0x1D53F: 0x210D, 0x1D545: 0x2115,
    0x1D547: 0x2119, 0x1D548: 0x211A, 0x1D549: 0x211D, 0x1D551: 0x2124,
}  # fmt: skip
"""Characters of those alphabets that Unicode keeps elsewhere."""


def _variant(char: str, variant: str) -> str:
    latin, greek, digits = _BLOCKS.get(variant, (None, None, None))
    if latin and "A" <= char <= "Z":
        code = latin + ord(char) - ord("A")
    elif latin and "a" <= char <= "z":
        code = latin + 26 + ord(char) - ord("a")
    elif greek and "Α" <= char <= "Ω":
        code = greek + ord(char) - ord("Α")
    elif greek and "α" <= char <= "ω":
        code = greek + 26 + ord(char) - ord("α")
    elif digits and "0" <= char <= "9":
        code = digits + ord(char) - ord("0")
    else:
        return char
    return chr(_HOLES.get(code, code))
