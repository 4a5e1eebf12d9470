"""A branch of a git repository as a target: GitHub, GitLab, Codeberg Pages and the like.

Entry point: `GitBranch`. The site becomes one commit that is pushed as a whole,
so readers see the old site or the new one. The commit is made in the repository
around the site, with the credentials that it has, without touching its files,
its index or its branches; a site outside of any repository gets one for the
moment.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from notecast.deploy.target import HARMLESS, LIST, DeployError, pack_list, unpack_list

_FILE = "100644"
"""The mode of an ordinary file in a tree."""


class GitBranch:
    """One branch of one remote."""

    def __init__(
        self, repository: Path, remote: str, branch: str, *, squash: bool = False, domain: str = ""
    ) -> None:
        """
        Args:
            repository: A folder inside the repository to work in, or a bare one.
            remote: Name or address.
            branch: Such as `gh-pages`.
            squash: One commit without history instead of one more.
            domain: For `CNAME`; empty keeps what is there.
        """
        self.repository = repository
        self.remote = remote
        self.branch = branch
        self.squash = squash
        self.domain = domain
        self.shown = f"branch {branch} of {_without_password(remote)}"
        self.head = ""
        """The commit at which the branch stood when it was read; empty for none."""
        self._there: dict[str, tuple[str, str]] = {}

    def read(self) -> tuple[Mapping[str, str], set[str]]:
        """The list of what we published on the branch, and every file there.

        Raises:
            DeployError: The remote cannot be reached, or the list is damaged.
        """
        reference = f"refs/heads/{self.branch}"
        said = self._git("ls-remote", "--", self.remote, reference)
        self.head = said.split()[0] if said.strip() else ""
        if not self.head:
            return {}, set()
        self._git("fetch", "-q", "--no-tags", "--no-write-fetch-head", "--", self.remote, reference)
        listing = self._git("ls-tree", "-r", "-z", self.head)
        self._there = {}
        for row in filter(None, listing.split("\0")):
            state, _, path = row.partition("\t")
            mode, _, blob = state.split()
            self._there[path] = (mode, blob)
        known: Mapping[str, str] = {}
        if LIST in self._there:
            known = unpack_list(self._bytes("cat-file", "blob", self._there[LIST][1])).files
        return known, set(self._there)

    def publish(
        self, files: Mapping[str, str], output: Path, foreign: Sequence[str], message: str
    ) -> str:
        """Makes the commit and pushes it.

        Args:
            files: Digests of the site by path.
            output: Where the site is.
            foreign: Files of the branch that are not ours and stay.
            message: Of the commit.

        Returns:
            The commit; empty if the branch has all of it already.

        Raises:
            DeployError: git failed; the branch is as it was.
        """
        rows = {path: self._there[path] for path in foreign if path not in files}
        rows |= {path: self._there[path] for path in HARMLESS if path in self._there}
        paths = list(files)
        given = "".join(f"{output / path}\n" for path in paths)
        blobs = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).split()
        rows |= {path: (_FILE, blob) for path, blob in zip(paths, blobs, strict=True)}
        extra = {LIST: pack_list(files).decode(), ".nojekyll": ""}
        if self.domain:
            extra["CNAME"] = f"{self.domain}\n"
        for name, text in extra.items():
            if name not in files:
                blob = self._git("hash-object", "-w", "--stdin", given=text).strip()
                rows[name] = (_FILE, blob)
        tree = self._tree(rows)
        if self.head and tree == self._git("rev-parse", f"{self.head}^{{tree}}").strip():
            return ""
        parents = ["-p", self.head] if self.head and not self.squash else []
        commit = self._git("commit-tree", tree, *parents, "-m", message).strip()
        # Somebody else's push in between is refused, never overwritten.
        lease = f"--force-with-lease=refs/heads/{self.branch}:{self.head}"
        self._git("push", "-q", lease, "--", self.remote, f"{commit}:refs/heads/{self.branch}")
        return commit

    def _tree(self, rows: Mapping[str, tuple[str, str]]) -> str:
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            table = "".join(f"{mode} {blob}\t{path}\0" for path, (mode, blob) in rows.items())
            self._git("update-index", "-z", "--index-info", given=table, environ=index)
            return self._git("write-tree", environ=index).strip()

    def _git(
        self, *arguments: str, given: str = "", environ: Mapping[str, str] | None = None
    ) -> str:
        return self._bytes(*arguments, given=given, environ=environ).decode(
            errors="surrogateescape"
        )

    def _bytes(
        self, *arguments: str, given: str = "", environ: Mapping[str, str] | None = None
    ) -> bytes:
        # A name for the commit where git knows none, as on a CI machine.
        names = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Notecast"), ("EMAIL", "notecast@localhost"))
        }
        settings = {**names, **os.environ, "GIT_TERMINAL_PROMPT": "0", **(environ or {})}
        if arguments[0] == "commit-tree" and self._knows_author():
            settings = {**os.environ, **(environ or {})}
        try:
            done = subprocess.run(
                ["git", "-C", str(self.repository), "-c", "core.quotePath=false", *arguments],
                input=given.encode(errors="surrogateescape"),
                capture_output=True,
                check=False,
                env=settings,
            )
        except FileNotFoundError as error:
            raise DeployError("the program git is not there", "install git") from error
        if done.returncode == 0:
            return done.stdout
        said = _plain(done.stderr.decode(errors="replace"))
        raise DeployError(
            f"git {arguments[0]} failed for {self.shown}: {said}", _hint(arguments[0], said)
        )

    def _knows_author(self) -> bool:
        asked = subprocess.run(
            ["git", "-C", str(self.repository), "config", "user.email"],
            capture_output=True,
            check=False,
        )
        return asked.returncode == 0 and bool(asked.stdout.strip())


@contextmanager
def repository_around(root: Path) -> Iterator[Path]:
    """The repository in which the site lies, or an empty one for as long as the block runs."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--git-dir"], capture_output=True, check=False
        )
        if asked.returncode == 0:
            yield root
            return
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            subprocess.run(["git", "init", "-q", "--bare", folder], check=True, capture_output=True)
            yield Path(folder)
    except FileNotFoundError as error:
        raise DeployError("the program git is not there", "install git") from error


def _plain(said: str) -> str:
    """What git said last of what is wrong, without passwords in addresses."""
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "!", "remote:"))]
    text = (telling or lines or ["no reason given"])[0]
    return _without_password(text.removeprefix("fatal: "))


def _without_password(text: str) -> str:
    """Addresses without the names and passwords in them."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)


def _hint(what: str, said: str) -> str:
    if "not appear to be a git repository" in said or "No such remote" in said:
        return "name a remote of this repository, or an address, as deploy.git.remote in site.yaml"
    if what == "push" and ("stale" in said or "rejected" in said or "lease" in said):
        return "somebody else has pushed meanwhile: run the command again"
    if what in ("push", "ls-remote", "fetch"):
        return "check that you may push there: git push by hand says more"
    return ""
