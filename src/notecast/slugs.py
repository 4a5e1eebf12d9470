"""Makes names fit for addresses: slugs, ids of headings, names of published files.

Entry points: `slugify`, `heading_id`, `safe_part`. All are pure functions of
their text, so that an address stays what it is from build to build.
"""

import hashlib
import posixpath
import re
import unicodedata

MAX_PART = 200
"""Bytes of one part of a path in UTF-8; file systems allow 255, editors and archives add some."""

_ASCII_SLUG = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
_BREAKS = re.compile(r"-{2,}")
_SHARP = re.compile(r"(?<=[^\W\d_])#")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Windows device names, with and without a suffix; the digits include ¹²³."""
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"\\|?*]')
"""Characters that Windows does not allow in names, and controls."""


def slugify(text: str, style: str = "unicode") -> str:
    """A name as one part of an address.

    Letters and digits of all scripts stay, in lower case; all else becomes `-`.
    `C++` is `c-plus-plus` and `C#` is `c-sharp`, so that neither is `c`. The
    result is never empty, a reserved name, or longer than `MAX_PART` bytes.

    Args:
        text: Title, tag, or file name without its suffix.
        style: `unicode`, or `ascii` for pinyin and letters without accents.
    """
    if _ASCII_SLUG.fullmatch(text) and not RESERVED.match(text) and len(text) <= MAX_PART:
        return text
    source = unicodedata.normalize("NFC", text).strip()
    if not source:
        return "untitled"
    slug = _SHARP.sub("-sharp-", source.lower()).replace("+", "-plus-")
    slug = slug.replace("'", "").replace("’", "")
    kept = "".join(char if _is_word(char) else _gap(char) for char in slug)
    lost = False
    if style == "ascii" and not kept.isascii():
        kept, lost = _to_ascii(kept)
    slug = unicodedata.normalize("NFC", _BREAKS.sub("-", kept).strip("-"))
    if not slug.strip("_"):
        return f"n-{_short_hash(source)}"
    if lost:
        # Another script lost letters: two of its names may not become one address.
        slug = f"{slug}-{_short_hash(source)}"
    return _limited(_unreserved(slug))


def heading_id(text: str) -> str:
    """The id of a heading, made as GitHub makes it: punctuation dropped, spaces to `-`."""
    lowered = unicodedata.normalize("NFC", text).lower().strip()
    kept = "".join(
        char if _is_word(char) or char == "-" else "-" if char.isspace() else "" for char in lowered
    )
    return _limited(kept) if kept.strip("-") else "section"


def safe_part(name: str) -> str:
    """A file's name as a part of a published path: itself, unless some disk cannot hold it."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cf", "Cs"))
    name = UNSAFE.sub("-", name).rstrip(". ").lstrip(".")
    name = f"_{name[1:]}" if name.startswith("-") else name
    if not name.strip():
        return "file"
    if len(name.encode()) > MAX_PART:
        stem, suffix = posixpath.splitext(name)
        suffix = suffix if len(suffix.encode()) <= 16 else ""
        stem = stem if suffix else name
        return _limited(stem, MAX_PART - len(suffix.encode())) + suffix
    return _unreserved(name)


def _is_word(char: str) -> bool:
    """Letters, digits and what combines with them: vowel signs belong to their letters."""
    return char == "_" or char.isalnum() or unicodedata.category(char)[0] == "M"


def _gap(char: str) -> str:
    """Invisible marks (directions, joiners) vanish; any other sign parts two words."""
    return "" if unicodedata.category(char) in ("Cf", "Cs") else "-"


def _to_ascii(text: str) -> tuple[str, bool]:
    """Latin letters and digits for any text, and whether some letters have none."""
    from pypinyin import lazy_pinyin

    words = "-".join(lazy_pinyin(text))
    plain = unicodedata.normalize("NFKD", words.replace("ß", "ss").replace("ø", "o"))
    bare = "".join(char for char in plain if not unicodedata.category(char).startswith("M"))
    # Compatibility forms fall into several signs: ⒈ is `1.`, which no slug may hold.
    ascii_only = "".join(char if char.isascii() and _is_word(char) else "-" for char in bare)
    return ascii_only.lower(), not bare.isascii()


def _unreserved(name: str) -> str:
    match = RESERVED.match(name)
    return f"{match.group()}_{name[match.end() :]}" if match else name


def _limited(part: str, limit: int = MAX_PART) -> str:
    """`part`, cut at a character with a hash of the whole where it is too long."""
    data = part.encode()
    if len(data) <= limit:
        return part
    return data[: limit - 9].decode("utf-8", "ignore").rstrip("-_. ") + "-" + _short_hash(part)


def _short_hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
