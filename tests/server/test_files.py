"""Types, validators and ranges of what the preview sends."""

from __future__ import annotations

import re

import pytest

from .conftest import Preview

DATA = bytes(range(48, 58)) * 100


def get(one: Preview, path: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    answer = one.raw("\r\n".join([*lines, "", ""]).encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in rest), body


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, DATA[:10]),
        ("bytes=990-", 206, DATA[990:]),
        ("bytes=-5", 206, DATA[-5:]),
        ("bytes=-5000", 206, DATA),
        ("bytes=0-99999", 206, DATA),
        ("bytes=1000-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=9-3", 200, DATA),
        ("bytes=-", 200, DATA),
        ("bytes=x-y", 200, DATA),
        ("lines=0-9", 200, DATA),
        ("bytes=0-1,3-4", 200, DATA),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(2000)), 200, DATA),
        ("bytes=99999999999999999999-", 200, DATA),
    ],
    ids=lambda value: str(value)[:30],
)
def test_ranges(lasting: Preview, asked: str, status: int, part: bytes | None) -> None:
    got, fields, body = get(lasting, "/data.txt", Range=asked)
    assert got == status
    if part is not None:
        assert body == part
        assert fields["Content-Length"] == str(len(part))
    if status == 206:
        start = DATA.index(part or b"") if len(part or b"") < 900 else 0
        found = re.fullmatch(r"bytes (\d+)-(\d+)/1000", fields["Content-Range"])
        assert found and int(found[2]) - int(found[1]) + 1 == len(body)
        assert int(found[1]) % 10 == start % 10
    if status == 416:
        assert fields["Content-Range"] == "bytes */1000"


@pytest.mark.parametrize("path", ["/", "/data.txt", "/.notecast/client.js"])
def test_what_the_browser_has_is_not_sent_again(lasting: Preview, path: str) -> None:
    status, fields, body = get(lasting, path)
    assert status == 200 and body
    etag = fields["ETag"]
    for value in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        status, again, nothing = get(lasting, path, If_None_Match=value)
        assert (status, again["ETag"], nothing) == (304, etag, b"")
    assert get(lasting, path, If_None_Match='"x"')[0] == 200
    assert get(lasting, path, Range="bytes=0-3", If_Range='"x"')[0] == 200
    assert get(lasting, path, Range="bytes=0-3", If_Range=etag)[0] == 206


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/404.html", "text/html; charset=utf-8"),
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/feed.json", "application/json; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/data.txt", "text/plain; charset=utf-8"),
        ("/.notecast/client.js", "text/javascript; charset=utf-8"),
        ("/.notecast/client.css", "text/css; charset=utf-8"),
    ],
)
def test_types(lasting: Preview, path: str, kind: str) -> None:
    status, fields, _ = get(lasting, path)
    assert status == 200
    assert fields["Content-Type"] == kind
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Cache-Control"] == "no-cache"


def test_only_pages_get_the_script(lasting: Preview) -> None:
    assert b"/.notecast/client.js" in get(lasting, "/notes/a/")[2]
    assert b"/.notecast/client.js" in get(lasting, "/nothing/")[2]
    for path in ("/feed.xml", "/data.txt", "/robots.txt"):
        assert b".notecast" not in get(lasting, path)[2]
