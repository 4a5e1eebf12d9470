r"""Which `\begin{…}` outside any delimiter is a formula. Entry points: `DISPLAY`, `ends_at`."""

import re
from functools import lru_cache

_NAMES = (
    "equation equation* align align* alignat alignat* flalign flalign* gather gather* multline"
    " multline* eqnarray eqnarray* displaymath aligned alignedat gathered split cases dcases rcases"
    " array matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix CD math"
)
DISPLAY = frozenset(_NAMES.split())

MAX_NESTED = 20


@lru_cache(maxsize=64)
def _ends(name: str) -> "re.Pattern[str]":
    return re.compile(r"\\(begin|end)\{" + re.escape(name) + r"\}")


def ends_at(text: str, start: int, name: str) -> int:
    """Index behind the `\\end` of the environment that begins at `start`; -1 without any."""
    depth = 0
    # Nobody nests deeper; a thousand openings without an end must not cost their square.
    for match in _ends(name).finditer(text, start):
        depth += 1 if match[1] == "begin" else -1
        if not depth:
            return match.end()
        if depth > MAX_NESTED:
            break
    return -1
