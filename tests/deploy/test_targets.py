"""Every target that takes file by file keeps the same promises, on the real thing."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from notecast.builder.lock import locked
from notecast.cli import main
from notecast.deploy.folder import FolderTarget
from notecast.deploy.publish import carry_out, plan
from notecast.deploy.rsync import RsyncTarget
from notecast.deploy.s3 import S3Target
from notecast.deploy.sigv4 import Keys
from notecast.deploy.target import LIST, DeployError, Target, site_files

from ..conftest import SiteFolder
from .kinds import InStore, OnDisk, Place, deploy, over_sftp, published
from .places import KEYS, REGION, has_ssh_server, needs, ssh_server, store


@pytest.fixture(params=["folder", "rsync", "sftp", "s3"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    folder = tmp_path / "www" / "site"
    if request.param == "folder":
        yield OnDisk(folder, FolderTarget(folder), f"folder: {folder}")
    elif request.param == "s3":
        monkeypatch.setattr("notecast.deploy.s3.time.sleep", lambda _: None)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS.access)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS.secret)
        monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
        with store() as server:
            place = InStore(server)
            yield place
            place.target.close()
    elif request.param == "sftp":
        needs(has_ssh_server() and bool(shutil.which("sftp")), "sftp and sshd")
        with (
            ssh_server(tmp_path / "ssh") as (options, host),
            closing(over_sftp(folder, options, host)) as over,
        ):
            yield over
    else:
        needs(bool(shutil.which("rsync")), "rsync")
        yield OnDisk(folder, RsyncTarget(str(folder)), f"rsync: {folder}")


def test_a_site_is_published_changed_and_pruned(
    built: SiteFolder, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(built, place) == 0
    assert published(place) == built.tree()
    assert deploy(built, place, "-v") == 0
    assert "0 uploaded, 0 removed" in capsys.readouterr().out
    built.note("a.md", "Changed.\n", title="Alpha", date="2025-01-02")
    assert deploy(built, place, "-v") == 0
    said = capsys.readouterr().out
    assert "replace  notes/a/index.html" in said
    assert "remove   notes/x.png" in said
    assert "style" not in said
    assert published(place) == built.tree()


def test_a_dry_run_changes_nothing(
    built: SiteFolder, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(built, place, "--dry-run") == 0
    assert "Would publish to" in capsys.readouterr().out
    assert deploy(built, place) == 0
    before = place.tree()
    built.note("a.md", "Changed.\n", title="Alpha")
    assert deploy(built, place, "-n") == 0
    assert place.tree() == before


def test_files_of_somebody_else_are_refused_and_survive_force(
    built: SiteFolder, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.write("theirs/old page.html", b"theirs")
    place.write("index.html", b"theirs")
    assert deploy(built, place) == 1
    assert "did not publish: index.html and 1 more" in capsys.readouterr().err
    assert set(place.tree()) == {"index.html", "theirs/old page.html"}
    assert deploy(built, place, "--force") == 0
    assert published(place) == {**built.tree(), "theirs/old page.html": b"theirs"}


class Cut(Exception):
    """The network is gone."""


class Unsteady:
    """A target whose network is cut after some files."""

    def __init__(self, target: Target, files: int) -> None:
        self.target, self.left, self.shown = target, files, target.shown
        self.read_list, self.present = target.read_list, target.present
        self.close = target.close
        self.write_list, self.delete = target.write_list, target.delete

    def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
        yield from self.target.put(source, paths[: self.left])
        if self.left < len(paths):
            raise Cut


def test_after_an_interruption_no_page_misses_its_files_and_a_second_run_does_the_rest(
    built: SiteFolder, place: Place
) -> None:
    assert deploy(built, place) == 0
    # Every page changes, by a new stylesheet with a new name.
    built.write("templates/static/style.css", "body { color: red }")
    built.note("new.md", "![y](y.png)\n", title="New")
    built.write("notes/y.png", b"y")
    built.build()
    files = site_files(built.output)
    total = len(plan(files, place.target).upload)
    assert total > 8
    for after in (1, 3, total // 2, total - 1):
        unsteady = Unsteady(place.target, after)
        with pytest.raises(Cut):
            carry_out(plan(files, unsteady), files, built.output, unsteady)
        there = place.tree()
        for path, data in there.items():
            if path.endswith(".html"):
                for address in re.findall(rb'(?:src|href)="/([^"#?]+\.\w+)"', data):
                    assert address.decode() in there, f"{path} misses {address.decode()}"
        left = plan(files, place.target)
        assert left.foreign == ()
        if after == total - 1:
            break
    assert deploy(built, place) == 0
    assert published(place) == built.tree()


def test_errors_in_notes_stop_publishing(built: SiteFolder, place: Place) -> None:
    built.write("notes/bad.md", "---\ntitle: A: B\n---\nText.\n")
    assert deploy(built, place) == 1
    assert place.tree() == {}
    assert deploy(built, place, "--force") == 0
    assert published(place) == built.tree()


def test_two_that_publish_at_once_both_stop_and_the_next_run_mends(
    built: SiteFolder, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert deploy(built, place) == 0
    built.note("a.md", "One.\n", title="Alpha", date="2025-01-02")
    built.build()
    files, output = site_files(built.output), built.root / "one"
    shutil.copytree(built.output, output)
    built.note("a.md", "Two.\n", title="Alpha", date="2025-01-02")
    built.build()
    others = site_files(built.output)

    class Meanwhile(Unsteady):
        """After its first file, another run comes as far as its last."""

        def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
            for index, path in enumerate(self.target.put(source, paths)):
                if index == 0:
                    half = Unsteady(self.target, 2)
                    with pytest.raises(Cut):
                        carry_out(plan(others, half), others, built.output, half)
                yield path

    busy = Meanwhile(place.target, 0)
    with pytest.raises(DeployError, match="somebody else has published"):
        carry_out(plan(files, busy), files, output, busy)
    assert plan(files, place.target).foreign == ()
    assert deploy(built, place) == 0
    assert published(place) == built.tree()


def test_one_site_is_published_once_at_a_time(
    built: SiteFolder, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with locked(built.root / ".notecast" / "deploy-lock"):
        assert deploy(built, place) == 2
    assert "another deploy of this site is running" in capsys.readouterr().err
    assert place.tree() == {}


def test_a_file_and_a_folder_change_places(built: SiteFolder, place: Place) -> None:
    built.write("static/x", "a file")
    built.write("static/y/z", "in a folder")
    assert deploy(built, place) == 0
    (built.root / "static/x").unlink()
    shutil.rmtree(built.root / "static/y")
    shutil.rmtree(built.output)
    built.write("static/x/z", "in a folder")
    built.write("static/y", "a file")
    assert deploy(built, place) == 0
    assert published(place) == built.tree()


# What belongs to one of them


def test_rsync_over_ssh(built: SiteFolder, tmp_path: Path) -> None:
    needs(has_ssh_server(), "rsync and sshd")
    folder = tmp_path / "www" / "site"
    with ssh_server(tmp_path / "ssh") as (options, host):
        to, command = f"{host}:{folder}", f"ssh {options}"
        place = OnDisk(folder, RsyncTarget(to, command), f"rsync: {{to: '{to}', ssh: '{command}'}}")
        assert deploy(built, place) == 0
        assert published(place) == built.tree()
        built.note("a.md", "Changed.\n", title="Alpha", date="2025-01-02")
        assert deploy(built, place) == 0
        assert published(place) == built.tree()


def test_rsync_tells_the_error_and_not_the_greeting(tmp_path: Path) -> None:
    needs(has_ssh_server(), "rsync and sshd")
    (tmp_path / "banner").write_text("Authorised use only.\n")
    with ssh_server(tmp_path / "ssh", sftp=f"\nBanner {tmp_path}/banner") as (options, host):
        (tmp_path / "ssh" / "authorized").write_text("")
        options = options.replace("LogLevel=ERROR", "LogLevel=INFO")
        target = RsyncTarget(f"{host}:{tmp_path}/www", f"ssh {options}")
        with pytest.raises(DeployError, match=r"www failed: .*Permission denied"):
            target.read_list()


def test_what_a_cut_left_behind_is_not_somebody_elses(tmp_path: Path) -> None:
    needs(bool(shutil.which("rsync")), "rsync")
    for name in ("static/.style.css.Lk9TeR", ".index.html.notecast-tmp", "theirs.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("half")
    assert FolderTarget(tmp_path).present() >= {"theirs.html"}
    assert ".index.html.notecast-tmp" not in FolderTarget(tmp_path).present()
    assert "static/.style.css.Lk9TeR" not in RsyncTarget(str(tmp_path)).present()


def test_a_page_that_becomes_a_folder_and_back(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "www")
    source = tmp_path / "site"
    (source / "x").mkdir(parents=True)
    (source / "x" / "y").write_text("1")
    assert list(target.put(source, ["x/y"])) == ["x/y"]
    (source / "x" / "y").unlink()
    (source / "x").rmdir()
    (source / "x").write_text("2")
    target.delete(["x/y"])
    assert list(target.put(source, ["x"])) == ["x"]
    assert target.present() == {"x"}


def test_the_output_folder_is_no_target(
    built: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("public", "public/sub", "."):
        built.write("site.yaml", f"title: T\ndeploy: {{folder: {folder}}}\n")
        assert main(["deploy", "--site", str(built.root)]) == 2
    assert "is the output folder, or around it" in capsys.readouterr().err


def test_one_of_several_targets_has_to_be_named(
    built: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy", "--site", str(built.root)]) == 2
    assert "does not say where to publish" in capsys.readouterr().err
    built.write("site.yaml", "title: T\ndeploy: {git: gh-pages, folder: ../www}\n")
    assert main(["deploy", "--site", str(built.root)]) == 2
    assert "notecast deploy git or notecast deploy folder" in capsys.readouterr().err
    assert main(["deploy", "rsync", "--site", str(built.root)]) == 2
    assert main(["deploy", "folder", "--site", str(built.root)]) == 0
    assert (built.root.parent / "www" / "index.html").is_file()


def test_a_damaged_list_is_an_error(built: SiteFolder, tmp_path: Path) -> None:
    built.build()
    target = FolderTarget(tmp_path / "www")
    target.write_list(b"{")
    with pytest.raises(DeployError, match="damaged"):
        plan(site_files(built.output), target)


def test_a_list_cannot_lead_out_of_the_target(tmp_path: Path, built: SiteFolder) -> None:
    built.build()
    (tmp_path / "mine").write_text("mine")
    target = FolderTarget(tmp_path / "www")
    target.write_list(b'{"files": {"../mine": "x", "/etc/passwd": "x"}}')
    files = site_files(built.output)
    carry_out(plan(files, target), files, built.output, target)
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_store_is_asked_again_after_a_bad_moment(
    built: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notecast.deploy.s3.time.sleep", lambda _: None)
    built.build()
    files = site_files(built.output)
    with store() as server:
        target = S3Target("notes", "", server.address, REGION, KEYS)
        server.bad_moments = 2
        carry_out(plan(files, target), files, built.output, target)
        assert set(server.objects) == {*files, LIST}
        wrong = S3Target("notes", "", server.address, REGION, Keys("A", "b"))
        with pytest.raises(DeployError, match="403 SignatureDoesNotMatch"):
            wrong.present()
        # Cut in the middle: what is there stays, the rest comes later.
        server.objects.clear()
        server.fail_after = 4
        with pytest.raises(DeployError, match="failed"):
            carry_out(plan(files, target), files, built.output, target)
        assert 0 < len(server.objects) < len(files)
        server.fail_after = -1
        carry_out(plan(files, target), files, built.output, target)
        assert set(server.objects) == {*files, LIST}


def test_the_order_of_uploads_and_removals(built: SiteFolder) -> None:
    built.build()
    with store() as server:
        target = S3Target("notes", "", server.address, REGION, KEYS)
        files = site_files(built.output)
        carry_out(plan(files, target), files, built.output, target)
        (built.root / "notes/a.md").unlink()
        built.build()
        files = site_files(built.output)
        server.log.clear()
        carry_out(plan(files, target), files, built.output, target)
    kinds = [
        "list" if key == LIST else "remove" if method == "DELETE" else key.rpartition(".")[2]
        for method, key in server.log
        if method != "GET"
    ]
    squeezed = [kind for n, kind in enumerate(kinds) if n == 0 or kinds[n - 1] != kind]
    pages = squeezed.index("html")
    assert squeezed[0] == squeezed[-1] == "list"
    assert squeezed.index("xml") > pages
    assert squeezed[-2] == "remove"
    assert squeezed.count("html") == squeezed.count("remove") == 1


def test_compressed_copies_go_where_they_are_used(
    built: SiteFolder, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTECAST_PRECOMPRESS", "gzip")
    assert deploy(built, place) == 0
    there = published(place)
    copies = [path for path in there if path.endswith(".gz")]
    assert place.config().startswith("s3") == (not copies)
    assert "index.html" in there
    monkeypatch.delenv("NOTECAST_PRECOMPRESS")
    assert deploy(built, place) == 0
    assert [path for path in published(place) if path.endswith(".gz")] == []
