"""Commands of authors in files: where other programs that set formulas are told them.

Nothing is run. Read are definitions of TeX (`\\newcommand …`), the table `macros` of MathJax
and KaTeX in JavaScript, HTML or YAML, and lines `\\name:{…}` of mdbook-katex.
Entry point: `definitions`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from notecast.features.math.macro_tables import table_definitions, tex_definitions

PLACES = (
    # Obsidian's "Extended MathJax", and what LaTeX calls its own.
    *("preamble.sty", "preamble.tex", "macros.sty", "macros.tex", "_macros.tex"),
    # Jekyll, Hugo.
    *("_includes/**/*.html", "_layouts/*.html", "layouts/**/*.html"),
    # MkDocs, Sphinx.
    *("javascripts/*.js", "*/javascript/*.js", "*/javascripts/*.js", "*/js/*.js", "*/_static/*.js"),
    # Jupyter Book, MyST, Quarto, mdBook.
    *("_config.yml", "*/_config.yml", "myst.yml", "*/myst.yml", "conf.py", "*/conf.py"),
    *("_quarto.yml", "book.toml"),
)
"""Where files are looked for if `site.yaml` names none, as patterns below the site folder."""
MAX_BYTES = 300_000
MAX_FILES = 400
_NOT_THERE = re.compile(r"(?:\A|/)(?:\.[^/]*|node_modules|_site|public|_build|themes)(?:/|\Z)")
_SIGN = re.compile(
    r"[mM]acros\b|\bmath:|\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|g?def|let)\b"
)
_MDBOOK = re.compile(r"^[ \t]*(\\[A-Za-z]+):(.+?)[ \t]*$", re.MULTILINE)
_HEADERS = ("include-in-header", "include-before-body", "include-after-body")


def definitions(written: Sequence[str] | None, root: Path) -> tuple[str, ...]:
    """Definitions in TeX, in the order in which they hold.

    Args:
        written: Files that `site.yaml` names, relative to the site folder; `None` for those
            that other programs have by convention. What leads out of the folder is left out.
        root: The site folder.
    """
    found: dict[str, None] = {}
    for path in _files(PLACES if written is None else written, root):
        text = _text(path)
        if text and (_SIGN.search(text) or path.name in ("_quarto.yml", "book.toml", "macros.txt")):
            found.update(dict.fromkeys(_of_file(path, text, root)))
    return tuple(found)


def _files(patterns: Iterable[str], root: Path) -> list[Path]:
    """Plain files inside the site folder, without those that programs made."""
    found: dict[Path, None] = {}
    with suppress(OSError, ValueError, NotImplementedError, IndexError):
        for pattern in patterns:
            for path in sorted(root.glob(pattern)) if "*" in pattern else [root / pattern]:
                if len(found) >= MAX_FILES:
                    return list(found)
                if _inside(path, root) and path.is_file():
                    found[path] = None
    return list(found)


def _inside(path: Path, root: Path) -> bool:
    try:
        below = path.resolve().relative_to(root.resolve()).as_posix()
    except (OSError, ValueError, RuntimeError):
        return False
    return not _NOT_THERE.search(below)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            return ""
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _of_file(path: Path, text: str, root: Path) -> Iterator[str]:
    if path.suffix in (".yml", ".yaml"):
        yield from _of_yaml(path, text, root)
    elif path.name == "book.toml":
        with suppress(tomllib.TOMLDecodeError, AttributeError, TypeError, KeyError):
            named = tomllib.loads(text)["preprocessor"]["katex"]["macros"]
            for file in _files([str(named)], root):
                yield from _of_lines(_text(file))
    elif path.suffix == ".txt":
        yield from _of_lines(text)
    else:
        yield from tex_definitions(text)
        yield from table_definitions(text)


def _of_lines(text: str) -> Iterator[str]:
    """`\\name:{body}`, https://github.com/lzanini/mdbook-katex#custom-macros."""
    for match in _MDBOOK.finditer(text):
        yield from _defined(match[1], match[2])


def _of_yaml(path: Path, text: str, root: Path) -> Iterator[str]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError):
        yield from table_definitions(text)
        return
    yield from _of_value(data, path, root, 0)


def _of_value(value: Any, path: Path, root: Path, depth: int) -> Iterator[str]:
    """Tables `macros` at any depth, MyST's `math`, and the files that Quarto puts into pages."""
    if depth > 20:
        return
    if isinstance(value, list):
        for item in value:
            yield from _of_value(item, path, root, depth + 1)
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        is_table = name == "macros" or (name == "math" and path.name == "myst.yml")
        if is_table and isinstance(inner, dict):
            for command, body in inner.items():
                yield from _defined(str(command), body)
        elif name in _HEADERS:
            yield from _of_header(inner, path, root)
        else:
            yield from _of_value(inner, path, root, depth + 1)


def _of_header(value: Any, path: Path, root: Path) -> Iterator[str]:
    """https://quarto.org/docs/output-formats/html-basics.html#includes"""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("text"), str):
            text = item["text"]
        else:
            named = item.get("file", "") if isinstance(item, dict) else item
            file = path.parent / str(named)
            text = _text(file) if _inside(file, root) and file.is_file() else ""
        yield from tex_definitions(text)
        yield from table_definitions(text)


def _defined(name: str, body: Any) -> Iterator[str]:
    """One entry of a table: a text, `[text, arguments, default]`, or MyST's `{macro: text}`."""
    from notecast.features.math.macro_tables import definition

    if isinstance(body, Mapping):
        body = body.get("macro", "")
    parts = body if isinstance(body, list) else [body]
    if parts and isinstance(parts[0], str):
        default = parts[2] if len(parts) > 2 and isinstance(parts[2], str) else None
        made = definition(name, parts[0], default)
        if made:
            yield made
