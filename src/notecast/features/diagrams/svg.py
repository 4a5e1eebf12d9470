"""Makes the SVG of somebody else's program harmless, and finds its size.

Entry point: `cleaned`. Pages show it by `<img>`, where no script runs; but a reader may
open the file itself, and then it is a page of our site. So only known elements
pass, no handlers, and no address but those within the drawing, pictures
inside it, and ordinary links.
"""

import re
from io import BytesIO
from xml.etree import ElementTree

from notecast.loader.markdown.html_names import names

SVG = "http://www.w3.org/2000/svg"
XHTML = "http://www.w3.org/1999/xhtml"
XLINK = "http://www.w3.org/1999/xlink"

_SVG_ELEMENTS = names(
    """
    svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title
    desc marker linearGradient radialGradient stop pattern clipPath mask filter image style a switch
    foreignObject feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
    feDiffuseLighting feDisplacementMap feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence
    """
)
_XHTML_ELEMENTS = names(
    "div span p br b i u s em strong code pre sub sup small ul ol li table thead tbody tr td th "
    "hr h1 h2 h3 h4 h5 h6"
)
_OUTSIDE = re.compile(r"""url\(\s*(?!["']?#)[^)]*\)|@import[^;]*;?|@font-face\s*\{[^}]*\}""", re.I)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|in|cm|mm|pc)?\s*")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "pc": 16}
DEEPEST = 200


class NotDrawn(ValueError):
    """What came from the program is no drawing."""


def cleaned(data: bytes) -> tuple[bytes, int, int]:
    """The drawing without anything that could run or fetch, its width and its height.

    Args:
        data: What a program wrote.

    Returns:
        SVG with a size of its own, and that size in CSS pixels.

    Raises:
        NotDrawn: It is no SVG.
    """
    if b"<!ENTITY" in data:
        raise NotDrawn("its drawing defines entities")
    try:
        root = ElementTree.parse(BytesIO(data)).getroot()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotDrawn(f"its drawing is no SVG: {error}") from error
    if root.tag != f"{{{SVG}}}svg":
        raise NotDrawn("its drawing is no SVG")
    _clean(root, 0)
    width, height = _size(root)
    root.set("width", str(width))
    root.set("height", str(height))
    # Programs for the web let a drawing take all the width that there is.
    style = re.sub(
        r"(?:max-width|background-color)\s*:[^;]*;?\s*", "", root.attrib.pop("style", "")
    )
    if style:
        root.set("style", style)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    ElementTree.register_namespace("h", XHTML)
    return ElementTree.tostring(root, encoding="utf-8") + b"\n", width, height


def _clean(element: ElementTree.Element, depth: int) -> None:
    for child in list(element):
        if not _passes(child) or depth > DEEPEST:
            _remove(element, child)
            continue
        _clean(child, depth + 1)
    if element.tag == f"{{{SVG}}}foreignObject":
        # Measured without the reader's fonts: text may be wider than its box.
        element.set("overflow", "visible")
    if element.tag == f"{{{SVG}}}style":
        element.text = _OUTSIDE.sub("", element.text or "")
    for name, value in list(element.attrib.items()):
        local = name.rpartition("}")[2].lower()
        if local.startswith("on") or (local in ("href", "src") and not _leads_well(element, value)):
            del element.attrib[name]
        elif local not in ("href", "src"):
            element.set(name, _OUTSIDE.sub("", value))


def _passes(element: ElementTree.Element) -> bool:
    if not isinstance(element.tag, str):
        return False
    space, _, local = element.tag[1:].partition("}")
    if space == SVG:
        return local in _SVG_ELEMENTS
    return space == XHTML and local in _XHTML_ELEMENTS


def _remove(parent: ElementTree.Element, child: ElementTree.Element) -> None:
    """Takes an element out and leaves the text behind it."""
    place = list(parent).index(child)
    if child.tail:
        before = parent[place - 1] if place else None
        if before is None:
            parent.text = (parent.text or "") + child.tail
        else:
            before.tail = (before.tail or "") + child.tail
    parent.remove(child)


def _leads_well(element: ElementTree.Element, address: str) -> bool:
    address = address.strip()
    if address.startswith("#"):
        return True
    if element.tag == f"{{{SVG}}}image":
        return _PICTURE.match(address) is not None
    return element.tag == f"{{{SVG}}}a" and _LINK.match(address) is not None


def _size(root: ElementTree.Element) -> tuple[int, int]:
    """Width and height in CSS pixels; from the view box where they hang on the page."""
    box = [float(part) for part in re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", root.get("viewBox", ""))]
    ratio = box[2:4] if len(box) == 4 and min(box[2:4]) > 0 else None
    sides = []
    for number, side in enumerate(("width", "height")):
        match = _LENGTH.fullmatch(root.get(side, ""))
        if match:
            sides.append(float(match[1]) * _PIXELS[match[2] or ""])
        elif ratio:
            sides.append(ratio[number])
        else:
            raise NotDrawn("its drawing has no size")
    width, height = (max(1, round(min(side, 100_000))) for side in sides)
    return width, height
