"""Any other style, from a file of the Citation Style Language, through citeproc-py.

Entry point: `CslStyle`. The library is an optional extra (`pip install 'notecast[csl]'`)
and slower than the styles of our own by far: it is loaded when a note cites something.
"""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from notecast.works.csl_json import csl_item
from notecast.works.latex import spoken
from notecast.works.model import Work
from notecast.works.names import family, is_cjk

_ADDRESS = re.compile(r"https?://[^\s<>\"]+?(?=[.,;:)\]]*(?:[\s<>\"]|$))")
_NUMBER = re.compile(r"^(\[\d+\]|\d+\.)(?=\S)")


class CslUnusable(Exception):
    """The style cannot be used: why, and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Part(NamedTuple):
    """One work in a place of the text."""

    work: Work
    prefix: str
    place: str
    authors: str = "cite"
    """`cite`: as the style has them; `text`: in the sentence, before the citation; `none`."""


class Set(NamedTuple):
    """What a note's citations become."""

    places: list[str]
    """HTML of each place, in the order given."""
    entries: dict[str, str]
    """HTML of each reference by the key of its work, in their order."""


class CslStyle:
    """A style read from a file."""

    def __init__(self, path: Path, locale: str) -> None:
        """
        Args:
            path: The `.csl` file.
            locale: The language of the site, BCP 47.

        Raises:
            CslUnusable: The library is missing or the file cannot be read.
        """
        import warnings

        try:
            from citeproc import CitationStylesStyle
        except ImportError:
            raise CslUnusable(
                f"{path.name} needs a citation processor, which is not installed",
                "run pip install 'notecast[csl]', or choose apa, ieee or gb7714",
            ) from None
        self._done: dict[Any, Set] = {}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._style = CitationStylesStyle(str(path), validate=False, locale=_locale(locale))
        except Exception as error:  # whatever a broken file makes the library raise
            cause = error.strerror if isinstance(error, OSError) else type(error).__name__
            raise CslUnusable(
                f"the citation style {path.name} cannot be read ({cause})",
                "check the path from the site folder, and that it is a whole CSL 1.0 style",
            ) from error

    def set(self, places: Sequence[Sequence[Part]], listed: Sequence[Work]) -> Set:
        """Sets the citations of one note.

        Args:
            places: Its places in the order of the text.
            listed: All works of its list of references; those that no place names follow.
        """
        import warnings

        from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
        from citeproc.source.json import CiteProcJSON

        works = {part.work.key: part.work for place in places for part in place}
        works |= {work.key: work for work in listed}
        # The library folds keys to lower case: give it its own.
        names = {key: f"w{number}" for number, key in enumerate(works)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = CiteProcJSON([_item(works[key], name) for key, name in names.items()])
            bibliography = CitationStylesBibliography(self._style, source, formatter.html)
            citations = [
                Citation([_cite_item(CitationItem, part, names) for part in place])
                for place in places
            ]
            extra = [Citation([CitationItem(names[work.key])]) for work in listed]
            for citation in [*citations, *extra]:
                bibliography.register(citation)
            bibliography.sort()
            texts = [
                _with_authors(str(bibliography.cite(citation, lambda _: None)), place)
                for citation, place in zip(citations, places, strict=True)
            ]
            keys = {name: key for key, name in names.items()}
            order = [keys[str(key)] for key in bibliography.keys]
            entries = [_entry(str(entry)) for entry in bibliography.bibliography()]
        return Set(texts, dict(zip(order, entries, strict=False)))


def _entry(html: str) -> str:
    """A reference with its addresses as links, and a gap behind its number, which the
    library sets in a column of its own."""
    html = _NUMBER.sub(r"\1 ", html, count=1)
    return _ADDRESS.sub(r'<a href="\g<0>" rel="noopener">\g<0></a>', html)


def _with_authors(text: str, place: Sequence[Part]) -> str:
    """What is set for `@key` in a sentence and for `[-@key]`, which the library does not know:
    the authors stand before the citation, or nowhere, and go from it if it has them."""
    part = place[0]
    if len(place) > 1 or part.authors == "cite" or not part.work.people:
        return text
    names = [family(name) for name in part.work.people]
    year = part.work.year
    if names[0] in text and year and year in text[text.index(names[0]) :]:
        opened = text[: text.index(names[0])]
        text = opened + text[text.index(year, len(opened)) :]
    elif names[0] in text:
        return text  # a style without years: authors and title
    if part.authors == "none":
        return text
    who = names[0] if len(names) == 1 else " and ".join(names)
    if len(names) > 2 or part.work.more_authors:
        who = f"{names[0]} et al."
    return f"{escape(who)}{'' if text.startswith('<sup>') else ' '}{text}"


def _cite_item(make: Any, part: Part, names: dict[str, str]) -> Any:
    options: dict[str, Any] = {}
    if part.prefix:
        options["prefix"] = part.prefix + " "
    if part.place:
        options["suffix"] = ", " + part.place
    return make(names[part.work.key], **options)


def _item(work: Work, name: str) -> dict[str, Any]:
    left_out = ("archive", "archive_location", "custom")
    item = {key: value for key, value in csl_item(work).items() if key not in left_out}
    item["id"] = name
    # Styles expect titles in sentence case, and make title case of them where they want it.
    for field, as_sentence in (
        ("title", work.title_as_sentence),
        ("container-title", work.container_as_sentence),
    ):
        if field in item:
            item[field] = spoken(as_sentence or item[field])
    for field in ("author", "editor", "translator"):
        # It would part Chinese names and abbreviate what stands behind.
        item[field] = [_name(person) for person in item.get(field, ())]
        if not item[field]:
            del item[field]
    return item


def _name(person: dict[str, str]) -> dict[str, str]:
    last = person.get("family", "")
    if is_cjk(last):
        return {"literal": last + person.get("given", "")}
    return person


def _locale(language: str) -> str:
    parts = language.split("-")
    usual = {"en": "en-US", "zh": "zh-CN", "de": "de-DE", "fr": "fr-FR", "ja": "ja-JP"}
    return language if len(parts) == 2 and len(parts[1]) == 2 else usual.get(parts[0], "en-US")
