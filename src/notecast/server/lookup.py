"""The pages of a site by address, made when they are asked for.

Entry point: `Pages`. `builder.plan` lists every page of a site at once, which
takes a second for ten thousand notes; after an edit the reader waits for one.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from notecast.builder.pages import Asset
from notecast.builder.plan import (
    REPLACEABLE,
    Claims,
    by_date,
    make_planned,
    note_page,
    wanted_files,
    wanted_sources,
)
from notecast.feature import Feature
from notecast.model import Copy, Page, Planned, Post, Url
from notecast.problems import Problem
from notecast.site import View
from notecast.urls import address_key, output_path, quote

SLICE = 200
"""Pages that `finish` claims between two pauses."""


class Pages:
    """Everything that a site publishes, as `plan` would list it."""

    def __init__(
        self,
        view: View,
        features: Sequence[Feature],
        statics: Sequence[Copy],
        assets: Sequence[Asset],
        owners: dict[str, int] | None = None,
    ) -> None:
        """
        Args:
            view: The site.
            features: In the order in which they are asked.
            statics: Files that are published as they are.
            assets: Files whose bytes are known.
            owners: Which feature made each page the last time: it is asked first.
        """
        self.view = view
        self._features = features
        self._by_name = {feature.name: feature for feature in features}
        self._notes = {post.url: post for post in view.posts}
        self._made: dict[str, Page] = {}
        self._so_far: list[list[Page]] = [[] for _ in features]
        """What each feature has made until now."""
        self._makers = [iter(feature.pages(view)) for feature in features]
        self.owners: dict[str, int] = dict(owners or {})
        """Which feature made the page of an address, as far as is known."""
        self._statics = {_key(copy.output): copy for copy in statics}
        self._own = {address_key(quote(f"/{copy.output}")) for copy in statics}
        self._assets = {_key(asset.output): asset for asset in assets}
        self._files: dict[str, Copy] | None = None
        self._order: list[Post] | None = None
        self._places: dict[str, int] = {}

    def note_at(self, url: str) -> Post | None:
        """The note whose page has that address."""
        return self._notes.get(Url(url))

    def planned(self, url: str) -> Planned | None:
        """What makes the page of an address; `None` if no page has it."""
        post = self._notes.get(Url(url))
        page = self._page_of(post) if post else self._page(url)
        if page is None:
            return None
        return make_planned(page, output_path(page.url), self.view, self._by_name)

    def asset(self, path: str) -> Asset | None:
        """The theme's file at an address (decoded), with its bytes."""
        return self._assets.get(path)

    def file(self, path: str) -> Copy | None:
        """The file on disk that is published at an address (decoded)."""
        if path.endswith("/"):
            path += "index.html"
        return self._statics.get(path) or self._wanted().get(path)

    def known(self, url: str) -> bool:
        """Whether a page has that address."""
        return Url(url) in self._notes or self._page(url) is not None

    def _is_own(self, url: str) -> bool:
        """Whether a file of the site's own stands in the place of a page that a feature makes."""
        return bool(self._own) and address_key(url) in self._own

    def addresses(self) -> list[str]:
        """Addresses of pages that are known so far."""
        return [*self._notes, *(url for url in self._made if not self._is_own(url))]

    def finish(self) -> Iterator[None]:
        """Makes what is still missing, pausing often; then `problems` of addresses are known."""
        claims = Claims()
        self._order = by_date(self.view.posts)
        self._places = {note.path: place for place, note in enumerate(self._order)}
        yield
        for number, post in enumerate(self.view.posts):
            claims.claim(post.url, self.view.shown(post.path))
            if number % SLICE == 0:
                yield
        for copy in self._statics.values():
            shown = f"{self.view.config.static}/{copy.output}"
            claims.claim(quote("/" + copy.output), shown)
        yield
        for number, feature in enumerate(self._features):
            for page in self._rest(number):
                if page.url in REPLACEABLE and self._is_own(page.url):
                    continue
                claims.claim(page.url, f"the page that {feature.name} makes")
                if len(claims.addresses) % SLICE == 0:
                    yield
        for url, note, _ in wanted_sources(self.view, self._features):
            claims.claim(url, self.view.shown(note))
        for path in wanted_files(self.view, self._features):
            file = self.view.file(path)
            if file is not None:
                claims.claim(file.url, self.view.shown(path))
        self.view.addresses = frozenset(claims.addresses)
        self.problems: list[Problem] = claims.problems

    def _rest(self, number: int) -> Iterator[Page]:
        """All pages of one feature in their order, two of one address both."""
        yield from list(self._so_far[number])
        yield from self._make(number)

    def _make(self, number: int) -> Iterator[Page]:
        for page in self._makers[number]:
            self._so_far[number].append(page)
            if page.url not in self._made:
                self.owners[page.url] = number
                self._made[page.url] = page
            yield page

    def _page(self, url: str) -> Page | None:
        if self._is_own(url):
            return None
        page = self._made.get(url)
        if page is not None:
            return page
        numbers = list(range(len(self._makers)))
        owner = self.owners.get(url)
        if owner is not None and owner < len(numbers):
            numbers.insert(0, owner)
        for number in numbers:
            for page in self._make(number):
                if page.url == url:
                    return page
        self.owners.pop(url, None)
        return None

    def _page_of(self, post: Post) -> Page:
        older, newer = self._neighbours(post)
        return note_page(post, older, newer, self.view, self._features)

    def _neighbours(self, post: Post) -> tuple[Post | None, Post | None]:
        """The notes before and after one in the order of `by_date`."""
        if self._order is not None:
            place = self._places[post.path]
            return (
                self._order[place - 1] if place else None,
                self._order[place + 1] if place + 1 < len(self._order) else None,
            )
        # Sorting all of them takes five times as long as looking at each once.
        own = (bool(post.date), post.date, post.path)
        older = newer = None
        before: tuple[bool, str, str] = (False, "", "")
        after: tuple[bool, str, str] = (True, "\U0010ffff", "")
        for other in self.view.posts:
            key = (bool(other.date), other.date, other.path)
            if before < key < own:
                older, before = other, key
            elif own < key < after:
                newer, after = other, key
        return older, newer

    def _wanted(self) -> dict[str, Copy]:
        if self._files is None:
            self._files = {}
            for url, note, part in wanted_sources(self.view, self._features):
                output = output_path(url)
                source = str(self.view.config.notes_dir / note)
                self._files[_key(output)] = Copy(output, source, part)
            for path in wanted_files(self.view, self._features):
                file = self.view.file(path)
                if file is not None:
                    output = output_path(file.url)
                    self._files[_key(output)] = Copy(output, file.source)
        return self._files


def _key(output: str) -> str:
    """The decoded address of a file: on some disks its name is not NFC."""
    return "/" + unicodedata.normalize("NFC", output)
