"""The `paper:` block of a note's header: the work that the note is about.

Entry point: `paper_of`.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from notecast.slugs import slugify
from notecast.works.identifiers import identify
from notecast.works.model import Name, Work
from notecast.works.names import parse_name, split_names

KEYS = [
    "key",
    "title",
    "authors",
    "year",
    "date",
    "venue",
    "journal",
    "booktitle",
    "type",
    "arxiv",
    "doi",
    "url",
    "code",
    "pdf",
    "publisher",
    "volume",
    "issue",
    "pages",
    "status",
    "rating",
]
_SYNONYMS = {
    "author": "authors",
    "citekey": "key",
    "published": "date",
    "conference": "booktitle",
    "link": "url",
    "github": "code",
    "repo": "code",
    "number": "issue",
}
_TYPES = {
    "article": "article-journal",
    "journal": "article-journal",
    "conference": "paper-conference",
    "inproceedings": "paper-conference",
    "phdthesis": "thesis",
    "misc": "document",
}
_KNOWN_TYPES = frozenset(
    [
        "article-journal",
        "book",
        "chapter",
        "dataset",
        "document",
        "paper-conference",
        "patent",
        "preprint",
        "report",
        "software",
        "standard",
        "thesis",
        "webpage",
    ]
)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")

Report = Callable[[str, str, str], None]
"""Takes rule, message and hint of something wrong."""


def paper_of(block: Mapping[str, Any], report: Report) -> Work | None:
    """The work of a `paper:` block; `None` if the block does not say which it is.

    Args:
        block: Values as they are written, lists and mappings among them.
        report: Told what is wrong with the block.
    """
    values: dict[str, Any] = {}
    for written, value in block.items():
        name = written.strip().lower().replace(" ", "")
        name = _SYNONYMS.get(name, name)
        if name not in KEYS:
            near = get_close_matches(name, KEYS, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
            report("paper-key-is-known", f"paper: {written} is not a key of a paper", hint)
            continue
        values[name] = value
    arxiv = _identifier("arxiv", values, report)
    doi = _identifier("doi", values, report)
    title = _text(values.get("title"))
    key = _text(values.get("key"))
    if not key:
        key = f"arXiv:{arxiv}" if arxiv else f"doi:{doi.lower()}" if doi else ""
    if not key and title:
        key = slugify(title)
    if not key:
        report(
            "paper-is-named",
            "the paper has neither key, arxiv, doi nor title",
            "write one of them, such as {arxiv: 1706.03762}",
        )
        return None
    authors, others = _authors(values.get("authors"))
    journal, book = _text(values.get("journal")), _text(values.get("booktitle"))
    venue = journal or book or _text(values.get("venue"))
    return Work(
        key=key,
        type=_type(values, journal, venue, arxiv),
        title=title,
        authors=authors,
        more_authors=others,
        issued=_date(values, report),
        container=venue,
        publisher=_text(values.get("publisher")),
        volume=_text(values.get("volume")),
        issue=_text(values.get("issue")),
        pages=re.sub(r"\s*-+\s*", "–", _text(values.get("pages"))),
        doi=doi,
        arxiv=arxiv,
        url=_address("url", values, report),
        code=_address("code", values, report),
        pdf=_address("pdf", values, report),
        status=_text(values.get("status")),
        rating=_text(values.get("rating")),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return "" if value is None or isinstance(value, Mapping) else " ".join(str(value).split())


def _identifier(kind: str, values: Mapping[str, Any], report: Report) -> str:
    written = _text(values.get(kind))
    if not written:
        return ""
    found = identify(written)
    if found and found.kind == kind:
        return found.value
    example = "1706.03762" if kind == "arxiv" else "10.1145/3292500.3330701"
    name = "an arXiv identifier" if kind == "arxiv" else "a DOI"
    report(
        "paper-identifier-fits",
        f'paper: "{written}" is not {name}',
        f"write {kind}: {example}"
        + (" in the key arxiv" if found and found.kind == "arxiv" else ""),
    )
    return ""


def _authors(value: Any) -> tuple[tuple[Name, ...], bool]:
    if isinstance(value, list):
        names = [_text(item) for item in value if not isinstance(item, Mapping)]
    else:
        text = _text(value)
        if re.search("[;；、]", text):
            names = re.split("[;；、]", text)
        else:
            # `A and B` as in BibTeX, or `Ada Lovelace, Alan Turing`.
            names = split_names(text)[0]
            others = [part.strip() for part in text.split(",")]
            if len(names) < 2 and len(others) > 1 and all(" " in part for part in others):
                names = others
    stripped = [name.strip() for name in names if name.strip()]
    more = bool(stripped) and stripped[-1].lower().rstrip(".") in ("et al", "others", "等")
    return tuple(parse_name(name) for name in (stripped[:-1] if more else stripped)), more


def _type(values: Mapping[str, Any], journal: str, venue: str, arxiv: str) -> str:
    written = _text(values.get("type")).lower()
    written = _TYPES.get(written, written)
    if written in _KNOWN_TYPES:
        return written
    if journal:
        return "article-journal"
    if venue:
        return "paper-conference"
    return "preprint" if arxiv else "document"


def _date(values: Mapping[str, Any], report: Report) -> str:
    written = _text(values.get("date")) or _text(values.get("year"))
    if not written:
        return ""
    match = _DATE.match(written)
    if match:
        return match[0]
    report("paper-date-fits", f'paper: "{written}" is not a year or date', "write year: 2017")
    return ""


def _address(name: str, values: Mapping[str, Any], report: Report) -> str:
    written = _text(values.get(name))
    if not written or re.match(r"https?://[^\s\"<>]+$", written):
        return written
    report(
        "paper-address-is-whole",
        f'paper: {name} "{written}" is not a web address',
        "write it whole, with https://",
    )
    return ""
