"""Changes of templates, settings, output and cache; see `changes.py`."""

import shutil
import sqlite3
from contextlib import suppress

from tests.test_cache_travel import DAMAGES, execute

from .changes import change
from .settings import FEATURE, VALUES
from .texts import FILES, PICTURES, header_line, picture
from .world import CACHE, World

# Beside the notes -------------------------------------------------------------


@change(4)
def data_file(world: World) -> None:
    name = world.rng.choice((*PICTURES, *FILES))
    file = world.folder_of("notes") / name
    if file.is_file() and world.rng.random() < 0.4:
        file.unlink()
    elif name in PICTURES:
        world.write(file, picture(world.rng, name))
    else:
        world.write(file, f"data,{world.fresh()}\n")


@change(3)
def folder_defaults(world: World) -> None:
    place = world.rng.choice(("", "cv/", "流/"))
    file = world.folder_of("notes") / f"{place}_defaults.yaml"
    if file.is_file() and world.rng.random() < 0.4:
        file.unlink()
        return
    lines = dict(header_line(world.rng, world.now) for _ in range(2))
    world.write(file, "".join(f"{key}: {value}\n" for key, value in lines.items()))


# Templates and static files ---------------------------------------------------

TEMPLATES = {
    "backlinks/note_end.html": "<p>links N {{ backlinks is defined }}</p>\n",
    "note.html+": "{% if page.title == 'Title N' %}<i>own</i>{% endif %}",
    "base.html+": "{% if page.kind in ['tag', 'home', 'search'][:N] %}<i>own</i>{% endif %}",
    "macros/cards.html+": "{% if item.title_html == 'Title N' %}<i>own</i>{% endif %}",
    "macros/terms.html": None,
    "macros/cards.html": None,
    "home.html": None,
    "note.html": None,
    "base.html": None,
    "feed.atom.xml": None,
    "sources/llms.txt": None,
    "search/page.html": None,
    "counted.txt": "{{ text }} N\n",
    "static/site.css": "body { color: #NNN }\n",
    "static/site.css.d/own.css": ".own { order: N }\n",
    "static/own.js": "let x = N;\n",
}
"""Overrides, N being a number; `None` for the theme's own with a comment or a line more.

With `+` the text goes into the theme's own, where it shows on some of the pages only.
"""
AT = {"note.html": "</article>", "base.html": "</body>", "macros/cards.html": "</h{{ level }}"}
"""Before what."""


@change(6)
def template(world: World) -> None:
    from notecast.renderer.theme import default_templates

    named = world.rng.choice(list(TEMPLATES))
    text, number = TEMPLATES[named], world.rng.randrange(3)
    name = named.removesuffix("+")
    file = world.folder_of("templates") / name
    if file.is_file() and world.rng.random() < 0.5 and name != "counted.txt":
        file.unlink()
    elif text is not None and name != named:
        original = (default_templates() / name).read_text()
        before, mark, behind = original.partition(AT[name])
        assert mark, f"{name} has no {AT[name]}"
        world.write(file, f"{before}{text.replace('N', str(number))}{mark}{behind}")
    elif text is not None:
        world.write(file, text.replace("N", str(number)))
    else:
        original = (default_templates() / name).read_text()
        mark = f"<!-- own {number} -->\n"
        world.write(file, original.replace("</head>", mark + "</head>") + f"{{# {number} #}}\n")


@change(3)
def any_template(world: World) -> None:
    """One of all templates of the theme is the site's own for a while, with a comment in it."""
    from notecast.renderer.theme import default_templates

    theme = default_templates()
    original = world.rng.choice(sorted(theme.rglob("*.html")))
    file = world.folder_of("templates") / original.relative_to(theme)
    world.done[-1] += f" {original.relative_to(theme)}"
    if file.is_file() and world.rng.random() < 0.6:
        file.unlink()
    else:
        before, mark, behind = original.read_text().rpartition("</")
        comment = f"<!-- own {world.rng.randrange(3)} -->" if mark else "{# own #}"
        world.write(file, before + comment + mark + behind)


@change(2)
def static_file(world: World) -> None:
    name = world.rng.choice(("ada.png", "logo.svg", "robots.txt", "deep/x.txt", "notes/alpha", "é"))
    file = world.folder_of("static") / name
    if file.is_file() and world.rng.random() < 0.4:
        file.unlink()
    else:
        world.write(file, f"static {world.rng.randrange(4)}")


@change(2)
def files_of_other_programs(world: World) -> None:
    number = world.rng.randrange(3)
    name, text = world.rng.choice(
        (
            ("preamble.sty", rf"\newcommand{{\own}}[1]{{#1^{number}}}"),
            ("_layouts/x.html", f'{{macros: {{own: "#1_{number}"}}}}'),
            ("_config.yml", f"title: {number}\nbibliography: other.bib\n"),
        )
    )
    file = world.root / name
    if file.is_file() and world.rng.random() < 0.4:
        file.unlink()
    else:
        world.write(file, text)


@change(1)
def own_feature(world: World) -> None:
    version = f"version {world.rng.randrange(3)}"
    world.write(world.root / "storm_feature.py", FEATURE.replace("VERSION", version))
    world.write(world.folder_of("templates") / "counted.txt", "{{ text }}\n")
    world.settings["features.load"] = world.rng.choice(VALUES["features.load"])
    world.configure()


# Configuration and the command ------------------------------------------------


@change(10)
def setting(world: World) -> None:
    key = world.rng.choice([key for key in VALUES if key != "features.load"])
    value = world.rng.choice(VALUES[key])
    if key in {"notes", "static", "templates"}:
        old, new = world.folder_of(key), world.root / value
        if old.is_dir() and old != new:
            shutil.rmtree(new, ignore_errors=True)
            old.rename(new)
    world.settings[key] = value
    world.configure()
    world.done[-1] += f" {key}={value!r}"


@change(1)
def forget_settings(world: World) -> None:
    """All as by default, but for what says where files are."""
    kept = ("notes", "static", "templates")
    world.settings = {key: world.settings[key] for key in kept if key in world.settings}
    world.configure()


@change(3)
def argument(world: World) -> None:
    name = world.rng.choice(("drafts", "future", "jobs"))
    world.options[name] = (
        world.rng.choice((1, 1, 1, 3)) if name == "jobs" else world.rng.random() < 0.5
    )


@change(2)
def search(world: World) -> None:
    """The index is made by some builds, which take longer."""
    world.options["search"] = not world.options["search"]


@change(2)
def other_output(world: World) -> None:
    """Another output folder, perhaps one of before; what stands there may be old."""
    world.output = world.folder / world.rng.choice("ab") / "public"


@change(2)
def look(world: World) -> None:
    world.look()


# The output folder ------------------------------------------------------------


@change(3)
def tamper(world: World) -> None:
    """Pages are removed or edited by somebody."""
    for file in world.files(world.output):
        if file.relative_to(world.output).as_posix() in world.foreign:
            continue
        if world.rng.random() < 0.1 and not file.name.startswith(".notecast"):
            if world.rng.random() < 0.5:
                file.unlink()
            else:
                file.write_bytes(file.read_bytes() + b"x")


@change(1)
def remove_output(world: World) -> None:
    shutil.rmtree(world.output, ignore_errors=True)
    world.foreign.clear()


@change(2)
def foreign_file(world: World) -> None:
    """Somebody puts a file of his own where a page is, will be, or never comes."""
    name = world.rng.choice(("mine.txt", "notes/alpha/mine.txt", "notes/omega/index.html"))
    file = world.output / name
    if world.output.is_dir() and not file.exists():
        world.foreign[name] = b"mine"
        world.write(file, b"mine")


# The cache --------------------------------------------------------------------


@change(2)
def damage(world: World) -> None:
    path = world.root / CACHE
    if path.is_file():
        name = world.rng.choice(list(DAMAGES))
        with suppress(sqlite3.Error):  # it may be damaged already, or half made
            execute(path, "PRAGMA wal_checkpoint(TRUNCATE)")
            DAMAGES[name](path)
        world.done[-1] += f" {name}"


@change(1)
def read_only(world: World) -> None:
    """The cache may be read and not written (by anybody but root)."""
    for file in (world.root / ".notecast").glob("cache.sqlite*"):
        file.chmod(0o444)
