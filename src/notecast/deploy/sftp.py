"""SFTP as a target, for servers that have no rsync: the `sftp` of OpenSSH in batch mode.

The program of the system and no library: it knows the author's ssh settings,
keys, agent and hosts, and is there wherever ssh is. Files are sent beside their
place and renamed, so that nobody reads half of one.
"""

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Literal

from notecast.deploy.target import LIST, DeployError, ssh_patience

_TEMPORARY = ".notecast-tmp"
# One line of `ls -lan`, which the client itself formats: the mode, four fields,
# a date of twelve characters, the name.
_ROW = re.compile(r"(?P<kind>\S)\S{9,}\s+\S+\s+\S+\s+\S+\s+\d+ .{12} (?P<name>.+)")
_NOTHING, _ALL = re.compile(r"(?!)"), re.compile("")
_ECHO = "sftp> "
_DONE = "lpwd"
"""A command that does nothing there; its echo tells that those before it are done."""
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_IS_MISSING = re.compile(r"not found|No such file|no such", re.IGNORECASE)


class SftpTarget:
    """One sftp for all that is asked, from the first question until `close`."""

    def __init__(self, destination: str, command: str = "") -> None:
        """
        Args:
            destination: `ada@example.org:/srv/www/notes`; seen from the home folder without `/`.
            command: The sftp command where it needs options: `sftp -P 2222`.

        Raises:
            DeployError: The destination names no host or no folder.
        """
        host, folder = _split(destination)
        if not host or not folder.strip("/"):
            raise DeployError(
                f"{destination} is not a place for SFTP",
                "write host and folder: ada@example.org:/srv/www/notes",
            )
        self.shown = destination
        self._host = host
        self._root = PurePosixPath(folder.removeprefix("~/"))
        self._command = shlex.split(command) or ["sftp"]
        self._talk: _Talk | None = None
        self._files: set[str] = set()
        self._folders: set[str] = set()
        """What is there, by `present`: tells which folders have to be made."""
        self._renames_over = True
        """Whether the server replaces a file in one step, as OpenSSH's does."""

    def close(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def read_list(self) -> bytes | None:
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            copy = Path(folder) / LIST
            self._ask(f"-get {self._there(LIST)} {_quoted(copy.as_posix())}")
            return copy.read_bytes() if copy.is_file() else None

    def present(self) -> set[str]:
        self._files, self._folders = set(), set()
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            for line in self._ask(f"-ls -lan {self._there(folder)}"):
                # The name is the last part of a path from here or there.
                row = _ROW.fullmatch(line)
                name = row["name"].rpartition("/")[2] if row else ""
                if row is None or name in (".", "..", ".git") or name.endswith(_TEMPORARY):
                    continue
                path = f"{folder}/{name}".lstrip("/")
                if row["kind"] == "d":
                    self._folders.add(path)
                    waiting.append(path)
                else:
                    self._files.add(path)
        return set(self._files)

    def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
        self._make_root()
        for path in paths:
            self._ask(*self._room_for(path), forgive="all")
            self._replace((source / path).as_posix(), path)
            self._files.add(path)
            yield path

    def write_list(self, data: bytes) -> None:
        self._make_root()
        with tempfile.TemporaryDirectory(prefix="notecast-") as folder:
            copy = Path(folder) / LIST
            copy.write_bytes(data)
            self._replace(copy.as_posix(), LIST)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._ask(f"-rm {self._there(path)}")
        self._files.difference_update(paths)
        folders = {parent for path in paths for parent in PurePosixPath(path).parents}
        for folder in sorted(folders, key=lambda place: (-len(place.parts), place)):
            if folder.parts:
                # One that is not empty stays.
                self._ask(f"-rmdir {self._there(str(folder))}", forgive="all")
                self._folders.discard(str(folder))

    def _make_root(self) -> None:
        if not self._folders and not self._files:
            folders = (*reversed(self._root.parents), self._root)
            lines = [f"-mkdir {_quoted(str(folder))}" for folder in folders if folder.name]
            self._ask(*lines, forgive="all")

    def _room_for(self, path: str) -> Iterator[str]:
        """Makes the folders of a file, in place of files of their names."""
        for folder in reversed(PurePosixPath(path).parents):
            name = str(folder)
            if folder.parts and name not in self._folders:
                if name in self._files:
                    yield f"-rm {self._there(name)}"
                    self._files.discard(name)
                yield f"-mkdir {self._there(name)}"
                self._folders.add(name)

    def _replace(self, source: str, path: str) -> None:
        folder, _, name = path.rpartition("/")
        beside = self._there(f"{folder}/.{name[:80]}{_TEMPORARY}".lstrip("/"))
        self._ask(f"-put {_quoted(source)} {beside}", f"-chmod 644 {beside}", forgive="nothing")
        rename = f"-rename {beside} {self._there(path)}"
        if self._renames_over:
            said: list[str] = []
            self._ask(rename, forgive="all", said=said)
            if not said:
                return
            # Servers that follow the draft of the protocol to the letter rename only
            # to what is not there.
            self._renames_over = False
        self._ask(f"-rm {self._there(path)}", rename)

    def _there(self, path: str) -> str:
        return _quoted(str(self._root / path))

    def _ask(
        self,
        *lines: str,
        forgive: Literal["nothing", "missing", "all"] = "missing",
        said: list[str] | None = None,
    ) -> list[str]:
        """Carries commands out; returns what they print.

        Args:
            lines: Commands, with `-` before them: one that fails is not the end.
            forgive: What is no error: by default that something is not there.
            said: Gets what is said of what went wrong.

        Raises:
            DeployError: There is no connection, or a command failed.
        """
        if not lines:
            return []
        try:
            if self._talk is None:
                self._talk = _Talk([*self._command, *ssh_patience(), "-b", "-", "--", self._host])
                self._talk.ask(())  # banners and warnings of ssh are no errors
            printed, wrong = self._talk.ask(lines)
        except FileNotFoundError as error:
            hint = "install it: on Debian and Ubuntu, sudo apt install openssh-client"
            raise DeployError(f"the program {self._command[0]} is not there", hint) from error
        except _Ended as ended:
            self.close()
            raise self._failed(str(ended)) from ended
        if said is not None:
            said += wrong
        harmless = {"nothing": _NOTHING, "missing": _IS_MISSING, "all": _ALL}[forgive]
        grave = [words for words in wrong if not harmless.search(words)]
        if grave:
            raise self._failed(grave[0])
        return printed

    def _failed(self, said: str) -> DeployError:
        hint = f"try by hand: {shlex.join([*self._command, self._host])}"
        return DeployError(f"SFTP to {self.shown} failed: {said}", hint)


class _Ended(Exception):
    """sftp has ended: why."""


class _Talk:
    """A running sftp, asked and answered line by line."""

    def __init__(self, command: Sequence[str]) -> None:
        self._wrong = tempfile.TemporaryFile("w+b")  # noqa: SIM115
        try:
            self._running = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._wrong,
                env={**os.environ, "LC_ALL": "C"},
            )
        except OSError:
            self._wrong.close()
            raise
        self._heard = 0

    def ask(self, lines: Sequence[str]) -> tuple[list[str], list[str]]:
        """What is printed, and what is said of errors.

        Raises:
            _Ended: The connection is lost, or there was none.
        """
        given, answers = self._running.stdin, self._running.stdout
        assert given is not None
        assert answers is not None
        printed: list[str] = []
        try:
            given.write("".join(f"{line}\n" for line in (*lines, _DONE)).encode())
            given.flush()
            for line in answers:
                text = _readable(line)
                if text == f"{_ECHO}{_DONE}":
                    answers.readline()  # what the command itself says
                    return printed, self._errors()
                if not text.startswith(_ECHO):
                    printed.append(text)
        except OSError:
            pass  # the pipe is broken: it has ended
        status = self._running.wait()
        raise _Ended((self._errors() or [f"exit status {status}"])[-1])

    def close(self) -> None:
        self._running.kill()
        for pipe in (self._running.stdin, self._running.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        self._running.wait()
        self._wrong.close()

    def _errors(self) -> list[str]:
        """What came since the last time."""
        self._wrong.seek(self._heard)
        text = self._wrong.read()
        self._heard += len(text)
        lines = (_readable(line).strip() for line in text.split(b"\n"))
        return [line for line in lines if line and not line.startswith("Warning: Permanently")]


def _split(destination: str) -> tuple[str, str]:
    """Host and folder; the host may be an IPv6 address in brackets."""
    match = re.fullmatch(r"((?:[^@\s/]+@)?(?:\[[0-9A-Fa-f:.]+\]|[^:\s/]+)):(.+)", destination)
    return (match[1], match[2]) if match else ("", "")


def _quoted(path: str) -> str:
    """A path as sftp(1) reads it; patterns in quotes mean themselves."""
    if "\n" in path or "\r" in path:
        raise DeployError(f"SFTP cannot carry the file name {path!r}", "rename the file")
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _readable(line: bytes) -> str:
    """What sftp prints: in the C locale, bytes beyond ASCII are octal numbers."""
    plain = _OCTAL.sub(lambda match: bytes([int(match[1], 8)]), line.rstrip(b"\r\n"))
    return plain.decode(errors="surrogateescape")
