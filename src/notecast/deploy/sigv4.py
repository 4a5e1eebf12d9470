"""Signs requests to S3-compatible stores: AWS Signature Version 4.

The rules are those of "Authenticating Requests: Using the Authorization Header"
in the Amazon S3 API Reference; its examples are the tests. Entry point: `signed`.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Keys:
    """Who signs."""

    access: str
    secret: str
    token: str = ""
    """Of a session; empty for keys that last."""


def encoded(path: str) -> str:
    """A key as it stands in an address: all but unreserved characters and `/` encoded."""
    return quote(path, safe="/-._~")


def query_of(parameters: Mapping[str, str]) -> str:
    """The query of an address in the canonical form: sorted by name, encoded."""
    return "&".join(
        f"{quote(name, safe='-._~')}={quote(value, safe='-._~')}"
        for name, value in sorted(parameters.items())
    )


def signed(
    method: str,
    path: str,
    parameters: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    keys: Keys,
    region: str,
    moment: str,
) -> dict[str, str]:
    """The headers of a request with those that sign it.

    Args:
        method: `GET`, `PUT` …
        path: Encoded by `encoded`, beginning with `/`.
        parameters: Of the query.
        headers: Those of the request, `Host` among them.
        body: The whole content.
        keys: Who signs.
        region: Of the bucket.
        moment: Now in UTC as `20130524T000000Z`.
    """
    content = hashlib.sha256(body).hexdigest()
    whole = {**headers, "x-amz-content-sha256": content, "x-amz-date": moment}
    if keys.token:
        whole["x-amz-security-token"] = keys.token
    plain = {name.lower(): " ".join(value.split()) for name, value in whole.items()}
    names = ";".join(sorted(plain))
    request = "\n".join(
        (
            method,
            path,
            query_of(parameters),
            *(f"{name}:{plain[name]}" for name in sorted(plain)),
            "",
            names,
            content,
        )
    )
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    text = "\n".join(
        ("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest())
    )
    key = f"AWS4{keys.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    whole["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys.access}/{scope},"
        f"SignedHeaders={names},Signature={signature}"
    )
    return whole
