"""Elements of Distill, which blogs of researchers use in Jekyll (al-folio).

    <d-cite key="a,b"></d-cite>  <d-footnote>Text</d-footnote>  <d-math>x</d-math>

Inside of blocks of HTML, where Markdown means nothing, they stay.
https://github.com/distillpub/template. Entry points: `has_elements`, `as_markdown`.
"""

import re

from notecast.features.dialects.outside import CODE_SPAN, outside_code
from notecast.features.dialects.tags import in_html

_ELEMENT = re.compile(
    rf"{CODE_SPAN}"
    r"|<d-cite\s+(?:bibtex-)?key\s*=\s*[\"'](?P<keys>[^\"'<>]{1,2000})[\"']\s*"
    r"(?:/>|>[^<]{0,20}</d-cite\s*>)"
    r"|<d-footnote>(?P<note>(?:[^<\n]|\n(?!\s*\n)|<(?!/?d-footnote)){1,4000}?)</d-footnote\s*>"
    r"|<d-math>(?P<math>[^<\n]{1,1000})</d-math\s*>"
)


def has_elements(text: str) -> bool:
    """Whether a text may have any."""
    return "<d-" in text


def as_markdown(text: str) -> str:
    """The same with citations, footnotes and formulas as Markdown has them, line for line."""
    return outside_code(text, lambda run, _: _ELEMENT.sub(_written, run))


def _written(match: "re.Match[str]") -> str:
    if match["code"] is not None:
        return match[0]
    text = match.string
    end = text.find("\n", match.end())
    if in_html(f"{text}\n" if end < 0 else text, (end if end >= 0 else len(text)) + 1):
        return match[0]
    if match["math"] is not None:
        return f"${match['math'].strip()}$"
    if match["note"] is not None:
        # A citation in a footnote is one of its own.
        return f"^[{_ELEMENT.sub(_written, match['note']).strip()}]"
    keys = [key.strip() for key in match["keys"].split(",") if key.strip()]
    if not keys:
        return match[0]
    # Behind brackets some characters would make a link of them.
    apart = "<!-- -->" if text[match.end() : match.end() + 1] in ("(", "[", "{", ":", "<") else ""
    return f"[{'; '.join(f'@{{{key}}}' for key in keys)}]{apart}"
