"""From a request to its response.

Entry point: `App.answer`. The site's own addresses come from `live.py`; below
`/.notecast/` are the script of the preview and its stream of changes.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs

from notecast.builder.digest import digest_bytes
from notecast.server.addresses import below, decode_path
from notecast.server.events import Client, Hub
from notecast.server.files import bytes_response, content_type, file_response
from notecast.server.guard import Guard
from notecast.server.http import Request, Response, plain
from notecast.server.live import Found, Live
from notecast.server.missing import broken_page, missing_page, waiting_page

OWN = "/.notecast/"
SCRIPTS = ("client.js", "morph.js", "panel.js")
FILES = (*SCRIPTS, "client.css", "page.css")
_HEAD = re.compile(rb"<head(\s[^>]*)?>", re.IGNORECASE)
_HTML = "text/html; charset=utf-8"


class App:
    """Answers requests. Belongs to the thread of the event loop."""

    def __init__(self, live: Live, hub: Hub, guard: Guard, *, reload: bool) -> None:
        """`reload` is whether open pages follow changes."""
        self._live = live
        self._hub = hub
        self._guard = guard
        self._reload = reload
        self._numbers = count()

    async def answer(self, request: Request) -> Response:
        """The response to a request.

        Raises:
            Refused: It is not one that this server answers.
        """
        path = decode_path(request.path)
        self._guard.check(request, events=path == f"{OWN}events")
        if path.startswith(OWN):
            return self._own(request, path.removeprefix(OWN))
        base = self._live.base_path
        inner = below(path, base)
        if inner is None:
            if path in ("/", base):
                return _moved(f"{base}/", request.query)
            found = await asyncio.wrap_future(self._live.find("/404.html"))
            return self._page(404, missing_page(found.data, (), base, outside=True), path, "")
        return self._respond(request, await asyncio.wrap_future(self._live.find(inner)), base)

    def _respond(self, request: Request, found: Found, base: str) -> Response:
        if found.kind == "page":
            kind = content_type(found.name)
            if kind == _HTML and self._reload:
                data = self._with_script(found.data, found.url, found.etag)
                return bytes_response(request, data, found.etag + _mark(), kind)
            return bytes_response(request, found.data, found.etag, kind)
        if found.kind == "asset":
            return bytes_response(
                request, found.data, digest_bytes(found.data), content_type(found.name)
            )
        if found.kind == "file":
            return file_response(request, found.source, found.name)
        if found.kind == "moved":
            return _moved(base + found.url, request.query)
        if found.kind == "building":
            response = self._page(503, waiting_page(*found.progress), found.url, "")
            response.fields["Retry-After"] = "1"
            return response
        if found.kind == "broken":
            return self._page(500, broken_page(), found.url, "")
        return self._page(404, missing_page(found.data, found.near, base), found.url, "")

    def _page(self, status: int, data: bytes, url: str, etag: str) -> Response:
        if self._reload:
            data = self._with_script(data, url, etag)
        return Response(status, {"Content-Type": _HTML}, data)

    def _with_script(self, page: bytes, url: str, etag: str) -> bytes:
        """The page with our script as its first, so that it sees the page as it was sent."""
        # An address has no character that an attribute cannot hold but these.
        safe = url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        tag = (
            f'<script type="module" src="{OWN}client.js" data-page="{safe}" data-have="{etag}">'
            "</script>"
        ).encode()
        match = _HEAD.search(page, 0, 4096)
        place = match.end() if match else len(page)
        return page[:place] + tag + page[place:]

    def _own(self, request: Request, name: str) -> Response:
        if name == "events" and self._reload:
            query = parse_qs(request.query, keep_blank_values=True, max_num_fields=8)
            client = Client(query.get("page", [""])[0], query.get("have", [""])[0])
            fields = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
            return Response(200, fields, stream=self._events(client))
        if name in FILES:
            data = own_file(name)
            return bytes_response(request, data, digest_bytes(data), content_type(name))
        return plain(404)

    async def _events(self, client: Client) -> AsyncGenerator[bytes, None]:
        number = next(self._numbers)
        self._hub.clients[number] = client
        self._live.greet(client.url)
        stream = client.stream()
        try:
            async for part in stream:
                yield part
        finally:
            del self._hub.clients[number]
            await stream.aclose()


@cache
def own_file(name: str) -> bytes:
    """A file of the preview's own."""
    return (Path(__file__).parent / name).read_bytes()


@cache
def _mark() -> str:
    """Changes with our script: a page with another one is another page."""
    return "-" + digest_bytes(b"".join(map(own_file, SCRIPTS)))[:8]


def _moved(url: str, query: str) -> Response:
    # Our own address and never what was asked for: it cannot lead to another host.
    location = "/" + url.lstrip("/") + (f"?{query}" if query else "")
    return plain(302, Location=location)
