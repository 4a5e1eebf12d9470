"""Makes the raw HTML of an `untrusted` note harmless, with nh3 (ammonia).

The page is mostly our own HTML, with pieces of the author's raw HTML in
between. nh3 must see the raw pieces in one go, since a `<div>` and its `</div>`
are two pieces; but it must not touch our own, which holds MathML and holes. So
our pieces are stood in for by marks in the text, and put back afterwards. The
marks hold a digest of the note, which its author cannot foresee; should a mark
be lost or doubled all the same, all raw HTML of the note is shown as text.
"""

import hashlib
import re
from collections.abc import Callable
from html import escape

from notecast.loader.markdown.html_names import OPTIONAL_END, VOID, names

RAW_START, RAW_END = "\x03", "\x04"
"""Around raw HTML in rendered text. No note can hold them: the reader drops control characters."""

ALLOWED_TAGS = names(
    """
    a abbr acronym area article aside b bdi bdo big blockquote br caption center cite code col
    colgroup data dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5
    h6 header hr i img ins kbd li map mark ol p pre q rp rt ruby s samp section small span
    strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
    """
)
_ATTRIBUTES = {
    "*": {"title", "lang", "dir", "align"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "details": {"open"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "time": {"datetime"},
    "font": {"color"},
    "table": {"border", "width"},
    "col": {"span"},
    "colgroup": {"span"},
}
_SCHEMES = {"http", "https", "mailto"}
_RAW = re.compile(f"{RAW_START}([^{RAW_END}]*){RAW_END}")
_HOLE = re.compile("\x00(\\d+)\x00")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
MAX_DEPTH = 2_000
"""Elements inside one another, roughly counted."""


def sanitize(html: str) -> tuple[str, bool]:
    """The body with its marked raw HTML made harmless.

    Args:
        html: Rendered body; raw HTML stands between `RAW_START` and `RAW_END`.

    Returns:
        The body without marks, and whether the raw HTML could be kept.
    """
    if RAW_START not in html:
        return html, True
    pieces = _RAW.split(html)
    nonce = hashlib.blake2b(html.encode("utf-8", "replace"), digest_size=12).hexdigest()
    # White space needs no mark; between <table> and <tr> a mark would be moved away.
    ours = {index: piece for index, piece in enumerate(pieces) if not index % 2 and piece.strip()}
    marked = "".join(
        f"[{nonce}-{index}]" if index in ours else _HOLE.sub(rf"{nonce}h\1h", piece)
        for index, piece in enumerate(pieces)
    )
    clean = _cleaned(marked, _SCHEMES, None) if not is_deep(marked) else ""
    order = [int(number) for number in re.findall(rf"\[{nonce}-(\d+)\]", clean)]
    if order != list(ours):
        return "".join(
            piece if index % 2 == 0 else escape(piece) for index, piece in enumerate(pieces)
        ), False
    clean = re.sub(rf"{nonce}h(\d+)h", "\x00\\1\x00", clean)
    return re.sub(rf"\[{nonce}-(\d+)\]", lambda match: ours[int(match[1])], clean), True


def sanitize_piece(html: str, picture: Callable[[str], str]) -> str:
    """HTML by itself, of somebody who is not the author, made harmless.

    Args:
        html: Without control characters.
        picture: Gives what stands in `src` for a picture's `data:` URL; empty: nothing.

    Returns:
        Nothing where elements are nested too deeply to be looked at.
    """
    marks: list[str] = []
    nonce = hashlib.blake2b(html.encode("utf-8", "replace"), digest_size=12).hexdigest()

    def change(tag: str, attribute: str, value: str) -> str | None:
        if not value.lstrip().lower().startswith("data:"):
            return value
        address = picture(value.strip()) if (tag, attribute) == ("img", "src") else ""
        if not address:
            return None
        marks.append(address)
        return f"{nonce}-{len(marks) - 1}"

    clean = _cleaned(html, {*_SCHEMES, "data"}, change) if not is_deep(html) else ""
    return re.sub(rf"{nonce}-(\d+)", lambda match: marks[int(match[1])], clean)


def is_deep(html: str) -> bool:
    """Whether elements are nested deeper than anybody means: nh3 takes a time that
    grows with the square of the depth."""
    depth = 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name not in VOID and name not in OPTIONAL_END:
            depth += -1 if match[1] else 1
            if depth > MAX_DEPTH:
                return True
    return False


def _cleaned(
    html: str, schemes: set[str], change: Callable[[str, str, str], str | None] | None
) -> str:
    import nh3

    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=change,
        url_schemes=schemes,
        link_rel="noopener nofollow",
    )
