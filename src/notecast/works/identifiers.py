"""arXiv identifiers and DOIs in the forms in which people write them.

Entry points: `identify` for anything written, `of_address` for links. The forms
of arXiv identifiers are those of https://info.arxiv.org/help/arxiv_identifier.html,
the characters of DOIs those that Crossref recommends to match
(https://www.crossref.org/blog/dois-and-matching-regular-expressions/).
"""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7})"
_ARXIV = re.compile(rf"(?:arxiv:\s*)?(?P<id>{ARXIV})(?:v\d+)?", re.IGNORECASE)
DOI = r"10\.\d{4,9}/[-._;()/:A-Za-z0-9<>+]+"
_DOI = re.compile(rf"(?:doi:\s*)?(?P<id>{DOI})", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.(?P<id>{ARXIV})(?:v\d+)?", re.IGNORECASE)
_ARXIV_HOSTS = frozenset(
    ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org")
)
_ARXIV_PATH = re.compile(
    rf"/(?:abs|pdf|html|format)/(?P<id>{ARXIV})(?:v\d+)?(?:\.pdf)?/?", re.IGNORECASE
)
_DOI_HOSTS = frozenset(("doi.org", "dx.doi.org", "www.doi.org"))


class Identifier(NamedTuple):
    """What names a work the world over."""

    kind: str
    """`arxiv` or `doi`."""
    value: str
    """Without version or resolver; a DOI in lower case, as it is compared (DOI Handbook §2.4)."""

    def __str__(self) -> str:
        return f"{'arXiv' if self.kind == 'arxiv' else 'doi'}:{self.value}"


def identify(written: str) -> Identifier | None:
    """The identifier that a text is as a whole: `arXiv:1706.03762v5`, `10.1145/…`, an address.

    The DOI that arXiv gives a preprint is its arXiv identifier.
    """
    text = written.strip()
    if "://" in text:
        return of_address(text)
    match = _ARXIV.fullmatch(text)
    if match:
        return _of_arxiv(match["id"])
    match = _DOI.fullmatch(text)
    return _of_doi(match["id"]) if match else None


def of_address(address: str) -> Identifier | None:
    """The identifier of the work that a web address leads to, if it is arXiv's or a DOI's."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host in _ARXIV_HOSTS:
        match = _ARXIV_PATH.fullmatch(unquote(parts.path))
        return _of_arxiv(match["id"]) if match else None
    if host in _DOI_HOSTS:
        match = _DOI.fullmatch(unquote(parts.path).strip("/"))
        return _of_doi(match["id"]) if match else None
    return None


def _of_doi(doi: str) -> Identifier:
    match = _ARXIV_DOI.fullmatch(doi)
    return _of_arxiv(match["id"]) if match else Identifier("doi", doi.lower())


def _of_arxiv(written: str) -> Identifier:
    """Before 2007 a class might stand behind the archive, which is no part of the identifier."""
    archive, slash, number = written.partition("/")
    return Identifier("arxiv", archive.split(".")[0].lower() + slash + number if slash else written)


def arxiv_of(written: str) -> str:
    """The arXiv identifier in a text, wherever it stands in it; empty if there is none."""
    whole = identify(written)
    if whole:
        return whole.value if whole.kind == "arxiv" else ""
    match = re.search(rf"arxiv:?\s*({ARXIV})", written, re.IGNORECASE)
    return _of_arxiv(match[1]).value if match else ""


def doi_of(written: str) -> str:
    """The DOI that a field holds, as it is written; empty if it is none or arXiv's own."""
    found = identify(written)
    if found is None or found.kind != "doi":
        return ""
    return written[written.lower().rindex(found.value) :][: len(found.value)]


def arxiv_address(identifier: str) -> str:
    """Where a preprint is read."""
    return f"https://arxiv.org/abs/{identifier}"


def doi_address(doi: str) -> str:
    """Where a DOI leads."""
    from urllib.parse import quote

    return f"https://doi.org/{quote(doi, safe='/:;()._-+')}"
