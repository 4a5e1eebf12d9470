"""`notecast papers fetch` against a recorded server: good, slow, wrong and gone."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from notecast.cli import main
from notecast.commands import papers
from notecast.works.fetch import Failure, Fetcher
from notecast.works.identifiers import Identifier, identify

from ..conftest import SiteFolder

ENTRY = """<entry><id>http://arxiv.org/abs/{id}v7</id><published>2017-06-12T17:57:34Z</published>
<title>Attention Is All
  You Need</title><author><name>Ashish Vaswani</name></author><author><name>Noam Shazeer</name>
</author><arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">{doi}</arxiv:doi></entry>"""
FEED = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
RECORD = {
    "type": "article-journal",
    "title": "A <i>Study</i>",
    "container-title": ["Journal"],
    "author": [{"given": "Jane", "family": "Doe", "sequence": "first"}],
    "issued": {"date-parts": [[2020, 3]]},
    "DOI": "10.1234/Good",
    "URL": "http://dx.doi.org/10.1234/good",
}


class Recorded(BaseHTTPRequestHandler):
    """Answers as arXiv and the DOI resolver do; what is asked decides how well."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        parts = urlsplit(self.path)
        if parts.path == "/api/query":
            ids = parse_qs(parts.query)["id_list"][0].split(",")
            if "1000.00004" in ids and len(ids) > 1:
                return self.answer(400, b"bad request")
            if "1600.00001" in ids:
                return self.answer(200, b"<!DOCTYPE html><html><p>Rate exceeded.</html>")
            if "1600.00002" in ids:
                return self.answer(429, b"Rate exceeded.", {"Retry-After": "900000"})
            if "1600.00003" in ids:
                return self.answer(200, b"<feed>" + b" " * 1000 + b"</feed>")
            entries = [ENTRY.format(id=name, doi="") for name in ids if name.startswith("17")]
            return self.answer(200, FEED.format(entries="".join(entries)).encode())
        name = unquote(parts.path).removeprefix("/doi/")
        if name == "10.1234/good":
            return self.answer(200, json.dumps(RECORD).encode())
        if name == "10.1234/slow":
            time.sleep(1.5)
            return self.answer(200, json.dumps(RECORD).encode())
        if name == "10.1234/busy" and sum(path == self.path for path, _ in self.asked) < 3:
            return self.answer(503, b"busy", {"Retry-After": "7"})
        if name == "10.1234/busy":
            return self.answer(200, json.dumps({**RECORD, "DOI": name}).encode())
        if name == "10.1234/moved":
            return self.answer(302, b"", {"Location": "/doi/10.1234/good"})
        if name == "10.1234/circle":
            return self.answer(302, b"", {"Location": self.path})
        if name == "10.1234/local":
            return self.answer(302, b"", {"Location": "file:///etc/passwd"})
        if name == "10.1234/wrong":
            return self.answer(200, b"<html>not a record</html>")
        if name == "10.1234/empty":
            return self.answer(200, b"{}")
        return self.answer(404, b"gone")

    def answer(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for key, value in (headers or {}).items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            pass  # who asked did not wait

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Recorded.asked.clear()
    served = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()
    thread.join()


def fetcher(server: str, slept: list[float], **options: Any) -> Fetcher:
    settings = {"timeout": 5.0, "pause": 3.0, "sleep": slept.append, **options}
    return Fetcher(arxiv=f"{server}/api/query", doi=f"{server}/doi/", **settings)


def doi(name: str) -> Identifier:
    return Identifier("doi", f"10.1234/{name}")


def test_good_records_of_both(server: str) -> None:
    slept: list[float] = []
    wanted = [Identifier("arxiv", "1706.03762"), Identifier("arxiv", "1701.00001"), doi("good")]
    found = dict(fetcher(server, slept, contact="ada@example.org").fetch(wanted))  # type: ignore[arg-type]
    arxiv = found[wanted[0]]
    assert arxiv["title"] == "Attention Is All You Need"
    assert arxiv["author"][0] == {"family": "Vaswani", "given": "Ashish"}
    assert arxiv["issued"] == {"date-parts": [[2017, 6, 12]]}
    record = found[wanted[2]]
    assert (record["title"], record["container-title"]) == ("A Study", "Journal")
    assert (record["DOI"], "URL" in record) == ("10.1234/Good", False)
    # One request for all preprints, with who asks in it.
    assert len(Recorded.asked) == 2
    headers = Recorded.asked[0][1]
    assert (
        "notecast/" in headers["User-Agent"] and "mailto:ada@example.org" in headers["User-Agent"]
    )
    assert Recorded.asked[1][1]["Accept"] == "application/vnd.citationstyles.csl+json"


def test_slow_wrong_gone_and_empty_are_told_apart(server: str) -> None:
    slept: list[float] = []
    names = ("slow", "wrong", "gone", "empty")
    results = list(
        fetcher(server, slept, timeout=0.3, tries=2).fetch([doi(name) for name in names])
    )
    assert all(isinstance(result, Failure) for result in results)
    reasons = [result.reason for result in results if isinstance(result, Failure)]
    assert reasons[0] == "no answer in time"
    assert "no CSL-JSON" in reasons[1]
    assert reasons[2] == "not found"
    assert "neither title nor authors" in reasons[3]
    assert [result.gone for result in results if isinstance(result, Failure)] == [
        False, False, True, False,
    ]  # fmt: skip
    # What is gone is not asked for again; what is slow is.
    assert [path for path, _ in Recorded.asked].count("/doi/10.1234/gone") == 1
    assert [path for path, _ in Recorded.asked].count("/doi/10.1234/slow") == 2


def test_a_busy_server_is_asked_again_when_it_says(server: str) -> None:
    slept: list[float] = []
    ((identifier, record),) = fetcher(server, slept).fetch([doi("busy")])  # type: ignore[misc]
    assert identifier == doi("busy") and record["title"] == "A Study"
    assert slept == [7.0, 7.0]


def test_one_malformed_identifier_does_not_spoil_the_others(server: str) -> None:
    wanted = [Identifier("arxiv", "1000.00004"), Identifier("arxiv", "1706.03762")]
    results = list(fetcher(server, []).fetch(wanted))
    assert isinstance(results[0], Failure) and results[0].gone
    assert not isinstance(results[1], Failure)


def reason(server: str, identifier: Identifier, **options: Any) -> str:
    (result,) = fetcher(server, [], **options).fetch([identifier])
    assert isinstance(result, Failure)
    return result.reason


def test_pages_and_feeds_that_are_no_answer(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(server, Identifier("arxiv", "1600.00001")) == "the answer is no feed of arXiv"
    assert reason(server, Identifier("arxiv", "1600.00003")) == "arXiv has no such paper"
    monkeypatch.setattr("notecast.works.fetch.MOST_BYTES", 500)
    assert reason(server, Identifier("arxiv", "1600.00003")) == "the answer is too large"


def test_who_asks_for_patience_without_end_is_left_after_some_tries(server: str) -> None:
    slept: list[float] = []
    (result,) = fetcher(server, slept).fetch([Identifier("arxiv", "1600.00002")])
    assert isinstance(result, Failure) and result.reason == "the server says 429"
    assert slept == [60.0, 60.0]


def test_redirections(server: str) -> None:
    ((_, record),) = fetcher(server, []).fetch([doi("moved")])  # type: ignore[misc]
    # The record comes under another name, and has to be found by the one that notes cite.
    assert (record["title"], record["DOI"]) == ("A Study", "10.1234/moved")
    assert "302" in reason(server, doi("circle"))
    assert "302" in reason(server, doi("local"))


def test_a_class_behind_the_archive_is_no_part_of_an_old_identifier(server: str) -> None:
    wanted = identify("math.GT/1709136v2")
    assert wanted is not None
    assert list(fetcher(server, []).fetch([wanted]))
    assert "math/1709136" in Recorded.asked[0][0]


def test_a_server_that_never_answers_is_not_asked_for_all() -> None:
    slept: list[float] = []
    wanted = [doi(f"n{nth}") for nth in range(10)]
    results = list(fetcher("http://127.0.0.1:9", slept, tries=1).fetch(wanted))
    reasons = [result.reason for result in results if isinstance(result, Failure)]
    assert len(reasons) == 10
    assert [said.startswith("not asked") for said in reasons] == [False] * 3 + [True] * 7


def test_no_server_at_all() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    slept: list[float] = []
    (result,) = fetcher(f"http://127.0.0.1:{port}", slept).fetch([doi("good")])
    assert isinstance(result, Failure) and "no answer" in result.reason
    assert slept == [3.0, 6.0]


def run(site: SiteFolder, server: str, *more: str) -> int:
    return main(
        ["papers", "fetch", "--site", str(site.root), "--arxiv-url", f"{server}/api/query",
         "--doi-url", f"{server}/doi/", "--pause", "0", "--timeout", "5", *more]
    )  # fmt: skip


def test_the_command_writes_a_sorted_lock_that_builds_read(
    site: SiteFolder, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write(
        "references.bib", "@misc{known, title={T}, author={A, B}, year=2000, eprint={1705.00001}}"
    )
    site.note(
        "a.md",
        "[@arXiv:1706.03762] doi:10.1234/good [@doi:10.1234/gone] [@known]\n",
        title="A",
        date="2025-01-01",
    )
    assert run(site, server) == 1
    said = capsys.readouterr()
    assert "Stored 2 records" in said.out and "1 failed" in said.out
    assert "doi:10.1234/gone: not found" in said.err
    # What a bibliography describes is not asked for.
    assert not [path for path, _ in Recorded.asked if "1705.00001" in path]
    lock = site.root / "papers.lock.json"
    written = lock.read_bytes()
    assert list(json.loads(written)["works"]) == ["arXiv:1706.03762", "doi:10.1234/good"]
    site.build()
    page = site.page("/notes/a/")
    assert "Vaswani &amp; Shazeer, 2017" in page and "A study" in page
    assert site.rules() == ["paper-is-known"]
    # Once more: only what failed is asked for, and the file stays as it is.
    Recorded.asked.clear()
    assert run(site, server) == 1
    assert [path for path, _ in Recorded.asked] == ["/doi/10.1234/gone"]
    assert lock.read_bytes() == written


def test_who_is_stopped_keeps_what_came(
    site: SiteFolder, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"[@arXiv:1701.0000{nth}]" for nth in range(1, 10))
    site.note("a.md", f"{text} [@doi:10.1234/good] [@doi:10.1234/stop]\n", title="A")
    ask = Fetcher._from_doi

    def stopped(self: Fetcher, item: Identifier) -> Any:
        if item.value == "10.1234/stop":
            raise KeyboardInterrupt
        return ask(self, item)

    monkeypatch.setattr(Fetcher, "_from_doi", stopped)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        raise SystemExit(run(site, server))
    works = json.loads((site.root / "papers.lock.json").read_bytes())["works"]
    assert list(works) == [*(f"arXiv:1701.0000{nth}" for nth in range(1, 10)), "doi:10.1234/good"]
    assert [path.name for path in site.root.glob(".papers*")] == []
    site.build()
    assert site.rules() == ["paper-is-known"]


def test_the_lock_is_written_while_records_come(
    site: SiteFolder, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"[@arXiv:1701.{nth:05}]" for nth in range(45))
    site.note("a.md", text + "\n", title="A")
    sizes: list[int] = []
    write = papers._write
    monkeypatch.setattr(
        papers, "_write", lambda lock, works: (sizes.append(len(works)), write(lock, works))
    )
    assert run(site, server) == 0
    assert sizes == [20, 40, 45]


def test_a_broken_lock_is_not_overwritten(
    site: SiteFolder, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.note("a.md", "[@arXiv:1706.03762]\n", title="A")
    site.write("papers.lock.json", "<<<<<<< HEAD\n")
    assert run(site, server) == 2
    assert "papers.lock.json" in capsys.readouterr().err
    assert (site.root / "papers.lock.json").read_text(encoding="utf-8") == "<<<<<<< HEAD\n"
    assert Recorded.asked == []
    site.build()
    assert "bibliography-is-readable" in site.rules()


def test_single_identifiers_and_wrong_ones(
    site: SiteFolder, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, server, "--only", "https://arxiv.org/abs/1706.03762v5") == 0
    assert run(site, server, "--only", "nonsense") == 2
    assert "nonsense" in capsys.readouterr().err


def test_a_build_opens_no_connection(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a build touched the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    site.note("a.md", "[@arXiv:1706.03762] doi:10.1234/good\n", title="A")
    site.build()
    assert site.rules() == ["paper-is-known", "paper-is-known"]
