"""Makes addresses, and knows the way between an address and a file.

Entry points: `note_url` for notes, `check_address` for addresses that an author
demands, `quote` and `output_path` between file names and addresses; `slugify`,
`heading_id` and `safe_part` come from `slugs`. Everything here is a pure function of strings.
An address (`Url`) is percent-encoded as RFC 3986 §2 says, so that it is ASCII
and fits any attribute or header; a path on disk is decoded and NFC.
"""

import posixpath
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator, Sequence
from datetime import date as _date
from typing import NamedTuple

from notecast.model import Url
from notecast.problems import Problem
from notecast.slugs import MAX_PART, RESERVED, UNSAFE, heading_id, safe_part, slugify

__all__ = ["heading_id", "safe_part", "slugify"]


class BadAddress(NamedTuple):
    """Why an address that an author demands is refused."""

    message: str
    hint: str


_PLAIN_ADDRESS = re.compile(r"(?:/[A-Za-z0-9_-]+)+/")
_QUOTED_SAFE = re.compile(r"[A-Za-z0-9/_.~-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FILE_SUFFIX = re.compile(r"\.(?:html?|xml|json|txt|xhtml)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r":([a-z_]+)")
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T[\d:]+Z?)?(?:[-_ ]+(.+))?", re.ASCII)
_JOURNAL = re.compile(r"(\d{4})_(\d{2})_(\d{2})()", re.ASCII)
_INDEX_STEMS = frozenset(("index", "readme", "_index"))
DEFAULT_PATTERN = "/notes/:path/"
PLACEHOLDERS = ("path", "slug", "title", "filename", "year", "month", "day", "category")


def quote(path: str) -> Url:
    """The address of a decoded path: every byte outside RFC 3986's unreserved set encoded."""
    if _QUOTED_SAFE.fullmatch(path):
        return Url(path)
    normal = unicodedata.normalize("NFC", path)
    return Url(urllib.parse.quote(normal, safe="/~", errors="replace"))


def unquote(url: str) -> str:
    """The decoded path of an address, NFC."""
    if "%" not in url and url.isascii():
        return url
    return unicodedata.normalize("NFC", urllib.parse.unquote(url))


def output_path(url: str) -> str:
    """The file below the output folder that serves an address: `/x/` → `x/index.html`.

    Raises:
        ValueError: The address would leave the output folder; `check_address`
            and `slugify` never make such a one.
    """
    if _PLAIN_ADDRESS.fullmatch(url):  # nearly all; what follows takes five times as long
        return f"{url[1:]}index.html"
    path = unquote(url)
    parts = path.split("/")
    if (
        parts[0]
        or not path
        or any(part in ("", ".", "..") for part in parts[1:-1])
        or parts[-1] in (".", "..")
    ):
        raise ValueError(f"not an address inside the site: {url!r}")
    if "\0" in path or "\\" in path:
        raise ValueError(f"not an address inside the site: {url!r}")
    return path[1:] + ("index.html" if path.endswith("/") else "")


def address_key(url: str) -> str:
    """Equal for two addresses that one disk or one reader would take for the same (NFC, case)."""
    path = unquote(url).removesuffix("index.html")
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", path.casefold())


def check_slug(slug: str) -> BadAddress | None:
    """Why `slug` from a header is refused, `None` if `slugify` may have it."""
    if "\\" in slug:
        return BadAddress(f'"{_shown(slug)}" has a backslash', "write / or leave it out")
    if not slug.strip():
        return BadAddress("the slug is empty", "remove it, or write a word")
    if not slug.strip(". ") or _has_control(slug):
        return BadAddress(f'"{_shown(slug)}" is not a name', "write a word")
    if len(slug.encode("utf-8", "replace")) > MAX_PART:
        return BadAddress(f'"{_shown(slug)}" is longer than {MAX_PART} bytes', "shorten it")
    return None


def check_address(written: str) -> Url | BadAddress:
    """An address inside the site as an author demands it in `permalink` or `aliases`.

    `about`, `/about` and `/about/index.html` are `/about/`; what ends in `.html`
    or another page suffix is a file. Placeholders such as `:year` stay.

    Args:
        written: The author's text, percent-encoded or not.

    Returns:
        The address, or why it is refused: nothing may lead out of the site, hide
        a file, or name what some disk cannot hold.
    """
    text = written.strip()
    shown = _shown(text)
    if not text:
        return BadAddress("the address is empty", "remove it, or write one such as /about/")
    if is_external(text):
        return BadAddress(f'"{shown}" leads out of the site', "begin with one slash: /about/")
    decoded = urllib.parse.unquote(urllib.parse.unquote(text))
    if _has_control(decoded):
        return BadAddress(f'"{shown}" has control characters', "remove them")
    if "\\" in decoded:
        return BadAddress(f'"{shown}" has a backslash', "separate folders with /")
    if "?" in decoded or "#" in decoded:
        return BadAddress(f'"{shown}" has a query or fragment', "remove ? and # and what follows")
    path = unicodedata.normalize("NFC", urllib.parse.unquote(text)).lstrip("/")
    path = path.removesuffix("index.html") if path.endswith(("/index.html",)) else path
    if path in ("index.html", ""):
        return Url("/")
    parts = path.rstrip("/").split("/")
    for index, part in enumerate(parts):
        bad = _check_part(part, shown, last=index == len(parts) - 1)
        if bad is not None:
            return bad
    is_file = not path.endswith("/") and _FILE_SUFFIX.fullmatch(posixpath.splitext(path)[1])
    address = urllib.parse.quote("/" + "/".join(parts), safe="/~:")
    return Url(address if is_file else address + "/")


def _check_part(part: str, shown: str, *, last: bool) -> BadAddress | None:
    folded = unicodedata.normalize("NFKC", urllib.parse.unquote(part)).strip()
    if folded in ("", ".", "..") or "/" in folded or "\\" in folded:
        message = f'"{shown}" has an empty part or dots for a folder'
        return BadAddress(message, "write the whole path: /notes/flow/")
    if part[0] in ".~" or UNSAFE.search(_PLACEHOLDER.sub("", part)):
        return BadAddress(
            f'"{shown}" has a part that begins with . or ~, or one of <>:"|?*', _PLAIN
        )
    if part[-1] in ". " or part[0] == " " or RESERVED.match(part):
        return BadAddress(f'"{shown}" cannot be a file name on Windows', "choose another name")
    if len(part.encode("utf-8", "replace")) > MAX_PART:
        return BadAddress(f'"{shown}" has a part longer than {MAX_PART} bytes', "shorten it")
    if not last and _FILE_SUFFIX.fullmatch(posixpath.splitext(part)[1]):
        return BadAddress(f'"{shown}" has a file name for a folder', "remove what follows it")
    return None


_PLAIN = "use letters, digits and -"


def _has_control(text: str) -> bool:
    return any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)


def _shown(text: str) -> str:
    visible = "".join(char if char.isprintable() else "�" for char in text[:61])
    return visible if len(text) <= 60 else visible[:59] + "…"


def split_dated_name(path: str) -> tuple[str, str]:
    """Date and name of a note whose file (or bundle folder) is called `2024-01-05-title.md`.

    Returns:
        `("2024-01-05", "title")`; the date is empty where there is none, and the
        name is the whole one where the date is all there is. Logseq writes
        `2024_01_05`.
    """
    stem = _whole_name(path)
    match = _DATED.fullmatch(stem) or _JOURNAL.fullmatch(stem)
    if match is None:
        return "", stem
    try:
        day = _date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return "", stem
    return day, match[4] or stem


def note_url(
    path: str,
    *,
    slug: str = "",
    permalink: str = "",
    pattern: str = "",
    title: str = "",
    date: str = "",
    categories: Sequence[str] = (),
    style: str = "unicode",
    shown_path: str = "",
) -> tuple[Url, list[Problem]]:
    """The address of a note.

    Args:
        path: The note file below the notes folder: `cv/2024-01-05-tsn.md`. A
            folder's `index.md` or `README.md` has the address of the folder.
        slug: From the header: replaces the last part of the path, or with slashes, checked
            like a permalink, all of it.
        permalink: From the header, checked; may hold placeholders. Wins over all.
        pattern: The site's `permalink` (see `PLACEHOLDERS`); empty: `DEFAULT_PATTERN`.
        title: For `:title`.
        date: Canonical date for `:year`, `:month`, `:day`; where it is empty, so are they.
        categories: For `:category`, the first one, with its parents.
        style: Of `slugify`.
        shown_path: The file as the author knows it, for problems.

    Returns:
        The address, and a warning where a name was too long for one.
    """
    whole = permalink or (slug if "/" in slug else "")
    if whole and ":" not in whole:
        return Url(whole), []
    folder, file = posixpath.split(path)
    if posixpath.splitext(file)[0].lower() in _INDEX_STEMS:
        folder = posixpath.dirname(folder)
    name = split_dated_name(path)[1]
    own = slugify(slug or name, style) if slug or name else ""
    whole = "/".join([*(slugify(part, style) for part in folder.split("/") if part), own])
    category = categories[0] if categories else ""
    known = {
        "path": whole,
        "slug": own,
        "title": slugify(title, style) if title else own,
        "filename": slugify(name, style) if name else "",
        "year": date[:4],
        "month": date[5:7],
        "day": date[8:10],
        "category": "/".join(slugify(part, style) for part in category.split("/") if part),
    }
    wanted = permalink or pattern or DEFAULT_PATTERN
    filled = _PLACEHOLDER.sub(lambda match: quote(known.get(match[1], "")), _quote_around(wanted))
    # An undated note has no `:year`: the part that it leaves empty vanishes.
    parts = [part.strip("-") for part in filled.split("/") if part.strip("-")]
    is_file = not filled.endswith("/") and _FILE_SUFFIX.fullmatch(posixpath.splitext(filled)[1])
    url = Url("/" + "/".join(parts) + ("" if is_file or not parts else "/"))
    # A slug stands in place of the name of the file.
    used = posixpath.dirname(path) if slug else path
    return url, _long_names(used, shown_path or path)


def spare_urls(path: str, style: str) -> Iterator[Url]:
    """Addresses for a note whose own one another note has, the best first.

    Args:
        path: The note file below the notes folder.
        style: Of `slugify`.
    """
    yield note_url(path, style=style)[0]
    yield note_url(path, slug=_whole_name(path), style=style)[0]
    stem = posixpath.splitext(posixpath.basename(path))[0]
    # `README.md` beside `index.md`, and `tsn/index.md` beside `tsn.md`.
    yield Url(note_url(path, style=style)[0] + quote(slugify(stem, style)) + "/")


def index_rank(path: str) -> int:
    """Which of several files is the page of their folder: 0 for its index, 1 for `README`,
    2 for others."""
    stem = posixpath.splitext(posixpath.basename(path))[0].lower()
    return 1 if stem == "readme" else 0 if stem in _INDEX_STEMS else 2


def _whole_name(path: str) -> str:
    """The name of a note's file without its suffix, or of the folder whose index it is."""
    folder, file = posixpath.split(path)
    stem = posixpath.splitext(file)[0]
    return posixpath.basename(folder) if stem.lower() in _INDEX_STEMS else stem


def _long_names(path: str, shown: str) -> list[Problem]:
    long = [part for part in path.split("/") if len(part.encode("utf-8", "replace")) > MAX_PART]
    message = "{} bytes are too many for one part of an address; it was cut and given a hash"
    return [
        Problem(
            "address-is-short",
            "warning",
            shown,
            0,
            0,
            message.format(len(part.encode("utf-8", "replace"))),
            "rename the file, or give the note a slug",
        )
        for part in long
    ]


def _quote_around(pattern: str) -> str:
    """A permalink pattern, percent-encoded around its placeholders."""
    return urllib.parse.quote(unquote(pattern), safe="/~:")


def check_pattern(pattern: str) -> BadAddress | None:
    """Why a permalink pattern is refused, `None` if it is good."""
    for name in _PLACEHOLDER.findall(pattern):
        if name not in PLACEHOLDERS:
            known = ", ".join(f":{known}" for known in PLACEHOLDERS)
            return BadAddress(f"there is no placeholder :{name}", f"there are {known}")
    checked = check_address(pattern)
    return checked if isinstance(checked, BadAddress) else None


def is_external(href: str) -> bool:
    """Whether a link names a scheme or a host (RFC 3986 §4.2)."""
    return href.startswith("//") or _SCHEME.match(href) is not None


def split_fragment(href: str) -> tuple[str, str]:
    """`("x/", "top")` for `x/#top`."""
    path, _, fragment = href.partition("#")
    return path, fragment


def join(base: str, relative: str) -> str:
    """A relative address as seen from a page (RFC 3986 §5.2), never above the site.

    Args:
        base: Address of the page: `/notes/cv/tsn/`.
        relative: Path, with query and fragment as they are: `../x.png`.
    """
    if is_external(relative):
        return relative
    cut = re.search(r"[?#]", relative)
    path, rest = (relative[: cut.start()], relative[cut.start() :]) if cut else (relative, "")
    if not path:
        return base + rest
    whole = path if path.startswith("/") else base[: base.rfind("/") + 1] + path
    kept: list[str] = []
    for part in whole.split("/")[1:]:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    ends_open = whole.endswith(("/", "/.", "/.."))
    joined = "/" + "/".join(part for part in kept if part)
    return (joined.rstrip("/") + "/" if ends_open else joined) + rest
