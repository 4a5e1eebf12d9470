"""Digests: what decides whether anything has to be done again."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from notecast.model import Digest

# Mappings are encoded in the order in which they were made, which is that of
# the code or of the source file: sorting ten thousand contexts costs a second.
_encode = msgspec.msgpack.Encoder().encode


def digest_bytes(data: bytes) -> Digest:
    """128 bits of BLAKE2b, in hex."""
    return Digest(blake2b(data, digest_size=16).hexdigest())


def digest_of(*values: object) -> Digest:
    """Digest of plain data and structs, the same in every process."""
    return digest_bytes(_encode(values))


@cache
def code_stamp() -> Digest:
    """Digest of this package's own code: other code may make other pages."""
    package = Path(__file__).parent.parent
    state = blake2b(digest_size=16)
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".yaml"} and path.is_file():
            state.update(path.relative_to(package).as_posix().encode())
            state.update(path.read_bytes())
    return Digest(state.hexdigest())


@cache
def library_stamp() -> Digest:
    """Digest of the versions of Python and of the libraries that make pages."""
    import sys
    from importlib.metadata import PackageNotFoundError, version

    versions = [sys.version]
    for name in (
        "markdown-it-py",
        "mdit-py-plugins",
        "mdurl",
        "pygments",
        "jinja2",
        "markupsafe",
        "pyyaml",
        "nh3",
        "math-core",
        "pykatex",
        "pypinyin",
    ):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(name)
    return digest_of(versions)
