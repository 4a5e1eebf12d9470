"""HTTP/1.1 for one reader on one machine: requests in, responses out, nothing else.

Entry points: `Request.parse`, `Response`, `serve_connection`. Only what RFC 9110
and RFC 9112 call a well-formed request gets further than this file. Bodies
of requests are not read: no method that has one is answered.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from email.utils import formatdate
from http import HTTPStatus

import msgspec

HEAD_LIMIT = 32 << 10
TARGET_LIMIT = 8 << 10
FIELD_LIMIT = 100
IDLE = 75.0
"""Seconds for which a connection may be silent."""
SLOW = 10.0
"""Seconds in which the head of a request must be there once it has begun."""
BLOCK = 128 << 10

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
# What browsers leave as it is in a path, then in a query (WHATWG URL, section 1.3).
_TARGET = re.compile(
    rb"[\x21\x24-\x3b\x3d\x40-\x5b\x5d-\x5f\x61-\x7a\x7c\x7e]+(\?[\x21\x22\x24-\x7e]*)?"
)
_ABSOLUTE = re.compile(rb"(?i:http)://([^/?]*)(.*)")


class Refused(Exception):
    """A request that is not answered but with this status."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


class Request(msgspec.Struct, frozen=True):
    """The head of a request."""

    method: str
    path: str
    """Percent-encoded, as it came, starting with `/`."""
    query: str
    fields: Mapping[str, str]
    """By lower-case name; the values of a repeated field are joined by commas."""
    hosts: tuple[str, ...]
    """Where the request says it goes to: `Host`, and the target if that names a host."""
    keep: bool
    """Whether the connection stays open."""

    @classmethod
    def parse(cls, head: bytes) -> "Request":
        """Reads the head of a request, without the empty line at its end.

        Raises:
            Refused: It is not one, or too long.
        """
        first, *lines = head.split(b"\r\n")
        if b"\n" in head.replace(b"\r\n", b"") or b"\r" in head.replace(b"\r\n", b""):
            raise Refused(400, "a line that ends in one half of CRLF")
        parts = first.split(b" ")
        if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]):
            raise Refused(400, "not a request line")
        method, target, version = parts
        if not re.fullmatch(rb"HTTP/[0-9]\.[0-9]", version):
            raise Refused(400, "not a request line")
        if version not in (b"HTTP/1.1", b"HTTP/1.0"):
            raise Refused(505)
        if len(target) > TARGET_LIMIT:
            raise Refused(414)
        fields, hosts = _fields(lines)
        if len(hosts) > 1 or (version == b"HTTP/1.1" and not hosts):
            raise Refused(400, "not exactly one Host")
        if method not in (b"GET", b"HEAD"):
            raise Refused(405)
        if not _TARGET.fullmatch(target):
            raise Refused(400, "a character that must be percent-encoded")
        if not target.startswith(b"/"):
            absolute = _ABSOLUTE.fullmatch(target)
            if not absolute:
                raise Refused(400, "not an address of this server")
            # RFC 9112, section 3.2.2: the target's host counts; both have to be ours.
            hosts = (*hosts, absolute[1].decode("ascii"))
            target = absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]
        path, _, query = target.decode("ascii").partition("?")
        has_body = "transfer-encoding" in fields or fields.get("content-length", "0") != "0"
        options = fields.get("connection", "").lower()
        keep = version == b"HTTP/1.1" and "close" not in options and not has_body
        return cls(method.decode("ascii"), path, query, fields, hosts, keep)


def _fields(lines: list[bytes]) -> tuple[dict[str, str], tuple[str, ...]]:
    if len(lines) > FIELD_LIMIT:
        raise Refused(431)
    fields: dict[str, str] = {}
    hosts: list[str] = []
    for line in lines:
        name, colon, value = line.partition(b":")
        # RFC 9112, section 5: no space before the colon, no folded lines.
        if not colon or not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise Refused(400, "not a header field")
        key, text = name.decode("ascii").lower(), value.decode("latin-1").strip(" \t")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
        if key == "host":
            hosts.append(text)
    return fields, tuple(hosts)


class Response(msgspec.Struct):
    """What is sent back."""

    status: int
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""
    stream: AsyncGenerator[bytes, None] | None = None
    """Instead of `body`: parts that are sent as they come."""
    length: int | None = None
    """Of `stream`; `None` for one that ends with the connection."""


Answer = Callable[[Request], Awaitable[Response]]

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-cache",
}


def plain(status: int, text: str = "", **fields: str) -> Response:
    """A response that says its status in words."""
    said = f"{status} {HTTPStatus(status).phrase}" + (f": {text}" if text else "")
    kind = {"Content-Type": "text/plain; charset=utf-8"}
    return Response(status, {**kind, **fields}, f"{said}\n".encode())


def refusal(refused: Refused) -> Response:
    """The response to a request that is refused."""
    more = {"Allow": "GET, HEAD"} if refused.status == 405 else {}
    return plain(refused.status, refused.reason, **more)


async def serve_connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
) -> None:
    """Answers the requests of one connection until either side has enough."""
    buffer = bytearray()
    try:
        while True:
            request: Request | None = None
            try:
                head = await _read_head(reader, buffer)
                if head is None:
                    return
                request = Request.parse(head)
                response = await answer(request)
            except Refused as refused:
                response = refusal(refused)
                request = None if refused.status != 403 else request
            await _send(reader, writer, response, request)
            endless = response.stream is not None and response.length is None
            if request is None or not request.keep or endless:
                return
    except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
        return
    finally:
        await _close(reader, writer)


async def refused_connection(writer: asyncio.StreamWriter, response: Response) -> None:
    """Says no to a connection as such."""
    try:
        writer.write(_head(response, len(response.body), keep=False) + response.body)
        await _drain(writer)
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()


async def _read_head(reader: asyncio.StreamReader, buffer: bytearray) -> bytes | None:
    """The next head from the connection, `None` if the other side has gone."""
    while buffer[:2] == b"\r\n":  # RFC 9112, section 2.2
        del buffer[:2]
    async with asyncio.timeout(SLOW if buffer else IDLE) as limit:
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            if b"\n\n" in buffer:
                raise Refused(400, "a line that ends in one half of CRLF")
            if len(buffer) > HEAD_LIMIT:
                raise _too_long(buffer)
            data = await reader.read(BLOCK)
            if not data:
                if buffer.strip():
                    raise Refused(400, "the request ends before its end")
                return None
            if not buffer:
                limit.reschedule(asyncio.get_running_loop().time() + SLOW)
            buffer += data
    if end > HEAD_LIMIT:
        raise _too_long(buffer)
    head = bytes(buffer[:end])
    del buffer[: end + 4]
    return head


def _too_long(head: bytearray) -> Refused:
    return Refused(431 if 0 <= head.find(b"\r\n") < TARGET_LIMIT else 414)


async def _send(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    response: Response,
    request: Request | None,
) -> None:
    streams = response.stream is not None and response.length is None
    keep = request is not None and request.keep and not streams
    length = len(response.body) if response.length is None else response.length
    writer.write(_head(response, None if streams or response.status == 304 else length, keep=keep))
    if request is None or request.method != "HEAD":
        writer.write(response.body)
        if response.stream is not None:
            await _send_stream(reader if streams else None, writer, response.stream)
    await _drain(writer)


def _head(response: Response, length: int | None, *, keep: bool) -> bytes:
    fields = {**ALWAYS, "Date": formatdate(usegmt=True), **response.fields}
    if length is not None:
        fields["Content-Length"] = str(length)
    fields["Connection"] = "keep-alive" if keep else "close"
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _send_stream(
    reader: asyncio.StreamReader | None,
    writer: asyncio.StreamWriter,
    stream: AsyncGenerator[bytes, None],
) -> None:
    """Sends parts as they come; with a reader only until the other side has gone."""
    gone = asyncio.ensure_future(reader.read(1)) if reader else None
    part: asyncio.Future[bytes] | None = None
    try:
        while True:
            part = asyncio.ensure_future(anext(stream))
            await asyncio.wait({part, gone} if gone else {part}, return_when="FIRST_COMPLETED")
            if not part.done():
                return
            writer.write(part.result())
            await _drain(writer)
    except StopAsyncIteration:
        return
    finally:
        for waiting in (gone, part):
            if waiting and not waiting.done():
                waiting.cancel()
                await asyncio.wait({waiting})
        await stream.aclose()


async def _drain(writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(IDLE):
        await writer.drain()


async def _close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ends a connection so that the last response arrives even if more was sent to us."""
    try:
        if writer.can_write_eof():
            writer.write_eof()
        async with asyncio.timeout(0.2):
            while await reader.read(BLOCK):
                pass
    except (OSError, RuntimeError, TimeoutError):
        pass
    finally:
        writer.close()
