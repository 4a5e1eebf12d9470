"""Bodies with all that browsers ask of them: types, validators, ranges.

Entry points: `bytes_response`, `file_response`.
"""

import os
import posixpath
import re
import stat
from collections.abc import AsyncGenerator
from typing import BinaryIO

from notecast.server.http import BLOCK, Request, Response, plain

# Our own table: those of systems differ, and a script as text/plain does not run.
TYPES = {
    "atom": "application/atom+xml",
    "avif": "image/avif",
    "bib": "text/plain",
    "css": "text/css",
    "csv": "text/csv",
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "m4a": "audio/mp4",
    "map": "application/json",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/plain",
    "svg": "image/svg+xml",
    "tex": "text/plain",
    "tsv": "text/tab-separated-values",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
    "zip": "application/zip",
}
_TEXT = re.compile(r"text/|.*[/+](json|javascript|xml)$")
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def content_type(path: str) -> str:
    """The media type for a file name."""
    kind = TYPES.get(posixpath.splitext(path)[1][1:].lower(), "application/octet-stream")
    return f"{kind}; charset=utf-8" if _TEXT.match(kind) else kind


def bytes_response(
    request: Request, data: bytes, etag: str, kind: str, status: int = 200
) -> Response:
    """A response with bytes from memory."""
    fields = {"Content-Type": kind, "ETag": f'"{etag}"'}
    if status != 200:
        return Response(status, {"Content-Type": kind}, data)
    if _is_known(request, etag):
        return Response(304, fields)
    span = _span(request, len(data), etag)
    if span is None:
        return Response(200, {**fields, "Accept-Ranges": "bytes"}, data)
    start, stop = span
    if start >= stop:
        return _unsatisfiable(len(data))
    fields["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return Response(206, fields, data[start:stop])


def file_response(request: Request, source: str, name: str) -> Response:
    """A response with a file from disk, read by blocks.

    Args:
        request: What was asked.
        source: The file, as a scan found it. A link, pipe or folder that has
            taken its place since is not opened.
        name: Its name as published, for the type.
    """
    try:
        descriptor = os.open(source, _FLAGS)
    except OSError:
        return plain(404)
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)
        return plain(404)
    size, etag = state.st_size, f"{state.st_mtime_ns:x}-{state.st_size:x}"
    fields = {"Content-Type": content_type(name), "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
    if _is_known(request, etag):
        os.close(descriptor)
        return Response(304, fields)
    span = _span(request, size, etag)
    start, stop = span or (0, size)
    if span and start >= stop:
        os.close(descriptor)
        return _unsatisfiable(size)
    status = 206 if span else 200
    if span:
        fields["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    if request.method == "HEAD":
        os.close(descriptor)
        return Response(status, fields, length=stop - start)
    file = os.fdopen(descriptor, "rb")
    return Response(status, fields, stream=_blocks(file, start, stop), length=stop - start)


_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


async def _blocks(opened: BinaryIO, start: int, stop: int) -> AsyncGenerator[bytes, None]:
    with opened as file:
        file.seek(start)
        while start < stop:
            data = file.read(min(BLOCK, stop - start))
            if not data:
                # The file has become shorter: the length that was promised
                # cannot be kept, so that the connection has to end.
                raise ConnectionResetError
            start += len(data)
            yield data


def _is_known(request: Request, etag: str) -> bool:
    """Whether the browser has these bytes; RFC 9110, section 13.1.2."""
    given = request.fields.get("if-none-match", "")
    known = {tag.strip().removeprefix("W/").strip('"') for tag in given[:4096].split(",")}
    return given == "*" or etag in known


def _span(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """Start and end of the part that is asked for; `None` for the whole.

    RFC 9110, section 14.2 allows to answer with the whole: that is what several
    ranges get, for which no browser asks.
    """
    match = _RANGE.fullmatch(request.fields.get("range", "")[:64])
    only_if = request.fields.get("if-range")
    if not match or (only_if is not None and only_if != f'"{etag}"') or not (match[1] or match[2]):
        return None
    if not match[1]:
        return (max(0, size - int(match[2])), size) if int(match[2]) else (size, size)
    start, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < start:
        return None
    return start, min(last + 1, size)


def _unsatisfiable(size: int) -> Response:
    return plain(416, **{"Content-Range": f"bytes */{size}"})
