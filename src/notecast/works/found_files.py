"""Bibliographies that other programs were told of, for sites whose `site.yaml` names none.

Entry point: `found_files`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

CONFIGS = (
    *("_config.yml", "*/_config.yml", "myst.yml", "*/myst.yml"),
    *("_quarto.yml", "_bookdown.yml", "mkdocs.yml"),
)
"""Of Jupyter Book and Jekyll, MyST, Quarto, bookdown, MkDocs; patterns below the site folder."""
FOLDER = "_bibliography"
"""Of jekyll-scholar."""
MAX_BYTES = 300_000
_KEY = re.compile(
    r"^[ \t]*-?[ \t]*(?:bibtex_bibfiles|bibliography|bib_file)[ \t]*:[ \t]*(?P<value>[^\n]*)"
    r"(?P<items>(?:\n[ \t]*-[ \t]+[^\n]+)*)",
    re.MULTILINE,
)
_NAME = re.compile(r"[^\s,\[\]\"'#][^,\[\]\"'#\n]*\.(?:bib|bibtex|json)\b", re.IGNORECASE)


def found_files(root: Path) -> list[str]:
    """Paths relative to the site folder, as they are found; some may not be there.

    Files that a configuration names count first, then those of jekyll-scholar; if there is
    neither, all that lie in the site folder itself.
    """
    found: dict[str, None] = {}
    for config in _matching(root, CONFIGS):
        for name in _named(config):
            for place in (config.parent / name.lstrip("/"), config.parent / FOLDER / name):
                if place.is_file():
                    found[_below(place, root)] = None
                    break
    for pattern in (f"{FOLDER}/*.bib", "*.bib"):
        if not found:
            found = dict.fromkeys(_below(file, root) for file in _matching(root, (pattern,)))
    return list(found)


def _matching(root: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        try:
            yield from (path for path in sorted(root.glob(pattern)) if path.is_file())
        except OSError:
            continue


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _named(config: Path) -> list[str]:
    try:
        if config.stat().st_size > MAX_BYTES:
            return []
        text = config.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return []
    return [
        name[0].strip()
        for match in _KEY.finditer(text)
        for name in _NAME.finditer(f"{match['value']}\n{match['items']}".replace("- ", "\n"))
    ]
