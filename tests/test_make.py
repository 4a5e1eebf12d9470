"""Files that are made before pages: once for each key, whatever is edited, killed or lost."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.config_reader import load_config
from notecast.feature import Feature, NoteContext
from notecast.features import FEATURES
from notecast.model import BASE, Hole, Made, Post, Shown, Wanted
from notecast.site import View

from .conftest import NOW, SiteFolder, age


class Shout(Feature):
    """Text files of the words that stand as `^^word^^`, in capitals; `^^no^^` cannot be made."""

    name = "shout"
    made: ClassVar[list[str]] = []
    """What was made in this process."""
    stamp_now: ClassVar[str] = "1"

    def syntax(self, md: Any, options: Any) -> None:
        def parse(state: Any, silent: bool) -> bool:
            end = state.src.find("^^", state.pos + 2)
            if not state.src.startswith("^^", state.pos) or end < 0:
                return False
            if not silent:
                token = state.push("shout", "", 0)
                token.content = state.src[state.pos + 2 : end]
            state.pos = end + 2
            return True

        parse.starts = "^"  # type: ignore[attr-defined]
        md.inline.ruler.before("link", "shout", parse)

        def render(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
            word = tokens[index].content
            return NoteContext.of(env).hole("shout", "word", word, line=1, column=1)

        md.add_render_rule("shout", render)

    def maker(self, options: Any) -> Shout:
        return self

    def stamp(self, options: Any = None) -> str:
        return self.stamp_now

    def wants(self, view: View) -> Iterable[Wanted]:
        words = {hole.data[0] for post in view.posts for hole in post.holes}
        return [
            Wanted(word, (word,), str(view.config.root / "loud.txt"))
            for word in sorted(words, reverse=True)
        ]

    def make(self, wanted: Wanted, into: Path) -> Made:
        word = str(wanted.data[0])
        self.made.append(word)
        if word.startswith("no"):
            return Made(fault=("word-is-good", word, ""), passing=word == "not-yet")
        loud = Path(wanted.source).read_text(encoding="utf-8")
        (into / "loud.txt").write_text(word.upper() + loud, encoding="utf-8")
        return Made(("loud.txt",), {"length": len(word)})

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        made = view.made(self.name, hole.data[0])
        if made is None or not made.files:
            return hole.data[0]
        return f'<a href="{BASE}{made.url("loud.txt")}">{made.facts["length"]}</a>'


@pytest.fixture(autouse=True)
def nothing_made() -> Iterable[None]:
    Shout.made.clear()
    yield
    Shout.stamp_now = "1"


def build(site: SiteFolder, **options: Any) -> dict[str, bytes]:
    site.write("loud.txt", "!") if not (site.root / "loud.txt").exists() else None
    config, problems = load_config(site.root, FEATURES)
    assert not problems
    settings = {"now": NOW, "jobs": 1, "search": False, **options}
    build_site(config, (*FEATURES, Shout()), BuildOptions(**settings))
    return site.tree()


def taken() -> list[str]:
    found = sorted(Shout.made)
    Shout.made.clear()
    return found


def test_each_is_made_once(site: SiteFolder) -> None:
    site.note("a.md", "^^one^^ ^^two^^\n")
    site.note("b.md", "^^one^^\n")
    tree = build(site)
    assert taken() == ["one", "two"]
    files = {path: data for path, data in tree.items() if path.startswith("static/shout/")}
    assert sorted(files.values()) == [b"ONE!", b"TWO!"]
    for path in files:
        assert f'href="/{path}"' in site.page("/notes/a/")
    site.note("b.md", "Text ^^two^^ ^^three^^\n")
    build(site)
    assert taken() == ["three"]
    site.note("a.md", "Text.\n")
    tree = build(site)
    assert taken() == []
    assert sorted(d for p, d in tree.items() if p.startswith("static/shout/")) == [
        b"THREE!",
        b"TWO!",
    ]
    assert len(list((site.root / ".notecast/made").iterdir())) == 2


def test_source_and_stamp_decide(site: SiteFolder) -> None:
    site.note("a.md", "^^one^^\n")
    build(site)
    site.write("loud.txt", "!!!")
    site.note("a.md", "More ^^one^^\n")
    assert b"ONE!!!" in build(site).values()
    assert taken() == ["one", "one"]
    age(site.root)
    build(site)
    assert taken() == []
    Shout.stamp_now = "2"
    build(site)
    assert taken() == ["one"]


def test_other_bytes_of_the_same_size_and_time_are_seen(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an archive or a checkout leaves them that sets times itself."""
    site.note("a.md", "^^one^^\n")
    source = site.write("loud.txt", "!")
    os.utime(source, (1_600_000_000, 1_600_000_000))
    # What is younger than two seconds is not trusted in any case.
    later = time.time_ns() + 10 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    build(site)
    source.write_text("?")
    os.utime(source, (1_600_000_000, 1_600_000_000))
    site.note("b.md", "More.\n")
    assert b"ONE?" in build(site).values()


def test_what_fails_is_not_tried_again_unless_it_may_pass(site: SiteFolder) -> None:
    site.note("a.md", "^^no^^ ^^not-yet^^\n")
    build(site)
    assert taken() == ["no", "not-yet"]
    assert "<p>no not-yet</p>" in site.page("/notes/a/")
    site.note("b.md", "Another.\n")
    build(site)
    assert taken() == ["not-yet"]


def test_a_source_that_is_missing_makes_nothing(site: SiteFolder) -> None:
    site.note("a.md", "^^one^^\n")
    (site.root / "loud.txt").mkdir()
    build(site)
    assert taken() == []
    assert "<p>one</p>" in site.page("/notes/a/")


@pytest.mark.parametrize("lost", ["folder", "file", "half", "table"])
def test_what_the_cache_lost_is_made_again(site: SiteFolder, lost: str) -> None:
    site.note("a.md", "^^one^^\n")
    before = build(site)
    place = next((site.root / ".notecast/made").iterdir())
    if lost == "folder":
        shutil.rmtree(place)
    elif lost == "file":
        (place / "loud.txt").unlink()
    elif lost == "half":
        (place / "loud.txt").write_text("O")
    else:
        (site.root / ".notecast/cache.sqlite").unlink()
    # A build that was killed while it made something.
    (place.parent / "0123.999").mkdir()
    site.note("b.md", "Text.\n")
    after = build(site)
    assert taken() == ["one", "one"]
    assert {path: after[path] for path in before if "shout" in path} == {
        path: data for path, data in before.items() if "shout" in path
    }
    assert not (place.parent / "0123.999").exists()


def test_pictures_are_known_to_makers(site: SiteFolder) -> None:
    seen: list[Shown] = []

    class Look(Shout):
        name = "look"

        def syntax(self, md: Any, options: Any) -> None:
            pass

        def wants(self, view: View) -> Iterable[Wanted]:
            seen.extend(view.pictures)
            return []

    site.write("notes/x.png", b"x")
    site.write("notes/y.svg", b"<svg/>")
    site.write("notes/z.pdf", b"z")
    site.note("b.md", "[x](x.png) ![y](y.svg)\n\n![[y.svg]] ![[z.pdf]] [[x.png]]\n")
    site.note("a.md", "![x](x.png)\n")
    site.note("c.md", "![x](x.png)\n", draft="true")
    config, _ = load_config(site.root, FEATURES, overrides={"images": {"variants": "off"}})
    build_site(config, (*FEATURES, Look()), BuildOptions(now=NOW, jobs=1, search=False))
    assert [(shown.path, shown.note, shown.line) for shown in seen] == [
        ("x.png", "a.md", 1),
        ("y.svg", "b.md", 1),
        ("y.svg", "b.md", 3),
    ]


WORDS = ("one", "two", "three", "no", "not-yet")


@pytest.mark.parametrize("seed", range(3))
def test_incremental_equals_clean(
    site: SiteFolder, site_at: Callable[[str], SiteFolder], seed: int
) -> None:
    rng = random.Random(seed)
    notes = ("a", "b", "c")
    for step in range(8):
        name = rng.choice(notes)
        path = site.root / f"notes/{name}.md"
        if path.exists() and rng.random() < 0.25:
            path.unlink()
        else:
            words = " ".join(f"^^{word}^^" for word in rng.sample(WORDS, rng.randrange(4)))
            site.note(f"{name}.md", f"{words} {step}\n", title=name)
        if rng.random() < 0.2:
            site.write("loud.txt", "!" * rng.randrange(1, 4))
        grown = build(site, jobs=rng.choice([1, 2]))
        clean = site_at(f"clean{step}")
        for part in ("notes", "site.yaml", "loud.txt"):
            source = site.root / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, clean.root / part)
        assert build(clean, use_cache=False) == grown
