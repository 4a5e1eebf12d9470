"""What the preview answers to requests that no browser of the author would send."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from .conftest import Preview

CANARY = b"canary-canary"


def _targets() -> list[tuple[int, bytes]]:
    lines = (Path(__file__).parent / "request_lines.txt").read_text("utf-8").splitlines()
    cases = [line.split("\t", 1) for line in lines if line and not line.startswith("#")]
    return [
        (
            int(status),
            re.sub(rb"\\x(..)", lambda match: bytes([int(match[1], 16)]), target.encode()),
        )
        for status, target in cases
    ]


TARGETS = _targets()


def ask(one: Preview, line: bytes, *fields: bytes, host: bytes = b"localhost") -> bytes:
    head = [line, *([b"Host: " + host] if host else []), *fields, b"Connection: close", b"", b""]
    return one.raw(b"\r\n".join(head))


def status_of(answer: bytes) -> int:
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert match, answer[:200]
    return int(match[1])


def test_there_are_sixty_request_lines() -> None:
    assert len(TARGETS) >= 60


@pytest.mark.parametrize(("status", "target"), TARGETS, ids=[repr(t)[2:-1] for _, t in TARGETS])
def test_request_targets(lasting: Preview, status: int, target: bytes) -> None:
    answer = ask(lasting, b"GET " + target + b" HTTP/1.1")
    assert status_of(answer) == status
    assert CANARY not in answer
    location = re.search(rb"(?m)^Location: (.*)\r$", answer)
    if location:
        assert re.match(rb"/[^/\\]", location[1])
    assert lasting.get("/notes/a/")[0] == 200, "the server has survived"


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (400, b"GET /"),
        (400, b"GET"),
        (400, b"GET  / HTTP/1.1"),
        (400, b"GET / HTTP/1.1 x"),
        (400, b"GET /\tHTTP/1.1"),
        (400, b" GET / HTTP/1.1"),
        (400, b"G@T / HTTP/1.1"),
        (400, b"GET / HTTP/11"),
        (400, b"GET / http/1.1"),
        (505, b"GET / HTTP/2.0"),
        (505, b"GET / HTTP/0.9"),
        (414, b"GET /" + b"a" * 65536 + b" HTTP/1.1"),
        (414, b"GET /" + b"a" * 10000 + b" HTTP/1.1"),
        (200, b"HEAD / HTTP/1.1"),
        *((405, method + b" / HTTP/1.1") for method in b"POST PUT DELETE PATCH OPTIONS".split()),
        (405, b"CONNECT localhost:80 HTTP/1.1"),
        (405, b"OPTIONS * HTTP/1.1"),
        (405, b"PROPFIND / HTTP/1.1"),
    ],
    ids=lambda value: repr(value)[2:40] if isinstance(value, bytes) else str(value),
)
def test_request_lines(lasting: Preview, status: int, line: bytes) -> None:
    answer = ask(lasting, line)
    assert status_of(answer) == status
    if status == 405:
        assert b"\r\nAllow: GET, HEAD\r\n" in answer
    if line.startswith(b"HEAD"):
        assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (400, [b"X : y"]),
        (400, [b"X"]),
        (400, [b" folded"]),
        (400, [b"X: a\x00b"]),
        (400, [b"X: a\nY: b"]),
        (400, [b"X: a\rY: b"]),
        (431, [b"X%d: y" % number for number in range(200)]),
        (431, [b"X: " + b"y" * (1 << 20)]),
        (200, [b"X: \xe4\xb8\xad"]),
    ],
    ids=range(9),
)
def test_header_fields(lasting: Preview, status: int, fields: list[bytes]) -> None:
    assert status_of(ask(lasting, b"GET / HTTP/1.1", *fields)) == status


PORT = b"%PORT%"


@pytest.mark.parametrize(
    ("status", "host"),
    [
        (200, b"localhost"),
        (200, b"localhost:" + PORT),
        (200, b"127.0.0.1"),
        (200, b"127.0.0.1:" + PORT),
        (200, b"[::1]"),
        (200, b"LOCALHOST"),
        (200, b"localhost:9"),  # a port that is forwarded to ours
        (403, b"evil.example"),
        (403, b"localhost.evil"),
        (403, b"evil-localhost"),
        (403, b"localhost."),
        (403, b"user@localhost"),
        (403, b"192.168.1.5"),
        (403, b"[::1].evil.example"),
        (403, b"localhost:99999"),
        (403, b"127.0.0.1.nip.io"),
        (403, b"0x7f000001"),
        (403, b" "),
        (400, b""),
        (400, b"localhost\r\nHost: evil.example"),
        (400, b"localhost\r\nHost: localhost"),
    ],
    ids=lambda value: repr(value),
)
def test_hosts(lasting: Preview, status: int, host: bytes) -> None:
    host = host.replace(PORT, str(lasting.port).encode())
    for path in (b"/notes/a/", b"/.notecast/client.js"):
        assert status_of(ask(lasting, b"GET " + path + b" HTTP/1.1", host=host)) == status


ORIGINS = [
    (200, b"http://localhost:" + PORT),
    (200, None),
    (403, b"http://localhost:1"),
    (403, b"http://localhost"),
    (403, b"https://localhost:" + PORT),
    (403, b"http://127.0.0.1:" + PORT),
    (403, b"http://sub.localhost:" + PORT),
    (403, b"http://evil.example"),
    (403, b"null"),
    (403, b"file://"),
    (403, b"chrome-extension://abcdefghijklmnop"),
    (403, b""),
]


@pytest.mark.parametrize(("status", "origin"), ORIGINS, ids=[repr(o) for _, o in ORIGINS])
def test_origins_of_the_stream_of_changes(
    lasting: Preview, status: int, origin: bytes | None
) -> None:
    port = str(lasting.port).encode()
    fields = [] if origin is None else [b"Origin: " + origin.replace(PORT, port)]
    lines = [b"GET /.notecast/events?page=/ HTTP/1.1", b"Host: localhost:" + port, *fields]
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=5) as one:
        one.sendall(b"\r\n".join([*lines, b"", b""]))
        answer = one.recv(4096)
    assert status_of(answer) == status
    assert b"Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize(
    ("status", "path", "site", "mode", "destination"),
    [
        (200, b"/", b"none", b"navigate", b"document"),
        (200, b"/", b"same-origin", b"no-cors", b"script"),
        (200, b"/", b"cross-site", b"navigate", b"document"),
        (403, b"/", b"cross-site", b"no-cors", b"script"),
        (403, b"/", b"same-site", b"no-cors", b"image"),
        (403, b"/", b"cross-site", b"navigate", b"iframe"),
        (403, b"/data.txt", b"cross-site", b"cors", b"empty"),
        (403, b"/.notecast/client.js", b"cross-site", b"no-cors", b"script"),
        (403, b"/.notecast/events?page=/", b"cross-site", b"navigate", b"document"),
    ],
)
def test_other_sites_may_link_here_and_nothing_else(
    lasting: Preview, status: int, path: bytes, site: bytes, mode: bytes, destination: bytes
) -> None:
    fields = (
        b"Sec-Fetch-Site: " + site,
        b"Sec-Fetch-Mode: " + mode,
        b"Sec-Fetch-Dest: " + destination,
    )
    answer = ask(lasting, b"GET " + path + b" HTTP/1.1", *fields)
    assert status_of(answer) == status
    assert b"\r\nCross-Origin-Resource-Policy: same-origin\r\n" in answer
    assert b"Access-Control" not in answer


def test_it_answers_while_a_hundred_connections_hang(lasting: Preview) -> None:
    where = ("127.0.0.1", lasting.port)
    idle = [socket.create_connection(where) for _ in range(100)]
    try:
        for number, one in enumerate(idle):
            if number % 2:
                one.sendall(b"GET / HTT")
        idle[0].shutdown(socket.SHUT_WR)
        started = time.monotonic()
        assert lasting.get("/notes/a/")[0] == 200
        assert time.monotonic() - started < 1
    finally:
        for one in idle:
            one.close()


@pytest.mark.parametrize("path", [b"/data.txt", b"/notes/a/"])
def test_ten_thousand_ranges_cost_nothing(lasting: Preview, path: bytes) -> None:
    short = b"0-," * 10_000
    long = b",".join(b"%d-%d" % (n, n + 1) for n in range(10_000))
    for ranges, status in ((short, 200), (long, 431)):
        started = time.monotonic()
        answer = ask(lasting, b"GET " + path + b" HTTP/1.1", b"Range: bytes=" + ranges)
        assert time.monotonic() - started < 1
        assert status_of(answer) == status
        assert b"multipart" not in answer
        assert len(answer) < 50_000


def test_it_answers_what_was_asked_before_the_other_side_stopped_sending(lasting: Preview) -> None:
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=5) as one:
        one.sendall(b"GET /data.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        one.shutdown(socket.SHUT_WR)
        parts = []
        while part := one.recv(65536):
            parts.append(part)
    assert status_of(b"".join(parts)) == 200
    assert b"".join(parts).endswith(b"0123456789")


def test_a_request_with_a_body_is_answered_once_and_the_connection_ends(lasting: Preview) -> None:
    inner = b"GET /notes/a/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(inner)
    assert lasting.raw(head + inner).count(b"HTTP/1.1 200") == 1
    chunked = b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert lasting.raw(chunked + inner).count(b"HTTP/1.1 200") == 1


def test_requests_in_a_row_are_answered_in_order(lasting: Preview) -> None:
    lines = [b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path for path in (b"/", b"/nope")]
    last = b"GET /data.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = lasting.raw(b"".join([*lines, last]))
    assert re.findall(rb"HTTP/1\.1 (\d{3})", answer) == [b"200", b"404", b"200"]


def test_it_listens_on_this_machine_only(lasting: Preview) -> None:
    listening = set()
    for name in ("tcp", "tcp6"):
        table = Path(f"/proc/{lasting.process.pid}/net/{name}")
        if not table.is_file():
            pytest.skip("the table of sockets is only there on Linux")
        for line in table.read_text().splitlines()[1:]:
            parts = line.split()
            address, port = parts[1].split(":")
            if parts[3] == "0A" and int(port, 16) == lasting.port:
                listening.add(address)
    assert listening
    assert listening <= {"0100007F", "00000000000000000000000001000000"}
