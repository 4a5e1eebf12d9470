"""Citations in the text in APA style.

After the "Publication Manual of the American Psychological Association", 7th
edition (2020), chapter 8.
"""

from collections.abc import Mapping, Sequence

from notecast.works.model import Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk_name
from notecast.works.styles.apa import year
from notecast.works.styles.text import ALONE, Apart, Piece, italic, letters, listed

_QUOTED = frozenset(("article-journal", "article-newspaper", "paper-conference", "chapter"))


def label(work: Work, apart: Apart = ALONE) -> list[Piece]:
    """Who and when, as it stands in parentheses: `Vaswani et al., 2017`."""
    when = year(work, apart.letter)
    if not work.people and work.title and work.type in _QUOTED:
        return [Piece(f"“{_short(work.title)},” {when}")]  # the comma stands inside
    return [*who(work, False, apart), Piece(f", {when}")]


def who(work: Work, narrative: bool = False, apart: Apart = ALONE) -> list[Piece]:
    """The authors as the text names them (§8.17): one, two, or the first `et al.`.

    Without authors the title stands for them, slanted or in quotation marks as the
    list of references has it (§8.14).
    """
    people = work.people
    if not people:
        if work.type in _QUOTED and work.title:
            return [Piece(f"“{_short(work.title)}”")]
        return [italic(_short(work.title)) if work.title else Piece(work.key)]
    names = [family_of(name) for name in people]
    if apart.initials and people[0].family and not is_cjk_name(people[0]):
        names[0] = f"{initials(people[0].given)} {names[0]}".strip()
    cjk = is_cjk_name(people[0])
    few = len(names) < 3 and not work.more_authors
    count = apart.names or (len(names) if few else 1)
    if count < len(names) or work.more_authors:
        if cjk:
            return [Piece("、".join(names[:count]) + "等")]
        # Behind several names et al. has a comma before it (§8.18).
        return [Piece(", ".join(names[:count]) + ("," if count > 1 else "") + " et al.")]
    if narrative:
        both = cjk and is_cjk_name(people[-1])
        return [Piece(listed(names, "和" if both else ", and ", "和" if both else " and "))]
    return [Piece(listed(names, ", & ", " & "))]


def _short(title: str) -> str:
    """A title without its subtitle."""
    return title.split(": ")[0]


def tell_apart(works: Sequence[Work]) -> dict[str, Apart]:
    """What tells the works of one list apart, by key; nothing for those that need nothing.

    Args:
        works: In the order of the list of references.
    """
    found: dict[str, Apart] = {}
    alike: dict[tuple[Piece, ...], list[Work]] = {}
    for work in works:
        alike.setdefault(tuple(label(work)), []).append(work)
    for group in alike.values():
        if len(group) > 1:
            found |= _group(group)
    firsts: dict[str, dict[str, list[str]]] = {}
    for work in works:
        people = work.people
        if people and people[0].family and people[0].given and not is_cjk_name(people[0]):
            same = firsts.setdefault(family_of(people[0]), {})
            same.setdefault(initials(people[0].given)[0], []).append(work.key)
    for same in firsts.values():
        if len(same) > 1:  # §8.20: initials in every citation
            for keys in same.values():
                for key in keys:
                    found[key] = found.get(key, ALONE)._replace(initials=True)
    return found


def _group(group: Sequence[Work]) -> dict[str, Apart]:
    """Works that look alike: more names where authors differ (§8.18), letters where they do
    not (§8.19)."""
    people: Mapping[str, tuple[tuple[str, str], ...]] = {
        work.key: tuple(_identity(name) for name in work.people) for work in group
    }
    by_people = letters([work.key for work in group], people)
    found = {}
    for work in group:
        mine = people[work.key]
        others = [names for names in people.values() if names != mine]
        count = _names_needed(mine, others) if others and len(mine) > 2 else 0
        found[work.key] = Apart(by_people.get(work.key, ""), count)
    return {key: apart for key, apart in found.items() if apart != ALONE}


def _identity(name: Name) -> tuple[str, str]:
    return family_of(name), name.given[:1]


def _names_needed(
    mine: tuple[tuple[str, str], ...], others: Sequence[tuple[tuple[str, str], ...]]
) -> int:
    families = [name[0] for name in mine]
    for count in range(2, len(families) + 1):
        if all([name[0] for name in other[:count]] != families[:count] for other in others):
            # `et al.` never stands for a single name.
            return len(families) if count == len(families) - 1 else count
    return len(families)
