"""A bucket of an S3-compatible store as a target.

Keys come from the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
perhaps `AWS_SESSION_TOKEN`. The bucket is part of the path ("path style"), which
every store understands.
"""

import http.client
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from notecast.deploy.sigv4 import Keys, encoded, query_of, signed
from notecast.deploy.target import LIST, DeployError

TRIES = 4
TIMEOUT = 60.0
_PASSING = frozenset((429, 500, 502, 503, 504))
# Names with a digest of their content never change what they hold.
_FINGERPRINT = re.compile(r"(?:^|/)static/.*\.[0-9a-f]{10}(?:\.\w+)?$")
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "bib": "text/plain; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
}
"""By the end of the name. Not the system's table: that differs between machines."""


class S3Target:
    """Puts and lists objects by HTTP."""

    def __init__(self, bucket: str, prefix: str, endpoint: str, region: str, keys: Keys) -> None:
        """
        Args:
            bucket: Its name.
            prefix: Folder in the bucket; empty for none.
            endpoint: Address of the store; empty for Amazon's.
            region: Of the bucket.
            keys: Who signs.
        """
        self._keys = keys
        self._region = region
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        place = self._endpoint = urlsplit(endpoint or f"https://s3.{region}.amazonaws.com")
        secure = place.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
        self.shown = f"bucket {bucket}" + (f", folder {prefix}" if self._prefix else "")

    @classmethod
    def from_environment(cls, bucket: str, prefix: str, endpoint: str, region: str) -> "S3Target":
        """With the keys of the environment.

        Raises:
            DeployError: There are none.
        """
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        access, secret = (os.environ.get(name, "") for name in names)
        if not access or not secret:
            raise DeployError(
                "the keys of the store are not in the environment", f"set {' and '.join(names)}"
            )
        token = os.environ.get("AWS_SESSION_TOKEN", "")
        return cls(bucket, prefix, endpoint, region, Keys(access, secret, token))

    def read_list(self) -> bytes | None:
        status, body = self._ask("GET", self._prefix + LIST, missing=True)
        return None if status == 404 else body

    def present(self) -> set[str]:
        found: set[str] = set()
        more: dict[str, str] = {}
        while True:
            wanted = {"list-type": "2", "prefix": self._prefix, **more}
            _, body = self._ask("GET", "", wanted)
            try:
                root = ElementTree.fromstring(body)
            except ElementTree.ParseError as error:
                raise DeployError(f"{self.shown} does not answer as a store does") from error
            space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
            keys = (item.text or "" for item in root.iter(f"{space}Key"))
            found.update(key.removeprefix(self._prefix) for key in keys if not key.endswith("/"))
            token = root.findtext(f"{space}NextContinuationToken")
            if not token:
                return found
            more = {"continuation-token": token}

    def put(self, source: Path, paths: Sequence[str]) -> Iterator[str]:
        for path in paths:
            try:
                body = (source / path).read_bytes()
            except OSError as error:
                raise DeployError(f"{path} cannot be read: {error.strerror}") from error
            self._ask("PUT", self._prefix + path, headers=headers_of(path), body=body)
            yield path

    def write_list(self, data: bytes) -> None:
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        self._ask("PUT", self._prefix + LIST, headers=headers, body=data)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._ask("DELETE", self._prefix + path, missing=True)

    def close(self) -> None:
        self._connection.close()

    def _ask(
        self,
        method: str,
        key: str,
        parameters: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        missing: bool = False,
    ) -> tuple[int, bytes]:
        """One request, asked again while the store has a bad moment."""
        wait, said = 0.5, ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(wait)
                wait *= 2
            try:
                status, content = self._once(method, key, parameters or {}, headers or {}, body)
            except (OSError, http.client.HTTPException) as error:
                said = str(error) or type(error).__name__
                continue
            if 200 <= status < 300 or (missing and status == 404):
                return status, content
            code = re.search(rb"<Code>([^<]{1,80})</Code>", content)
            said = f"{status} {code[1].decode() if code else ''}".strip()
            if status not in _PASSING:
                break
        hint = "run the command again to do the rest"
        if said.startswith(("401", "403")):
            hint = "check the keys, the region, and that they may list, read, write and delete"
        raise DeployError(f"{self.shown}: {method} {key or '(list)'} failed: {said}", hint)

    def _once(
        self,
        method: str,
        key: str,
        parameters: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes,
    ) -> tuple[int, bytes]:
        place = self._endpoint
        path = f"{place.path.rstrip('/')}/{encoded(self._bucket)}/{encoded(key)}"
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        whole = signed(
            method,
            path,
            parameters,
            {"Host": place.netloc, **headers},
            body,
            self._keys,
            self._region,
            moment,
        )
        query = query_of(parameters)
        try:
            # One connection for all: it opens itself anew where the store ends it.
            self._connection.request(method, f"{path}?{query}" if query else path, body, whole)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise


def headers_of(path: str) -> dict[str, str]:
    """Type and caching of a file by its name: pages are asked for anew, fingerprinted
    files never again (RFC 8246)."""
    name = path.rpartition("/")[2]
    kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    if name == "feed.xml":
        kind = "application/atom+xml"
    if name == "rss.xml":
        kind = "application/rss+xml"
    if _FINGERPRINT.search(path):
        caching = "public, max-age=31536000, immutable"
    else:
        caching = "no-cache" if name.endswith(".html") else "public, max-age=600"
    return {"Content-Type": kind, "Cache-Control": caching}
