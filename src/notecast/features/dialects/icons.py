"""Icons of Material for MkDocs, `:material-home:`: nothing, since Notecast has none of them.

Other short names, such as `:smile:`, are words of their own and stay. Entry points:
`has_icons`, `without_icons`. https://squidfunk.github.io/mkdocs-material/reference/icons-emojis/
"""

import re

from notecast.features.dialects.outside import CODE_SPAN, outside_code

_ICON = re.compile(
    rf"{CODE_SPAN}|:(?:material|fontawesome|octicons|simple)-[a-z0-9-]{{2,60}}:"
    r"(?:\{[^{}\n]{0,80}\})?[ \t]?"
)
_SIGNS = (":material-", ":fontawesome-", ":octicons-", ":simple-")


def has_icons(text: str) -> bool:
    """Whether a text may have icons."""
    return any(sign in text for sign in _SIGNS)


def without_icons(text: str) -> str:
    """The same without them, line for line."""
    return outside_code(text, lambda run, _: _ICON.sub(lambda match: match["code"] or "", run))
