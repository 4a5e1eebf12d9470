"""Whether a site was made for Jekyll, whose kramdown sets `$$x$$` between words in the line.

https://kramdown.gettalong.org/syntax.html#math-blocks. Entry point: `is_jekyll`.
"""

import re
from pathlib import Path

_MARKS = ("_layouts", "_includes", "_posts", "Gemfile")
_OTHERS = ("_toc.yml", "scaffolds", "source/_posts")
"""Of Jupyter Book and Hexo, which have a `_config.yml` too."""
_MARKDOWN = re.compile(r"^markdown[ \t]*:[ \t]*[\"']?(\w+)", re.MULTILINE)
_MAX_BYTES = 300_000


def is_jekyll(root: Path) -> bool:
    """Whether the folder of a site has what Jekyll wants, and no other Markdown than kramdown."""
    config = root / "_config.yml"
    try:
        if not any((root / name).exists() for name in _MARKS):
            return False
        if any((root / name).exists() for name in _OTHERS) or not config.is_file():
            return False
        with config.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return False
    named = _MARKDOWN.search(text)
    return named is None or "kramdown" in named[1].lower()
