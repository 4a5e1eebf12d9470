"""The thread that owns the site: takes in changes, answers for pages, works ahead.

Entry point: `Live`. What is most urgent comes first: a change that somebody
waits to see, then pages that are asked for, then what can wait. Everything
else of the preview talks to this thread and never to the site itself.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, Literal

import msgspec

from notecast.builder.digest import digest_bytes
from notecast.problems import Problem
from notecast.server.addresses import page_url
from notecast.server.events import Hub
from notecast.server.messages import state_of
from notecast.server.missing import near_addresses
from notecast.server.session import Session
from notecast.server.watch import Pending

BREATH = 0.1
"""Seconds after a change in which the browser has the processor for itself."""
SLICE = 0.02
"""Seconds of work between two looks at what is more urgent."""


class Found(msgspec.Struct, frozen=True):
    """What there is at an address."""

    kind: Literal["page", "asset", "file", "moved", "broken", "building", "missing"]
    url: str = ""
    """The address as the site writes it; for `moved` where to go."""
    name: str = ""
    """File name, for the content type."""
    data: bytes = b""
    etag: str = ""
    source: str = ""
    near: tuple[tuple[str, str], ...] = ()
    """Address and title of pages that may have been meant."""
    progress: tuple[int, int] = (0, 0)


class Listener(msgspec.Struct, frozen=True):
    """Who is told what happens, in this thread."""

    renewed: Callable[[Sequence[str], float], None]
    """Paths that changed, and the seconds until they could be seen."""
    checked: Callable[[Sequence[Problem]], None]
    """All problems, whenever they are all known."""
    failed: Callable[[BaseException], None]
    """A fault of ours; the site stays as it was."""


class Live(threading.Thread):
    """Keeps a site up to date and answers for its pages until `stop`."""

    def __init__(
        self, session: Session, hub: Hub, loop: asyncio.AbstractEventLoop, listener: Listener
    ) -> None:
        """
        Args:
            session: The site, not opened yet.
            hub: The open browsers; told in the thread of `loop`.
            loop: The event loop of the server.
            listener: Told what happens.
        """
        super().__init__(name="notecast-site", daemon=True)
        self._session = session
        self._hub = hub
        self._loop = loop
        self._listener = listener
        self._wake = threading.Condition()
        self._stopping = False
        self._pending = Pending()
        self._asked: deque[Callable[[], None]] = deque()
        self._work: Iterator[bool] | None = None
        self._resume = 0.0
        self.opened: Future[None] = Future()
        """Done once pages can be answered for."""

    # For other threads -------------------------------------------------------

    def changed(self, path: str, unsure: bool) -> None:
        """A file changed; `unsure` if it is empty or gone now."""
        with self._wake:
            self._pending.add(path, time.monotonic(), unsure=unsure)
            self._wake.notify()

    def find(self, path: str) -> Future[Found]:
        """What there is at an address (decoded, inside the site)."""
        result: Future[Found] = Future()

        def answer() -> None:
            if result.set_running_or_notify_cancel():
                try:
                    result.set_result(self._find(path))
                except Exception as error:
                    self._fail(error)
                    result.set_result(Found("broken", page_url(path)))

        self._ask(answer)
        return result

    def greet(self, url: str) -> None:
        """Somebody has opened a page: sends its state, and the page if it is not the latest."""
        self._ask(lambda: self._show([url]))

    def stop(self) -> None:
        """Ends the thread; returns when it has ended, or does not within two seconds."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._session.give_up()
        self.join(2)

    @property
    def base_path(self) -> str:
        """What stands before every address of the site."""
        return self._session.config.base_path

    def _ask(self, answer: Callable[[], None]) -> None:
        with self._wake:
            self._asked.append(answer)
            self._wake.notify()

    # The thread ----------------------------------------------------------------

    def run(self) -> None:
        try:
            self._session.open()
        except BaseException as error:
            self.opened.set_exception(error)
            return
        self.opened.set_result(None)
        self._work = self._session.work()
        try:
            while (task := self._next()) is not None:
                try:
                    task()
                except Exception as error:  # whatever it is, the preview goes on
                    self._fail(error)
        finally:
            self._rest()
            self._session.close()

    def _fail(self, error: Exception) -> None:
        self._session.fault = error
        self._work = None
        self._listener.failed(error)
        for url in self._hub.watched():
            self._tell(self._hub.state, url, state_of(self._session, url))

    def _next(self) -> Callable[[], None] | None:
        """Waits for the most urgent thing to do, `None` for the end."""
        with self._wake:
            while not self._stopping:
                now = time.monotonic()
                due = self._pending.due
                if due is not None and due <= now:
                    return self._renew
                if self._asked:
                    return self._asked.popleft()
                if time.time() >= self._session.until:
                    return self._renew
                waits = [due - now] if due is not None else []
                if self._work is not None:
                    if self._resume <= now:
                        return self._go_on
                    waits.append(self._resume - now)
                waits.append(max(0.0, min(3600.0, self._session.until - time.time())))
                self._wake.wait(min(waits))
        return None

    def _renew(self) -> None:
        with self._wake:
            paths = self._pending.take()
        started = time.perf_counter()
        self._rest()
        self._work = self._session.work()
        self._resume = time.monotonic() + BREATH
        watched = self._hub.watched()
        files = self._session.refresh(paths, watched)
        self._session.fault = None
        self._show(watched)
        if files:
            self._tell(self._hub.files, [self.base_path + url for url in files])
        self._listener.renewed(paths, time.perf_counter() - started)

    def _go_on(self) -> None:
        assert self._work is not None
        stop = time.monotonic() + SLICE
        for news in self._work:
            if news:
                self._show(self._hub.watched())
            if time.monotonic() >= stop or self._asked:
                return
        self._work = None
        self._listener.checked(self._session.problems())

    def _rest(self) -> None:
        """Gives up what was begun."""
        if self._work is not None:
            self._work.close()  # type: ignore[attr-defined]
            self._work = None

    def _show(self, urls: Sequence[str]) -> None:
        """Sends pages to those who look at them, then what is wrong with them."""
        shown = list(dict.fromkeys(urls))
        for url in shown:
            rendered = self._session.render(url)
            if rendered:
                self._tell(
                    self._hub.page, url, rendered.etag, rendered.data.decode("utf-8", "replace")
                )
            elif not self._session.total and not self._session.pages.known(url):
                self._tell(self._hub.gone, url)
        for url in shown:
            self._tell(self._hub.state, url, state_of(self._session, url))

    def _tell(self, what: Callable[..., None], *values: Any) -> None:
        self._loop.call_soon_threadsafe(what, *values)

    def _find(self, path: str) -> Found:
        session, pages = self._session, self._session.pages
        url = page_url(path)
        rendered = session.render(url)
        if rendered:
            name = "index.html" if url.endswith("/") else url
            return Found("page", url, name, rendered.data, rendered.etag)
        asset = pages.asset(path)
        if asset:
            return Found("asset", url, asset.output, asset.data, asset.output)
        file = pages.file(path)
        if file and file.part:
            data = session.unpacked(file)
            if data is not None:
                return Found("asset", url, file.output, data, digest_bytes(data))
        elif file:
            return Found("file", url, file.output, source=file.source)
        if pages.known(url) or session.is_lost(url):
            return Found("broken", url)
        if not url.endswith("/") and (pages.known(url + "/") or session.is_lost(url + "/")):
            return Found("moved", url + "/")
        if session.total:
            return Found("building", url, progress=(session.loaded, session.total))
        page = session.render("/404.html")
        near = near_addresses(url, pages)
        return Found("missing", url, data=page.data if page else b"", near=near)
