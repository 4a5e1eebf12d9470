"""Citations in the text after GB/T 7714-2015: chapter 10 of the standard."""

from collections.abc import Sequence

from notecast.works.model import Work
from notecast.works.names import family as family_of
from notecast.works.names import is_cjk_name
from notecast.works.styles.gb7714 import nobody, year
from notecast.works.styles.text import ALONE, Apart, Piece, letters, plain


def label(work: Work, apart: Apart = ALONE) -> list[Piece]:
    """Who and when, as it stands in parentheses: `周志华, 2016`."""
    return [*who(work), Piece(f", {year(work, apart.letter)}")]


def who(work: Work, narrative: bool = False, apart: Apart = ALONE) -> list[Piece]:
    """The first author, with 等 or et al. for all others (§10.2.3)."""
    people = work.people
    if not people:
        return [Piece(nobody(work))]
    first = family_of(people[0])
    if len(people) == 1 and not work.more_authors:
        return [Piece(first)]
    return [Piece(f"{first} 等" if is_cjk_name(people[0]) else f"{first} et al.")]


def who_in_chinese(work: Work, narrative: bool = False, apart: Apart = ALONE) -> list[Piece]:
    """The authors as a Chinese text names them, before a number."""
    people = work.people
    if not people:
        return [Piece(f"《{work.title}》" if work.title else work.key)]
    first = family_of(people[0])
    gap = "" if is_cjk_name(people[0]) else " "
    if len(people) == 2 and not work.more_authors:
        second = family_of(people[1])
        return [Piece(f"{first}{gap}和{'' if is_cjk_name(people[1]) else ' '}{second}")]
    alone = len(people) == 1 and not work.more_authors
    return [Piece(first if alone else f"{first}{gap}等")]


def tell_apart(works: Sequence[Work]) -> dict[str, Apart]:
    """Letters for works of one author and year (§9.3.2, §10.2.4), by key."""
    labels = {work.key: plain(label(work)) for work in works}
    return {key: Apart(letter) for key, letter in letters(labels, labels).items()}
