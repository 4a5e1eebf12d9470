"""Where templates and their static files come from: the site's own folder, then the default theme.

Entry point: `Theme.load`.
"""

from pathlib import Path

import msgspec

from notecast.plain_files import real_path
from notecast.problems import Problem

TEMPLATE_SUFFIXES = {".html", ".xml", ".json", ".txt"}


def default_templates() -> Path:
    """The folder of the default theme: inside an installed package, or beside `src/`."""
    package = Path(__file__).parent.parent
    installed = package / "_data" / "templates"
    return installed if installed.is_dir() else package.parent.parent / "templates"


def generated_fonts() -> Path:
    """Fonts that were made when the package was built; see `hatch_build.py`."""
    return Path(__file__).parent.parent / "_data" / "fonts"


class Theme(msgspec.Struct, frozen=True):
    """All template sources and static files of a site, read once per build."""

    templates: dict[str, str]
    """Source by name, such as `macros/cards.html`."""
    paths: dict[str, str]
    """Where each template is, as the author knows it, for messages."""
    static: dict[str, bytes]
    """Files that are published under a fingerprinted name, such as `site.css`."""
    problems: tuple[Problem, ...]

    @classmethod
    def load(cls, own: Path, root: Path) -> "Theme":
        """Reads the default theme and lays the site's own files over it.

        Args:
            own: The site's `templates/` folder; need not exist.
            root: The site folder, to name files by in messages.
        """
        templates: dict[str, str] = {}
        paths: dict[str, str] = {}
        static: dict[str, bytes] = {}
        problems: list[Problem] = []
        for font in sorted(generated_fonts().glob("*.woff2")):
            static[font.name] = font.read_bytes()
        default = default_templates()
        # The demonstration site lies beside the theme: there both are one folder.
        folders = [default] if real_path(own) == real_path(default) else [default, own]
        for folder in folders:
            for file in files_below(folder):
                name = file.relative_to(folder).as_posix()
                if any(part.startswith(".") for part in file.relative_to(folder).parts):
                    continue
                if folder is own and (problem := bad_link(file, root)):
                    problems.append(problem)
                    continue
                if not file.is_file():
                    continue
                shown = f"templates/{name}"
                if file.is_relative_to(root):
                    shown = file.relative_to(root).as_posix()
                try:
                    if name.startswith("static/"):
                        static[name.removeprefix("static/")] = file.read_bytes()
                    elif file.suffix in TEMPLATE_SUFFIXES:
                        paths[name] = shown
                        templates[name] = file.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    problems.append(_unreadable(shown, error))
        return cls(templates, paths, static, tuple(problems))


def _unreadable(shown: str, error: OSError | UnicodeDecodeError) -> Problem:
    if isinstance(error, OSError):
        message = f"the file cannot be read: {error.strerror or error}"
        hint = "check its permissions"
    else:
        message = f"the template is not UTF-8 (byte {error.start})"
        hint = "save it as UTF-8"
    return Problem("template-is-readable", "error", shown, 0, 0, message, hint)


def files_below(folder: Path) -> list[Path]:
    """What lies in `templates/` or `static/`; only itself where it is a link that leads nowhere."""
    if folder.is_symlink() and not folder.exists():
        return [folder]
    return sorted(folder.rglob("*")) if folder.is_dir() else []


def bad_link(file: Path, root: Path) -> Problem | None:
    """What is wrong with a link in `templates/` or `static/`: by one that leads out of the site
    folder anything could be published.
    """
    if not real_path(file).is_relative_to(real_path(root)):
        message = "the link leads out of the site folder and is not published"
        hint = "copy the file into the folder"
    elif file.is_symlink() and not file.exists():
        message = "the link leads nowhere, or in a circle"
        hint = "remove it, or point it at a file"
    else:
        return None
    shown = file.relative_to(root).as_posix()
    return Problem("file-is-inside-site", "error", shown, 0, 0, message, hint)
