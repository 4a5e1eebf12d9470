"""Short texts that stand for a note elsewhere say what its page shows.

On cards, in descriptions and feeds, in the sentences of backlinks and on pages of works:
citations, references and links as readers see them, and anew when what they hang on changes.
"""

import json
import re
import shutil
from html import unescape
from typing import Any

import pytest

from ..conftest import SiteFolder

BIB = (
    "@article{smith2020, author={Smith, Ann}, title={Deep Things}, journal={J}, year={2020}}\n"
    "@article{jones2019, author={Jones, Bob and Lee, Cy}, title={More}, journal={K}, year={2019}}\n"
)
OTHER = (
    "![A figure](x.png){#fig:one}\n\n:::theorem {#thm:main}\nAll.\n:::\n\n"
    "$$ a=b \\label{eq:loss} $$\n"
)


def card(site: SiteFolder, title: str = "A") -> str:
    """The excerpt on the home page."""
    found = re.search(
        rf'<article class="card">(?:(?!</article>).)*?>{title}</a></h\d>\n<p class="excerpt"[^>]*>'
        r"(.*?)</p>",
        site.page("/"),
        re.S,
    )
    assert found
    return unescape(found[1])


def description(site: SiteFolder) -> str:
    found = re.search('<meta name="description"[^>]* content="(.*?)">', site.page("/notes/a/"))
    return unescape(found[1]) if found else ""


def sentence(site: SiteFolder) -> str:
    """What the note `t` says of the link from `a`."""
    part = site.page("/notes/t/").split('id="nc-backlinks"')[1].split("</section>")[0]
    (found,) = re.findall("<p>(.*?)</p>", part, re.S)
    return unescape(found)


def built(
    site: SiteFolder, text: str, header: dict[str, Any] | None = None, **config: Any
) -> SiteFolder:
    site.write("notes/references.bib", BIB)
    site.note("t.md", OTHER, title="T", date="2024-01-01")
    site.note("a.md", text, title="A", date="2024-01-02", **(header or {}))
    site.build(config=config)
    return site


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (
            "apa",
            "t: Smith (2020, p. 4) says (Jones & Lee, 2019, p. 3; Smith, 2020), (2019), "
            "(see Smith, 2020, ch. 2) and Smith (2020).",
        ),
        ("ieee", "t: Smith [1, p. 4] says [1], [2, p. 3], [2], see [1, ch. 2] and Smith (2020)."),
        ("gb7714", "t: Smith[1]⁴ says[1][2]³,[2], see [1] ch. 2 and Smith (2020)."),
        (
            "gb7714-author-date",
            "t: Smith (2020)⁴ says (Jones et al., 2019, p. 3; Smith, 2020), (2019), "
            "(see Smith, 2020) ch. 2 and Smith (2020).",
        ),
    ],
)
def test_citations_by_the_style_of_the_site(site: SiteFolder, style: str, shown: str) -> None:
    text = (
        "[[t]]: @smith2020 [p. 4] says [@smith2020; @jones2019, p. 3], [-@jones2019], "
        "[see @smith2020, ch. 2] and [[@smith2020]].\n"
    )
    built(site, text, **{"citations.style": style})
    assert card(site) == description(site) == sentence(site) == shown
    assert shown in {
        unescape(said)
        for said in re.findall(
            r'<blockquote><a href="[^"]*">(.*?)</a>', site.page("/papers/smith2020/")
        )
    }


def test_unknown_keys_stay_as_they_are_written(site: SiteFolder) -> None:
    built(site, "[[t]] [@nobody99], [@nobody99; @smith2020] and @nobody99.\n")
    assert card(site) == sentence(site) == "t [@nobody99], (@nobody99; Smith, 2020) and @nobody99."


def test_references_of_the_note_and_of_others(site: SiteFolder) -> None:
    text = (
        "[[t]]: @fig:a, [-@fig:a], [](#fig:a), \\eqref{eq:own}, @t#fig:one, @t#thm:main, "
        "@t#eq:loss, \\eqref{t#eq:loss}, @t#fig:none.\n\n"
        "![Caption](x.png){#fig:a}\n\n$$ c \\label{eq:own} $$\n"
    )
    built(site, text)
    shown = "t: Figure 1, 1, Figure 1, (1), Figure 1, Theorem 1, Eq. (1), (1), t#fig:none."
    assert sentence(site) == shown
    assert card(site) == shown + " [Formula]"


def test_a_card_follows_the_bibliography_and_other_notes(site: SiteFolder) -> None:
    built(site, "[[t]] has @t#fig:one, as [@smith2020] says.\n")
    assert card(site) == "t has Figure 1, as (Smith, 2020) says."
    site.write("notes/references.bib", BIB.replace("Smith, Ann", "Smythe, Ann"))
    site.note("t.md", "![Zero](x.png){#fig:zero}\n\n" + OTHER, title="T", date="2024-01-01")
    site.build()
    shown = "t has Figure 2, as (Smythe, 2020) says."
    assert card(site) == description(site) == sentence(site) == shown
    assert json.loads(site.page("/feed.json"))["items"][0]["summary"] == shown
    before = site.tree()
    site.build()
    assert site.result.written == 0
    shutil.rmtree(site.root / ".notecast")
    site.build()
    assert site.tree() == before


def test_a_long_excerpt_is_cut_when_its_holes_are_filled(site: SiteFolder) -> None:
    text = "字" * 330 + " [@jones2019; @smith2020] " + "字" * 100 + "\n"
    built(site, text)
    shown = card(site)
    assert shown == "字" * 330 + " (Jones & Lee, 2019;..."
    assert description(site) == "字" * 159 + "…"
    built(site, "[@jones2019] " * 40 + "\n")
    assert len(card(site)) <= 353 and card(site).endswith("...")
    assert len(description(site)) <= 160


def test_what_stands_before_the_marker_is_not_cut(site: SiteFolder) -> None:
    built(site, "字" * 400 + " @smith2020.\n\n<!-- more -->\n\nRest.\n")
    assert card(site) == "字" * 400 + " Smith (2020)."


def test_the_authors_own_texts(site: SiteFolder) -> None:
    built(
        site,
        "As @smith2020.\n",
        header={"summary": "'By @smith2020, **of** [T](t.md) $x$.'", "description": "D @x."},
    )
    assert card(site) == "By Smith (2020), of T x."
    assert description(site) == "D @x."
    # What has no marks of Markdown, or HTML, is shown as it is written.
    for written in ("a * b_c 5$ 1 #t", "<b>x</b> **y**"):
        built(site, "T\n", header={"summary": f"'{written}'"})
        assert card(site) == written


def test_links_and_embeds(site: SiteFolder) -> None:
    built(
        site,
        "[[t|alias]], [[Nowhere]], ![[x.png|300]] a ![[t]] b `[[code]]` ~~s~~ %%gone%%.\n",
    )
    assert card(site) == "alias, Nowhere, a t b [[code]] s ."
    built(site, "Before.\n\n![[t]]\n\nAfter.\n")
    assert card(site) == "Before. After."


def test_formulas_in_sentences_and_on_cards(site: SiteFolder) -> None:
    built(
        site,
        "[[t]]: $x^2$, $O(n \\log n)$, $\\R$, $\\begin{pmatrix}1\\end{pmatrix}$ and $p_{ii}$.\n",
        **{"math.macros": {"R": "\\mathbb{R}"}},
    )
    assert sentence(site) == "t: x², O(n log n), ℝ, [Math] and pᵢᵢ."
    assert card(site) == "t: x^2, [Math], [Math], [Math] and p_{ii}."


def test_holes_that_stay_empty_take_no_room(site: SiteFolder) -> None:
    """Behind a link to a work there is a number in some styles, and nothing in others."""
    links = "字[x](https://arxiv.org/abs/1706.03762)" * 100
    built(site, f"{links} [[t]]。\n\n" + "字" * 400 + "\n")
    assert card(site) == "字x" * 100 + " t。 " + "字" * 146 + "..."
    assert sentence(site) == "…x" + "字x" * 98 + " t。"


def test_a_sentence_does_not_end_behind_a_word_cut_short(site: SiteFolder) -> None:
    built(site, "One. See [[t]], Eq. (1), i.e. cf. Fig. 2 of Doe et al. for more. Two.\n")
    assert sentence(site) == "See t, Eq. (1), i.e. cf. Fig. 2 of Doe et al. for more."
    built(site, "Is it so? No. See [[t]] by J. Doe, Fig. B1. There is no. More.\n")
    assert sentence(site) == "See t by J. Doe, Fig. B1."


def test_chinese_text_keeps_its_joins(site: SiteFolder) -> None:
    built(
        site,
        "见 [[t]]，@smith2020认为[@jones2019]，\n见@t#fig:one。下一句。\n",
        header={"lang": "zh-CN"},
        **{"citations.style": "gb7714"},
    )
    assert sentence(site) == "见 t，Smith[1]认为[2]，见图 1。"


def test_a_long_sentence_is_never_cut_inside_a_hole(site: SiteFolder) -> None:
    many = "@smith2020 " * 60
    built(site, f"{many}[[t]] {many}.\n")
    assert re.fullmatch(r"…(?:Smith \(2020\) )*t(?: Smith \(2020\))*…", sentence(site))


REPEATED = "Smith (2020), (Jones &amp; Lee, 2019) and Figure\u00a01"


def test_previews_of_statements(site: SiteFolder) -> None:
    text = "By @smith2020, [@jones2019] and @t#fig:one."
    built(site, f"@thm:x holds.\n\n:::theorem {{#thm:x}}\n{text}\n:::\n")
    site.note("b.md", "@a#thm:x too.\n", title="B")
    site.build()
    for page in (site.page("/notes/a/"), site.page("/notes/b/")):
        peek = page.split("<b>Theorem\u00a01</b>")[1].split("</span></span>")[0]
        assert f"<span>By {REPEATED}." in peek


def test_tables_of_contents(site: SiteFolder) -> None:
    text = "@smith2020, [@jones2019] and @t#fig:one"
    built(site, f"[TOC]\n\n## On {text}\n\nText.\n\n## Second\n\nText.\n\n## Third\n\nText.\n")
    page = site.page("/notes/a/")
    entries = re.findall(r'<a href="#on-[^"]*">(.*?)</a>', page)
    assert entries == [f"On {REPEATED}"] * 2
    assert page.count('id="cite-1"') == 1


def test_pages_that_collect_blocks(site: SiteFolder) -> None:
    built(site, ":::question Does @smith2020 hold?\nSee [@jones2019] and @t#fig:one.\n:::\n")
    page = site.page("/questions/")
    assert "<span>Does Smith (2020) hold?</span>" in page
    assert "<span>See (Jones &amp; Lee, 2019) and Figure\u00a01.</span>" in page


def test_a_title_holds_no_holes(site: SiteFolder) -> None:
    site.write("notes/references.bib", BIB)
    site.note("a.md", "# On @smith2020 and [@jones2019]\n\nText.\n", date="2024-01-01")
    site.note("b.md", "Text [[a]].\n", title='"By @smith2020"')
    site.build()
    assert "\x00" not in "".join(site.page(page) for page in ("/", "/notes/a/", "/notes/b/"))
    assert "<h1" in site.page("/notes/a/")


def test_statements_that_name_one_another(site: SiteFolder) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        text = f"See @{other}#thm:{other} and @smith2020.\n\n:::theorem {{#thm:{one}}}\n"
        site.note(f"{one}.md", f"{text}By @{other}#thm:{other}.\n:::\n", title=one.upper())
    site.build()
    page = site.page("/notes/a/")
    peek = page.split("<b>Theorem\u00a01</b>")[1].split("</span></span>")[0]
    assert peek.endswith("<span>By Theorem\u00a01.")
