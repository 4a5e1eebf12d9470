"""Fetches records of works from arXiv and from DOI registration agencies.

Entry point: `Fetcher`. The only code that speaks to the network, and only
`notecast papers fetch` calls it. arXiv is asked through its API
(https://info.arxiv.org/help/api/user-manual.html: many identifiers at once, three
seconds between requests), DOIs through content negotiation
(https://citation.doi.org/docs.html: CSL-JSON from whoever registered them).
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from notecast import __version__
from notecast.works.csl_json import csl_item, work_of_item
from notecast.works.identifiers import Identifier, arxiv_of, doi_of
from notecast.works.model import Work
from notecast.works.names import parse_name

ARXIV_API = "https://export.arxiv.org/api/query"
DOI_RESOLVER = "https://doi.org/"
CSL_JSON = "application/vnd.citationstyles.csl+json"
AT_ONCE = 50
"""Identifiers in a request to arXiv."""
MOST_BYTES = 20_000_000
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_LONGEST_WAIT = 60.0
_ENOUGH = 3
"""DOIs without any answer, one after the other, after which the others are not asked for."""


@dataclass(frozen=True)
class Failure:
    """An identifier that no record came for."""

    identifier: Identifier
    reason: str
    """In a few words: `not found`, `no answer`."""
    gone: bool = False
    """Whether the registry knows no such work: asking again will not help."""
    silent: bool = False
    """Whether nobody answered at all."""


@dataclass(frozen=True)
class Fetcher:
    """Asks for records politely: one request at a time, with pauses, and again after a failure."""

    arxiv: str = ARXIV_API
    doi: str = DOI_RESOLVER
    timeout: float = 20.0
    """Seconds to wait for an answer."""
    pause: float = 3.0
    """Seconds between requests to arXiv; a tenth of it between DOIs."""
    tries: int = 3
    contact: str = ""
    """Address that registries may write to; it is part of the request."""
    sleep: Callable[[float], None] = field(default=time.sleep)

    def fetch(
        self, identifiers: Sequence[Identifier]
    ) -> Iterator[tuple[Identifier, dict[str, Any]] | Failure]:
        """A CSL item or a failure for each identifier."""
        arxiv = [item for item in identifiers if item.kind == "arxiv"]
        asked = False
        for start in range(0, len(arxiv), AT_ONCE):
            if asked:
                self.sleep(self.pause)
            asked = True
            yield from self._from_arxiv(arxiv[start : start + AT_ONCE])
        silent = 0
        for number, item in enumerate(item for item in identifiers if item.kind == "doi"):
            if silent == _ENOUGH:
                yield Failure(item, "not asked, since the server does not answer")
                continue
            if number:
                self.sleep(self.pause / 10)
            result = self._from_doi(item)
            silent = silent + 1 if isinstance(result, Failure) and result.silent else 0
            yield result

    def _from_arxiv(
        self, wanted: Sequence[Identifier]
    ) -> Iterator[tuple[Identifier, dict[str, Any]] | Failure]:
        query = urlencode(
            {"id_list": ",".join(item.value for item in wanted), "max_results": len(wanted)},
            safe=",/",
        )
        found: dict[str, dict[str, Any]] = {}
        try:
            data = self._get(f"{self.arxiv}?{query}", "application/atom+xml")
            found = dict(arxiv_records(data))
        except _NoAnswer as error:
            if error.status == 400 and len(wanted) > 1:
                # One malformed identifier spoils the request: ask one by one.
                for item in wanted:
                    self.sleep(self.pause)
                    yield from self._from_arxiv([item])
                return
            for item in wanted:
                yield Failure(item, error.reason, error.gone)
            return
        for item in wanted:
            record = found.get(item.value.lower())
            yield (item, record) if record else Failure(item, "arXiv has no such paper", True)

    def _from_doi(self, item: Identifier) -> tuple[Identifier, dict[str, Any]] | Failure:
        address = self.doi + quote(item.value, safe="/:;().-_")
        try:
            data = json.loads(self._get(address, CSL_JSON))
            work = work_of_item(str(item), data)
        except _NoAnswer as error:
            return Failure(item, error.reason, error.gone, not error.status)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return Failure(item, "the answer is no CSL-JSON record")
        if not work.known:
            return Failure(item, "the record has neither title nor authors")
        # Who asks by an alias is answered under the main name; the note keeps the alias.
        doi = work.doi if work.doi.lower() == item.value else item.value
        return item, _stored(work, doi)

    def _get(self, address: str, accept: str) -> bytes:
        contact = f" (mailto:{self.contact})" if self.contact else ""
        headers = {
            "Accept": accept,
            "User-Agent": f"notecast/{__version__}{contact}",
        }
        last = _NoAnswer("no answer")
        for attempt in range(self.tries):
            if attempt:
                self.sleep(last.wait or self.pause * 2 ** (attempt - 1))
            request = urllib.request.Request(address, headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                    data: bytes = answer.read(MOST_BYTES + 1)
            except urllib.error.HTTPError as error:
                gone = error.code in (404, 410)
                reason = "not found" if gone else f"the server says {error.code}"
                last = _NoAnswer(reason, error.code, gone, _retry_after(error))
                error.close()
                if error.code not in _AGAIN:
                    raise last from None
            except (OSError, ValueError) as error:
                cause = getattr(error, "reason", None) or error
                slow = isinstance(cause, TimeoutError)
                last = _NoAnswer("no answer in time" if slow else f"no answer ({cause})")
            else:
                if len(data) > MOST_BYTES:
                    raise _NoAnswer("the answer is too large", answer.status)
                return data
        raise last


class _NoAnswer(Exception):
    def __init__(self, reason: str, status: int = 0, gone: bool = False, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.status, self.gone, self.wait = reason, status, gone, wait


def _retry_after(error: urllib.error.HTTPError) -> float:
    """Seconds that the server asks to wait (RFC 9110 §10.2.3)."""
    written = error.headers.get("Retry-After", "") if error.headers else ""
    return min(float(written), _LONGEST_WAIT) if re.fullmatch(r"\d{1,6}", written) else 0.0


def arxiv_records(data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """The papers of an Atom feed of arXiv, by identifier in lower case.

    Raises:
        _NoAnswer: The bytes are no such feed.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _NoAnswer("the answer is no feed of arXiv")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        raise _NoAnswer("the answer is no feed of arXiv") from None
    for entry in root.iter(f"{_ATOM}entry"):
        identifier = arxiv_of(_text(entry, f"{_ATOM}id"))
        names = [
            " ".join((author.findtext(f"{_ATOM}name") or "").split())
            for author in entry.iter(f"{_ATOM}author")
        ]
        title = _text(entry, f"{_ATOM}title")
        if not identifier or not title or not names:
            continue  # an error is an entry without authors
        work = Work(
            key=f"arXiv:{identifier}",
            type="preprint",
            title=title,
            authors=tuple(parse_name(name) for name in names if name),
            issued=_text(entry, f"{_ATOM}published")[:10],
            arxiv=identifier,
        )
        yield identifier.lower(), _stored(work, doi=doi_of(_text(entry, f"{_ARXIV}doi")))


def _stored(work: Work, doi: str) -> dict[str, Any]:
    item = csl_item(work)
    if doi:
        item["DOI"] = doi
    del item["id"]
    return item


def _text(entry: ElementTree.Element, name: str) -> str:
    return " ".join((entry.findtext(name) or "").split())
