"""References in APA style.

After the "Publication Manual of the American Psychological Association", 7th
edition (2020): chapter 8 for citations in the text, chapters 9 and 10 for
references. Titles are set as they are stored: write them in sentence case.
"""

from notecast.works.identifiers import doi_address
from notecast.works.model import Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk_name, shown, sort_text
from notecast.works.styles.text import (
    ENDS,
    Piece,
    italic,
    joined,
    link,
    listed,
    ordinal,
    stopped,
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
_FORMATS = {"dataset": "Data set", "software": "Computer software"}


def entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of the list of references.

    Args:
        work: What is described.
        letter: Tells works of one author and year apart: `a`, `b` …
    """
    people = authors(work)
    lead = [Piece(stopped(people) + " ")] if people else []
    date = Piece(f"({_date(work, letter)}). ")
    if not lead:
        return [*_title(work), Piece(" "), date, *_rest(work)]
    return [*lead, date, *_title(work), Piece(" "), *_rest(work)]


def label(work: Work, letter: str = "") -> str:
    """Who and when, as it stands in parentheses: `Vaswani et al., 2017`."""
    return f"{who(work)}, {year(work, letter)}"


def year(work: Work, letter: str = "") -> str:
    """`2017a`, or `n.d.` without a year (§8.10)."""
    return (work.year or ("n.d.-" if letter else "n.d.")) + letter


def who(work: Work, narrative: bool = False) -> str:
    """The authors as the text names them (§8.17): one, two, or the first `et al.`."""
    people = work.authors or work.editors
    if not people:
        return f"“{work.title}”" if work.title else work.key
    first = family_of(people[0])
    if len(people) == 1 and not work.more_authors:
        return first
    if len(people) == 2 and not work.more_authors:
        second = family_of(people[1])
        if narrative:
            both = is_cjk_name(people[0]) and is_cjk_name(people[1])
            return f"{first}和{second}" if both else f"{first} and {second}"
        return f"{first} & {second}"
    return f"{first}等" if is_cjk_name(people[0]) else f"{first} et al."


def sort_key(work: Work) -> tuple[str, ...]:
    """The alphabetical order of references (§9.44)."""
    people = work.authors or work.editors
    names = [sort_text(family_of(name) + " " + name.given) for name in people]
    return (" ".join(names) or sort_text(work.title), work.issued, sort_text(work.title), work.key)


def authors(work: Work) -> str:
    """All authors, up to twenty (§9.8); editors in the place of authors of a whole book."""
    if work.authors:
        return _inverted(work.authors, work.more_authors)
    if work.editors and work.type == "book":
        role = "Ed." if len(work.editors) == 1 else "Eds."
        return f"{_inverted(work.editors, False)} ({role})."
    return ""


def _inverted(people: tuple[Name, ...], others: bool) -> str:
    names = [_last_first(name) for name in people]
    if len(names) > _MOST_AUTHORS:
        return ", ".join(names[: _MOST_AUTHORS - 1]) + ", … " + names[-1]
    if others:
        return ", ".join(names) + ", et al."
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
    title = work.title or "[Untitled]"
    if work.type in ("article-journal", "article-newspaper", "paper-conference", "chapter"):
        return [Piece(stopped(title))]
    brackets = ""
    if work.type == "book":
        inner = joined((_edition(work), f"Vol. {work.volume}" if work.volume else ""))
        brackets = f" ({inner})" if inner else ""
    elif work.type in ("report", "patent") and work.number:
        named = "No." in work.number or work.number.lower().startswith("u.s.")
        number = work.number if named else f"{work.genre or 'Report'} No. {work.number}"
        brackets = f" ({number})"
    elif work.type == "thesis":
        brackets = f" [{joined((work.genre or 'Doctoral dissertation', work.publisher))}]"
    elif work.type in _FORMATS:
        brackets = f" [{_FORMATS[work.type]}]"
    if brackets:
        return [italic(title), Piece(brackets + ".")]
    return [italic(title)] if title.endswith(ENDS) else [italic(title), Piece(".")]


def _edition(work: Work) -> str:
    if not work.edition:
        return ""
    text = ordinal(work.edition)
    return text if text.lower().endswith(("ed", "ed.", "版")) else f"{text} ed."


def _rest(work: Work) -> list[Piece]:
    """Source and address (§9.23-9.37)."""
    pieces = _source(work)
    address = _address(work)
    if address:
        return [*pieces, *([Piece(" ")] if pieces else []), link(address)]
    return pieces


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
    pieces = [italic(joined((work.container, work.volume)))]
    if work.issue:
        pieces.append(Piece(f"({work.issue})" if work.volume else f", ({work.issue})"))
    place = work.pages or (f"Article {work.number}" if work.number else "")
    return [*pieces, Piece(f", {place}." if place else ".")]


def _inside(work: Work) -> list[Piece]:
    editors = ""
    if work.editors:
        names = [_first_last(name) for name in work.editors]
        role = "Ed." if len(names) == 1 else "Eds."
        editors = f"{listed(names, ', & ', ' & ')} ({role}), "
    pages = ""
    if work.pages:
        pages = ("pp. " if "–" in work.pages or "," in work.pages else "p. ") + work.pages
    inner = joined((_edition(work), f"Vol. {work.volume}" if work.volume else "", pages))
    pieces = [Piece(f"In {editors}"), italic(work.container)]
    pieces.append(Piece(f" ({inner})." if inner else "."))
    if work.publisher:
        pieces.append(Piece(" " + stopped(work.publisher)))
    return pieces


def _first_last(name: Name) -> str:
    if name.literal or is_cjk_name(name):
        return shown(name)
    return joined((initials(name.given), name.particle, name.family, name.suffix), " ")


def _address(work: Work) -> str:
    if work.doi:
        return doi_address(work.doi)
    if work.type == "preprint" and work.arxiv:
        return f"https://doi.org/10.48550/arXiv.{work.arxiv}"
    return work.url
