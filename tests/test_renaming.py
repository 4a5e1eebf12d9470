"""What a note that gets another name rewrites."""

import pytest

from .conftest import SiteFolder


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {
        path
        for path in before.keys() | after.keys()
        if path.endswith(".html") and before.get(path) != after.get(path)
    }


@pytest.mark.parametrize(
    ("naming", "title"),
    [
        ("[[old]]", "Note"),
        ("![[old]]", "Note"),
        ("[it](old.md#part)", "Note"),
        ("@old#thm:a", "Note"),
        ("[[Its title]]", "Its title"),
    ],
)
def test_renaming_a_note_rewrites_exactly_the_pages_that_name_it(
    site: SiteFolder, naming: str, title: str
) -> None:
    quiet = {"feeds.content": "excerpt"}
    text = "## Part\n\nText.\n\n:::theorem {#thm:a}\nA.\n:::\n\n[[target]]\n"
    site.note("old.md", text, title=title, summary="s", date="2025-01-05")
    site.note("target.md", title="Target", summary="s", date="2010-01-01")
    site.note("names.md", f"Here {naming}.\n\n{naming}\n", title="Names", summary="s")
    for number in range(30):
        site.note(
            f"n{number:02}.md",
            f"See [[n{(number + 1) % 30:02}]].\n",
            title=f"N{number}",
            summary="s",
            date=f"2015-01-{number + 1:02}",
        )
    site.build(config=quiet)
    before = site.tree()
    (site.root / "notes/old.md").rename(site.root / "notes/new.md")
    site.build(config=quiet)
    # Its own address, who names it, whom it names (backlinks), and its neighbour in time.
    lists = {"index.html", "archive/index.html", "graph/index.html"}
    assert changed(before, site.tree()) - lists == {
        "notes/old/index.html",
        "notes/new/index.html",
        "notes/names/index.html",
        "notes/target/index.html",
        "notes/n29/index.html",
    }
    site.build(config=quiet, use_cache=False)
    (site.root / "notes/new.md").rename(site.root / "notes/old.md")
    site.build(config=quiet)
    assert changed(before, site.tree()) == set()
