"""Cross-references over a site: equations, other notes, what is wrong with a reference."""

import re

from ..conftest import SiteFolder
from .test_wikilinks import body


def test_equations_are_referred_to_like_everything_else(site: SiteFolder) -> None:
    site.note(
        "a.md", "By @eq:loss and [this](#eq:loss).\n\n$$ L = x \\label{eq:loss} $$\n", title="A"
    )
    site.note("b.md", "See @a#eq:loss.\n", title="B")
    assert site.build().problems == []
    text = body(site.page("/notes/a/"))
    assert text.count('href="#eq-loss"') >= 2 and "Eq.\u00a0(1)</a>" in text
    assert '<span class="peek" data-pagefind-ignore><b>Eq.\u00a0(1)</b> <span class="math' in text
    other = body(site.page("/notes/b/"))
    assert '<a href="/notes/a/#eq-loss">Eq.\u00a0(1)</a>' in other and "<math" in other


def test_other_notes_are_named_as_in_wikilinks(site: SiteFolder) -> None:
    site.note(
        "x/flow.md",
        ":::theorem {#thm:m title=T}\nSay **so**.\n:::\n",
        title="Flow note",
        aliases="[流]",
    )
    site.note(
        "a.md",
        "@flow#thm:m @x/flow.md#thm:m @{Flow note#thm:m} 见@流#thm:m。[@flow#thm:m]\n",
        title="A",
        lang="zh-CN",
    )
    assert site.build().problems == []
    text = body(site.page("/notes/a/"))
    assert text.count('<a href="/notes/x/flow/#thm:m">定理\u00a01</a>') == 5
    assert "Say <strong>so</strong>." in text
    assert "nc-backlinks" in site.page("/notes/x/flow/")


def test_a_changed_statement_rewrites_the_pages_that_show_it(site: SiteFolder) -> None:
    quiet = {"feeds.content": "excerpt"}
    site.note("t.md", ":::theorem {#thm:m}\nOne.\n:::\n", title="T", summary="s")
    site.note("a.md", "@t#thm:m\n", title="A", summary="s")
    site.note("b.md", "Nothing.\n", title="B", summary="s")
    site.build(config=quiet)
    before = site.tree()
    site.note("t.md", ":::theorem {#thm:m}\nTwo.\n:::\n", title="T", summary="s")
    site.build(config=quiet)
    changed = {p for p, d in site.tree().items() if p.endswith(".html") and before[p] != d}
    assert changed == {"notes/t/index.html", "notes/a/index.html"}
    assert "<span>Two.</span>" in site.page("/notes/a/")


def test_unknown_labels_name_the_nearest(site: SiteFolder) -> None:
    site.note("t.md", ":::theorem {#thm:main}\nOne.\n:::\n", title="T")
    site.note(
        "a.md",
        "See @thm:mian,\n@t#thm:mani, @other#thm:main, @lem:q, @thm:main.\n\n"
        ":::lemma {#thm:mine}\nX.\n:::\n",
        title="A",
    )
    site.build()
    found = [(p.rule, p.line, p.column, p.hint) for p in site.problems]
    assert found == [
        ("label-exists", 5, 5, "did you mean thm:mine?"),
        ("label-exists", 6, 1, "did you mean thm:main?"),
        ("label-exists", 6, 14, ""),
        ("label-exists", 6, 31, "give it to something: {#lem:q}"),
    ]
    assert '<span class="missing-link">thm:mian</span>' in body(site.page("/notes/a/"))


def test_a_label_that_one_note_alone_has_holds_everywhere(site: SiteFolder) -> None:
    site.note("x/t.md", ":::theorem {#thm:main}\nOne.\n:::\n", title="T")
    site.note("a.md", "@thm:main and @any:main, @any:lost\n", title="A")
    site.build()
    assert [(p.line, p.column) for p in site.problems] == [(5, 26)]
    text = body(site.page("/notes/a/"))
    assert text.count('<a href="/notes/x/t/#thm:main">Theorem\u00a01</a>') == 2
    # Two notes have it now, so the author has to say which.
    site.note("x/u.md", ":::theorem {#thm:main}\nTwo.\n:::\n", title="U")
    site.build()
    found = [(p.column, p.hint) for p in site.problems]
    assert found[0] == (1, "x/t.md has it: write @x/t#thm:main")
    assert "missing-link" in body(site.page("/notes/a/"))


def test_previews_stay_out_of_feeds_and_marks_out_of_everything(site: SiteFolder) -> None:
    site.note("a.md", "@thm:m\n\n:::theorem {#thm:m}\nWord.\n:::\n", title="A", date="2025-01-01")
    site.build()
    assert "peek" in site.page("/notes/a/")
    assert "peek" not in site.page("/feed.xml") and "Word." in site.page("/feed.xml")
    for path, data in site.tree().items():
        if path.endswith((".html", ".xml", ".json")):
            assert b"\x06" not in data and b"\x07" not in data, path


def test_previews_hold_no_ids_links_or_blocks(site: SiteFolder) -> None:
    site.note("b.md", title="B")
    site.note(
        "a.md",
        "@thm:m\n\n:::theorem {#thm:m}\n[[b]] ![i](x.png) [l](b.md) `c` $x$ [^1] "
        "<b id='q'>h</b>\n\n$$y \\label{eq:y}$$\n\n- one\n\n```\ncode\n```\n:::\n\n[^1]: Foot.\n",
        title="A",
    )
    site.build()
    peek = re.search(r'<span class="peek".*?</p>', body(site.page("/notes/a/")), re.S)
    assert peek
    inner = peek[0]
    assert "<math" in inner and "<code>c</code>" in inner and "<span>…</span>" in inner
    assert not re.search(r"<(?:p|div|ul|li|a|img|pre)\b|\sid=|Foot", inner[:-4])


def test_a_page_holds_few_copies_of_a_statement(site: SiteFolder) -> None:
    formula = "$$ \\sum_{i=1}^n \\frac{a_i}{\\sqrt{b_i}} \\label{eq:x} $$\n\n"
    site.note("t.md", formula, title="T")
    site.note("a.md", formula + "By @eq:x and [it](#eq:x).\n\n" * 50, title="A")
    site.note("b.md", "By @t#eq:x, not @t#eq:y.\n\n" * 50, title="B")
    site.build()
    for name in "ab":
        page = body(site.page(f"/notes/{name}/"))
        assert page.count('class="peek"') == 5
        assert page.count('<span class="ref"><a') >= 50
        assert len(page) < 25_000


def test_a_site_may_have_kinds_of_its_own(site: SiteFolder) -> None:
    text = ":::fact {#fact:sky} Colour\nBlue.\n:::\n\n:::fact\nTwo.\n:::\n\nBy @fact:sky.\n"
    site.note("a.md", text, title="A")
    site.note("b.md", f"[@a#fact:sky]。\n\n{text}", title="B", lang="zh-CN")
    config = {"crossrefs.kinds": {"fact": "Fact|事实", "观察": "观察"}}
    assert site.build(config=config).problems == []
    page = body(site.page("/notes/a/"))
    assert '<div class="theorem theorem-fact" id="fact:sky">' in page
    assert "Fact\u00a01</strong> (Colour)" in page and "Fact\u00a02" in page
    assert '<a href="#fact:sky">Fact\u00a01</a>' in page
    page = body(site.page("/notes/b/"))
    assert '<a href="/notes/a/#fact:sky">事实\u00a01</a>' in page and "Blue." in page
    site.build()
    assert "theorem-fact" not in site.page("/notes/a/")


def test_theorems_may_share_one_count(site: SiteFolder) -> None:
    site.note("a.md", ":::lemma\nX.\n:::\n\n:::theorem\nY.\n:::\n", title="A")
    site.build(config={"crossrefs.theorems": "together"})
    assert "Theorem\u00a02" in site.page("/notes/a/")
    site.build()
    assert "Theorem\u00a01" in site.page("/notes/a/")


def test_a_thousand_open_containers_cost_little(site: SiteFolder) -> None:
    import time

    site.note("a.md", ":::theorem\n" * 3000 + "text\n", title="A")
    started = time.perf_counter()
    site.build()
    assert time.perf_counter() - started < 10


def test_backlinks_name_what_their_sentences_refer_to(site: SiteFolder) -> None:
    site.note("b.md", title="B")
    site.note("a.md", "[[b]] proves @thm:m, not @q:z.\n\n:::theorem {#thm:m}\nX.\n:::\n", title="A")
    site.build()
    assert "<p>b proves Theorem 1, not @q:z.</p>" in site.page("/notes/b/")


def test_captions_hold_what_text_holds(site: SiteFolder) -> None:
    site.write("notes/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    site.write("notes/r.bib", "@book{vas, title={T}, author={Vaswani, A.}, year={2017}}\n")
    site.note(
        "a.md",
        "![Loss $x^2$ after [@vas], see @fig:b, [[b]] and \\eqref{eq:m}](a.svg){#fig:a}\n\n"
        "![Other](a.svg){#fig:b}\n\n$$\na=b \\label{eq:m}\n$$\n",
        title="A",
        bibliography="r.bib",
    )
    site.note("b.md", title="B")
    assert site.build().problems == []
    page = site.page("/notes/a/")
    caption = page[page.index("<figcaption>") : page.index("</figcaption>")]
    assert "<math>" in caption
    assert 'class="cite" id="cite-1"' in caption and "Vaswani, 2017" in caption
    assert '<a href="#fig:b">' in caption
    assert 'href="/notes/b/"' in caption
    assert '<a class="math-ref" href="#eq-m">(1)</a>' in caption
    assert "Loss" in site.page("/notes/b/")  # the sentence of the backlink
    assert 'id=""' not in page


def test_the_room_for_a_narrower_picture_has_its_shape(site: SiteFolder) -> None:
    site.write("notes/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"/>')
    site.note("a.md", "![x|200](a.svg) ![x|200x200](a.svg)\n\n![x](a.svg){width=50%}\n", title="A")
    site.build()
    sizes = re.findall(r'<img [^>]*width="([^"]*)" height="([^"]*)"', site.page("/notes/a/"))
    assert sizes == [("200", "50"), ("200", "200"), ("50%", "100")]
