"""What a work is, and what is wrong with a bibliography, as plain data."""

from typing import Any

import msgspec

from notecast.problems import Problem

PROCEEDINGS = "Proceedings"
"""The genre of a book that is the proceedings of a conference: CSL has no type for it."""


class Name(msgspec.Struct, frozen=True, array_like=True):
    """A person, or an organisation as `literal`."""

    family: str = ""
    given: str = ""
    particle: str = ""
    """What belongs before the family name: `van der`, `de`."""
    suffix: str = ""
    """`Jr.`, `III`."""
    literal: str = ""
    """A name that is not divided: an organisation, a pen name."""


class Work(msgspec.Struct, frozen=True, omit_defaults=True):
    """One published work. Text is plain Unicode, without LaTeX."""

    key: str
    """The name by which notes cite it; of an identifier such as `arXiv:1706.03762` that."""
    type: str = "document"
    """As CSL 1.0.2 names it: `article-journal`, `paper-conference`, `preprint` (CSL `article`) …"""
    title: str = ""
    authors: tuple[Name, ...] = ()
    more_authors: bool = False
    """Whether there are authors that the record does not name (`and others`)."""
    editors: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    issued: str = ""
    """`2017`, `2017-06` or `2017-06-12`."""
    container: str = ""
    """Journal, proceedings, book or website in which it appeared."""
    event: str = ""
    """The conference, where it is named besides the proceedings."""
    publisher: str = ""
    """Also the university of a thesis."""
    place: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    number: str = ""
    """Of a report, or of an article in a journal without pages."""
    edition: str = ""
    version: str = ""
    """Of software and data."""
    genre: str = ""
    """Kind of thesis or report as it is shown: `Doctoral dissertation`."""
    doi: str = ""
    """As written, without `https://doi.org/`; compared in lower case."""
    arxiv: str = ""
    """Without version: `1706.03762`."""
    url: str = ""
    accessed: str = ""
    isbn: str = ""
    language: str = ""
    code: str = ""
    """Address of its source code."""
    pdf: str = ""
    status: str = ""
    """How far the reader is: `to read`, `reading`, `read` …"""
    rating: str = ""
    title_as_sentence: str = ""
    """The title in sentence case, where its record has it in title case."""
    container_as_sentence: str = ""
    """The same of the book in which a chapter stands."""

    @property
    def year(self) -> str:
        """The year of publication, empty if unknown."""
        return self.issued[:4]

    @property
    def people(self) -> tuple[Name, ...]:
        """Those under whose names it stands: its authors, or the editors of a whole book."""
        return self.authors or (self.editors if self.type == "book" else ())

    @property
    def known(self) -> bool:
        """Whether there is more than an identifier."""
        return bool(self.title or self.authors)


class Source(msgspec.Struct, frozen=True):
    """One record of a file: a work and where it stands."""

    work: Work
    path: str
    """The file as problems show it."""
    line: int


class Bibliography(msgspec.Struct, frozen=True):
    """What one file says."""

    sources: list[Source]
    problems: list[Problem]


def merged(first: Work, second: Work) -> Work:
    """Both records as one: what the first lacks comes from the second.

    A preprint that the other record knows as published takes over all that says
    where, so that a journal is never paired with the year of the preprint.
    """
    if second.known and _published(second) and not _published(first) and not first.container:
        kept = {
            name: getattr(first, name)
            for name in ("key", "status", "rating", "code", "pdf")
            if getattr(first, name)
        }
        return _filled(msgspec.structs.replace(second, **kept), first)
    return _filled(first, second)


def _published(work: Work) -> bool:
    return work.type not in ("preprint", "document", "webpage")


def _filled(first: Work, second: Work) -> Work:
    missing: dict[str, Any] = {}
    for name in Work.__struct_fields__:
        if name in ("key", "type"):
            continue
        mine, other = getattr(first, name), getattr(second, name)
        of = name.removesuffix("_as_sentence")
        if of != name and getattr(first, of):
            continue  # it belongs to a title, which is not taken
        if not mine and other:
            missing[name] = other
    return msgspec.structs.replace(first, **missing) if missing else first
