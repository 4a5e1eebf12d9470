"""Starts the preview, and ends it at once when it is told to.

Entry point: `serve`.
"""

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

from notecast.config import Config
from notecast.config_reader import Reading
from notecast.server.app import App
from notecast.server.events import Hub
from notecast.server.guard import Guard, is_loopback
from notecast.server.http import plain, refused_connection, serve_connection
from notecast.server.live import Listener, Live
from notecast.server.session import Session
from notecast.server.watch import Watcher

PORTS = 50
"""Ports that are tried one after the other."""
CONNECTIONS = 400
EVERYWHERE = ("0.0.0.0", "::", "")
"""Addresses that stand for all of this machine's."""


class Choice(msgspec.Struct, frozen=True):
    """What the preview is asked to do."""

    host: str = "localhost"
    port: int = 8000
    drafts: bool = True
    future: bool = True
    reload: bool = True
    open: bool = False


class Told(Protocol):
    """Who is told what happens."""

    def say(self, text: str) -> None:
        """Something that the author wants to know; from any thread."""

    def listener(self) -> Listener:
        """What `Live` calls."""


class CannotListen(Exception):
    """No port could be opened."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def serve(read: Callable[[], Reading], choice: Choice, told: Told) -> None:
    """Serves a site until Ctrl-C.

    Args:
        read: Reads the configuration anew.
        choice: What is asked.
        told: Who is told what happens.

    Raises:
        CannotListen: No port could be opened.
    """
    # Answers of a few milliseconds must not wait behind work in another thread.
    sys.setswitchinterval(0.001)
    sockets = listen(choice.host, choice.port)
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(read, choice, told, sockets))
    finally:
        for one in sockets:
            one.close()
    told.say("stopped")


async def _serve(
    read: Callable[[], Reading], choice: Choice, told: Told, sockets: list[socket.socket]
) -> None:
    loop = asyncio.get_running_loop()
    stop, ready = asyncio.Event(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(name, stop.set)
    hub = Hub()
    session = Session(read, drafts=choice.drafts, future=choice.future)
    config = session.config
    listener = told.listener()

    def renewed(paths: Sequence[str], seconds: float) -> None:
        watcher.follow(*_folders(session.config))
        listener.renewed(paths, seconds)

    live = Live(session, hub, loop, msgspec.structs.replace(listener, renewed=renewed))
    watcher = Watcher(config.root, *_folders(config), live.changed, told.say)
    # Before anything is read: what changes from here on is not missed.
    watcher.start()
    live.start()
    app = App(live, hub, Guard(choice.host), reload=choice.reload)
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(connections) >= CONNECTIONS:
            await refused_connection(writer, plain(503, "too many connections"))
            return
        connections.add(task)
        try:
            await serve_connection(reader, writer, app.answer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            connections.discard(task)

    servers = [await asyncio.start_server(connected, sock=one, backlog=256) for one in sockets]
    try:
        ended = asyncio.ensure_future(stop.wait())
        live.opened.add_done_callback(lambda _: loop.call_soon_threadsafe(ready.set))
        opened = asyncio.ensure_future(ready.wait())
        await asyncio.wait({ended, opened}, return_when="FIRST_COMPLETED")
        if live.opened.done():
            live.opened.result()
            _announce(choice, config.title, address_of(choice.host, sockets[0], live), told)
        await ended
    finally:
        for server in servers:
            server.close()
        for task in list(connections):
            task.cancel()
        watcher.stop()
        live.stop()
        if connections:
            await asyncio.wait(connections, timeout=0.5)


def _folders(config: Config) -> tuple[list[Path], list[Path]]:
    """Folders to watch besides that of the site, and those to leave out."""
    return (
        [config.notes_dir, config.static_dir, config.templates_dir],
        [config.output_dir, config.cache_dir],
    )


def _announce(choice: Choice, title: str, address: str, told: Told) -> None:
    port = int(address.split("/")[2].rpartition(":")[2])
    if choice.port not in (0, port):
        told.say(f"Port {choice.port} is in use; {port} is taken instead.")
    if not is_loopback(choice.host):
        told.say(exposed(choice, port, address.split("/", 3)[3]))
    told.say(f"{title} is at {address}  (Ctrl-C stops)")
    if choice.open:
        import threading
        import webbrowser

        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def exposed(choice: Choice, port: int, path: str) -> str:
    """What listening on an address of the network means.

    Args:
        choice: What the preview was asked to do.
        port: That it listens on.
        path: At which the site begins, without its first `/`.
    """
    also = [
        name
        for name, shown in (("drafts", choice.drafts), ("notes of the future", choice.future))
        if shown
    ]
    more = f", {' and '.join(also)} with it" if also else ""
    text = (
        f"Everybody who reaches {choice.host} can read this site{more}; there is no password. "
        "It answers to numbers and to this machine's own name, not to other names."
    )
    number = _own_number() if choice.host.strip("[]") in EVERYWHERE else ""
    return f"{text} Others find it at http://{number}:{port}/{path}" if number else text


def _own_number() -> str:
    """The number by which the network knows this machine, if it has one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))  # RFC 5737: nobody's
            number: str = one.getsockname()[0]
        except OSError:
            return ""
    return "" if is_loopback(number) else number


def address_of(host: str, one: socket.socket, live: Live) -> str:
    """The address at which a browser on this machine finds the site."""
    name = host.strip("[]")
    name = "localhost" if name in ("localhost", *EVERYWHERE) else name
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{one.getsockname()[1]}{live.base_path}/"


def listen(host: str, port: int) -> list[socket.socket]:
    """Opens a port, or the next one that is free.

    Args:
        host: A name or number. `localhost` is both of IPv4 and IPv6, where there are both.
        port: The first to try; 0 for any.

    Raises:
        CannotListen: None could be opened.
    """
    hosts = ["127.0.0.1", "::1"] if host.lower() == "localhost" else [host.strip("[]")]
    for candidate in range(port, port + (PORTS if port else 1)):
        if candidate > 65535:
            break
        try:
            return _open_all(hosts, candidate)
        except socket.gaierror as error:
            raise CannotListen(f"there is no address {host}: {error.strerror}") from error
        except OSError as error:
            if error.errno == errno.EACCES and candidate < 1024:
                hint = "choose another with --port"
                raise CannotListen(f"port {candidate} is for administrators", hint) from error
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise CannotListen(
                    f"cannot listen on {host}: {error.strerror}", "choose another --host"
                ) from error
    raise CannotListen(
        f"the ports {port} to {port + PORTS - 1} are all in use", "choose another with --port"
    )


def _open_all(hosts: list[str], port: int) -> list[socket.socket]:
    opened: list[socket.socket] = []
    try:
        for number, host in enumerate(hosts):
            try:
                one = _open(host, port)
            except OSError as error:
                # A machine without IPv6 is served with IPv4 alone.
                if number and error.errno != errno.EADDRINUSE:
                    continue
                raise
            opened.append(one)
            port = port or one.getsockname()[1]
    except OSError:
        for one in opened:
            one.close()
        raise
    return opened


def _open(host: str, port: int) -> socket.socket:
    kind, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    one = socket.socket(kind, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two programs have one port
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        one.bind(where)
        one.listen(256)
        one.setblocking(False)
    except OSError:
        one.close()
        raise
    return one
