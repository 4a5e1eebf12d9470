"""rsync over ssh as a target; any destination that rsync takes (rsync(1)).

rsync writes each file beside its place and renames it, so the order of
`publish.py` holds. It needs rsync 3.2.3 or later on this machine.
"""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from notecast.deploy.target import LIST, DeployError, ssh_patience

CHUNK = 2000
# By content, not by time: a build gives a file a new time and maybe the same bytes.
_SEND = ("--mkpath", "--checksum", "--chmod=D755,F644")
_GIVEN = ("--files-from=-", "--from0")
_NOT_THERE = 23
"""rsync: some files could not be transferred, such as those that do not exist."""
_TELLING = re.compile(
    r"^rsync|denied|refused|unreachable|resolve|timed? ?out|closed|Broken pipe|reset|verification",
    re.IGNORECASE,
)
# How rsync names a file until it is whole; one may stay after a cut in the network.
_ON_ITS_WAY = re.compile(r"(?:^|/)\.[^/]+\.[A-Za-z0-9]{6}$")


class RsyncTarget:
    """Runs rsync; passwords are ssh's business."""

    def __init__(self, destination: str, ssh: str = "") -> None:
        """
        Args:
            destination: As rsync takes it: `ada@example.org:/srv/www/notes`.
            ssh: The ssh command where it needs options: `ssh -p 2222`.
        """
        self.destination = destination.rstrip("/") + "/"
        self.shown = destination
        self._ssh = ssh

    def read_list(self) -> bytes | None:
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            copy = Path(folder) / LIST
            done = self._run(["--", self.destination + LIST, str(copy)], may_lack=True)
            return copy.read_bytes() if done is not None and copy.is_file() else None

    def present(self) -> set[str]:
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            # A dry run names what it would fetch.
            said = self._run(
                ["-r", "-l", "-n", "-8", "--out-format=%n", "--", self.destination, folder + "/"],
                may_lack=True,
            )
        names = (said or "").split("\n")
        return {
            name
            for name in names
            if name and not name.endswith("/") and not _ON_ITS_WAY.search(name)
        }

    def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
        # One run for each chunk of one kind: rsync goes by its own order within a run.
        from notecast.deploy.publish import order

        start = 0
        while start < len(paths):
            end = start + 1
            while end < len(paths) and end - start < CHUNK:
                if order(paths[end])[0] != order(paths[start])[0]:
                    break
                end += 1
            part = paths[start:end]
            self._run(
                [*_SEND, "-t", "-z", "--force", *_GIVEN, "--", f"{source}/", self.destination],
                given=part,
            )
            yield from part
            start = end

    def write_list(self, data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            copy = Path(folder) / LIST
            copy.write_bytes(data)
            # Not by time: two lists of one second and one size may differ.
            self._run(["--mkpath", "--checksum", "--chmod=F644", "--", str(copy), self.destination])

    def delete(self, paths: Sequence[str]) -> None:
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            for start in range(0, len(paths), CHUNK):
                part = paths[start : start + CHUNK]
                for path in part:
                    # rsync wants to find the folders in which the missing files are.
                    (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                self._run(
                    ["-r", "--delete-missing-args", *_GIVEN, "--", folder + "/", self.destination],
                    given=part,
                )

    def close(self) -> None:
        pass  # each run of rsync is a connection of its own

    def _run(
        self, arguments: Sequence[str], *, given: Sequence[str] = (), may_lack: bool = False
    ) -> str | None:
        command = ["rsync"]
        if self._ssh:
            command += ["-e", self._ssh]
        elif ":" in self.destination:
            command += ["-e", shlex.join(("ssh", *ssh_patience()))]
        try:
            done = subprocess.run(
                [*command, *arguments],
                input="".join(f"{path}\0" for path in given).encode(),
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            hint = "install it: on Debian and Ubuntu, sudo apt install rsync"
            raise DeployError("the program rsync is not there", hint) from error
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode == 0:
            return done.stdout.decode(errors="surrogateescape")
        if may_lack and done.returncode == _NOT_THERE and "No such file" in said:
            return None
        # A server may greet first, on the same stream.
        lines = said.split("\n") if said else [f"exit status {done.returncode}"]
        telling = next((line for line in lines if _TELLING.search(line)), lines[0])
        raise DeployError(
            f"rsync to {self.shown} failed: {telling}",
            f"try by hand: {shlex.join([*command, '--list-only', self.destination])}",
        )
