"""References in IEEE style, numbered in the order of citation.

After the "IEEE Reference Guide" (IEEE Periodicals, version of 2023) and the
"IEEE Editorial Style Manual for Authors". Names of journals are set as they are
stored: write the abbreviations of IEEE where they matter.
"""

from notecast.works.model import Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk_name, shown
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


def entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of the list of references, without its number."""
    if work.type == "webpage":
        return _webpage(work)
    if work.type in ("book", "software", "dataset"):
        return _book(work)
    pieces = [Piece(_lead(work) + _quoted(work.title))]
    if work.type == "article-journal" or work.type == "article-newspaper":
        pieces += [italic(work.container), Piece(", ")] if work.container else []
        place = _pages(work) or (f"Art. no. {work.number}" if work.number else "")
        pieces.append(Piece(joined((_volume(work), _issue(work), place, _date(work)))))
    elif work.type == "paper-conference":
        if work.container or work.event:
            pieces += [Piece("in "), italic(work.container or work.event), Piece(", ")]
        parts = (_volume(work), work.place, _date(work), _pages(work))
        pieces.append(Piece(joined(parts)))
    elif work.type == "chapter":
        pieces += [Piece("in "), italic(work.container)]
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
        number = joined((work.genre or "Tech. Rep.", work.number), " ") if work.number else ""
        source = work.publisher or work.container
        pieces.append(Piece(joined((source, work.place, number, _date(work)))))
    return _finished(pieces, work)


def who(work: Work, narrative: bool = False) -> str:
    """The authors as the text names them: up to two, or the first `et al.`."""
    people = work.authors or work.editors
    if not people:
        return f"“{work.title}”" if work.title else work.key
    first = family_of(people[0])
    if len(people) == 2 and not work.more_authors:
        return f"{first} and {family_of(people[1])}"
    return first if len(people) == 1 and not work.more_authors else f"{first} et al."


def authors(people: tuple[Name, ...], others: bool = False) -> str:
    """All of up to six authors, else the first and `et al.`."""
    names = [_first_last(name) for name in people]
    if len(names) > _MOST_AUTHORS or (others and names):
        shown_names = names[:1] if len(names) > _MOST_AUTHORS else names
        return ", ".join(shown_names) + " et al."
    return listed(names, ", and ", " and ")


def _first_last(name: Name) -> str:
    if name.literal or is_cjk_name(name):
        return shown(name)
    return joined((initials(name.given), name.particle, name.family, name.suffix), " ")


def _lead(work: Work) -> str:
    people = authors(work.authors, work.more_authors)
    if not people and work.editors and work.type == "book":
        role = "Ed." if len(work.editors) == 1 else "Eds."
        people = f"{authors(work.editors)}, {role}"
    return people + ", " if people else ""


def _quoted(title: str) -> str:
    """A title of a part: the comma stands inside the quotation marks."""
    title = title or "[Untitled]"
    return f"“{title}” " if title.endswith(("?", "!")) else f"“{title.rstrip('.')},” "


def _volume(work: Work) -> str:
    return f"vol. {work.volume}" if work.volume else ""


def _issue(work: Work) -> str:
    return f"no. {work.issue}" if work.issue else ""


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
    return f"{authors(work.editors)}, {'Ed.' if len(work.editors) == 1 else 'Eds.'}"


def _publisher(work: Work) -> str:
    return joined((work.place, work.publisher), ": ")


def _book(work: Work) -> list[Piece]:
    lead = _lead(work)
    inner = joined((_edition(work), _volume(work), _editors(work) if work.authors else ""))
    title = work.title or "[Untitled]"
    pieces = [Piece(lead), italic(title)]
    if inner:
        pieces.append(Piece(f", {stopped(inner)} "))
    else:
        pieces.append(Piece(" " if title.endswith(ENDS) else ". "))
    pieces.append(Piece(joined((_publisher(work), work.year))))
    return _finished(pieces, work)


def _webpage(work: Work) -> list[Piece]:
    people = authors(work.authors, work.more_authors)
    lead = stopped(people) + " " if people else ""
    title = stopped(work.title or "[Untitled]")
    site = f" {stopped(work.container)}" if work.container else ""
    date = f" {stopped(_day(work.issued))}" if work.issued and not work.accessed else ""
    accessed = f" Accessed: {stopped(_day(work.accessed))}" if work.accessed else ""
    pieces = [Piece(f"{lead}“{title}”{site}{date}{accessed}")]
    if work.url:
        pieces += [Piece(" [Online]. Available: "), link(work.url)]
    return pieces


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
        from notecast.works.identifiers import doi_address

        doi = link(doi_address(work.doi), work.doi)
        return [*pieces, Piece(", doi: "), doi, Piece(".")]
    ended = [] if pieces[-1].text.rstrip().endswith(".") else [Piece(".")]
    if work.url and work.type != "preprint":
        return [*pieces, *ended, Piece(" [Online]. Available: "), link(work.url)]
    return [*pieces, *ended]
