"""Real places to publish to, on this machine: a store, an ssh server."""

import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from notecast.deploy.sigv4 import Keys, signed

KEYS = Keys("AKIDEXAMPLE", "secret/key")
REGION = "eu-test-1"


class Store(ThreadingHTTPServer):
    """Enough of S3: objects with headers, listing in pages, signatures checked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), StoreHandler)
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.log: list[tuple[str, str]] = []
        self.fail_after = -1
        """Writes that are still taken before the network is cut; -1 for all."""
        self.bad_moments = 0
        """Requests that are answered with 503 first."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class StoreHandler(BaseHTTPRequestHandler):
    server: Store

    def answer(self) -> None:
        parts = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if self.server.bad_moments:
            self.server.bad_moments -= 1
            return self.reply(503, b"<Error><Code>SlowDown</Code></Error>")
        if not self.is_signed(parts.path, dict(parse_qsl(parts.query, True)), body):
            return self.reply(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        if self.command in ("PUT", "DELETE"):
            if self.server.fail_after == 0:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return None
            self.server.fail_after -= 1
        key = unquote(parts.path).removeprefix("/notes/")
        self.server.log.append((self.command, key))
        if self.command == "PUT":
            self.server.objects[key] = (body, dict(self.headers))
            return self.reply(200, b"")
        if self.command == "DELETE":
            self.server.objects.pop(key, None)
            return self.reply(204, b"")
        if key:
            found = self.server.objects.get(key)
            return self.reply(200, found[0]) if found else self.reply(404, b"")
        return self.reply(200, self.listing(dict(parse_qsl(parts.query, True))))

    def is_signed(self, path: str, query: dict[str, str], body: bytes) -> bool:
        given = self.headers["Authorization"]
        names = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
        headers = {
            name: self.headers[name]
            for name in names
            if name not in ("x-amz-date", "x-amz-content-sha256")
        }
        moment = self.headers["x-amz-date"]
        again = signed(self.command, path, query, headers, body, KEYS, REGION, moment)
        return again["Authorization"] == given

    def listing(self, query: dict[str, str]) -> bytes:
        keys = sorted(key for key in self.server.objects if key.startswith(query["prefix"]))
        start = int(query.get("continuation-token", 0))
        part = keys[start : start + 5]
        more = start + 5 < len(keys)
        rows = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in part)
        token = f"<NextContinuationToken>{start + 5}</NextContinuationToken>" if more else ""
        space = "http://s3.amazonaws.com/doc/2006-03-01/"
        return f'<ListBucketResult xmlns="{space}">{rows}{token}</ListBucketResult>'.encode()

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_DELETE = answer

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def store() -> Iterator[Store]:
    with Store() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def needs(there: bool, what: str) -> None:
    """Skips a test where a program is missing, but in CI, which installs it."""
    if not there and "CI" not in os.environ:
        pytest.skip(f"needs {what}")


def has_ssh_server() -> bool:
    return bool(shutil.which("rsync") and _sshd() and shutil.which("ssh-keygen"))


def _sshd() -> str | None:
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def ssh_server(folder: Path, sftp: str = "") -> Iterator[tuple[str, str]]:
    """A server that knows one key; yields the options of ssh and the host.

    Args:
        folder: For its files.
        sftp: Options of its SFTP server.
    """
    folder.mkdir()
    folder.chmod(0o700)
    for name in ("host", "client"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    shutil.copy(folder / "client.pub", folder / "authorized")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        f"PasswordAuthentication no\nPermitRootLogin yes\nSubsystem sftp internal-sftp{sftp}\n"
    )
    sshd = _sshd()
    assert sshd
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it locks itself in
    running = subprocess.Popen(
        [sshd, "-D", "-f", str(folder / "config")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        options = (
            f"-o Port={port} -i {folder}/client -F none -o BatchMode=yes "
            "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
        )
        yield options, f"{getpass.getuser()}@127.0.0.1"
    finally:
        running.terminate()
        running.wait()


class Line:
    """A stretch of network to a port of this machine, which can be cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._left = -1
        self._open: set[socket.socket] = set()
        self.sent = 0
        """Bytes that have gone to the server."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, size: int) -> None:
        """Lets so many bytes pass to the server, then nothing any more."""
        self._left = size

    def mend(self) -> None:
        self._left = -1

    def close(self) -> None:
        self._listener.close()
        self._cut()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if self._left == 0:
                here.close()
                continue
            there = socket.create_connection(("127.0.0.1", self._port))
            self._open |= {here, there}
            for one, other, counts in ((here, there, True), (there, here, False)):
                threading.Thread(target=self._pump, args=(one, other, counts), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket, counts: bool) -> None:
        try:
            while data := one.recv(4096):
                if counts:
                    with self._lock:
                        if self._left >= 0:
                            data = data[: self._left]
                            self._left -= len(data)
                        self.sent += len(data)
                other.sendall(data)
                if counts and self._left == 0:
                    self._cut()
                    return
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other end is gone

    def _cut(self) -> None:
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()
