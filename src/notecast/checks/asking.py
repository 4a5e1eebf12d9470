"""Asks servers whether pages are there, politely.

Entry point: `ask_all`. A few hosts are asked at once, each by one connection
at a time with a pause between two questions; HEAD first, GET where that does
not help (RFC 9110, section 9.3.2); what fails for a moment is asked again.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from notecast import __version__

_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
_HEAD_IS_NO_PROOF = frozenset((400, 403, 404, 405, 406, 410, 500, 501, 503))
_MOVED = frozenset((301, 302, 303, 307, 308))
_FOR_GOOD = frozenset((301, 308))
_REASONS = {404: "is not there (404)", 410: "is gone for good (410)"}


@dataclass(frozen=True)
class Manners:
    """How to ask."""

    hosts: int = 8
    """Hosts that are asked at once."""
    pause: float = 0.5
    """Seconds between two questions to one host."""
    timeout: float = 15.0
    tries: int = 3
    patience: float = 20.0
    """Longest wait in seconds before one more try, whatever the server wants."""
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """What a server said in the end."""

    status: int
    """0 where there was no answer."""
    moved: str
    """The address to which the page moved for good; empty if it did not."""
    reason: str
    """What is wrong, as the end of a sentence."""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether it is certain that a reader gets nothing: a server that refuses
        programs (401, 403, 429) or has a bad day (5xx) may well serve readers."""
        return self.status in (0, 404, 410)


class _Failed(Exception):
    """No answer: why, and whether that may pass."""

    def __init__(self, reason: str, passing: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing


def ask_all(addresses: Sequence[str], manners: Manners) -> Iterator[tuple[str, Answer]]:
    """Asks for every address; yields answers as they come.

    Args:
        addresses: With scheme and host, without fragment.
        manners: How to ask.
    """
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    with ThreadPoolExecutor(manners.hosts) as pool:
        jobs = [pool.submit(_ask_host, part, manners) for part in by_host.values()]
        try:
            for job in as_completed(jobs):
                yield from job.result()
        finally:
            for job in jobs:
                job.cancel()


def _ask_host(addresses: Sequence[str], manners: Manners) -> list[tuple[str, Answer]]:
    answers = []
    for index, address in enumerate(addresses):
        if index:
            time.sleep(manners.pause)
        answers.append((address, ask(address, manners)))
    return answers


def ask(address: str, manners: Manners) -> Answer:
    """Asks for one address until there is an answer that will not change."""
    method, wait = "HEAD", manners.pause
    tries = manners.tries
    while True:
        try:
            status, moved, after = _follow(method, address, manners)
        except _Failed as failed:
            tries -= 1
            if method == "HEAD" and failed.passing:
                method = "GET"  # some servers drop the connection on HEAD
            if tries <= 0 or not failed.passing:
                return Answer(0, "", failed.reason)
        else:
            if method == "HEAD" and status in _HEAD_IS_NO_PROOF:
                method = "GET"
                time.sleep(manners.pause)
                continue
            tries -= 1
            if status not in _PASSING or tries <= 0:
                return Answer(status, moved, _REASONS.get(status, f"answers {status}"))
            wait = max(wait, after)
        time.sleep(min(wait, manners.patience))
        wait *= 2


def _follow(method: str, address: str, manners: Manners) -> tuple[int, str, float]:
    """Status, the address it moved to for good, and the seconds the server asks to wait."""
    here, moved, for_good = address, "", True
    for _ in range(manners.redirects + 1):
        status, target, after = _once(method, here, manners.timeout)
        if status not in _MOVED or not target:
            return status, moved, after
        here = urljoin(here, target)
        if urlsplit(here).scheme not in ("http", "https"):
            raise _Failed("leads to an address that is none of the web", False)
        for_good = for_good and status in _FOR_GOOD
        if for_good:
            moved = here
    raise _Failed("leads from one address to the next without end", False)


def _once(method: str, address: str, timeout: float) -> tuple[int, str, float]:
    parts = urlsplit(address)
    try:
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (UnicodeError, ValueError):
        raise _Failed("is not a web address", False) from None
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=timeout)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    headers = {
        "User-Agent": f"Mozilla/5.0 (compatible; Notecast/{__version__}; link check)",
        "Accept": "*/*",
    }
    try:
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
        after = response.getheader("Retry-After", "")
        seconds = float(after) if after.isascii() and after.isdigit() else 0.0
        return response.status, response.getheader("Location", ""), seconds
    except socket.gaierror as error:
        # Not found for good, or the name server is out of reach for now.
        raise _Failed("has a host that is not found", error.errno == socket.EAI_AGAIN) from error
    except TimeoutError as error:
        raise _Failed(f"does not answer within {timeout:g} s", True) from error
    except ssl.SSLError as error:
        raise _Failed(f"has no valid certificate ({error.reason or error})", False) from error
    except (OSError, http.client.HTTPException) as error:
        raise _Failed(f"does not answer ({type(error).__name__})", True) from error
    finally:
        connection.close()
