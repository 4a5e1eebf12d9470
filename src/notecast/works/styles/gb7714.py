"""References after GB/T 7714-2015 "Information and documentation: rules for bibliographic
references and citations to information resources" (信息与文献 参考文献著录规则).

Numbered in the order of citation (顺序编码制, §9.2, §10.1) or by author and date
(著者-出版年制, §9.3, §10.2). The forms of records are those of chapter 4, codes of
types those of annex B. A place or publisher that is unknown while the other is
known is said to be so (§8.4.1.3, §8.4.2.3); where both are unknown nothing stands
for them, as most journals want it.
"""

from notecast.works.identifiers import arxiv_address, doi_address
from notecast.works.model import Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk, is_cjk_name, sort_text
from notecast.works.styles.text import Piece, joined, link, ordinal

_CODES = {
    "article-journal": "J",
    "article-newspaper": "N",
    "book": "M",
    "chapter": "M",
    "paper-conference": "C",
    "thesis": "D",
    "report": "R",
    "patent": "P",
    "dataset": "DS",
    "software": "CP",
    "webpage": "EB",
    "preprint": "EB",
}
_ALWAYS_ONLINE = frozenset(("webpage", "preprint"))
_MOST_AUTHORS = 3


def numeric_entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of a list in the order of citation, without its number."""
    people = authors(work)
    return [Piece(f"{people}. " if people else ""), *_record(work, with_year=True)]


def author_date_entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of a list by author and date: the year stands behind the authors (§9.3)."""
    nobody = "佚名" if _is_chinese(work) else "Anon"
    year = work.year or ("出版年不详" if _is_chinese(work) else "n.d.")
    lead = f"{authors(work) or nobody}, {year}{letter}. "
    return [Piece(lead), *_record(work, with_year=False)]


def label(work: Work, letter: str = "") -> str:
    """Who and when, as it stands in parentheses: `周志华, 2016`."""
    return f"{who(work)}, {work.year or 'n.d.'}{letter}"


def who(work: Work, narrative: bool = False) -> str:
    """The first author, with 等 or et al. for all others (§10.2.3)."""
    people = work.authors or work.editors
    if not people:
        return "佚名" if _is_chinese(work) else "Anon"
    first = family_of(people[0])
    if len(people) == 1 and not work.more_authors:
        return first
    return f"{first} 等" if is_cjk_name(people[0]) else f"{first} et al."


def who_in_chinese(work: Work, narrative: bool = False) -> str:
    """The authors as a Chinese text names them, before a number."""
    people = work.authors or work.editors
    if not people:
        return f"《{work.title}》" if work.title else work.key
    first = family_of(people[0])
    gap = "" if is_cjk_name(people[0]) else " "
    if len(people) == 2 and not work.more_authors:
        second = family_of(people[1])
        return f"{first}{gap}和{'' if is_cjk_name(people[1]) else ' '}{second}"
    return first if len(people) == 1 and not work.more_authors else f"{first}{gap}等"


def sort_key(work: Work) -> tuple[str, ...]:
    """Chinese works first, each script by the alphabet (§9.3.1)."""
    people = work.authors or work.editors
    names = " ".join(sort_text(family_of(name) + " " + name.given) for name in people)
    script = "0" if _is_chinese(work) else "1"
    return (script, names or sort_text(work.title), work.issued, work.key)


def authors(work: Work) -> str:
    """Up to three names, then 等 or et al. (§8.1.2)."""
    people = work.authors or (work.editors if work.type == "book" else ())
    return _names(people, work.more_authors and bool(work.authors))


def _names(people: tuple[Name, ...], others: bool) -> str:
    if not people:
        return ""
    names = [_name(name) for name in people[:_MOST_AUTHORS]]
    if len(people) > _MOST_AUTHORS or others:
        names.append("等" if is_cjk_name(people[0]) else "et al")
    return ", ".join(names)


def _name(name: Name) -> str:
    """Family names in capitals, given names as initials without dots (§8.1.1)."""
    if name.literal:
        return name.literal
    if is_cjk_name(name):
        return name.family + name.given
    last = joined((name.particle, name.family), " ").upper()
    return joined(
        (f"{last} {initials(name.given, dot='', hyphen=' ')}".strip(), name.suffix.rstrip("."))
    )


def _is_chinese(work: Work) -> bool:
    people = work.authors or work.editors
    return is_cjk_name(people[0]) if people else is_cjk(work.title)


def _record(work: Work, with_year: bool) -> list[Piece]:
    """All that follows the authors."""
    year = work.year if with_year else ""
    address = _address(work)
    code = _CODES.get(work.type, "Z") + ("/OL" if address else "")
    title = work.title or "[题名不详]"
    if work.type == "patent" and work.number:
        title = f"{title}: {work.number}"
    pages = work.pages.replace("–", "-")
    accessed = f"[{work.accessed}]" if work.accessed and address else ""
    if work.type in _ALWAYS_ONLINE:
        dates = (f"({work.issued})" if work.issued else "") + accessed
        text = f"{title}[{code}]." + (f" {dates}." if dates else "")
        return [Piece(text), *_end(work, address)]
    if work.type == "article-journal":
        source = joined((work.container, year))
        volume = work.volume + (f"({work.issue})" if work.issue else "")
        # Without a volume the issue stands at the year: 2010(6).
        source += (", " if work.volume and source else "") + volume
        place = pages or work.number
        text = f"{title}[{code}]. {source}{f': {place}' if place else ''}{accessed}."
    elif work.type == "article-newspaper":
        page = f"({pages})" if pages else ""
        text = f"{title}[{code}]. {joined((work.container, work.issued))}{page}{accessed}."
    elif work.type == "patent":
        text = f"{title}[{code}]. {work.issued}{accessed}."
    else:
        host = ""
        if work.type in ("chapter", "paper-conference") and work.container:
            names = _names(work.editors, False)
            volume = f": {_volume(work)}" if work.volume else ""
            host = f"//{names + '. ' if names else ''}{work.container}{volume}"
        elif work.volume:
            title = f"{title}: {_volume(work)}"
        imprint = _imprint(work, year, pages)
        edition = _edition(work)
        others = _translators(work)
        parts = [f"{title}[{code}]{host}", others, edition, imprint + accessed]
        text = joined(parts, ". ") + "."
    return [Piece(text), *_end(work, address)]


def _volume(work: Work) -> str:
    if not work.volume.isascii():
        return work.volume
    return f"第{work.volume}卷" if _is_chinese(work) else f"Vol. {work.volume}"


def _translators(work: Work) -> str:
    if not work.translators:
        return ""
    return _names(work.translators, False) + ", 译"


def _edition(work: Work) -> str:
    """Not for a first edition (§8.3)."""
    edition = work.edition.strip().rstrip(".")
    if edition in ("", "1", "1st", "First", "first"):
        return ""
    if _is_chinese(work):
        number = edition.removeprefix("第").removesuffix("版")
        return f"{number}版"
    text = ordinal(edition)
    return text if text.lower().endswith("ed") else f"{text} ed"


def _imprint(work: Work, year: str, pages: str) -> str:
    place, publisher = work.place, work.publisher
    if place or publisher:
        chinese = _is_chinese(work)
        place = place or ("[出版地不详]" if chinese else "[S.l.]")
        publisher = publisher or ("[出版者不详]" if chinese else "[s.n.]")
    text = joined((joined((place, publisher), ": "), year))
    return f"{text}: {pages}" if pages and text else text or pages


def _address(work: Work) -> str:
    """The address of an electronic resource; a DOI alone does not make a work one."""
    if work.type == "preprint" and work.arxiv and not work.url:
        return arxiv_address(work.arxiv)
    if work.url and (work.type in _ALWAYS_ONLINE or work.accessed or not work.doi):
        return work.url
    return ""


def _end(work: Work, address: str) -> list[Piece]:
    pieces = [Piece(" "), link(address), Piece(".")] if address else []
    if work.doi:
        pieces += [Piece(" DOI:"), link(doi_address(work.doi), work.doi), Piece(".")]
    return pieces
