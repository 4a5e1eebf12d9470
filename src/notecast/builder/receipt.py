"""What the last build was made from and what came of it.

If everything is still the same, there is nothing to do, and the build ends
before it loads a single post.
"""

import msgspec

from notecast.builder.cache import Cache
from notecast.problems import Problem

NAME = "receipt"


class Receipt(msgspec.Struct, frozen=True):
    signature: str
    """Digest of all inputs."""
    built: float
    """When, in seconds since 1970: a clock that goes back makes the receipt void."""
    until: float
    """When a note starts or ends being public next."""
    notes: int
    pages: int
    files: int
    """Pages and what steps on them have made."""
    problems: list[Problem]


_RECEIPT = msgspec.msgpack.Decoder(Receipt)


def read_receipt(cache: Cache, now: float) -> Receipt | None:
    """The receipt of the last build, if the clock has made it void for nobody."""
    stored = cache.value(NAME)
    if not stored:
        return None
    try:
        receipt = _RECEIPT.decode(stored)
    except msgspec.MsgspecError:
        return None
    return receipt if receipt.built <= now < receipt.until else None


def write_receipt(cache: Cache, receipt: Receipt) -> None:
    cache.set_value(NAME, msgspec.msgpack.encode(receipt))


def drop_receipt(cache: Cache) -> None:
    cache.set_value(NAME, b"")
