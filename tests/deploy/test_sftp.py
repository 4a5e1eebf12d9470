"""SFTP to a real server on this machine: names, greetings, old servers, errors."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from notecast.deploy.sftp import SftpTarget
from notecast.deploy.target import DeployError

from ..conftest import SiteFolder
from .kinds import deploy, over_sftp, published
from .places import has_ssh_server, needs, ssh_server


def test_a_server_that_does_not_rename_over_a_file(built: SiteFolder, tmp_path: Path) -> None:
    needs(has_ssh_server() and bool(shutil.which("sftp")), "sftp and sshd")
    with (
        ssh_server(tmp_path / "ssh", sftp=" -P posix-rename") as (options, host),
        closing(over_sftp(tmp_path / "www" / "site", options, host)) as place,
    ):
        assert deploy(built, place) == 0
        built.note("a.md", "Changed.\n", title="Alpha", date="2025-01-02")
        assert deploy(built, place) == 0
        assert published(place) == built.tree()


def test_what_a_server_says_in_greeting_is_no_error(built: SiteFolder, tmp_path: Path) -> None:
    needs(has_ssh_server() and bool(shutil.which("sftp")), "sftp and sshd")
    (tmp_path / "banner").write_text("Authorised use only.\n")
    with ssh_server(tmp_path / "ssh", sftp=f"\nBanner {tmp_path}/banner") as (options, host):
        options = options.replace("LogLevel=ERROR", "LogLevel=INFO")
        with closing(over_sftp(tmp_path / "www" / "site", options, host)) as place:
            assert deploy(built, place) == 0
            assert published(place) == built.tree()


def test_sftp_carries_names_that_it_reads_otherwise(tmp_path: Path) -> None:
    needs(has_ssh_server() and bool(shutil.which("sftp")), "sftp and sshd")
    names = ["a*b [c]?.txt", "quo\"te's.txt", "back\\slash.txt", " 前 空 格.txt", "-n/~x/#y.txt"]
    for name in names:
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(name)
    (tmp_path / "site" / "a*b [c]?.txt").chmod(0o600)
    with (
        ssh_server(tmp_path / "ssh") as (options, host),
        closing(over_sftp(tmp_path / "www" / "my site", options, host)) as place,
    ):
        assert place.target.present() == set()
        assert list(place.target.put(tmp_path / "site", names)) == names
        assert place.tree() == {name: name.encode() for name in names}
        assert (place.folder / names[0]).stat().st_mode & 0o777 == 0o644
        assert place.target.present() == set(names)
        # What became a folder, and what a folder was.
        (tmp_path / "site" / "quo\"te's.txt").unlink()
        (tmp_path / "site" / "quo\"te's.txt").mkdir()
        (tmp_path / "site" / "quo\"te's.txt" / "x").write_text("x")
        assert list(place.target.put(tmp_path / "site", ["quo\"te's.txt/x"])) != []
        place.target.delete([*(name for name in names if "quo" not in name), "never there"])
        assert list(place.tree()) == ["quo\"te's.txt/x"]
        assert not (place.folder / "-n").exists()
        with pytest.raises(DeployError, match="cannot carry"):
            place.target.delete(["two\nlines"])


def test_sftp_tells_what_is_wrong(tmp_path: Path) -> None:
    needs(has_ssh_server() and bool(shutil.which("sftp")), "sftp and sshd")
    for destination in ("example.org", "example.org:", ":/srv", "example.org:/"):
        with pytest.raises(DeployError, match="is not a place for SFTP"):
            SftpTarget(destination)
    (tmp_path / "www").write_text("a file")
    with (
        ssh_server(tmp_path / "ssh") as (options, host),
        closing(over_sftp(tmp_path / "www" / "site", options, host)) as place,
    ):
        (tmp_path / "a.html").write_text("a")
        with pytest.raises(DeployError, match=r"SFTP to .*www/site failed: ") as failed:
            list(place.target.put(tmp_path, ["a.html"]))
        assert "try by hand: sftp" in failed.value.hint
    gone = SftpTarget("127.0.0.1:/srv/x", "sftp -P 1")
    with pytest.raises(DeployError, match="onnection"):
        gone.read_list()
    with pytest.raises(DeployError, match="the program nosuch is not there"):
        SftpTarget("127.0.0.1:/srv/x", "nosuch").read_list()
