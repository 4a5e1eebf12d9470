"""References in APA style.

After the "Publication Manual of the American Psychological Association", 7th
edition (2020), chapters 9 and 10; citations in the text are in `apa_text.py`.
Titles are set in sentence case where their record tells how.
"""

import re

from notecast.works.identifiers import doi_address
from notecast.works.model import Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk_name, shown, sort_text
from notecast.works.styles.text import (
    Piece,
    italic,
    joined,
    link,
    listed,
    ordinal,
    ranged,
    stopped,
    without_double_stops,
)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MOST_AUTHORS = 20
_ARTICLE = re.compile(r"(?:an?|the)\s+", re.IGNORECASE)
_FORMATS = {"dataset": "Data set", "software": "Computer software"}


def entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of the list of references.

    Args:
        work: What is described.
        letter: Tells works of one author and year apart: `a`, `b` …
    """
    people = authors(work)
    date = Piece(f" ({_date(work, letter)}).")
    lead = [Piece(stopped(people)), date, Piece(" "), *_title(work)]
    if not people:
        lead = [*_title(work), date]
    source = without_double_stops(_source(work))
    address = _address(work)
    parts = [lead, source, address]
    pieces = [piece for part in parts if part for piece in (Piece(" "), *part)]
    return without_double_stops(pieces[1:])


def year(work: Work, letter: str = "") -> str:
    """`2017a`, or `n.d.` without a year (§8.10)."""
    return (work.year or ("n.d.-" if letter else "n.d.")) + letter


def sort_key(work: Work) -> tuple[str, ...]:
    """The alphabetical order of references (§9.44-9.48): what has no date comes first,
    an article at the beginning of a title does not count."""
    names = [sort_text(family_of(name) + " " + name.given) for name in work.people]
    title = sort_text(_ARTICLE.sub("", work.title))
    return (" ".join(names) or title, work.year, title, work.key)


def authors(work: Work) -> str:
    """All authors, up to twenty (§9.8); editors in the place of authors of a whole book."""
    if work.authors:
        return _inverted(work.authors, work.more_authors)
    if work.people:
        role = "Ed." if len(work.editors) == 1 else "Eds."
        return f"{_inverted(work.editors, False)} ({role})."
    return ""


def _inverted(people: tuple[Name, ...], others: bool) -> str:
    names = [_last_first(name) for name in people]
    if len(names) > _MOST_AUTHORS:
        return ", ".join(names[: _MOST_AUTHORS - 1]) + ", … " + names[-1]
    if others:
        return ", ".join(names) + (", 等" if is_cjk_name(people[0]) else ", et al.")
    if all(is_cjk_name(name) for name in people):
        return ", ".join(names)
    return listed(names, ", & ", ", & ")


def _last_first(name: Name) -> str:
    if name.literal or is_cjk_name(name):
        return shown(name)
    last = joined((name.particle, name.family), " ")
    suffix = name.suffix if name.suffix[:2] not in ("Jr", "Sr") else name.suffix[:2] + "."
    return joined((last, initials(name.given), suffix))


def _date(work: Work, letter: str) -> str:
    shown_year = year(work, letter)
    parts = work.issued.split("-")
    if work.type not in ("webpage", "article-newspaper") or len(parts) < 2:
        return shown_year
    month = _MONTHS[int(parts[1]) - 1]
    return f"{shown_year}, {month}" + (f" {int(parts[2])}" if len(parts) > 2 else "")


def _title(work: Work) -> list[Piece]:
    """Title with what belongs to it in brackets, ended by a full stop (§9.18-9.21)."""
    title = work.title_as_sentence or work.title or "[Untitled]"
    if work.type in ("article-journal", "article-newspaper", "paper-conference", "chapter"):
        return [Piece(stopped(title))]
    inner, form = "", ""
    if work.type == "book":
        people = [_roles(work.translators, "Trans.", "Trans.")]
        if work.authors:
            people.append(_roles(work.editors, "Ed.", "Eds."))
        volume = f"Vol. {work.volume}" if work.volume else ""
        which = joined((_edition(work), volume, _pages(work)))
        inner = joined((*people, which), "; ")
    elif work.type in ("report", "patent", "standard") and work.number:
        named = "No." in work.number or work.type == "standard"
        kind = work.genre or ("Patent" if work.type == "patent" else "Report")
        inner = work.number if named else f"{kind} No. {work.number}"
    elif work.type == "thesis":
        form = joined((work.genre or "Doctoral dissertation", work.publisher))
    elif work.type in _FORMATS:
        inner = f"Version {work.version}" if work.version else ""
        form = _FORMATS[work.type]
    brackets = (f" ({inner})" if inner else "") + (f" [{form}]" if form else "")
    return without_double_stops([italic(title), Piece(brackets), Piece(".")])


def _roles(people: tuple[Name, ...], one: str, several: str) -> str:
    """`H. Weaver, Trans.`: who else had a part in a book (§9.29)."""
    if not people:
        return ""
    names = listed([_first_last(name) for name in people], ", & ", " & ")
    return f"{names}, {one if len(people) == 1 else several}"


def _pages(work: Work) -> str:
    if not work.pages:
        return ""
    return ("pp. " if "–" in work.pages or "," in work.pages else "p. ") + work.pages


def _edition(work: Work) -> str:
    if not work.edition:
        return ""
    text = ordinal(work.edition)
    return text if text.lower().endswith(("ed", "ed.", "版")) else f"{text} ed."


def _source(work: Work) -> list[Piece]:
    if work.type in ("article-journal", "article-newspaper"):
        return _journal(work)
    if work.type in ("chapter", "paper-conference") and work.container:
        return _inside(work)
    if work.type == "preprint":
        return [Piece("arXiv." if work.arxiv else stopped(work.container or work.publisher))]
    if work.type == "thesis":
        return []
    if work.type == "webpage":
        site = work.container or work.publisher
        alone = len(work.authors) == 1 and shown(work.authors[0]) == site
        return [Piece(stopped(site))] if site and not alone else []
    publisher = work.publisher or work.container
    alone = len(work.authors) == 1 and shown(work.authors[0]) == publisher
    return [Piece(stopped(publisher))] if publisher and not alone else []


def _journal(work: Work) -> list[Piece]:
    if not work.container:
        return []
    pieces = [italic(joined((work.container, ranged(work.volume))))]
    if work.issue:
        issue = ranged(work.issue)
        pieces.append(Piece(f"({issue})" if work.volume else f", ({issue})"))
    place = work.pages or (f"Article {work.number}" if work.number else "")
    return [*pieces, Piece(f", {place}." if place else ".")]


def _inside(work: Work) -> list[Piece]:
    editors = ""
    if work.editors:
        names = [_first_last(name) for name in work.editors]
        role = "Ed." if len(names) == 1 else "Eds."
        editors = f"{listed(names, ', & ', ' & ')} ({role}), "
    volume = f"Vol. {work.volume}" if work.volume else ""
    inner = joined((_edition(work), volume, _pages(work)))
    pieces = [Piece(f"In {editors}"), italic(work.container_as_sentence or work.container)]
    pieces.append(Piece(f" ({inner})." if inner else "."))
    if work.publisher:
        pieces.append(Piece(" " + stopped(work.publisher)))
    return pieces


def _first_last(name: Name) -> str:
    if name.literal or is_cjk_name(name):
        return shown(name)
    return joined((initials(name.given), name.particle, name.family, name.suffix), " ")


def _address(work: Work) -> list[Piece]:
    """DOI, else address; of a page without a date that may change also when it was read (§9.16)."""
    if work.doi:
        return [link(doi_address(work.doi))]
    if work.type == "preprint" and work.arxiv:
        return [link(f"https://doi.org/10.48550/arXiv.{work.arxiv}")]
    if work.url and work.type == "webpage" and not work.year and work.accessed.count("-") == 2:
        year_read, month, day = work.accessed.split("-")
        when = f"{_MONTHS[int(month) - 1]} {int(day)}, {year_read}"
        return [Piece(f"Retrieved {when}, from "), link(work.url)]
    return [link(work.url)] if work.url else []
