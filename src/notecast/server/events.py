"""The browsers that are open, and what each of them looks at.

Entry point: `Hub`. Messages go out as server-sent events
(https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive."""


class Client:
    """One open page. Of each kind of message only the latest is worth sending."""

    def __init__(self, url: str, etag: str) -> None:
        self.url = url
        self.etag = etag
        self._waiting: dict[str, str] = {}
        self._wake = asyncio.Event()

    def send(self, kind: str, data: Any) -> None:
        """Sends a message, in place of an older one of the same kind that still waits."""
        self._waiting[kind] = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        self._wake.set()

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The bytes of the event stream."""
        yield b"retry: 500\n\n"
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._wake.wait()
            except TimeoutError:
                yield b": alive\n\n"
                continue
            self._wake.clear()
            waiting, self._waiting = self._waiting, {}
            for kind, text in waiting.items():
                # JSON has no line breaks: one data line is enough.
                yield f"event: {kind}\ndata: {text}\n\n".encode("utf-8", "replace")


class Hub:
    """All clients. Belongs to the thread of the event loop but for `watched`."""

    def __init__(self) -> None:
        self.clients: dict[int, Client] = {}

    def watched(self) -> list[str]:
        """Addresses that somebody looks at, the latest first; for any thread."""
        return list(dict.fromkeys(client.url for client in reversed(self.clients.copy().values())))

    def page(self, url: str, etag: str, html: str) -> None:
        """Sends a page to those who look at it and have another state of it."""
        for client in self._at(url):
            if client.etag != etag:
                client.etag = etag
                client.send("page", {"etag": etag, "html": html})

    def gone(self, url: str) -> None:
        """Tells those who look at a page that there is none any more."""
        for client in self._at(url):
            if client.etag:
                client.etag = ""
                client.send("gone", {})

    def state(self, url: str, state: dict[str, Any]) -> None:
        """Sends problems and progress to those who look at a page."""
        for client in self._at(url):
            client.send("state", state)

    def files(self, urls: Sequence[str]) -> None:
        """Tells everybody that published files have changed."""
        for client in self.clients.values():
            client.send("files", list(urls))

    def _at(self, url: str) -> list[Client]:
        return [client for client in self.clients.values() if client.url == url]
