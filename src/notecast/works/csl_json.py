"""Reads and writes CSL-JSON, the records of Zotero, Crossref and citation processors.

Entry points: `read_csl_json`, `csl_item`. Names of fields and types are those of
the CSL 1.0.2 schema (https://github.com/citation-style-language/schema).
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from notecast.problems import Problem
from notecast.works.identifiers import arxiv_of, doi_of, identify
from notecast.works.model import Bibliography, Name, Source, Work
from notecast.works.names import is_cjk

_TYPES = {
    "article": "preprint",
    "article-magazine": "article-journal",
    "post": "webpage",
    "post-weblog": "webpage",
    "entry-encyclopedia": "chapter",
    "entry-dictionary": "chapter",
    "entry": "chapter",
    "speech": "paper-conference",
    "pamphlet": "book",
}
"""CSL types that we treat as one of ours; all others keep their names."""
_KNOWN = frozenset(
    [
        "article-journal",
        "article-newspaper",
        "book",
        "chapter",
        "dataset",
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
_NAME_FIELDS = {"authors": "author", "editors": "editor", "translators": "translator"}
_FIELDS = {
    "title": "title",
    "container": "container-title",
    "event": "event-title",
    "publisher": "publisher",
    "place": "publisher-place",
    "volume": "volume",
    "issue": "issue",
    "number": "number",
    "edition": "edition",
    "version": "version",
    "genre": "genre",
    "isbn": "ISBN",
    "language": "language",
}
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_CITATION_KEY = re.compile(r"^\s*citation[ -]key\s*:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
"""A key that somebody fixed in Zotero's field "Extra", which is exported as `note`."""
_ADDRESS = re.compile(r"https?://\S+")


def read_csl_json(text: str, path: str) -> Bibliography:
    """The works of a file, as Zotero's "CSL JSON" or "Better CSL JSON" write it.

    Args:
        text: The whole file: a list of items, or one item.
        path: The file as problems show it.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        said = getattr(error, "msg", "brackets are nested too deeply")
        return Bibliography([], [_unreadable(path, line, f"the file is not JSON: {said}")])
    if isinstance(data, Mapping):
        data = data["items"] if isinstance(data.get("items"), list) else [data]
    if not isinstance(data, list) or not all(isinstance(item, Mapping) for item in data):
        return Bibliography([], [_unreadable(path, 1, "the file holds no list of CSL items")])
    sources: dict[str, Source] = {}
    problems = []
    lines = _lines_of_ids(text)
    for item in data:
        name = str(item.get("id") or "").rpartition("/")[2].strip()
        key = str(item.get("citation-key") or _fixed_key(item) or name).strip()
        line = lines.get(key) or lines.get(name, 0)
        if not key:
            problems.append(_unreadable(path, line, "an item has no id, so nothing can cite it"))
        elif key in sources:
            problems.append(
                Problem(
                    "bibliography-key-is-unique",
                    "warning",
                    path,
                    line,
                    0,
                    f'there are two items with the id "{key}"; the first counts',
                    "give one of them another id, or remove it",
                )
            )
        else:
            sources[key] = Source(work_of_item(key, item), path, line)
    return Bibliography(list(sources.values()), problems)


def _fixed_key(item: Mapping[str, Any]) -> str:
    note = item.get("note")
    match = _CITATION_KEY.search(note) if isinstance(note, str) else None
    return match[1] if match else ""


def _unreadable(path: str, line: int, message: str) -> Problem:
    hint = "export it anew as CSL JSON"
    return Problem("bibliography-is-readable", "error", path, line, 0, message, hint)


def _lines_of_ids(text: str) -> dict[str, int]:
    """The line of every id; JSON readers do not tell."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        for match in re.finditer(r'"(?:id|citation-key)"\s*:\s*"([^"]*)"', line):
            lines.setdefault(match[1].rpartition("/")[2], number)
    return lines


def work_of_item(key: str, item: Mapping[str, Any]) -> Work:
    """The work that a CSL item describes."""
    values = {ours: _text(item.get(theirs)) for ours, theirs in _FIELDS.items()}
    written_type = _text(item.get("type"))
    work_type = _TYPES.get(written_type, written_type)
    doi = doi_of(_text(item.get("DOI")))
    address = _address(_text(item.get("URL")))
    arxiv = _arxiv(item)
    found = identify(address) if address else None
    if found and found.kind == "doi":
        doi = doi or found.value
    if arxiv and work_type == "article-journal" and "arxiv" in values["container"].lower():
        work_type = "preprint"
    if arxiv and values["container"].lower().startswith("arxiv"):
        values["container"] = ""
    if arxiv and values["publisher"].lower() == "arxiv":
        values["publisher"] = ""
    if arxiv and values["number"].lower().startswith("arxiv"):
        values["number"] = ""
    custom = item.get("custom")
    ours = custom.get("notecast") if isinstance(custom, Mapping) else None
    return Work(
        key=key,
        type=work_type if work_type in _KNOWN else "document",
        authors=_names(item.get("author")),
        more_authors=_others(item.get("author")),
        editors=_names(item.get("editor")),
        translators=_names(item.get("translator")),
        issued=_date(item.get("issued")),
        pages=re.sub(r"\s*[-‐‑–—]+\s*", "–", _text(item.get("page"))),
        doi=doi,
        arxiv=arxiv,
        url="" if found else address,
        accessed=_date(item.get("accessed")),
        code=_address(_text(ours.get("code"))) if isinstance(ours, Mapping) else "",
        pdf=_address(_text(ours.get("pdf"))) if isinstance(ours, Mapping) else "",
        **values,
    )


def _text(value: Any) -> str:
    """A field as text; records of publishers hold HTML and even lists."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_TAG.sub("", str(value)).split())


def _address(written: str) -> str:
    return written if _ADDRESS.fullmatch(written) else ""


def _arxiv(item: Mapping[str, Any]) -> str:
    for field in ("number", "archive_location", "DOI", "URL", "note", "container-title"):
        value = _text(item.get(field))
        if "arxiv" in value.lower():
            found = arxiv_of(value)
            if found:
                return found
    return ""


def _names(value: Any) -> tuple[Name, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    names = []
    for item in value:
        if isinstance(item, Mapping) and _text(item.get("literal")) != "others":
            name = _name(item)
            if name != Name() and name.family.lower() != "others":
                names.append(name)
    return tuple(names)


def _name(item: Mapping[str, Any]) -> Name:
    family, given = _text(item.get("family")), _text(item.get("given"))
    literal = _text(item.get("literal")) or _text(item.get("name"))
    if not given and not literal and is_cjk(family):
        family, literal = "", family
    particle = _text(item.get("non-dropping-particle")) or _text(item.get("dropping-particle"))
    if family and not literal:
        return Name(family, given, particle, _text(item.get("suffix")))
    return Name(literal=literal or given)


def _others(value: Any) -> bool:
    if not isinstance(value, list) or not value or not isinstance(value[-1], Mapping):
        return False
    last = value[-1]
    return "others" in (_text(last.get("literal")).lower(), _text(last.get("family")).lower())


def _date(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        numbers = [_text(part) for part in parts[0][:3]]
        if numbers and re.fullmatch(r"\d{4}", numbers[0]):
            rest = [f"-{int(part):02}" for part in numbers[1:] if part.isdigit()]
            return numbers[0] + "".join(rest)
    written = _text(value.get("raw") or value.get("literal"))
    match = re.search(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", written)
    return match[0] if match else ""


def csl_item(work: Work) -> dict[str, Any]:
    """A work as a CSL item, fields in a fixed order, empty ones left out."""
    item: dict[str, Any] = {"id": work.key, "type": _csl_type(work.type)}
    for ours, theirs in _FIELDS.items():
        if getattr(work, ours):
            item[theirs] = getattr(work, ours)
    for ours, theirs in _NAME_FIELDS.items():
        people = [_csl_name(name) for name in getattr(work, ours)]
        if ours == "authors" and work.more_authors:
            people.append({"literal": "others"})
        if people:
            item[theirs] = people
    for theirs, date in (("issued", work.issued), ("accessed", work.accessed)):
        if date:
            item[theirs] = {"date-parts": [[int(part) for part in date.split("-")]]}
    if work.pages:
        item["page"] = work.pages.replace("–", "-")
    if work.doi:
        item["DOI"] = work.doi
    if work.arxiv:
        if work.type == "preprint":
            item["publisher"] = "arXiv"
            item["number"] = f"arXiv:{work.arxiv}"
        item["archive"] = "arXiv"
        item["archive_location"] = f"arXiv:{work.arxiv}"
    address = work.url or (f"https://arxiv.org/abs/{work.arxiv}" if work.arxiv else "")
    if address:
        item["URL"] = address
    return item


def _csl_type(kind: str) -> str:
    return "article" if kind == "preprint" else kind


def _csl_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    fields = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {field: value for field, value in fields.items() if value}
