"""Files of Quarto and R Markdown, and what becomes of them: `cases/<name>.qmd` beside `.txt`.

`pytest tests/quarto --update-golden` writes what becomes of them now.
"""

import json
from hashlib import md5
from pathlib import Path

import pytest

from notecast.features.quarto.manuscript import manuscript_of

from ..conftest import PNG, SiteFolder
from ..notebooks.test_cases import load, shown

CASES = sorted(
    path for path in (Path(__file__).parent / "cases").iterdir() if path.suffix != ".txt"
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, request: pytest.FixtureRequest) -> None:
    found = shown(*load(case.read_bytes(), path=f"a{case.suffix}"))
    expected = case.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        "```{r}\n",
        "```{r",
        "---\na: 1\n---",
        "```{r}\n#| a: [\n",
        "{{< >}}",
        "```{r x=}",
    ],
)
def test_what_is_cut_off_is_read(text: str) -> None:
    assert manuscript_of(text, "a.qmd").readable


def test_what_came_of_a_file_is_the_note(site: SiteFolder) -> None:
    site.note("a.md", "Rendered\n", title="A")
    site.write("notes/a.Rmd", "Source\n")
    site.write("notes/b.qmd", "# B {#sec-b}\n\n![](x.png)\n")
    site.write("notes/x.png", PNG)
    site.write("notes/_part.qmd", "Part\n")
    site.note("c.md", "[b](b.qmd), [same](b.html), @sec-b\n", title="C")
    assert site.build().problems == []
    assert "Rendered" in site.page("/notes/a/")
    assert not (site.root / "public/notes/_part").exists()
    page = site.page("/notes/c/")
    assert '<a href="/notes/b/">b</a>, <a href="/notes/b/">same</a>' in page
    assert '<a href="/notes/b/#sec-b">B</a>' in page


def test_a_reference_to_no_heading_is_told(site: SiteFolder) -> None:
    site.write("notes/b.qmd", "# B\n\nSee @sec-x.\n")
    (problem,) = site.build().problems
    assert (problem.rule, problem.path, problem.line) == ("label-exists", "notes/b.qmd", 3)


def test_a_file_that_marks_the_folder_of_a_blog_is_no_note(site: SiteFolder) -> None:
    site.write("notes/index.Rmd", "---\nsite: blogdown:::blogdown_site\n---\n\n")
    site.note("README.md", title="Read me")
    assert site.build().problems == []


def test_what_was_computed_is_shown(site: SiteFolder) -> None:
    source = (
        "---\ntitle: A\n---\n\n```{r}\nplot(1)\n```\n\nText `r n`.\n\n"
        "::: {.callout-tip}\nHint\n:::\n\n[x](lost.md)\n"
    )
    computed = (
        "\n::: {.cell}\n\n```{.r .cell-code}\nplot(1)\n```\n\n"
        "::: {.cell-output-display}\n"
        "![A plot](a_files/figure-html/p.png){#fig-p width=67}\n:::\n:::\n\n"
        "Text 5.\n\n::: {.callout-tip}\nHint\n:::\n\nSee @fig-p and [x](lost.md).\n\n[x](lost.md)\n"
    )
    site.write("notes/sub/a.qmd", source)
    site.build()
    assert "<code>r n</code>" in site.page("/notes/sub/a/")
    results = {"hash": md5(source.encode()).hexdigest(), "result": {"markdown": computed}}
    site.write("notes/_freeze/sub/a/execute-results/html.json", json.dumps(results))
    site.write("notes/_freeze/sub/a/figure-html/p.png", PNG)
    found = [(p.rule, p.line) for p in site.build().problems]
    assert found == [("link-target-exists", 13), ("link-target-exists", 15)]
    page = site.page("/notes/sub/a/")
    assert "Text 5." in page and "Figure\u00a01" in page and "callout-tip" in page
    assert 'data-lang="r"' in page and "_freeze/sub/a/figure-html/p.png" in page
    assert "cell-output" not in page and ":::" not in page
    assert site.build().written == 0
    # Edited and not computed again: the code alone is true.
    site.write("notes/sub/a.qmd", source.replace("Text", "Words"))
    site.build()
    assert "Words <code>r n</code>" in site.page("/notes/sub/a/")
    site.write("notes/_freeze/sub/a/execute-results/html.json", "{")
    site.write("notes/sub/a.qmd", source)
    site.build()
    assert "<code>r n</code>" in site.page("/notes/sub/a/")
