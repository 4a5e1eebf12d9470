"""Who may ask: the browser on this machine, for pages that we made, and nobody through it.

Entry point: `Guard.check`. A web page anywhere can send requests to a server on
the reader's machine; these checks refuse all of them (DNS rebinding by the
`Host` field, other sites by `Origin` and the Fetch metadata fields).
"""

import ipaddress
import re
import socket

from notecast.server.http import Refused, Request

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(?::([0-9]{1,5}))?")


class Guard:
    """The checks of one server."""

    def __init__(self, host: str) -> None:
        """`host` is what the server was told to listen on."""
        self._open = not is_loopback(host)
        # A name can be made to lead here by whoever owns it; a number cannot.
        name = socket.gethostname().lower()
        own = {name, f"{name}.local", host.lower()} if self._open else set()
        self._names = {"localhost", *own} - {""}

    def check(self, request: Request, *, events: bool) -> None:
        """Lets a request pass.

        Args:
            request: Any request.
            events: Whether it asks for the stream of changes.

        Raises:
            Refused: It was not sent by a page of ours or by the reader himself.
        """
        if not request.hosts or not all(self._is_ours(host) for host in request.hosts):
            raise Refused(403, "this address is not one of this server's")
        origin = request.fields.get("origin")
        if origin is not None and origin.lower() != f"http://{request.hosts[0].lower()}":
            raise Refused(403, "other sites may not ask")
        # https://www.w3.org/TR/fetch-metadata/: links from elsewhere may lead here,
        # scripts, frames and images from elsewhere may not.
        site = request.fields.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none"):
            top = (
                request.fields.get("sec-fetch-mode") == "navigate"
                and request.fields.get("sec-fetch-dest") == "document"
            )
            if events or not top:
                raise Refused(403, "other sites may not ask")

    def _is_ours(self, authority: str) -> bool:
        match = _AUTHORITY.fullmatch(authority)
        if not match or int(match[2] or 0) > 65535:
            return False
        host = match[1].lower()
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return host in self._names
        return self._open or address.is_loopback


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
