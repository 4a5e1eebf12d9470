"""Requests to a store: types, caching, and the signatures of the reference."""

import pytest

from notecast.deploy.s3 import headers_of
from notecast.deploy.sigv4 import Keys, encoded, signed


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("static/style.0a1b2c3d4e.css", "text/css; charset=utf-8", "immutable"),
        ("notes/static/x.0a1b2c3d.css", "text/css; charset=utf-8", "max-age=600"),
        ("feed.xml", "application/atom+xml", "max-age=600"),
        ("notes/x.unknown", "application/octet-stream", "max-age=600"),
    ],
)
def test_types_and_caching(path: str, kind: str, caching: str) -> None:
    headers = headers_of(path)
    assert headers["Content-Type"] == kind
    assert headers["Cache-Control"].endswith(caching)


# The examples of the Amazon S3 API Reference, "Authenticating Requests".
EXAMPLE = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = {"Host": "examplebucket.s3.amazonaws.com"}


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "body", "signature"),
    [
        (
            *("GET", "/test.txt", {}, {"Range": "bytes=0-9"}, b""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            *("PUT", "/test$file.text", {}),
            {
                "Date": "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class": "REDUCED_REDUNDANCY",
            },
            b"Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            *("GET", "/", {"lifecycle": ""}, {}, b""),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            *("GET", "/", {"prefix": "J", "max-keys": "2"}, {}, b""),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_signatures_are_those_of_the_reference(
    method: str,
    path: str,
    query: dict[str, str],
    headers: dict[str, str],
    body: bytes,
    signature: str,
) -> None:
    whole = signed(
        method,
        encoded(path),
        query,
        {**HOST, **headers},
        body,
        EXAMPLE,
        "us-east-1",
        "20130524T000000Z",
    )
    assert whole["Authorization"].endswith(f"Signature={signature}")
