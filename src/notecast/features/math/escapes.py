r"""Formulas that were escaped for a Markdown processor which knew nothing of formulas.

ox-hugo, which exports Org files, writes `\\(\left\\{ x\_1 \right\\}\\)`, and so did authors
of Jekyll's early days: the processor took one backslash of each. Entry point: `unescaped`.
"""

import re

_FENCE = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)\s*\\\\[{}|]")
_SET = re.compile(r"(?<!\\)\\\\\{(?:[^\\]|\\[^\\])*?\\\\\}")
r"""`\\{x\\}`, which nobody means as two line breaks."""
_SUBSCRIPT = re.compile(r"(?<!\\)\\_")
_BARE_SUBSCRIPT = re.compile(r"(?<!\\)_")
# A line break needs four backslashes, before the end of a line six.
_ESCAPED = re.compile(r"\\\\(?:\\\\(?:\\\\)?|[{}|])")
_SIGN = re.compile(r"(?<!\\)\\([_*])")


def unescaped(tex: str, markup: str) -> str:
    r"""A formula as the processor would have handed it on, as long as before.

    Args:
        tex: The formula.
        markup: What it began with: `$`, `\\(` …; `\begin` for a bare environment.

    Returns:
        The formula, each backslash that is gone replaced by a blank, which means nothing.
    """
    if "\\" not in tex:
        return tex
    bare = markup == "\\begin"
    double = markup.startswith("\\\\") or _FENCE.search(tex) is not None
    double = double or ("\\begin" not in tex and _SET.search(tex) is not None)
    single = (double or (bare and _SUBSCRIPT.search(tex))) and not _BARE_SUBSCRIPT.search(tex)
    if double or (single and bare):
        tex = _ESCAPED.sub(lambda match: _shorter(match[0]), tex)
    return _SIGN.sub(r" \1", tex) if single else tex


def _shorter(escaped: str) -> str:
    kept = escaped[-2:]
    return kept.rjust(len(escaped))
