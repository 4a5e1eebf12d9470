"""What a link in a note leads to: another note, a file beside it, or nothing.

Entry point: `Targets.of_path`. Wikilinks and backlinks go by the same table.
"""

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from notecast.model import Link, NotePath, Url
from notecast.nearest import Nearest

_SOURCES = frozenset((".md", ".markdown", ".qmd", ".rmd", ".rmarkdown"))
NOTE_SUFFIXES = (".md", ".markdown", ".ipynb", ".qmd", ".rmd", ".Rmd", ".Rmarkdown")
FOLDER_NOTES = (
    *("index.md", "_index.md", "README.md", "readme.md"),
    *("index.ipynb", "README.ipynb", "index.qmd", "index.Rmd"),
)


class Target(msgspec.Struct, frozen=True):
    """What a link leads to."""

    kind: Literal["note", "file", "withheld", "missing"]
    path: str
    """Of the note or file; what was looked for where nothing was found."""
    url: Url


@lru_cache(maxsize=1 << 16)
def fold_path(path: str) -> str:
    """What is the same for paths that differ only in case or Unicode normal form."""
    return unicodedata.normalize("NFC", path).casefold()


class Targets:
    """Looks up link targets by path."""

    def __init__(
        self,
        notes: Mapping[NotePath, Url],
        files: Mapping[str, Url],
        withheld: Iterable[str],
        other_names: Mapping[NotePath, Sequence[str]],
    ) -> None:
        """
        Args:
            notes: Address of every published note by path.
            files: Address of every other file of the notes folder by path.
            withheld: Notes that are not published.
            other_names: Aliases of a note, then its title.
        """
        self._found: dict[str, Target] = {}
        for path in withheld:
            self._add(Target("withheld", path, Url("")))
        for path, url in files.items():
            self._add(Target("file", path, url))
        for note, url in notes.items():
            self._add(Target("note", note, url))
        for path in files:
            # What came of `a.Rmd` or of a pair of Jupytext is the note that it means.
            stem, suffix = posixpath.splitext(path)
            if suffix.lower() in _SOURCES:
                of_stem = (NotePath(stem + other) for other in NOTE_SUFFIXES)
                meant = next((one for one in of_stem if one in notes), None)
                if meant is not None:
                    self._found[path] = Target("note", meant, notes[meant])
        self._by_url = {url: Target("note", path, url) for path, url in notes.items()}
        self._by_name: dict[str, list[str]] = {}
        for path in (*notes, *files):
            self._by_name.setdefault(fold_path(path.rpartition("/")[2]), []).append(path)
        self._by_folder: dict[str, list[str]] | None = None
        self._near: dict[str, Nearest] = {}
        self._other_names = other_names
        self._names: _Names | None = None
        self._asked: dict[tuple[str, str], Target] = {}
        self._named: dict[tuple[str, str], Target] = {}

    def _add(self, target: Target) -> None:
        self._found[target.path] = target
        self._found.setdefault(fold_path(target.path), target)

    def of_path(self, origin: NotePath, written: str) -> Target:
        """The target of an ordinary link or image in a note.

        Args:
            origin: The note in which the link stands.
            written: The path as written, percent-decoded, without fragment; a leading `/`
                means the notes folder. Empty means the note itself.

        Returns:
            A `missing` target where there is no such note or file.
        """
        asked = (origin, written)
        known = self._asked.get(asked)
        if known is None:
            known = self._asked[asked] = self._look_up(origin, written)
        return known

    def of_name(self, origin: NotePath, written: str) -> Target:
        """The target of a wikilink: by file name, part of the path, alias or title.

        Of several notes with one name that is taken whose whole path is written,
        else the one in the same folder, else the one with the shortest path, where
        those below the folder come before all others.
        """
        asked = (origin, written)
        known = self._named.get(asked)
        if known is None:
            known = self._named[asked] = self._look_up_name(origin, written)
        return known

    def of_link(self, origin: NotePath, link: Link) -> Target:
        """The target of a link as it was recorded, whichever way it was written."""
        if link.kind == "path":
            return self.of_path(origin, link.target)
        return self.of_name(origin, link.target)

    def ambiguous(self, origin: NotePath, written: str) -> list[str]:
        """The paths of all notes that a name may mean, if there are several."""
        found = self._by_written_name(origin, written) if written else []
        return sorted(target.path for target in found) if len(found) > 1 else []

    def _look_up_name(self, origin: NotePath, written: str) -> Target:
        if not written:
            return self._found[origin]
        if written.startswith(("./", "../")):
            beside = self.of_path(origin, written)
            if beside.kind != "missing":
                return beside
        found = self._by_written_name(origin, written)
        return found[0] if found else Target("missing", written, Url(""))

    def _by_written_name(self, origin: NotePath, written: str) -> list[Target]:
        found = self._by_names().of(written)
        if len(found) > 1:
            folder = origin[: origin.rfind("/") + 1]
            below = [target for target in found if target.path.startswith(folder)]
            here = [target for target in below if "/" not in target.path[len(folder) :]]
            return here if len(here) == 1 else below or found
        return found

    def _by_names(self) -> "_Names":
        if self._names is None:
            self._names = _Names(self._found, self._other_names)
        return self._names

    def name_suggestion(self, written: str) -> str:
        """A name that is like the one that nothing has; empty if none is."""
        return self._by_names().near(written)

    def suggestion(self, missing: str) -> str:
        """The path that was probably meant; empty if none comes to mind.

        Looks for the same file name elsewhere, then for a similar one in the same
        folder, never through all paths: old collections have thousands of dead links.
        """
        same = self._by_name.get(fold_path(posixpath.basename(missing)), [])
        if same:
            return min(same)
        folder = posixpath.dirname(missing)
        if self._by_folder is None:
            self._by_folder = {}
            for paths in self._by_name.values():
                for path in paths:
                    self._by_folder.setdefault(posixpath.dirname(path), []).append(path)
        if folder not in self._near:
            here = self._by_folder.get(folder, ())
            self._near[folder] = Nearest(sorted(posixpath.basename(path) for path in here))
        near = self._near[folder].to(posixpath.basename(missing))
        return posixpath.join(folder, near) if near else ""

    def _look_up(self, origin: NotePath, written: str) -> Target:
        if not written:
            return self._found[origin]
        # Notes that were written on Windows have backslashes.
        path = written.replace("\\", "/")
        base = "" if path.startswith("/") else origin.rpartition("/")[0]
        if path[0] not in "./":
            direct = self._found.get(f"{base}/{path}" if base else path)
            if direct:
                return direct
        wanted = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
        first = wanted
        if wanted == ".." or wanted.startswith("../"):
            return self._by_address(origin, path) or Target("missing", wanted, Url(""))
        # Some collections write paths from a folder further up (docsify, GitHub
        # wikis): the nearest that has such a note or file is meant.
        while True:
            for candidate in self._candidates(wanted, path):
                found = self._found.get(candidate) or self._found.get(fold_path(candidate))
                if found:
                    return found
            if not base or path.startswith("."):
                break
            base = posixpath.dirname(base)
            wanted = posixpath.normpath(posixpath.join(base, path))
        found = self._by_address(origin, path)
        if found is None and path[0] == "/":
            found = self._from_above(origin, path)
        if found is None and path[0] != "/":
            found = self._beside(origin, path)
        if found is None and path[0] not in "./" and path[-1] != "/":
            # Obsidian shortens paths in Markdown's links, too: the only file of that name.
            named = self._by_names().files(path)
            found = named[0] if len(named) == 1 else None
        return found or Target("missing", first, Url(""))

    def _from_above(self, origin: NotePath, path: str) -> Target | None:
        """A file or note named from the root of a site whose root is a folder further down.

        Hexo has pictures in `source/`, MkDocs in `docs/`; Hugo and others publish what
        lies in `static/` or `public/`. Addresses without a suffix are those of pages.
        """
        if posixpath.splitext(path)[1].lower() in ("", ".html"):
            return None
        base: str = origin
        while base:
            base = base.rpartition("/")[0]
            for folder in ("", "static", "public"):
                wanted = posixpath.normpath(posixpath.join(base, folder, path.lstrip("/")))
                found = self._found.get(wanted) or self._found.get(fold_path(wanted))
                if found:
                    return found
        return None

    def _beside(self, origin: NotePath, path: str) -> Target | None:
        """A file in the folder that has the note's name: Hexo's `post_asset_folder`."""
        if not posixpath.splitext(path)[1]:
            return None
        folder = posixpath.splitext(origin)[0]
        wanted = posixpath.normpath(posixpath.join(folder, path))
        found = self._found.get(wanted) or self._found.get(fold_path(wanted))
        return found if found and found.kind == "file" else None

    def _candidates(self, wanted: str, path: str) -> Iterable[str]:
        if not path.endswith("/"):
            yield wanted
            for suffix in NOTE_SUFFIXES:
                yield wanted + suffix
        stem, suffix = posixpath.splitext(wanted)
        if suffix == ".html":
            for note in NOTE_SUFFIXES:
                yield stem + note
        for name in FOLDER_NOTES:
            yield posixpath.normpath(posixpath.join(wanted, name))
        if path.endswith("/"):
            for note in NOTE_SUFFIXES:
                yield wanted + note

    def _by_address(self, origin: NotePath, path: str) -> Target | None:
        """Notes that came from another generator link by address: `../other-note/`."""
        note = self._found.get(origin)
        if note is None or note.kind != "note":
            return None
        address = path if path.startswith("/") else posixpath.join(note.url, path)
        plain = posixpath.normpath(address)
        return self._by_url.get(Url(plain)) or self._by_url.get(Url(plain.rstrip("/") + "/"))


class _Names:
    """Targets by name, as wikilinks write it."""

    def __init__(
        self, found: Mapping[str, Target], other_names: Mapping[NotePath, Sequence[str]]
    ) -> None:
        self._by_name: dict[str, list[Target]] = {}
        self._in_folder: dict[str, list[Target]] = {}
        """By the last two parts of the path: a thousand folders may hold an `index`."""
        self._by_alias: dict[str, list[Target]] = {}
        self._near: Nearest | None = None
        self._asked: dict[str, str] = {}
        self._known: dict[str, list[Target]] = {}
        for target in sorted(set(found.values()), key=_nearest):
            stem, suffix = posixpath.splitext(target.path)
            is_file = target.kind == "file"
            names = [target.path] if is_file or suffix not in NOTE_SUFFIXES else [stem, target.path]
            if posixpath.basename(target.path) in FOLDER_NOTES and "/" in target.path:
                names.append(posixpath.dirname(target.path))
            if "___" in target.path:
                # Logseq writes so what is a slash in the name of a page.
                parts = fold_path(_page(stem)).rsplit("/", 2)
                self._in_folder.setdefault("/".join(parts[-2:]), []).append(target)
            for name in names:
                parts = fold_path(name).rsplit("/", 2)
                self._by_name.setdefault(parts[-1], []).append(target)
                self._in_folder.setdefault("/".join(parts[-2:]), []).append(target)
            for alias in other_names.get(NotePath(target.path), ()):
                known = self._by_alias.setdefault(fold_path(alias), [])
                if target not in known:
                    known.append(target)

    def of(self, written: str) -> list[Target]:
        """What a name may mean, the nearest first."""
        found = self._known.get(written)
        if found is None:
            found = self._of_path(written) or self._by_alias.get(fold_path(written.strip()), [])
            self._known[written] = found
        return found

    def files(self, written: str) -> list[Target]:
        """What is published and has that name and folder, its kind of file being written or not."""
        return [target for target in self._of_path(written) if target.kind != "withheld"]

    def _of_path(self, written: str) -> list[Target]:
        path = fold_path(posixpath.normpath(written.replace("\\", "/").strip("/ ")))
        while path.startswith("../"):
            path = path[3:]
        if "/" in path:
            found = self._in_folder.get("/".join(path.rsplit("/", 2)[-2:]), [])
            found = [target for target in found if _ends_with(target, "/" + path)]
        else:
            found = self._by_name.get(path, [])
        exact = [target for target in found if path == _page(_stem(target))]
        published = [target for target in exact or found if target.kind != "withheld"]
        return published or exact or found

    def near(self, written: str) -> str:
        """A name that is like one that nothing has; empty if none is."""
        if self._near is None:
            self._near = Nearest(sorted(self._by_name.keys() | self._by_alias.keys()))
        known = self._asked.get(written)
        if known is None:
            known = self._asked[written] = self._near.to(fold_path(written))
        return known


def _nearest(target: Target) -> tuple[int, str]:
    return (len(target.path), target.path)


def _stem(target: Target) -> str:
    return fold_path(posixpath.splitext(target.path)[0])


def _page(stem: str) -> str:
    """A path without suffix; of a page of Logseq (`pages/a___b.md`) its name, `a/b`."""
    return stem.rpartition("/")[2].replace("___", "/") if "___" in stem else stem


def _ends_with(target: Target, wanted: str) -> bool:
    path = "/" + fold_path(target.path).replace("___", "/")
    stem = posixpath.splitext(path)[0]
    folder = posixpath.dirname(path)
    return path.endswith(wanted) or stem.endswith(wanted) or folder.endswith(wanted)
