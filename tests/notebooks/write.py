"""Notebooks for tests, written as Jupyter writes them."""

import base64
import json
import struct
import zlib
from typing import Any


def png(width: int = 6, height: int = 4, colour: bytes = b"\xb3\x3f\x08") -> bytes:
    """A small PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + colour * width) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def markdown(text: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, **more, "source": lines(text)}


def code(text: str, *outputs: Any, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": list(outputs),
        **more,
        "source": lines(text),
    }


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"name": name, "output_type": "stream", "text": lines(text)}


def display(**data: Any) -> dict[str, Any]:
    """An output with data by media type; `_` stands for the slash and `__` for a plus."""
    named = {name.replace("__", "+").replace("_", "/"): value for name, value in data.items()}
    return {"data": named, "metadata": {}, "output_type": "display_data"}


def picture(data: bytes) -> dict[str, Any]:
    return display(image_png=base64.b64encode(data).decode() + "\n")


def notebook(*cells: Any, **metadata: Any) -> bytes:
    """The bytes of a notebook."""
    whole = {
        "cells": list(cells),
        "metadata": {"language_info": {"name": "python"}, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()
