"""References after GB/T 7714-2015 "Information and documentation: rules for bibliographic
references and citations to information resources" (信息与文献 参考文献著录规则).

Numbered in the order of citation (顺序编码制, §9.2, §10.1) or by author and date
(著者-出版年制, §9.3, §10.2). The forms of records are those of chapter 4, codes of
types those of annex B. A place or publisher that is unknown while the other is
known is said to be so (§8.4.1.3, §8.4.2.3), but for online resources, which may leave
it out (ibid.); where both are unknown nothing stands for them, as most journals want it.
"""

import re

from notecast.works.identifiers import arxiv_address, doi_address
from notecast.works.model import PROCEEDINGS, Name, Work
from notecast.works.names import family as family_of
from notecast.works.names import initials, is_cjk, is_cjk_name, sort_text
from notecast.works.styles.text import Piece, joined, link, ordinal, without_double_stops

_CODES = {
    "article-journal": "J",
    "article-newspaper": "N",
    "book": "M",
    "chapter": "M",
    "paper-conference": "C",
    "thesis": "D",
    "report": "R",
    "patent": "P",
    "standard": "S",
    "dataset": "DS",
    "software": "CP",
    "webpage": "EB",
    "preprint": "EB",
}
_ALWAYS_ONLINE = frozenset(("webpage", "preprint"))
_ONLINE_IF_BARE = frozenset(("report", "software", "dataset", "document"))
"""Electronic resources (§4.6), if neither place nor publisher is known."""
_HAN_NUMBERS = "一二三四五六七八九"
_MOST_AUTHORS = 3


def numeric_entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of a list in the order of citation, without its number."""
    people = authors(work)
    return [Piece(f"{people}. " if people else ""), *_record(work, with_year=True)]


def author_date_entry(work: Work, letter: str = "") -> list[Piece]:
    """The entry of a list by author and date: the year stands behind the authors (§9.3)."""
    lead = f"{authors(work) or nobody(work)}, {year(work, letter)}. "
    return [Piece(lead), *_record(work, with_year=False)]


def nobody(work: Work) -> str:
    """What stands for authors that are not known, in the author-date system (§8.1.3)."""
    return "佚名" if is_chinese(work) else "Anon"


def year(work: Work, letter: str = "") -> str:
    """The year with its letter."""
    return (work.year or ("出版年不详" if is_chinese(work) else "n.d.")) + letter


def sort_key(work: Work) -> tuple[str, ...]:
    """Chinese works first, each script by the alphabet (§9.3.1)."""
    people = work.people
    names = " ".join(sort_text(family_of(name) + " " + name.given) for name in people)
    script = "0" if is_chinese(work) else "1"
    return (script, names or sort_text(work.title), work.issued, work.key)


def authors(work: Work) -> str:
    """Up to three names, then 等 or et al. (§8.1.2)."""
    return _names(work.people, work.more_authors and bool(work.authors))


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


def is_chinese(work: Work) -> bool:
    """Whether a work is described in Chinese."""
    people = work.people
    return is_cjk(work.title) or bool(people and is_cjk_name(people[0]))


def _record(work: Work, with_year: bool) -> list[Piece]:
    """All that follows the authors."""
    year = work.year if with_year else ""
    address = _address(work)
    code = _code(work) + ("/OL" if address else "")
    title = _title(work)
    pages = work.pages.replace("–", "-")
    accessed = f"[{work.accessed}]" if work.accessed and address else ""
    bare = not work.place and not work.publisher
    if work.type in _ALWAYS_ONLINE or (address and bare and work.type in _ONLINE_IF_BARE):
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
        others, host = _others(work), ""
        if work.type in ("chapter", "paper-conference") and work.container:
            names = _names(work.editors, False)
            volume = f": {_volume(work)}" if work.volume else ""
            host = f"//{names + '. ' if names else ''}{_colons(work.container)}{volume}"
            # Who translated a part stands before the book (§4.2.1).
            host, others = (f". {others}" if others else "") + host, ""
        imprint = _imprint(work, year, pages, online=bool(address))
        parts = [f"{title}[{code}]{host}", others, _edition(work), imprint + accessed]
        text = joined(parts, ". ") + "."
    return without_double_stops([Piece(text), *_end(work, address)])


def _code(work: Work) -> str:
    if work.type == "book" and work.genre == PROCEEDINGS:
        return "C"
    return _CODES.get(work.type, "Z")


def _title(work: Work) -> str:
    """The title with what tells it apart from others: volume, number of a patent or report."""
    title = _colons(work.title) or "[题名不详]"
    if work.type in ("patent", "report", "standard") and work.number:
        return f"{title}: {work.number}"
    if work.version:
        return f"{title}: {work.version}"
    whole = work.type not in ("chapter", "paper-conference") or not work.container
    journal = work.type in ("article-journal", "article-newspaper")
    return f"{title}: {_volume(work)}" if work.volume and whole and not journal else title


def _colons(title: str) -> str:
    """A title with the colon of the standard before its second part (§7.1)."""
    return re.sub(r"\s*：\s*", ": ", title)


def _volume(work: Work) -> str:
    if not work.volume.isascii():
        return work.volume
    return f"第{work.volume}卷" if is_chinese(work) else f"Vol. {work.volume}"


def _others(work: Work) -> str:
    """Who translated it."""
    if not work.translators:
        return ""
    if not is_chinese(work):
        return _names(work.translators, False) + ", trans"
    comma = "" if len(work.translators) > _MOST_AUTHORS else ", "
    return f"{_names(work.translators, False)}{comma}译"  # `等译` in annex A.1


def _edition(work: Work) -> str:
    """Not for a first edition (§8.3)."""
    edition = work.edition.strip().rstrip(".")
    if edition in ("", "1", "1st", "First", "first", "第一版", "第1版", "一版", "1版"):
        return ""
    if is_chinese(work):
        number = edition.removeprefix("第").removesuffix("版")
        if number in _HAN_NUMBERS:
            number = str(_HAN_NUMBERS.index(number) + 1)
        number = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", number)
        return edition if number.endswith("本") else f"{number}版"
    text = ordinal(edition)
    return text if text.lower().endswith("ed") else f"{text} ed"


def _imprint(work: Work, year: str, pages: str, online: bool) -> str:
    place, publisher = work.place, work.publisher
    if (place or publisher) and not online:
        chinese = is_chinese(work)
        place = place or ("[出版地不详]" if chinese else "[S.l.]")
        publisher = publisher or ("[出版者不详]" if chinese else "[s.n.]")
    text = joined((joined((place, publisher), ": "), year))
    return f"{text}: {pages}" if pages and text else text or pages


def _address(work: Work) -> str:
    """The address of an electronic resource; a DOI alone does not make a work one."""
    if work.type == "preprint" and work.arxiv and not work.url:
        return arxiv_address(work.arxiv)
    online = work.type in (*_ALWAYS_ONLINE, "software", "dataset")
    if work.url and (online or work.accessed or not work.doi):
        return work.url
    return ""


def _end(work: Work, address: str) -> list[Piece]:
    pieces = [Piece(" "), link(address), Piece(".")] if address else []
    if work.doi:
        pieces += [Piece(" DOI:"), link(doi_address(work.doi), work.doi), Piece(".")]
    return pieces
