"""Writes works as BibTeX, to be copied into a paper.

Entry point: `bibtex`.
"""

import re

from notecast.works.model import Name, Work
from notecast.works.names import is_cjk_name

_TYPES = {
    "article-journal": "article",
    "article-newspaper": "article",
    "paper-conference": "inproceedings",
    "book": "book",
    "chapter": "incollection",
    "thesis": "phdthesis",
    "report": "techreport",
}
_CONTAINERS = {
    "article-journal": "journal",
    "article-newspaper": "journal",
    "paper-conference": "booktitle",
    "chapter": "booktitle",
}
_PUBLISHERS = {"thesis": "school", "report": "institution"}
_ESCAPES = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_"})
_MATH = re.compile(r"(\$[^$]+\$)")
_CAPITALS = re.compile(r"\b\w*(?:\w[A-Z]|\d[A-Z]|[A-Z]\d)\w*\b")
"""Words with a capital inside or digits: BibTeX styles would lower them (`BERT`, `QK`)."""


def bibtex(work: Work) -> str:
    """A work as a BibTeX entry; fields in a fixed order."""
    kind = _TYPES.get(work.type, "misc")
    if work.type == "thesis" and "master" in work.genre.lower():
        kind = "mastersthesis"
    year, _, rest = work.issued.partition("-")
    fields = {
        "title": _title(work.title),
        "author": _people(work.authors, work.more_authors),
        "editor": _people(work.editors, False),
        _CONTAINERS.get(work.type, "howpublished"): _escaped(work.container),
        "year": year,
        "month": str(int(rest[:2])) if rest else "",
        "volume": _escaped(work.volume),
        "number": _escaped(work.issue or work.number),
        "pages": work.pages.replace("–", "--"),
        "edition": _escaped(work.edition),
        _PUBLISHERS.get(work.type, "publisher"): _escaped(work.publisher),
        "address": _escaped(work.place),
        "isbn": work.isbn,
        "doi": work.doi,
        "eprint": work.arxiv,
        "archiveprefix": "arXiv" if work.arxiv else "",
        "url": work.url,
    }
    key = re.sub(r"[\s{},=\"#%~\\]+", "", work.key.replace("/", "_")) or "work"
    width = max((len(name) for name, value in fields.items() if value), default=0)
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n"


def _people(names: tuple[Name, ...], others: bool) -> str:
    written = [_person(name) for name in names]
    return " and ".join([*written, "others"] if others and written else written)


def _person(name: Name) -> str:
    if name.literal:
        return f"{{{_escaped(name.literal)}}}"
    last = f"{name.particle} {name.family}".strip()
    if is_cjk_name(name):
        return f"{{{name.family}{name.given}}}"
    return ", ".join(_escaped(part) for part in (last, name.suffix, name.given) if part)


def _escaped(text: str) -> str:
    pieces = _MATH.split(text)
    return "".join(
        piece if nth % 2 else _balanced(piece).translate(_ESCAPES)
        for nth, piece in enumerate(pieces)
    )


def _balanced(text: str) -> str:
    """Braces and backslashes have a meaning in BibTeX, so that plain ones cannot stay."""
    return re.sub(r"[{}\\]", "", text)


def _title(title: str) -> str:
    pieces = _MATH.split(title)
    return "".join(
        piece if nth % 2 else _CAPITALS.sub(lambda match: f"{{{match[0]}}}", _escaped(piece))
        for nth, piece in enumerate(pieces)
    )
