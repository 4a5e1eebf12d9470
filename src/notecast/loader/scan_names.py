"""What the name of a file says: private, ignored, or impossible on other systems.

Entry points: `is_private`, `ignore_pattern`, `not_portable`, `names_problem`,
`without_sources`.
"""

import re
from collections.abc import Callable, Collection, Iterable

from notecast.problems import Problem

# Backups, locks and left-overs of programs, then what must never be public:
# keys and certificates, and databases (Zotero's lies in the folder of notes).
_PRIVATE = re.compile(
    r"""
    \#.*\# | .*\.(?:swp|swo|swx|tmp|temp|bak|orig|rej|part|crdownload|lock|pyc)
    | thumbs\.db | desktop\.ini | icon\r | ehthumbs\.db
    | id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)? | .*\.(?:pem|crt|p12|pfx|ppk|kdbx?|keystore|jks)
    | .*\.(?:sqlite|sqlite3|sqlite-journal|sqlite-wal|sqlite-shm|sqlite\.bak)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# Most names end in one of these and need no closer look.
_ORDINARY = (".md", ".png", ".jpg", ".svg", ".jpeg", ".webp", ".gif", ".pdf", ".markdown")

# Naming rules of Windows: reserved characters and device names, no dot or space at the end.
_NOT_PORTABLE = re.compile(
    r"""[\x00-\x1f<>:"\\|?*]|[ .]\Z|\A(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)""",
    re.IGNORECASE,
)
_WRITTEN = (".md", ".markdown")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SOURCE_SUFFIXES = (".qmd", ".rmd", ".rmarkdown")
"""Of notes with code that a program runs: it may leave what came of them beside them, as
Markdown. Files that begin with `_` are parts of others."""
MAX_NAME = 255
"""Bytes; the limit of most file systems, in UTF-8 on Linux."""


def is_private(name: str) -> bool:
    """Whether a file must not be published, whoever links to it."""
    return not name.endswith(_ORDINARY) and _PRIVATE.fullmatch(name) is not None


def without_sources(paths: Collection[str]) -> set[str]:
    """The notes among paths that are no source of another one, and no part of one."""
    known = {path.lower() for path in paths}
    return {
        path
        for path in paths
        if not (
            path.lower().endswith(SOURCE_SUFFIXES)
            and (
                path.rpartition("/")[2].startswith("_")
                or any(f"{path.lower().rpartition('.')[0]}{end}" in known for end in _WRITTEN)
            )
        )
    }


def not_portable(name: str) -> str:
    """Why some disk or archive cannot hold a name; empty if all can."""
    match = _NOT_PORTABLE.search(name)
    if match is not None:
        found = match.group()
        if found in (" ", "."):
            return "the name ends with a space or a dot, which Windows cannot hold"
        if len(found) == 1:
            return f"the name has {found!r}, which Windows cannot hold"
        return "the name is reserved on Windows"
    if name.isascii():
        return "the name begins with a dash, which programs take for an option" * (name[0] == "-")
    if _INVISIBLE.search(name):
        return "the name has invisible characters"
    size = len(name.encode())
    return f"the name has {size} bytes; 200 are safe" if size > 200 else ""


def names_problem(prefix: str, first: str, second: str, *, same: bool) -> Problem:
    """Two paths that are one on some disks, or (`same`) after Unicode normalisation."""
    if same:
        message = f"two files are both called {second} once composed (NFC); one is not read"
    else:
        message = f"the name differs from {prefix}{first} only in case"
    hint = "rename one of them: some disks hold only one"
    return Problem("file-name-is-unique", "error", prefix + second, 0, 0, message, hint)


def ignore_pattern(patterns: Iterable[str]) -> Callable[[str, bool], bool] | None:
    """A test of paths against patterns as in `.gitignore`; `None` if there are none.

    A pattern without `/` (but at its end) matches a name at any depth; others
    match from the top. A `/` at the end means folders only. `*` stops at `/`,
    `**` does not. There is no `!`.
    """
    anything: list[str] = []
    folders: list[str] = []
    for pattern in patterns:
        text = pattern.strip()
        bare = text.strip("/")
        if not bare:
            continue
        anchored = "/" in text.rstrip("/")
        expression = ("" if anchored else "(?:.*/)?") + _translate(bare)
        (folders if text.endswith("/") else anything).append(expression)
    if not anything and not folders:
        return None
    files = re.compile("|".join(anything) or r"(?!)", re.DOTALL)
    both = re.compile("|".join([*anything, *folders]), re.DOTALL)
    return lambda path, is_folder: (both if is_folder else files).fullmatch(path) is not None


def _translate(pattern: str) -> str:
    parts = re.split(r"(\*\*/|/\*\*|\*\*|\*|\?|\[[^\]/]+\])", pattern)
    special = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(
        special.get(part)
        or (
            "[" + part[1:].replace("!", "^", 1)
            if part.startswith("[") and part.endswith("]")
            else re.escape(part)
        )
        for part in parts
    )
