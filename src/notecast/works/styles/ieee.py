"""References in IEEE style, numbered in the order of citation.

After the "IEEE Reference Guide" (IEEE Periodicals, version of 2023) and the
"IEEE Editorial Style Manual for Authors". Names of journals are set as they are
stored: write the abbreviations of IEEE where they matter.
"""

from notecast.works.identifiers import doi_address
from notecast.works.model import Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk_name, shown
from notecast.works.styles.text import (
    ALONE,
    ENDS,
    Apart,
    Piece,
    italic,
    joined,
    link,
    listed,
    ordinal,
    plain,
    ranged,
    stopped,
    without_double_stops,
)

_MONTHS = [
    "Jan.",
    "Feb.",
    "Mar.",
    "Apr.",
    "May",
    "Jun.",
    "Jul.",
    "Aug.",
    "Sep.",
    "Oct.",
    "Nov.",
    "Dec.",
]
_MOST_AUTHORS = 6
_ET_AL = Piece("et al.", italic=True)


def entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of the list of references, without its number."""
    if work.type == "webpage":
        return _webpage(work)
    if work.type == "book":
        return _book(work)
    if work.type == "software":
        return _software(work)
    if work.type == "dataset":
        return _dataset(work)
    if work.type == "standard":
        return _standard(work)
    pieces = [*_lead(work), Piece(_quoted(work.title_as_sentence or work.title))]
    if work.type == "article-journal":
        pieces += [italic(work.container), Piece(", ")] if work.container else []
        number = f"Art. no. {work.number}" if work.number and not work.pages else ""
        where = (_volume(work), _issue(work), _pages(work), _date(work), number)
        pieces.append(Piece(joined(where)))
    elif work.type == "article-newspaper":
        pieces += [italic(work.container), Piece(", ")] if work.container else []
        pieces.append(Piece(joined((_pages(work), _day(work.issued)))))
    elif work.type == "patent":
        number = f"{work.genre or 'Patent'} {work.number}" if work.number else work.genre
        pieces.append(Piece(joined((number, _day(work.issued)))))
    elif work.type == "paper-conference":
        if work.container or work.event:
            pieces += [Piece("in "), italic(work.container or work.event), Piece(", ")]
        parts = (_volume(work), work.place, _date(work), _pages(work))
        pieces.append(Piece(joined(parts)))
    elif work.type == "chapter" and work.container:
        pieces += [Piece("in "), italic(work.container or work.event)]
        inner = joined((_edition(work), _volume(work), _editors(work)))
        pieces.append(Piece(f", {stopped(inner)} " if inner else ". "))
        pieces.append(Piece(joined((_publisher(work), work.year, _pages(work)))))
    elif work.type == "thesis":
        is_master = "master" in work.genre.lower() or "硕士" in work.genre
        kind = "M.S. thesis" if is_master else "Ph.D. dissertation"
        pieces.append(Piece(joined((kind, work.publisher, work.place, _date(work)))))
    elif work.type == "preprint" and work.arxiv:
        pieces.append(Piece(work.year + ", " if work.year else ""))
        pieces.append(Piece(f"arXiv:{work.arxiv}", True, f"https://arxiv.org/abs/{work.arxiv}"))
    else:
        genre = "Tech. Rep." if work.genre in ("", "Technical Report") else work.genre
        number = joined((genre, work.number), " ") if work.number else ""
        source = work.publisher or work.container
        pieces.append(Piece(joined((source, work.place, number, _date(work)))))
    return _finished(pieces, work)


def who(work: Work, narrative: bool = False, apart: Apart = ALONE) -> list[Piece]:
    """The authors as the text names them: up to two, or the first `et al.`."""
    people = work.people
    if not people:
        return [Piece(f"“{work.title}”" if work.title else work.key)]
    first = family_of(people[0])
    if len(people) == 2 and not work.more_authors:
        return [Piece(f"{first} and {family_of(people[1])}")]
    if len(people) == 1 and not work.more_authors:
        return [Piece(first)]
    return [Piece(first + " "), _ET_AL]


def authors(people: tuple[Name, ...], others: bool = False) -> list[Piece]:
    """All of up to six authors, else the first and `et al.`."""
    names = [_first_last(name) for name in people]
    if len(names) > _MOST_AUTHORS or (others and names):
        shown_names = names[:1] if len(names) > _MOST_AUTHORS else names
        return [Piece(", ".join(shown_names) + " "), _ET_AL]
    return [Piece(listed(names, ", and ", " and "))] if names else []


def _first_last(name: Name) -> str:
    if name.literal or is_cjk_name(name):
        return shown(name)
    return joined((initials(name.given), name.particle, name.family, name.suffix), " ")


def _lead(work: Work) -> list[Piece]:
    people = authors(work.people, work.more_authors)
    if people and not work.authors:
        people.append(Piece(", Ed." if len(work.editors) == 1 else ", Eds."))
    return [*people, Piece(", ")] if people else []


def _quoted(title: str) -> str:
    """A title of a part: the comma stands inside the quotation marks."""
    title = title or "[Untitled]"
    return f"“{title}” " if title.endswith(("?", "!")) else f"“{title.rstrip('.')},” "


def _volume(work: Work) -> str:
    return f"vol. {work.volume}" if work.volume else ""


def _issue(work: Work) -> str:
    return f"no. {ranged(work.issue)}" if work.issue else ""


def _pages(work: Work) -> str:
    if not work.pages:
        return ""
    several = "–" in work.pages or "," in work.pages
    return f"{'pp.' if several else 'p.'} {work.pages}"


def _date(work: Work) -> str:
    parts = work.issued.split("-")
    if len(parts) < 2:
        return work.year
    return f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}"


def _edition(work: Work) -> str:
    if not work.edition:
        return ""
    text = ordinal(work.edition)
    return text if text.lower().endswith(("ed", "ed.", "版")) else f"{text} ed."


def _editors(work: Work) -> str:
    if not work.editors:
        return ""
    return f"{plain(authors(work.editors))}, {'Ed.' if len(work.editors) == 1 else 'Eds.'}"


def _publisher(work: Work) -> str:
    return joined((work.place, work.publisher), ": ")


def _book(work: Work) -> list[Piece]:
    editors = _editors(work) if work.authors else ""
    inner = joined((_edition(work), _volume(work), editors, _translators(work)))
    title = work.title or "[Untitled]"
    pieces = [*_lead(work), italic(title)]
    if inner:
        pieces.append(Piece(f", {stopped(inner)} "))
    else:
        pieces.append(Piece(" " if title.endswith(ENDS) else ". "))
    pieces.append(Piece(joined((_publisher(work), work.year, _pages(work)))))
    return _finished(pieces, work)


def _translators(work: Work) -> str:
    return f"{plain(authors(work.translators))}, Trans." if work.translators else ""


def _software(work: Work) -> list[Piece]:
    """`Author. Title. (version or year). Publisher. Accessed: … [Online]. Available: …`."""
    people = authors(work.people, work.more_authors)
    which = (
        work.version and f"Version {work.version}" if work.version[:1].isdigit() else work.version
    )
    which = joined((which, work.year))
    pieces = [*_stopped(people), italic(work.title or "[Untitled]"), Piece(".")]
    rest = [f"({which})." if which else "", stopped(work.publisher), _accessed(work)]
    return _online([*pieces, Piece("".join(f" {part}" for part in rest if part))], work)


def _dataset(work: Work) -> list[Piece]:
    """`Author, date, "Title," distributed by Publisher, doi or address`."""
    people = authors(work.people, work.more_authors)
    pieces = [*people, Piece(", ")] if people else []
    title = work.title + (f", version {work.version}" if work.version else "")
    date = _date(work)
    pieces.append(Piece((f"{date}, " if date else "") + _quoted(title)))
    pieces.append(Piece(work.publisher or work.container))
    return _finished(pieces, work)


def _standard(work: Work) -> list[Piece]:
    """`Title, number, corporate author, place, date`."""
    who_set_it = plain(authors(work.people)) or work.publisher
    rest = joined((work.number, who_set_it, work.place, _date(work)))
    return _finished([italic(work.title or "[Untitled]"), Piece(", "), Piece(rest)], work)


def _webpage(work: Work) -> list[Piece]:
    people = authors(work.people, work.more_authors)
    title = stopped(work.title_as_sentence or work.title or "[Untitled]")
    site = f" {stopped(work.container)}" if work.container else ""
    date = f" {stopped(_day(work.issued))}" if work.issued and not work.accessed else ""
    accessed = f" {_accessed(work)}" if work.accessed else ""
    return _online([*_stopped(people), Piece(f"“{title}”{site}{date}{accessed}")], work)


def _stopped(people: list[Piece]) -> list[Piece]:
    if not people:
        return []
    return [*people, Piece(" " if people[-1].text.endswith(ENDS) else ". ")]


def _accessed(work: Work) -> str:
    return f"Accessed: {stopped(_day(work.accessed))}" if work.accessed else ""


def _online(pieces: list[Piece], work: Work) -> list[Piece]:
    pieces = without_double_stops(pieces)
    if work.doi:
        return [*pieces, Piece(" doi: "), link(doi_address(work.doi), work.doi), Piece(".")]
    return [*pieces, Piece(" [Online]. Available: "), link(work.url)] if work.url else pieces


def _day(date: str) -> str:
    parts = date.split("-")
    if len(parts) == 1:
        return date
    month = _MONTHS[int(parts[1]) - 1]
    return f"{month} {int(parts[2])}, {parts[0]}" if len(parts) > 2 else f"{month} {parts[0]}"


def _finished(pieces: list[Piece], work: Work) -> list[Piece]:
    """With DOI or address at the end."""
    pieces = [piece for piece in pieces if piece.text]
    last = pieces[-1]
    if last.text.endswith(", "):
        pieces[-1] = last._replace(text=last.text[:-2])
    if work.doi:
        doi = link(doi_address(work.doi), work.doi)
        return [*pieces, Piece(", doi: "), doi, Piece(".")]
    ended = [] if pieces[-1].text.rstrip().endswith(".") else [Piece(".")]
    if work.url and work.type != "preprint":
        return [*pieces, *ended, Piece(" [Online]. Available: "), link(work.url)]
    return [*pieces, *ended]
