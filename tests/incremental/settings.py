"""Values for every key of `site.yaml` that may change what a build makes."""

from typing import Any

VALUES: dict[str, list[Any]] = {
    "title": ["Storm", "Another <title>"],
    "description": ["", "Notes & more"],
    "base_url": ["https://example.org", "https://example.org/sub", ""],
    "language": ["en", "zh-CN"],
    "timezone": ["UTC", "Asia/Shanghai", "America/New_York"],
    "author.name": ["", "Ada", "Bob"],
    "author.email": ["", "ada@example.org"],
    "author.url": ["", "https://example.org/ada"],
    "author.bio": ["", "Works on flows."],
    "author.picture": ["", "/ada.png"],
    "hero.title": ["", "HELLO"],
    "hero.text": ["", "a line"],
    "nav": [[{"name": "Archive", "url": "/archive/"}], []],
    "social": [[], [{"name": "GitHub", "url": "https://github.com/ada"}]],
    "license.name": ["", "CC BY 4.0"],
    "license.url": ["", "https://creativecommons.org/licenses/by/4.0/"],
    "logo": ["", "/logo.svg"],
    "favicon": ["", "/icon.svg"],
    "notes": ["notes", "content"],
    "static": ["static", "files"],
    "templates": ["templates", "theme"],
    "permalink": ["/notes/:path/", "/:year/:slug/", "/:category/:title/", "/:filename/"],
    "slugs": ["unicode", "ascii"],
    "paginate": [12, 2, 3],
    "dates": ["header", "git", "git"],
    "drafts": [False, True],
    "future": [False, True],
    "html": ["own", "untrusted"],
    "excerpt.length": [350, 40],
    "excerpt.words.code": ["", "<code>"],
    "excerpt.words.formula": ["", "<formula>"],
    "excerpt.words.math": ["", "<math>"],
    "feeds.content": ["full", "excerpt"],
    "feeds.terms": ["excerpt", "full"],
    "feeds.limit": [20, 2],
    "feeds.formats": [["atom", "rss", "json"], ["atom"], []],
    "highlight.light": ["xcode", "staroffice"],
    "highlight.dark": ["lightbulb", "monokai"],
    "edit_url": ["", "https://github.com/ada/notes/edit/main/:path"],
    "features.disable": [
        [],
        ["feeds"],
        ["backlinks", "math"],
        ["papers"],
        ["crossrefs", "series"],
        ["quarto"],
    ],
    "features.load": [[], ["storm_feature:Counted"]],
    "strict": [False, True],
    "problems": [{}, {"image-exists": "error"}, {"link-target-exists": "off"}],
    "ignore": [[], ["cv/**"], ["alpha.md", "*.csv"]],
    "math.code_spans": [False, True],
    "math.double_dollars": ["auto", "display", "inline"],
    "math.macro_files": [None, [], ["macros.tex"], ["more.sty", "preamble.sty"]],
    "math.macros": [{}, {"mine": "\\mathbf{#1}"}, {"mine": "#1^2"}],
    "code.line_numbers": [False, True],
    "crossrefs.theorems": ["each", "together"],
    "citations.bibliography": [
        [],
        ["references.bib"],
        ["other.bib", "references.bib"],
        ["works.json"],
        ["references.bib", "works.json", "works.yaml"],
    ],
    "citations.style": [
        *("auto", "ieee", "apa", "gb7714", "gb7714-author-date"),
        *("own.csl", "styles/other.csl", "own.csl"),
    ],
    "comments.repo": ["", "ada/notes"],
    "comments.repo_id": ["", "R_1"],
    "comments.category": ["", "Announcements"],
    "comments.category_id": ["", "DIC_1"],
    "comments.mapping": ["pathname", "title"],
    "comments.reactions": [True, False],
    "analytics.script": ["", "https://plausible.io/js/script.js"],
    "analytics.attributes": [{}, {"data-domain": "example.org"}],
    "crossrefs.kinds": [{}, {"fact": "Fact|事实"}],
    "images.variants": ["auto", "off", "on"],
    "images.widths": [[480, 800, 1200, 1600], [16, 32]],
    "images.quality": [80, 30],
    "images.sizes": ["(min-width: 700px) 650px, 100vw", "100vw"],
    "diagrams.graphviz": ["", "painter", "painter {input}"],
    "diagrams.mermaid": ["", "painter", "nobody-has-this"],
    "diagrams.others": [{}, {"d2": "painter"}],
    "diagrams.patience": [60, 50],
    "precompress": [[], ["gzip"]],
    "social_cards.enabled": [False, True],
    "social_cards.background": ["#fafbfc", "#101418"],
    "social_cards.font": [""],
    "social_cards.text": ["#d9e0e8", "#181c22"],
    "social_cards.accent": ["#b33f08", "#0b6a4f"],
    "sources.markdown": [False, True],
    "sources.llms": [True, False],
}

ELSEWHERE = {
    "output": "the storm gives an output folder itself",
    "editor": "only the preview reads it",
    "deploy": "no build reads it",
}
"""Keys, with those below them, that the storm leaves alone, and why."""

FEATURE = '''
from dataclasses import dataclass

from notecast.feature import Feature
from notecast.model import Page, Url


@dataclass(frozen=True)
class Options:
    """Counts."""


class Counted(Feature):
    """Counts notes, in a version that the storm edits."""

    name = "counted"

    def pages(self, view):
        yield Page(
            url=Url("/counted/"),
            template="counted.txt",
            context={"text": "VERSION: %d" % len(view.posts)},
        )
'''
"""The site's own feature; VERSION is replaced."""
