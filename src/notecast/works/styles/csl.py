"""Any other style, from a file of the Citation Style Language, through citeproc-py.

Entry point: `CslStyle`. The library is an optional extra (`pip install 'notecast[csl]'`)
and slower than the styles of our own by far: it is loaded when a note cites something.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from notecast.works.csl_json import csl_item
from notecast.works.model import Work
from notecast.works.names import is_cjk


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
            texts = [str(bibliography.cite(citation, lambda _: None)) for citation in citations]
            keys = {name: key for key, name in names.items()}
            order = [keys[str(key)] for key in bibliography.keys]
            entries = [str(entry) for entry in bibliography.bibliography()]
        return Set(texts, dict(zip(order, entries, strict=False)))


def _cite_item(make: Any, part: Part, names: dict[str, str]) -> Any:
    options: dict[str, Any] = {}
    if part.prefix:
        options["prefix"] = part.prefix + " "
    if part.place:
        options["suffix"] = ", " + part.place
    return make(names[part.work.key], **options)


def _item(work: Work, name: str) -> dict[str, Any]:
    item = {key: value for key, value in csl_item(work).items() if key not in ("archive", "custom")}
    item["id"] = name
    for field in ("author", "editor", "translator"):
        # It would part Chinese names and abbreviate what stands behind.
        item[field] = [_name(person) for person in item.get(field, ())]
        if not item[field]:
            del item[field]
    return item


def _name(person: dict[str, str]) -> dict[str, str]:
    family = person.get("family", "")
    if is_cjk(family):
        return {"literal": family + person.get("given", "")}
    return person


def _locale(language: str) -> str:
    parts = language.split("-")
    usual = {"en": "en-US", "zh": "zh-CN", "de": "de-DE", "fr": "fr-FR", "ja": "ja-JP"}
    return language if len(parts) == 2 and len(parts[1]) == 2 else usual.get(parts[0], "en-US")
