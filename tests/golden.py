"""Fixture sites beside what must come of them: see `test_golden.py` and `test_broken.py`.

`pytest --update-golden` writes what comes of them now; read the difference
before you keep it.
"""

import re
import shutil
from pathlib import Path

from notecast import __version__

from .conftest import SiteFolder

HERE = Path(__file__).parent
_FINGERPRINT = re.compile(rb"(/?static/[\w./-]+?)\.[0-9a-f]{10}(\.\w+)")


def copied(site: Path, target: Path) -> SiteFolder:
    """A copy of a fixture site that can be built."""
    shutil.copytree(site, target)
    return SiteFolder(target)


def normalised(tree: dict[str, bytes]) -> dict[str, bytes]:
    """The output without what every change of a style sheet or a release changes.

    Pages and feeds stay whole, but for the fingerprints in the names of the
    theme's own files; of those only the names are kept.
    """
    found = {}
    for path, data in tree.items():
        name = _FINGERPRINT.sub(rb"\1.MARK\2", path.encode()).decode()
        if name != path:
            found[name] = b""
            continue
        if path.endswith((".html", ".xml", ".json", ".txt")):
            data = _FINGERPRINT.sub(rb"\1.MARK\2", data)
            data = data.replace(f"Notecast {__version__}".encode(), b"Notecast VERSION")
            data = data.replace(f'version="{__version__}"'.encode(), b'version="VERSION"')
        found[name] = data
    return found


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_tree(folder: Path, tree: dict[str, bytes]) -> None:
    """Makes a folder hold exactly these files."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
