"""Crawls the demonstration site as a machine without scripts: no link or anchor is broken."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest

from .conftest import Served

# Elements by the attribute that names another file.
NAMES = {
    "a": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "iframe": "src",
    "form": "action",
}
# What every site has can be reached from its home page.
REACHED = ("/notes/", "/categories/", "/tags/", "/archive/", "/page/", "/search/")
# Addresses for machines that the page does not lead to.
ELSEWHERE = {"canonical"}


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        address = given.get(NAMES.get(tag, ""))
        if address is not None and given.get("rel") not in ELSEWHERE:
            self.links.append(address)


def crawl(start: str) -> tuple[dict[str, set[str]], list[str]]:
    """Ids by address of every page that can be reached, and what is broken."""
    ids: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    broken: list[str] = []
    waiting = [(start, "")]
    host = urlsplit(start).netloc
    seen = {start}
    while waiting:
        address, origin = waiting.pop()
        try:
            with urlopen(address, timeout=10) as answer:
                kind = answer.headers.get_content_type()
                text = answer.read().decode("utf-8") if kind == "text/html" else ""
        except HTTPError as error:
            broken.append(f"{origin} → {address}: {error.code}")
            continue
        parser = Links()
        parser.feed(text)
        ids[address] = parser.ids
        for link in parser.links:
            target, fragment = urldefrag(urljoin(address, link))
            parts = urlsplit(target)
            if parts.scheme not in ("http", "https") or parts.netloc != host:
                continue
            if fragment:
                wanted.append((address, target, unquote(fragment)))
            if target not in seen:
                seen.add(target)
                waiting.append((target, address))
    broken += [
        f"{origin} → {target}#{fragment}: no such place"
        for origin, target, fragment in wanted
        if target in ids and fragment not in ids[target]
    ]
    return ids, broken


@pytest.mark.parametrize("which", ["demo", "demo_below"])
def test_no_link_is_broken(which: str, request: pytest.FixtureRequest) -> None:
    served: Served = request.getfixturevalue(which)
    found, broken = crawl(served.url + "/")
    assert broken == []
    reached = {unquote(address.removeprefix(served.url)) for address in found}
    pages = {page for page in served.pages() if page.startswith(REACHED) or page == "/"}
    assert len(pages) > 80
    assert pages - reached == set()
