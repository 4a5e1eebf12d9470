"""Icons of Material for MkDocs, which are drawings of its theme: `:material-github:{ .lg }`.

They stand beside words that say the same, and are left out. Entry point: `without_icons`.
https://squidfunk.github.io/mkdocs-material/reference/icons-emojis
"""

import re

from notecast.features.dialects.outside import CODE_SPAN, outside_code

_ICON = re.compile(
    rf"{CODE_SPAN}|(?<![\w:]):(?:material|octicons|fontawesome|simple)-[a-z0-9-]{{1,80}}:(?!\w)"
    r"(?:[ \t]?\{[^{}\n]{0,80}\})?[ \t]?"
)


def without_icons(text: str) -> str:
    """A text without icons, line for line."""

    def rewrite(run: str, _: int) -> str:
        return _ICON.sub(lambda match: match["code"] or "", run)

    return outside_code(text, rewrite)
