"""`notecast serve` from the outside: what it prints, where it listens, what it shows."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable

import pytest

from notecast.cli import find, main

from ..conftest import SiteFolder
from .conftest import Preview, wait


def test_it_has_the_names_that_people_type() -> None:
    assert {find(name).name for name in ("serve", "preview", "dev")} == {"serve"}


def test_drafts_and_notes_of_the_future_are_shown_with_a_badge(
    site: SiteFolder, preview: Callable[..., Preview]
) -> None:
    site.note("a.md", title="Alpha", draft="true")
    site.note("b.md", title="Beta", date="2099-01-01")
    one = preview()
    for path in ("/notes/a/", "/notes/b/"):
        status, text = one.get(path)
        assert status == 200
        assert 'class="badge"' in text
    assert one.get("/")[1].count('class="badge"') == 2
    without = preview("--no-drafts", "--no-future")
    assert [without.get(path)[0] for path in ("/notes/a/", "/notes/b/")] == [404, 404]


def test_an_address_that_does_not_exist_says_which_were_meant(lasting: Preview) -> None:
    status, text = lasting.get("/notes/alfa/")
    assert status == 404
    assert 'href="/notes/a/"' in text
    assert "Alpha" in text
    assert text.index("</h1>") < text.index("Did you mean") < text.index('class="tags"')
    status, text = lasting.get('/notes/%3Cscript%3Ealert(1)%3C/script%3E%22/?"<b>')
    assert status == 404
    assert "<script>alert" not in text


def test_the_base_path_is_honoured(site: SiteFolder, preview: Callable[..., Preview]) -> None:
    site.write("site.yaml", "title: T\nbase_url: https://example.org/repo/笔记\n")
    site.note("a.md", "Text.\n", title="Alpha")
    base = "/repo/%E7%AC%94%E8%AE%B0"
    one = preview()
    assert one.address.endswith(base)
    root = one.address.removesuffix(base)
    assert urllib.request.urlopen(root + "/").url == one.address + "/"
    status, text = one.get("/notes/a/")
    assert status == 200
    for address in set(re.findall(r'(?:href|src)="(/[^"]*)"', text)):
        if not address.startswith("/.notecast/"):
            assert address.startswith(base + "/"), address
        with urllib.request.urlopen(root + address) as response:
            assert response.status == 200
    outside = one.raw(b"GET /notes/a/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert outside.startswith(b"HTTP/1.1 404 ")
    assert base.encode() in outside


def test_a_port_in_use_takes_the_next(site: SiteFolder, preview: Callable[..., Preview]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = preview("--port", str(port))
        assert one.port > port
        assert f"Port {port} is in use; {one.port} is taken instead." in one.printed
        assert one.get("/")[0] == 200


def test_ipv6(site: SiteFolder, preview: Callable[..., Preview]) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    for written in ("::1", "[::1]"):
        one = preview("--host", written)
        assert one.address == f"http://[::1]:{one.port}"
        assert one.get("/")[0] == 200
    both = preview()
    for host in ("127.0.0.1", "[::1]", "localhost"):
        with urllib.request.urlopen(f"http://{host}:{both.port}/") as response:
            assert response.status == 200


def test_listening_for_everybody_says_what_it_exposes(
    site: SiteFolder, preview: Callable[..., Preview]
) -> None:
    one = preview("--host", "0.0.0.0")
    said = (
        "Everybody who reaches 0.0.0.0 can read this site, drafts and notes of the future with it"
    )
    assert said in one.printed
    without = preview("--host", "0.0.0.0", "--no-drafts", "--no-future")
    assert "Everybody who reaches 0.0.0.0 can read this site; there is" in without.printed
    name = socket.gethostname().encode()
    for host, status in ((b"192.168.1.7", b"200"), (name, b"200"), (b"evil.example", b"403")):
        answer = one.raw(b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 " + status), host


def test_ctrl_c_leaves_at_once_with_nothing_running(
    site: SiteFolder, preview: Callable[..., Preview]
) -> None:
    for number in range(400):
        site.note(f"n{number}.md", "Some *text* and $x^2$.\n\n" * 40, title=f"T{number}")
    one = preview()
    idle = socket.create_connection(("127.0.0.1", one.port))
    stream = socket.create_connection(("127.0.0.1", one.port))
    stream.sendall(b"GET /.notecast/events?page=/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert stream.recv(100)
    time.sleep(0.5)  # its workers are reading notes now
    assert one.stop() < 2
    assert one.process.returncode == 0
    assert "Traceback" not in one.printed
    idle.close()
    stream.close()
    assert_nothing_runs(one)


@pytest.mark.parametrize("seconds", [0.0, 0.15, 0.4, 0.8, 1.2])
def test_ctrl_c_at_any_moment_of_the_first_build(
    site: SiteFolder, preview: Callable[..., Preview], seconds: float
) -> None:
    for number in range(600):
        site.note(f"n{number}.md", "Some *text* and $x^2$.\n\n" * 40, title=f"T{number}")
    one = preview()
    time.sleep(seconds)
    assert one.stop() < 2
    assert one.process.returncode == 0
    assert one.lines[1:] == ["stopped"], "processes that read notes say nothing of it"
    assert_nothing_runs(one)


def assert_nothing_runs(one: Preview) -> None:
    """No process that the preview started is left, but for what is just ending."""
    if sys.platform != "linux":
        return

    def running() -> list[str]:
        listed = subprocess.run(["ps", "-eo", "sid=,stat="], capture_output=True, text=True).stdout
        found = [line.split() for line in listed.splitlines()]
        # What has ended and is not asked for by its parent is a zombie.
        return [at for session, at in found if int(session) == one.process.pid and at[0] != "Z"]

    wait(lambda: not running(), lambda: str(running()), timeout=1)


def test_without_reload_pages_are_as_they_are_published(
    site: SiteFolder, preview: Callable[..., Preview]
) -> None:
    site.note("a.md", "Text.\n", title="Alpha")
    one = preview("--no-reload")
    assert ".notecast" not in one.get("/notes/a/")[1]
    assert one.get("/.notecast/events?page=/")[0] == 404
    site.note("a.md", "Other.\n", title="Alpha")
    one.shows("/notes/a/", "Other.")


def test_while_the_first_build_runs_pages_appear_as_they_can(
    site: SiteFolder, preview: Callable[..., Preview]
) -> None:
    for number in range(300):
        site.note(f"n{number}.md", "Some *text* and $x^2$.\n\n" * 60, title=f"T{number}")
    one = preview()
    assert one.get("/")[0] in (200, 503)
    statuses = set()
    while one.get("/notes/n0/")[0] != 200:
        status, text = one.get("/notes/n0/")
        statuses.add(status)
        assert status in (200, 503)
        assert status == 200 or "notes are read" in text
    assert statuses <= {200, 503}
    one.shows("/archive/", "300 notes")


def test_problems_are_printed_as_they_come_and_go(
    site: SiteFolder, preview: Callable[..., Preview]
) -> None:
    site.note("a.md", "See [x](nowhere.md).\n", title="Alpha")
    one = preview()
    one.wait_for(r"notes/a\.md:5:\d+: warning: .*nowhere")
    site.note("a.md", "Text.\n", title="Alpha")
    one.wait_for("1 problem mended")
    assert one.printed.count("nowhere") == 1


def test_a_wrong_configuration_at_the_start_is_refused(
    site: SiteFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    site.write("site.yaml", "titel: x\n")
    assert main(["serve", str(site.root)]) == 2
    assert "site.yaml:1" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--port", "x"], ["--port", "70000"], ["--host", "no.such.host.invalid"]]
)
def test_wrong_arguments(
    site: SiteFolder, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(site.root), *arguments]) == 2
    assert capfd.readouterr().err


def test_other_commands_do_not_load_the_server() -> None:
    code = (
        "import sys, notecast.cli as c; c.main(['build', '--help']);"
        "late = ('notecast.server', 'watchdog', 'asyncio');"
        "print([name for name in sys.modules if name.startswith(late)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
