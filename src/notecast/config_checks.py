"""What values of the configuration must be like beyond their type.

Each function takes the value as written and returns it as it is kept, or
raises `Unfit`; `config.py` names them in the metadata of its fields.
"""

import re
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote, urlsplit

from notecast.urls import PLACEHOLDERS, check_pattern

PLACEHOLDERS_SHOWN = ", ".join(f"`:{name}`" for name in PLACEHOLDERS)


class Unfit(ValueError):
    """A value that cannot be used: what is wrong with it, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def each(parse: Callable[[str], str]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """A check of every item of a list."""
    return lambda values: tuple(parse(value) for value in values)


def base_url(value: str) -> str:
    """An absolute web address with an optional sub-path, without a slash at its end.

    Host and path come back in ASCII (RFC 3986, section 2.1; RFC 3490, section 4).
    """
    text = value.strip()
    if not text:
        return ""
    example = "write it whole, such as https://example.org or https://example.org/notes"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise Unfit(f'"{value}" is not a web address', example) from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\\]", text):
        bare = re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?", text)
        hint = f"write https://{text}" if bare else example
        raise Unfit(f'"{value}" is not a web address with scheme and host', hint)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise Unfit(
            f'"{value}" holds more than scheme, host and sub-path',
            "leave out what follows ? or # and any user name",
        )
    if {"..", "."} & set(parts.path.split("/")) or "//" in parts.path:
        raise Unfit(f'the sub-path of "{value}" is not in its plain form', "leave out ., .. and //")
    host = f"[{host}]" if ":" in host else host
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._").rstrip("/")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}"


def language(value: str) -> str:
    """A language tag in its usual case, such as `en`, `zh-CN` or `zh-Hant-TW` (BCP 47)."""
    hint = "write a language tag such as en, zh-CN, zh-TW or ja"
    if re.fullmatch(r"[A-Za-z]{2,3}(_[A-Za-z0-9]+)+", value):
        raise Unfit(f'"{value}" is not a language tag', f"write {value.replace('_', '-')}")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value):
        raise Unfit(f'"{value}" is not a language tag', hint)
    first, *rest = value.split("-")
    # RFC 5646, section 2.1.1: scripts are written Hant, regions TW, the rest small.
    cased = [part.title() if len(part) == 4 else part.lower() for part in rest]
    cased = [part.upper() if len(part) == 2 else part for part in cased]
    return "-".join((first.lower(), *cased))


def timezone(value: str) -> str:
    """The name of a zone in the IANA time zone database."""
    if value == "UTC":
        return value
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value)
        return value
    except (OSError, ValueError, KeyError):  # a folder, a bad name, none of that name
        import difflib

    zones = {zone.lower(): zone for zone in available_timezones()}
    near = difflib.get_close_matches(value.lower(), sorted(zones), n=1, cutoff=0.7)
    cities = [zone for low, zone in sorted(zones.items()) if low.endswith("/" + value.lower())]
    if cities or near:
        hint = f'did you mean "{cities[0] if cities else zones[near[0]]}"?'
    else:
        hint = "write the name of a zone such as Asia/Shanghai, Europe/Berlin or UTC"
    raise Unfit(f'there is no time zone "{value}"', hint)


def folder(value: str) -> str:
    """The path of a folder, seen from the site's own."""
    if not value.strip() or "\0" in value:
        raise Unfit(f"{value!r} is not a folder", "write a path such as public")
    if PureWindowsPath(value).drive or PurePosixPath(value).is_absolute():
        return value
    return value.replace("\\", "/").rstrip("/")


def permalink(value: str) -> str:
    """A pattern of addresses: a path with placeholders that gives each note its own."""
    bad = check_pattern(value)
    if bad:
        raise Unfit(bad.message, bad.hint)
    if not any(f":{name}" in value for name in ("path", "slug", "title", "filename")):
        raise Unfit(
            f'"{value}" would give all notes one address', "it needs :path, :slug or :title"
        )
    return value


def edit_url(value: str) -> str:
    """A pattern of web addresses that holds `:path`."""
    if value and (":path" not in value or not re.match(r"https?://[^\s/]+/\S*$", value)):
        raise Unfit(
            f'"{value}" is not a web address that holds :path',
            "write it like https://github.com/NAME/REPOSITORY/edit/main/notes/:path",
        )
    return value


EDITORS = {
    # As each editor registers it with the system.
    "vscode": "vscode://file:path::line::column",
    "vscode-insiders": "vscode-insiders://file:path::line::column",
    "vscodium": "vscodium://file:path::line::column",
    "cursor": "cursor://file:path::line::column",
    "zed": "zed://file:path::line::column",
    "idea": "idea://open?file=:path&line=:line&column=:column",
    "pycharm": "pycharm://open?file=:path&line=:line&column=:column",
    "textmate": "txmt://open?url=file://:path&line=:line&column=:column",
    "obsidian": "obsidian://open?path=:path",
}
"""Addresses that open a file, by the editor's name."""


def editor(value: str) -> str:
    """The address that opens a file in an editor, by the editor's name or as it is written."""
    text = value.strip()
    if not text or text in EDITORS:
        return EDITORS.get(text, "")
    if re.fullmatch(r"[\w-]+", text):
        raise Unfit(
            f'there is no editor "{text}"',
            meant(text, list(EDITORS)) or f"known are: {', '.join(EDITORS)}",
        )
    # The address becomes a link: a script must not.
    bad = re.match(r"(?i)(javascript|data|vbscript|blob):", text)
    if bad or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+$", text) or ":path" not in text:
        raise Unfit(
            f'"{value}" is not an address that holds :path',
            "write it like vscode://file:path::line::column",
        )
    return text


def style(value: str) -> str:
    """The name of a Pygments style."""
    if value in ("xcode", "lightbulb"):  # the defaults, known without an import
        return value
    from pygments.styles import get_all_styles

    known = sorted(get_all_styles())
    if value not in known:
        raise Unfit(f'there is no colour style "{value}"', meant(value, known))
    return value


def python_name(value: str) -> str:
    """A name inside a module: `package.module:name`."""
    if not re.fullmatch(r"\w+(\.\w+)*:\w+", value):
        raise Unfit(f'"{value}" does not name a feature', 'write "module:name"')
    return value


def meant(word: str, known: list[str]) -> str:
    """A hint for a word that is not known: the nearest that is, or all of them if they are few."""
    import difflib

    by_fold = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    if near:
        return f'did you mean "{by_fold[near[0]]}"?'
    return f"known are: {', '.join(known)}" if 0 < len(known) <= 12 else ""
