"""The network is cut in the middle of publishing, on real connections."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from notecast.cli import main
from notecast.deploy.target import LIST

from ..conftest import SiteFolder
from .places import KEYS, REGION, Line, has_ssh_server, needs, ssh_server, store


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Line]]:
    """An ssh server behind a line: options of ssh, who and where, the line."""
    needs(has_ssh_server() and bool(shutil.which("sftp")), "rsync, sftp and sshd")
    with ssh_server(tmp_path_factory.mktemp("ssh") / "server") as (options, host):
        port = re.search(r"Port=(\d+)", options)
        assert port
        with closing(Line(int(port[1]))) as line:
            yield options.replace(port[0], f"Port={line.port}"), host, line


def deploy(site: SiteFolder, target: str) -> int:
    site.write("site.yaml", f"title: T\nbase_url: https://e.org\ndeploy:\n  {target}\n")
    return main(["deploy", "-q", "--site", str(site.root)])


def on_disk(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        # What was on its way has a name of its own, ours or rsync's.
        if (path.is_file() and not path.name.startswith(".")) or path.name in (LIST, ".nojekyll")
    }


def test_nothing_is_half_there_and_the_same_command_does_the_rest(
    built: SiteFolder, server: tuple[str, str, Line], tmp_path: Path, kind: str
) -> None:
    options, host, line = server
    for number in range(4):
        built.write(f"notes/p{number}.png", os.urandom(20_000))
        built.note(f"n{number}.md", f"![p](p{number}.png)\n", title=f"N{number}")

    def target(folder: Path) -> str:
        command = {"rsync": "ssh: 'ssh", "sftp": "command: 'sftp"}[kind]
        return f"{kind}: {{to: '{host}:{folder}', {command} {options}'}}"

    before = line.sent
    assert deploy(built, target(tmp_path / "whole")) == 0
    total = line.sent - before
    whole = on_disk(tmp_path / "whole")
    assert {path: data for path, data in whole.items() if path != LIST} == built.tree()
    folder = tmp_path / "cut"
    for part in (0.4, 0.3):  # of what is left after the first cut, too
        line.cut_after(int(total * part))
        assert deploy(built, target(folder)) == 1
        line.mend()
        there = {path: data for path, data in on_disk(folder).items() if path != LIST}
        assert there.items() < whole.items()
        for path, data in there.items():
            if path.endswith(".html"):
                for address in re.findall(rb'(?:src|href)="/([^"#?]+\.\w+)"', data):
                    assert address.decode() in there, f"{path} misses {address.decode()}"
    assert deploy(built, target(folder)) == 0
    assert {path: data for path, data in on_disk(folder).items() if path != LIST} == built.tree()


@pytest.fixture(params=["rsync", "sftp"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_branch_is_pushed_as_a_whole_or_not_at_all(
    built: SiteFolder,
    server: tuple[str, str, Line],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options, host, line = server
    monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh {options.replace(f'-o Port={line.port}', '')}")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    built.write("notes/x.png", os.urandom(100_000))
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    target = f"git: {{branch: pages, remote: 'ssh://{host}:{line.port}{bare}'}}"

    def commits() -> str:
        asked = ["git", "-C", str(bare), "rev-list", "--count", "--all"]
        return subprocess.run(asked, capture_output=True, check=True, text=True).stdout.strip()

    assert deploy(built, target) == 0
    built.write("notes/x.png", os.urandom(100_000))
    line.cut_after(40_000)
    assert deploy(built, target) == 1
    assert commits() == "1"
    line.mend()
    assert deploy(built, target) == 0
    assert commits() == "2"


def test_a_store(built: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notecast.deploy.s3.time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS.access)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS.secret)
    with store() as running, closing(Line(running.server_address[1])) as line:
        endpoint = f"endpoint: 'http://127.0.0.1:{line.port}', region: {REGION}"
        target = f"s3: {{bucket: notes, {endpoint}}}"
        line.cut_after(60_000)
        assert deploy(built, target) == 1
        line.mend()
        files = built.tree()
        there = {key: body for key, (body, _) in running.objects.items() if key != LIST}
        assert 0 < len(there) < len(files)
        assert there.items() < files.items()
        assert deploy(built, target) == 0
        assert {key: body for key, (body, _) in running.objects.items() if key != LIST} == files
