"""The theme's static files as they are published: joined, condensed, named after their content.

Entry point: `fingerprint`.
"""

import re
from hashlib import blake2b

from notecast.builder.pages import Asset
from notecast.renderer.theme import Theme


def fingerprint(theme: Theme) -> tuple[list[Asset], dict[str, str]]:
    """The theme's static files under names that change with their content.

    A stylesheet `x.css` takes in those of the folder `x.css.d/`, in order of
    their names, condensed: features bring their rules, pages fetch one file,
    and who reads it reads the parts.

    Returns:
        The files, and the address of each by its plain name.
    """
    assets: list[Asset] = []
    addresses: dict[str, str] = {}
    # Stylesheets last: they name other files.
    names = sorted(theme.static, key=lambda name: (name.endswith(".css"), name))
    for name, data in ((name, theme.static[name]) for name in names):
        if "/" in name and name.split("/")[0].endswith(".d"):
            continue
        parts = [data] + [
            other for part, other in sorted(theme.static.items()) if part.startswith(f"{name}.d/")
        ]
        whole = b"\n".join(parts)
        if name.endswith(".css"):
            whole = _with_addresses(condensed(whole), addresses)
        mark = blake2b(whole, digest_size=5).hexdigest()
        stem, dot, suffix = name.rpartition(".")
        output = f"static/{stem}.{mark}{dot}{suffix}" if dot else f"static/{suffix}.{mark}"
        assets.append(Asset(output, whole))
        addresses[name] = "/" + output
    return assets, addresses


def _with_addresses(css: bytes, addresses: dict[str, str]) -> bytes:
    """`url("asset:name")` becomes the fingerprinted name, which lies beside the stylesheet."""
    return re.sub(
        rb"asset:([\w./-]+)",
        lambda match: (
            addresses.get(match[1].decode(), "/" + match[1].decode()).rpartition("/")[2].encode()
        ),
        css,
    )


_CSS_TOKEN = re.compile(
    # Strings and addresses without quotes first: what looks like anything else in them is none.
    rb"""(?P<kept>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\(\s*[^"'()\s]*\s*\)|/\*!.*?\*/)"""
    rb"""|(?P<last>;(?:\s|/\*(?!!).*?\*/)*(?=\}))"""
    rb"""|(?P<space>(?:\s|/\*(?!!).*?(?:\*/|\Z))+)""",
    re.DOTALL,
)


def condensed(css: bytes) -> bytes:
    """A stylesheet without what only its authors need: comments, spaces, last semicolons.

    Space means something between words, before `:` and around `+`, `-`, `*`
    (CSS Syntax 3, section 4; Values 4, section 10.1), so only that goes which
    stands at braces, semicolons, commas and `>`, or behind a colon. Comments
    that begin with `/*!`, which licences ask to keep, stay.
    """
    parts: list[bytes] = []
    at = 0
    for match in _CSS_TOKEN.finditer(css):
        parts.append(css[at : match.start()])
        at = match.end()
        if match["kept"]:
            parts.append(match[0])
        if not match["space"]:
            continue
        before = css[match.start() - 1 : match.start()] if match.start() else b"{"
        after = css[at : at + 1] or b"}"
        if before not in b"{};,:>" and after not in b"{};,>":
            parts.append(b" ")
    parts.append(css[at:])
    return b"".join(parts) + b"\n"
