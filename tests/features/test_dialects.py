"""Notes of other generators over a whole site: references from one to another."""

from ..conftest import PNG, SiteFolder


def test_references_of_hugo_are_links_of_the_site(site: SiteFolder) -> None:
    site.note("content/b.md", "B\n", title="B")
    site.note("content/a.md", 'See [b]({{<relref "b.md#" >}}).\n', title="A")
    assert site.build().problems == []
    assert '<a href="/notes/content/b/">b</a>' in site.page("/notes/content/a/")
    assert "/notes/content/a/" in site.page("/notes/content/b/"), "a link from there is told"


def test_posts_of_jekyll_refer_to_one_another(site: SiteFolder) -> None:
    site.write("notes/assets/x.png", PNG)
    site.note("_posts/2020-01-05-old.md", "Old\n", title="Old")
    site.note(
        "_posts/2020-02-05-new.md",
        "[old]({{ site.baseurl }}{% post_url 2020-01-05-old %})\n\n"
        "![x]({{ site.baseurl }}/assets/x.png)\n",
        title="New",
    )
    assert site.build().problems == []


def test_myst_refers_to_headings_of_other_notes(site: SiteFolder) -> None:
    site.note("a.md", "(far)=\n## Far away\n\nText\n", title="A")
    site.note("b.md", "{ref}`far` and {ref}`there <far>` and {doc}`a`\n", title="B")
    assert site.build().problems == []
    page = site.page("/notes/b/")
    assert '<a href="/notes/a/#sec-far">Far away</a> and' in page
    assert '<a href="/notes/a/#sec-far">there</a>' in page


def test_theorems_and_equations_of_myst_are_numbered(site: SiteFolder) -> None:
    text = (
        "```{math}\n:label: can\n\nx = 1\n```\n\n"
        "````{prf:theorem} Banach\n:label: fix\n\nBy {eq}`can`.\n````\n\nSee {prf:ref}`fix`.\n"
    )
    site.note("a.md", text, title="A")
    assert site.build().problems == []
    page = site.page("/notes/a/")
    assert '<a class="math-ref" href="#eq-can">(1)</a>' in page
    assert '<a href="#thm:fix">Theorem\u00a01</a>' in page


def test_citations_of_a_site_without_bibliography_are_told_once(site: SiteFolder) -> None:
    site.write("notes/lib/refs.bib", "@book{knuth, title = {A}, year = 1984}\n")
    site.note("a.md", "[@knuth] and [@dean]\n", title="A")
    site.note("b.md", "[@knuth]\n", title="B")
    (problem,) = site.build().problems
    assert problem.rule == "citation-key-exists"
    assert problem.message == 'no bibliography has the key "knuth", nor 2 more that notes cite'
    assert problem.hint.endswith("citations: {bibliography: [notes/lib/refs.bib]}")


def test_a_slash_in_the_name_of_a_page_of_logseq(site: SiteFolder) -> None:
    site.write("notes/pages/term___block.md", "- text\n")
    site.write("notes/pages/a.md", "- [[term/block]]\n")
    assert site.build().problems == []
    page = site.page("/notes/pages/a/")
    assert 'href="/notes/pages/term___block/">' in page
    assert "<h1" in site.page("/notes/pages/term___block/")
    assert ">term/block</h1>" in site.page("/notes/pages/term___block/")


def test_a_page_of_logseq_has_its_header_in_properties(site: SiteFolder) -> None:
    site.write(
        "notes/pages/PDF.md", "alias:: [[A, b]], file\ntags:: #doc\ntype:: X\n\n- # Heading\n"
    )
    site.write("notes/pages/secret.md", "public:: false\n\n- text\n")
    site.write("notes/journals/2024_01_05.md", "- ## [[file]]\n- [[A, b]]\n")
    assert site.build().problems == []
    journal = site.page("/notes/journals/2024_01_05/")
    assert ">2024-01-05</h1>" in journal
    assert journal.count('class="wikilink" href="/notes/pages/pdf/"') == 2
    page = site.page("/notes/pages/pdf/")
    assert ">PDF</h1>" in page and "/tags/doc/" in page and "alias" not in page
    assert not (site.root / "public/notes/pages/secret").exists()


def test_formulas_go_on_without_the_marks_of_their_quote_or_item(site: SiteFolder) -> None:
    quote = "> Read\n> $$\n\\begin{array}{l}\na\n\\end{array}\n$$  \n>（1）End.\n"
    item = "1. $$\\tag{2.13}\n\\begin{align}\nH & = 1\n\\end{align}\n\n$$\n2. Two\n"
    item += "3. Three $$\\tag{2}\nx\n$$\n\n1. Four $$\\tag{3}\ny = 1\n\n$$\nText\n"
    # Dollars that mean none, and formulas that need no help.
    plain = "> costs `$$` much\n\nText $$ x\ny $$ text.\n\n- the pid $$ of\n\nthe shell\n"
    site.note("a.md", f"{quote}\n{item}\n{plain}", title="A")
    site.build()
    assert site.problems == []
    page = site.page("/notes/a/")
    assert page.count('class="math-display"') == 5
    assert "$$ of" in page and "（1）End.</p>" in page


def test_files_of_gitbook_lie_in_a_hidden_folder(site: SiteFolder) -> None:
    site.write("notes/.gitbook/assets/a b.png", PNG)
    site.note("cv/a.md", "![x](<../.gitbook/assets/a b.png>)\n", title="A")
    assert site.build().problems == []
    assert "a%20b.png" in site.page("/notes/cv/a/")
