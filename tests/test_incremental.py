"""Whatever is edited, renamed, removed and put back: an incremental build equals a clean one.

Notes link, embed, refer to labels, stand in series and cite one another by
every feature that looks across notes. After each change the site is built with
its cache and without, and bytes and problems must be the same.
"""

import random
from collections.abc import Callable

import pytest

from .conftest import SiteFolder

NAMES = ("alpha", "beta", "gamma", "delta", "cv/alpha", "cv/eps")
LABELS = ("thm:a", "lem:b", "fig:c", "tbl:d", "eq:e", "def:f")
TAGS = ("x", "y", "X", "z")


def piece(rng: random.Random, number: int) -> str:
    """A paragraph that may name anything, there or not."""
    name, label = rng.choice(NAMES), rng.choice(LABELS)
    return rng.choice(
        [
            f"A sentence with [[{name}]] in it.",
            f"A sentence with [a link]({name}.md) and [[Title {rng.randrange(6)}|its title]].",
            f"![[{name}]]",
            f"![[{name}#Part]]",
            f"![[{name}#^block]]",
            f"See @{name}#{label} and @{label} and [[{name}#Part|there]].",
            f"## Part\n\nText of part {number}.",
            f"A block {number}. ^block",
            f":::theorem {{#thm:a}}\nStatement {number} by @{label}.\n:::",
            f":::lemma {{#lem:b}}\nLemma {number}.\n:::",
            f"$$ x_{number} \\label{{eq:e}} $$",
            f"| a |\n|---|\n| {number} |\n\n: Caption {number} {{#tbl:d}}",
            f":::question {{status={rng.choice(['open', 'answered'])}}}\nWhy {number}?\n:::",
            f"Plain text {number}.",
            f"[[{name}]] and ![[missing{rng.randrange(3)}.png]] and [[nobody]].",
        ]
    )


def write(site: SiteFolder, rng: random.Random, name: str, number: int) -> None:
    header = {
        "title": f"Title {rng.randrange(6)}",
        "date": f"2025-0{rng.randrange(1, 9)}-01",
        "tags": f"[{', '.join(rng.sample(TAGS, rng.randrange(3)))}]",
    }
    if rng.random() < 0.5:
        header |= {"series": rng.choice(["S", "s", "T"]), "weight": str(rng.randrange(3))}
    if rng.random() < 0.2:
        header["aliases"] = f"[{rng.choice(['other', 'beta'])}]"
    if rng.random() < 0.1:
        header["draft"] = "true"
    body = "\n\n".join(piece(rng, number + extra) for extra in range(rng.randrange(1, 6)))
    site.note(f"{name}.md", body + "\n", **header)


def step(site: SiteFolder, rng: random.Random, number: int) -> None:
    """One change: a note is written anew, renamed, removed or put back."""
    notes = site.root / "notes"
    there = sorted(path for path in notes.rglob("*.md"))
    action = rng.random()
    if action < 0.55 or len(there) < 3:
        write(site, rng, rng.choice(NAMES), number)
    elif action < 0.75:
        rng.choice(there).unlink()
    else:
        target = notes / f"{rng.choice(NAMES)}.md"
        target.parent.mkdir(exist_ok=True)
        rng.choice(there).replace(target)


@pytest.mark.parametrize("seed", range(4))
def test_incremental_equals_clean(
    site: SiteFolder, site_at: Callable[[str], SiteFolder], seed: int
) -> None:
    rng = random.Random(seed)
    for number, name in enumerate(NAMES):
        write(site, rng, name, number * 10)
    for number in range(12):
        step(site, rng, 100 + number * 10)
        site.build(search=False)
        incremental, problems = site.tree(), site.problems
        clean = site.root.parent / f"clean-{number}"
        result = site.build(use_cache=False, output=clean, search=False)
        other = {
            path.relative_to(clean).as_posix(): path.read_bytes()
            for path in clean.rglob("*")
            if path.is_file() and not path.name.startswith(".notecast")
        }
        differing = sorted(
            path
            for path in other.keys() | incremental.keys()
            if other.get(path) != incremental.get(path)
        )
        assert differing == [], f"after step {number}"
        assert result.problems == problems, f"after step {number}"
