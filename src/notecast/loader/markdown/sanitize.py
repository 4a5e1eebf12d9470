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
from html import escape

from notecast.loader.markdown.html_names import names

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


def sanitize(html: str) -> tuple[str, bool]:
    """The body with its marked raw HTML made harmless.

    Args:
        html: Rendered body; raw HTML stands between `RAW_START` and `RAW_END`.

    Returns:
        The body without marks, and whether the raw HTML could be kept.
    """
    if RAW_START not in html:
        return html, True
    import nh3

    pieces = _RAW.split(html)
    nonce = hashlib.blake2b(html.encode("utf-8", "replace"), digest_size=12).hexdigest()
    # White space needs no mark; between <table> and <tr> a mark would be moved away.
    ours = {index: piece for index, piece in enumerate(pieces) if not index % 2 and piece.strip()}
    marked = "".join(
        f"[{nonce}-{index}]" if index in ours else _HOLE.sub(rf"{nonce}h\1h", piece)
        for index, piece in enumerate(pieces)
    )
    clean = nh3.clean(
        marked,
        tags=set(ALLOWED_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener nofollow",
    )
    order = [int(number) for number in re.findall(rf"\[{nonce}-(\d+)\]", clean)]
    if order != list(ours):
        return "".join(
            piece if index % 2 == 0 else escape(piece) for index, piece in enumerate(pieces)
        ), False
    clean = re.sub(rf"{nonce}h(\d+)h", "\x00\\1\x00", clean)
    return re.sub(rf"\[{nonce}-(\d+)\]", lambda match: ours[int(match[1])], clean), True
