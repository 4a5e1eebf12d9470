"""Publishing to a branch, against real repositories."""

import os
import subprocess
from pathlib import Path

import pytest

from notecast.cli import main
from notecast.deploy.git import GitBranch
from notecast.deploy.target import LIST, DeployError, site_files

from ..conftest import SiteFolder


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, check=True, text=True
    )
    return done.stdout


@pytest.fixture
def remote(built: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository; the site is a work tree with some of it not committed."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    git(built.root, "init", "-q", "-b", "main")
    git(built.root, "config", "user.email", "ada@example.org")
    git(built.root, "config", "user.name", "Ada")
    git(built.root, "remote", "add", "origin", str(bare))
    built.write(".gitignore", "public/\n.notecast/\n")
    git(built.root, "add", "notes/a.md")
    git(built.root, "commit", "-q", "-m", "one")
    return bare


def deploy(site: SiteFolder, *arguments: str, **settings: str) -> int:
    rows = "".join(f"    {key}: {value}\n" for key, value in settings.items())
    site.write("site.yaml", f"title: T\ndeploy:\n  git:\n    branch: gh-pages\n{rows}")
    return main(["deploy", "--site", str(site.root), *arguments])


def tree(remote: Path) -> dict[str, bytes]:
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", "gh-pages").split("\0")[:-1]
    return {
        name: subprocess.run(
            ["git", "-C", str(remote), "show", f"gh-pages:{name}"], capture_output=True, check=True
        ).stdout
        for name in names
    }


def commits(remote: Path) -> int:
    return int(git(remote, "rev-list", "--count", "gh-pages"))


def test_a_site_becomes_a_commit_and_history_is_kept(
    built: SiteFolder, remote: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (git(built.root, "status", "--porcelain"), git(built.root, "rev-parse", "HEAD"))
    assert deploy(built) == 0
    there = tree(remote)
    assert there.pop(".nojekyll") == b""
    assert there.pop(LIST)
    assert there == built.tree()
    assert deploy(built) == 0
    assert "Nothing to publish" in capsys.readouterr().out
    assert commits(remote) == 1
    built.note("a.md", "Changed.\n", title="Alpha")
    assert deploy(built, domain="ada.example.org") == 0
    assert commits(remote) == 2
    there = tree(remote)
    assert there["CNAME"] == b"ada.example.org\n"
    assert "notes/x.png" not in there
    assert git(remote, "log", "-1", "--format=%an <%ae>", "gh-pages") == "Ada <ada@example.org>\n"
    # Neither files nor index nor branches of the site were touched.
    after = (git(built.root, "status", "--porcelain"), git(built.root, "rev-parse", "HEAD"))
    assert (after[1], git(built.root, "branch", "--format=%(refname)")) == (
        before[1],
        "refs/heads/main\n",
    )
    assert after[0].replace(" M notes/a.md\n", "") == before[0].replace(" M notes/a.md\n", "")


def test_squashed_history_is_one_commit(built: SiteFolder, remote: Path) -> None:
    assert deploy(built) == 0
    built.note("a.md", "Changed.\n", title="Alpha")
    assert deploy(built, history="squash") == 0
    assert commits(remote) == 1
    assert tree(remote)["index.html"] == built.tree()["index.html"]


def test_a_dry_run_and_errors_push_nothing(built: SiteFolder, remote: Path) -> None:
    assert deploy(built, "--dry-run") == 0
    assert git(remote, "branch") == ""
    built.write("notes/bad.md", "---\ntitle: A: B\n---\nText.\n")
    assert deploy(built) == 1
    assert git(remote, "branch") == ""


def test_a_branch_of_somebody_else_is_refused(
    built: SiteFolder, remote: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(built.root, "push", "-q", "origin", "main:gh-pages")
    assert deploy(built) == 1
    assert "did not publish: notes/a.md" in capsys.readouterr().err
    assert commits(remote) == 1
    assert deploy(built, "--force") == 0
    there = tree(remote)
    assert "notes/a.md" in there
    assert "index.html" in there
    assert commits(remote) == 2


def test_what_the_host_put_there_stays(built: SiteFolder, remote: Path, tmp_path: Path) -> None:
    assert deploy(built) == 0
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "gh-pages", str(remote), str(clone))
    (clone / "CNAME").write_text("set.example.org\n")
    git(clone, "add", "CNAME")
    git(clone, "-c", "user.name=B", "-c", "user.email=b@e.org", "commit", "-q", "-m", "domain")
    git(clone, "push", "-q")
    built.note("a.md", "Changed.\n", title="Alpha")
    assert deploy(built) == 0
    assert tree(remote)["CNAME"] == b"set.example.org\n"


def test_a_push_in_between_is_never_overwritten(built: SiteFolder, remote: Path) -> None:
    assert deploy(built) == 0
    files = site_files(built.output)
    late = GitBranch(built.root, "origin", "gh-pages", squash=True)
    late.read()
    built.note("a.md", "Changed ![x](x.png).\n", title="Alpha", date="2025-01-02", tags="x")
    assert deploy(built) == 0
    with pytest.raises(DeployError, match="push failed") as refused:
        late.publish({"index.html": files["index.html"]}, built.output, (), "late")
    assert "run the command again" in refused.value.hint
    assert commits(remote) == 2


def test_line_ends_and_names_arrive_as_they_are(built: SiteFolder, remote: Path) -> None:
    git(built.root, "config", "core.autocrlf", "true")
    built.write("static/a b-ä.txt", b"one\r\ntwo\n")
    built.write("static/.gitattributes", "* text eol=crlf\n")
    assert deploy(built) == 0
    assert tree(remote)["a b-ä.txt"] == b"one\r\ntwo\n"


def test_a_site_outside_of_a_repository(
    built: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    assert deploy(built, remote=str(bare)) == 0
    assert "index.html" in tree(bare)
    assert not (built.root / ".git").exists()


def test_a_remote_that_is_not_there(
    built: SiteFolder, remote: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(built, remote="nowhere") == 1
    said = capsys.readouterr().err
    assert "nowhere" in said
    assert "hint: name a remote" in said


def test_a_password_in_an_address_is_never_shown(
    built: SiteFolder, remote: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(built, remote="https://ada:s3cret@127.0.0.1:1/notes.git") == 1
    said = capsys.readouterr()
    assert "branch gh-pages of https://127.0.0.1:1/notes.git" in said.err
    assert "s3cret" not in said.out + said.err


def test_a_machine_on_which_git_knows_nobody(
    built: SiteFolder, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(built.root, "config", "--unset", "user.email")
    git(built.root, "config", "--unset", "user.name")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{who}_EMAIL", raising=False)
    assert deploy(built) == 0
    shown = git(remote, "log", "-1", "--format=%an <%ae>", "gh-pages")
    assert shown == "Notecast <notecast@localhost>\n"


def test_from_another_worktree_nothing_of_it_changes(
    built: SiteFolder, remote: Path, tmp_path: Path
) -> None:
    other = SiteFolder(tmp_path / "other")
    git(built.root, "worktree", "add", "-q", "-b", "other", str(other.root))
    built.write("notes/a.md", "Not committed.\n")
    other.write("site.yaml", "title: T\ndeploy: {git: gh-pages}\n")
    other.write(".gitignore", "public/\n.notecast/\n")
    git(other.root, "add", "site.yaml", ".gitignore")
    before = [git(site.root, "status", "--porcelain") for site in (built, other)]
    assert main(["deploy", "--site", str(other.root)]) == 0
    assert [git(site.root, "status", "--porcelain") for site in (built, other)] == before
    assert tree(remote)["index.html"] == other.tree()["index.html"]
