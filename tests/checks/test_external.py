"""Links to other sites, against a server of our own."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from notecast.builder.build import BuildOptions
from notecast.builder.examine import examined
from notecast.checks.asking import Manners, ask
from notecast.checks.external import BELIEVED, check_external
from notecast.commands.check import subject_of
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.problems import Problem

from ..conftest import NOW, SiteFolder

QUICK = Manners(pause=0.0, timeout=0.4, tries=2, patience=0.05)


class Server(ThreadingHTTPServer):
    """Answers by the path, and remembers what was asked and how many at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, float]] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        with server.lock:
            server.asked.append((self.command, self.path, time.monotonic()))
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
            earlier = [path for _, path, _ in server.asked].count(self.path) - 1
        try:
            time.sleep(1.0 if self.path == "/slow" else 0.01)
            moved = {"/for-good": 301, "/for-now": 302, "/round": 301}
            if self.path in moved:
                self.send_response(moved[self.path])
                self.send_header("Location", "/round" if self.path == "/round" else "/good")
            elif self.path == "/get-only" and self.command == "HEAD":
                self.send_response(405)
            elif self.path == "/later" and earlier < 1:
                self.send_response(429)
                self.send_header("Retry-After", "1")
            else:
                status = {"/gone": 410, "/refused": 403, "/bad-day": 500, "/missing": 404}
                self.send_response(status.get(self.path, 200))
            self.send_header("Content-Length", "0")
            self.end_headers()
        except (BrokenPipeError, ConnectionResetError):
            pass  # who asked did not wait
        finally:
            with server.lock:
                server.at_once -= 1

    do_GET = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "status", "gone"),
    [
        ("/good", 200, False),
        ("/get-only", 200, False),
        ("/for-now", 200, False),
        ("/later", 200, False),
        ("/missing", 404, True),
        ("/gone", 410, True),
        ("/refused", 403, False),
        ("/bad-day", 500, False),
        ("/slow", 0, True),
        ("/round", 0, True),
    ],
)
def test_answers(server: Server, path: str, status: int, gone: bool) -> None:
    answer = ask(server.base + path, QUICK)
    assert (answer.status, answer.is_gone) == (status, gone)


def test_get_only_where_head_did_not_help(server: Server) -> None:
    ask(server.base + "/good", QUICK)
    ask(server.base + "/get-only", QUICK)
    assert [(method, path) for method, path, _ in server.asked] == [
        ("HEAD", "/good"),
        ("HEAD", "/get-only"),
        ("GET", "/get-only"),
    ]


def test_nobody_listens_there() -> None:
    answer = ask("http://127.0.0.1:1/", QUICK)
    assert answer.is_gone
    assert "does not answer" in answer.reason


def outside(site: SiteFolder, cache: Path, at: float, manners: Manners = QUICK) -> list[Problem]:
    config, _ = load_config(site.root, FEATURES, overrides={})
    with examined(config, FEATURES, BuildOptions(now=NOW, jobs=1)) as known:
        subject = subject_of(config, known)
        return check_external(subject, cache, manners=manners, clock=lambda: at)


def test_problems_name_the_place_of_the_link(site: SiteFolder, server: Server) -> None:
    base = server.base
    site.note("a.md", f"[a]({base}/good#part)\n\n[b]({base}/missing) <{base}/for-good>\n")
    site.note("b.md", f"[b]({base}/missing) [c](https://x.example.org/) [d](https://d.test/)\n")
    site.note("c.md", f"[b]({base}/gone)\n", draft="true")
    found = sorted(outside(site, site.root / "links.json", NOW), key=lambda p: p.place)
    assert [(p.rule, p.path, p.line, p.column) for p in found] == [
        ("external-link-works", "notes/a.md", 3, 5),
        ("external-link-is-current", "notes/a.md", 3, found[1].column),
        ("external-link-works", "notes/b.md", 1, 5),
    ]
    assert f"{base}/good" in found[1].hint
    assert [path for _, path, _ in server.asked].count("/missing") == 2  # HEAD and GET, once


def test_good_answers_are_remembered_and_bad_ones_are_not(site: SiteFolder, server: Server) -> None:
    site.note("a.md", f"[a]({server.base}/good) [b]({server.base}/missing)\n")
    cache = site.root / "links.json"
    first = outside(site, cache, NOW)
    server.asked.clear()
    assert outside(site, cache, NOW + BELIEVED - 1) == first
    assert {path for _, path, _ in server.asked} == {"/missing"}
    server.asked.clear()
    outside(site, cache, NOW + BELIEVED + 1)
    assert {path for _, path, _ in server.asked} == {"/good", "/missing"}
    cache.write_text("{broken")
    assert outside(site, cache, NOW) == first


def test_old_answers_go_and_those_before_an_interruption_stay(
    site: SiteFolder, server: Server
) -> None:
    cache = site.root / "links.json"
    site.note("a.md", f"[a]({server.base}/good) [b]({server.base}/for-good)\n")
    outside(site, cache, NOW)
    site.note("a.md", f"[a]({server.base}/good?1) [b]({server.base}/good?2)\n")

    def interrupted(step: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    config, _ = load_config(site.root, FEATURES, overrides={})
    with examined(config, FEATURES, BuildOptions(now=NOW, jobs=1)) as known:
        subject = subject_of(config, known)
        with pytest.raises(KeyboardInterrupt):
            check_external(
                subject,
                cache,
                manners=QUICK,
                progress=interrupted,
                clock=lambda: NOW + BELIEVED + 1,
            )
    assert len(json.loads(cache.read_text())) == 1  # of the two, and none of the week before


def test_a_host_is_asked_one_thing_at_a_time_with_pauses(site: SiteFolder, server: Server) -> None:
    site.note("a.md", " ".join(f"[{n}]({server.base}/{n})" for n in range(6)) + "\n")
    polite = Manners(pause=0.05, timeout=5)
    assert outside(site, site.root / "links.json", NOW, polite) == []
    assert server.most_at_once == 1
    times = [when for _, _, when in server.asked]
    assert min(b - a for a, b in pairwise(times)) >= 0.05
