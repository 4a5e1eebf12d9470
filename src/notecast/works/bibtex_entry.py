"""What the fields of a BibTeX or BibLaTeX entry mean.

Entry point: `work_of`.
"""

import re
from collections.abc import Mapping

from notecast.works.identifiers import arxiv_of, doi_of, identify, of_address
from notecast.works.latex import Decoder, plain_value
from notecast.works.model import PROCEEDINGS, Name, Work
from notecast.works.names import parse_name, split_names
from notecast.works.sentence_case import WORD, in_sentence_case, words_in_braces

TYPES = {
    "article": "article-journal",
    "suppperiodical": "article-journal",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "book": "book",
    "mvbook": "book",
    "collection": "book",
    "mvcollection": "book",
    "proceedings": "book",
    "mvproceedings": "book",
    "booklet": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "suppbook": "chapter",
    "bookinbook": "chapter",
    "inreference": "chapter",
    "suppcollection": "chapter",
    "reference": "book",
    "mvreference": "book",
    "thesis": "thesis",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "software": "software",
    "dataset": "dataset",
    "patent": "patent",
    "standard": "standard",
}
_GENRES = {
    "phdthesis": "Doctoral dissertation",
    "mathesis": "Master's thesis",
    "mastersthesis": "Master's thesis",
    "bathesis": "Bachelor's thesis",
    "techreport": "Technical Report",
    "resreport": "Research Report",
    "patent": "Patent",
    "patentde": "German Patent",
    "patenteu": "European Patent",
    "patentfr": "French Patent",
    "patentuk": "British Patent",
    "patentus": "U.S. Patent",
}
"""What types of theses, reports and patents are called (biblatex manual, §4.9.2.13)."""
_ACCESSED = re.compile(
    r"\b(?:accessed|retrieved|visited|访问|引用)\D{0,20}(?=\d{4}-)", re.IGNORECASE
)
_NUMBERED = frozenset(("report", "patent", "standard"))
_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)")
_ADDRESS = re.compile(r"https?://[^\s{}]+")
_MONTH = re.compile(r"(\d{1,2}|[a-z]{3})[^\d-]*(\d{1,2})?")
"""A month, perhaps with a day: `jan`, `12`, `march 3`; in `jun # "~5"` it is a number by then."""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def work_of(key: str, kind: str, fields: Mapping[str, str], decoder: Decoder) -> Work:
    """The work that an entry describes.

    Args:
        key: Its key.
        kind: Its type in lower case, without `@`.
        fields: Values by name in lower case, without their braces or quotes, in LaTeX.
        decoder: Turns LaTeX into text.
    """

    def text(*names: str) -> str:
        value = next((fields[name] for name in names if fields.get(name, "").strip()), "")
        return decoder.text(value) if value else ""

    def plain(*names: str) -> str:
        return plain_value(next((fields[name] for name in names if fields.get(name)), ""))

    def people(name: str) -> tuple[tuple[Name, ...], bool]:
        return _people(fields.get(name, ""), decoder)

    authors, others = people("author")
    arxiv, doi = _arxiv(fields), doi_of(plain("doi"))
    address = _address(plain("url") or plain("howpublished"))
    found = of_address(address) if address else None
    if found and found.kind == "doi" and not doi:
        doi = found.value
    book, book_as_sentence = _title(fields, "booktitle", "booksubtitle", decoder)
    container = text("journaltitle", "journal") or book or text("maintitle")
    if _is_preprint_server(container):
        container = ""
    work_type = TYPES.get(kind, "document")
    if arxiv and not container and work_type in ("article-journal", "document", "webpage"):
        work_type = "preprint"
    elif work_type == "document" and address:
        work_type = "webpage"
    elif work_type == "article-journal" and not container and kind == "article" and address:
        work_type = "webpage" if not doi else work_type
    elif kind == "inbook" and not container:
        work_type = "book"  # in BibTeX a part of the book that `title` names
    if work_type == "webpage":
        container = container or text("organization") or _said(text("howpublished"))
    title, as_sentence = _title(fields, "title", "subtitle", decoder)
    volume = text("volume")
    return Work(
        key=key,
        type=work_type,
        title=title,
        title_as_sentence=as_sentence,
        authors=authors,
        more_authors=others,
        editors=people("editor")[0],
        translators=people("translator")[0],
        issued=_date(fields),
        container=container,
        container_as_sentence=book_as_sentence if work_type == "chapter" else "",
        event=text("eventtitle"),
        publisher=text("publisher", "school", "institution")
        or (text("organization") if work_type != "webpage" else ""),
        place=text("location", "address"),
        volume="" if work_type == "preprint" else volume,
        issue=text("issue") or (text("number") if work_type == "article-journal" else ""),
        pages=_pages(text("pages")),
        number=text("eid") or (text("number") if work_type in _NUMBERED else ""),
        edition=text("edition"),
        version=text("version") if work_type in ("software", "dataset") else "",
        genre=_genre(kind, text("type")),
        doi=doi,
        arxiv=arxiv,
        url="" if found else address,
        accessed=_first_date(plain("urldate", "lastaccessed")) or _accessed(plain("note")),
        isbn=plain("isbn"),
        language=plain("langid", "language"),
        code=_address(plain("code")),
        pdf=_address(plain("pdf")),
    )


def _people(written: str, decoder: Decoder) -> tuple[tuple[Name, ...], bool]:
    names, others = split_names(written)
    people = []
    for name in names:
        parsed = parse_name(name)
        people.append(
            Name(
                decoder.text(parsed.family),
                decoder.text(parsed.given),
                decoder.text(parsed.particle),
                decoder.text(parsed.suffix),
                decoder.text(parsed.literal),
            )
        )
    return tuple(people), others


def _arxiv(fields: Mapping[str, str]) -> str:
    prefix = plain_value(fields.get("archiveprefix", fields.get("eprinttype", ""))).lower()
    eprint = plain_value(fields.get("eprint", ""))
    if eprint and prefix in ("arxiv", "", "corr"):
        found = identify(eprint)
        if found and found.kind == "arxiv":
            return found.value
    for name in ("doi", "url"):
        found = identify(plain_value(fields.get(name, "")))
        if found and found.kind == "arxiv":
            return found.value
    journal = plain_value(fields.get("journal", fields.get("journaltitle", "")))
    if journal.lower() == "corr":  # DBLP: volume = {abs/1706.03762}
        return arxiv_of(plain_value(fields.get("volume", "")).removeprefix("abs/"))
    for value in (journal, fields.get("howpublished", ""), fields.get("note", "")):
        if "arxiv" in value.lower():
            return arxiv_of(plain_value(value))
    return ""


def _is_preprint_server(container: str) -> bool:
    return re.match(r"arxiv|corr$|abs/", container, re.IGNORECASE) is not None


def _said(howpublished: str) -> str:
    return "" if "://" in howpublished else howpublished


def _address(written: str) -> str:
    """A web address; nothing else may become a link."""
    match = _ADDRESS.search(written)
    return match[0].rstrip(".,;") if match else ""


def _date(fields: Mapping[str, str]) -> str:
    date = _first_date(plain_value(fields.get("date", "")))
    if date:
        return date
    year = _first_date(plain_value(fields.get("year", "")))[:4]
    match = _MONTH.match(plain_value(fields.get("month", "")).lower())
    if not year or not match:
        return year
    name, day = match[1], plain_value(fields.get("day", "")) or match[2] or ""
    number = int(name) if name.isdigit() else _MONTHS.index(name) + 1 if name in _MONTHS else 0
    if 1 <= number <= 12:
        rest = f"-{int(day):02}" if day.isdigit() and 1 <= int(day) <= 31 else ""
        return f"{year}-{number:02}{rest}"
    return year


def _first_date(written: str) -> str:
    """The first date in a text (a range has two) as `2017-06-12`; empty if there is none."""
    match = _DATE.search(written)
    if match is None:
        return ""
    parts = [match[1]]
    for part, high in ((match[2], 12), (match[3], 31)):
        if part is None or not 1 <= int(part) <= high:
            break
        parts.append(f"{int(part):02}")
    return "-".join(parts)


def _pages(written: str) -> str:
    """A range with an en dash, as pages are stored here."""
    return re.sub(r"\s*[-‐‑–—]+\s*", "–", written)


def _genre(kind: str, written: str) -> str:
    if kind in ("proceedings", "mvproceedings"):
        return PROCEEDINGS
    if kind in ("phdthesis", "mastersthesis", "thesis", "patent"):
        return _GENRES.get(written.lower(), written) or _GENRES.get(kind, "")
    return _GENRES.get(written.lower(), written) if kind in ("techreport", "report") else ""


def _accessed(note: str) -> str:
    """The date of a note such as `Accessed: 2024-01-05`."""
    match = _ACCESSED.search(note)
    return _first_date(note[match.end() :]) if match else ""


def _title(fields: Mapping[str, str], name: str, sub: str, decoder: Decoder) -> tuple[str, str]:
    """A title with its subtitle, and the same in sentence case where it is not."""
    written = [fields[part] for part in (name, sub) if fields.get(part, "").strip()]
    title = ": ".join(decoder.text(part) for part in written)
    kept = [
        word
        for part in written
        for words in words_in_braces(part)
        for word in WORD.findall(decoder.text(words))
    ]
    language = plain_value(fields.get("langid", "") or fields.get("language", ""))
    return title, in_sentence_case(title, kept, language)
