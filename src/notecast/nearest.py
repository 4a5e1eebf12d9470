"""The name that was probably meant, among thousands.

Entry point: `Nearest`. Comparing a name with every other by `difflib` takes
milliseconds, and old collections have ten thousand dead links. So names are
found by the three-letter pieces that they share, the rarest first, and only the
few with most of them are compared.
"""

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

_RARE = 8
"""Pieces of a name that are looked up."""
_MANY = 200
"""A piece that more names have tells nothing."""
_FEW = 4
"""Names that are compared."""
_LONG = 40
"""Characters from which on names are compared by their pieces alone."""


class Nearest:
    """Finds names that are like another; ties go to the one that comes first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(dict.fromkeys(names))
        self._holders: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            for piece in _pieces(name):
                self._holders.setdefault(piece, []).append(number)

    def to(self, word: str, cutoff: float = 0.75) -> str:
        """The name most like `word`, empty if none is like it.

        Args:
            word: Folded in the same way as the names.
            cutoff: The least likeness, from 0 to 1, as `difflib` measures it.
        """
        pieces = _pieces(word)
        known = [holders for piece in pieces if (holders := self._holders.get(piece))]
        known.sort(key=len)
        shared: Counter[int] = Counter()
        for holders in known[:_RARE]:
            # The rarest always counts: a folder may hold nothing but `chapter-1`, `chapter-2` …
            shared.update(holders if not shared else holders[:_MANY])
        best, chosen = cutoff, ""
        for number in sorted(shared, key=lambda one: (-shared[one], one))[:_FEW]:
            name = self._names[number]
            likeness = _likeness(word, pieces, name)
            if likeness > best or (likeness == best and not chosen):
                best, chosen = likeness, name
        return chosen


def _pieces(name: str) -> set[str]:
    ended = f"\x02{name}\x03"
    return {ended[at : at + 3] for at in range(len(ended) - 2)}


def _likeness(word: str, pieces: set[str], name: str) -> float:
    if max(len(word), len(name)) > _LONG:
        others = _pieces(name)
        return 2 * len(pieces & others) / (len(pieces) + len(others))  # Dice's coefficient
    matcher = SequenceMatcher(None, name, word, autojunk=False)
    likeness: float = matcher.ratio()
    return likeness
