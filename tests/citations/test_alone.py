"""A link to a work that stands alone in its paragraph: with cards, without, and each room alone."""

import re

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.config_reader import load_config
from notecast.features import FEATURES

from ..conftest import NOW, SiteFolder
from .test_notes import BIB, body

ADDRESS = "https://arxiv.org/abs/1412.6980v3"
UNKNOWN = "https://arxiv.org/abs/2501.00001"
ADAM = (
    "Adam: A method for stochastic optimization"
    "<br><small>Diederik P. Kingma, Jimmy Ba, 2014</small>"
)


@pytest.fixture
def cited(site: SiteFolder) -> SiteFolder:
    site.write("references.bib", BIB)
    site.note("a.md", f"{ADDRESS}\n\n{UNKNOWN}\n\n[Adam]({ADDRESS})\n", title="A")
    return site


def without(site: SiteFolder, name: str) -> str:
    """The note of a site that leaves a feature out."""
    config, _ = load_config(site.root, FEATURES, overrides={"features.disable": [name]})
    features = [feature for feature in FEATURES if feature.name != name]
    build_site(config, features, BuildOptions(now=NOW, jobs=1, search=False))
    return site.page("/notes/a/")


def titles(page: str) -> list[str]:
    return re.findall(r'bookmark-title">(.*?)</span> <span class="bookmark-site">arxiv.org<', page)


def test_a_card_shows_the_work(cited: SiteFolder) -> None:
    cited.build()
    page = cited.page("/notes/a/")
    assert titles(page) == [ADAM, "arXiv:2501.00001", "Adam"]
    assert page.count(f'<p class="bookmark"><a href="{ADDRESS}" rel="noopener">') == 2


def test_without_cards_the_link_shows_the_work(cited: SiteFolder) -> None:
    text = body(without(cited, "blocks"))
    links = re.findall(r'<p><a href="([^"]*)" rel="noopener"[^>]*>(.*?)</a></p>', text)
    assert links == [(ADDRESS, ADAM), (UNKNOWN, UNKNOWN), (ADDRESS, "Adam")]


def test_without_citations_a_card_shows_the_identifier(cited: SiteFolder) -> None:
    page = without(cited, "citations")
    assert titles(page) == ["arXiv:1412.6980v3", "arXiv:2501.00001", "Adam"]


def test_a_work_without_authors_or_title(site: SiteFolder) -> None:
    site.write(
        "references.bib",
        "@misc{a, title={Only a title}, eprint={2401.00001}, archiveprefix={arXiv}}\n"
        "@misc{b, author={Doe, Jane}, eprint={2401.00002}, archiveprefix={arXiv}}\n",
    )
    site.note(
        "a.md", "https://arxiv.org/abs/2401.00001\n\nhttps://arxiv.org/abs/2401.00002\n", title="A"
    )
    site.build()
    assert titles(site.page("/notes/a/")) == ["Only a title", "arXiv:2401.00002"]


def test_the_title_cannot_break_out(site: SiteFolder) -> None:
    site.write(
        "references.json",
        '[{"id": "x", "title": "P < NP & $\\\\beta$", "author": [{"literal": "A < B"}],'
        ' "issued": {"raw": "2024"}, "DOI": "10.48550/arXiv.2401.00001"}]',
    )
    site.note("a.md", "https://arxiv.org/abs/2401.00001\n", title="A")
    site.build(config={"citations.bibliography": ["references.json"]})
    assert titles(site.page("/notes/a/")) == ["P &lt; NP &amp; β<br><small>A &lt; B, 2024</small>"]


def test_the_card_follows_the_bibliography(cited: SiteFolder) -> None:
    cited.build()
    cited.write("references.bib", BIB.replace("A method for", "The method for"))
    cited.build()
    assert titles(cited.page("/notes/a/"))[0].startswith("Adam: The method for")
    after = cited.tree()
    cited.build(use_cache=False)
    assert cited.tree() == after
    (cited.root / "references.bib").unlink()
    cited.build()
    assert titles(cited.page("/notes/a/"))[0] == "arXiv:1412.6980v3"
