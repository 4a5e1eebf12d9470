"""The features of Notecast, one file or folder each; none knows of another.

Adding one: its module, a line here, its templates in `templates/<name>/`, its
cases in `tests/syntax/`. See `docs/writing-a-feature.md`.
"""

from notecast.feature import Feature
from notecast.features import (
    analytics,
    archive,
    backlinks,
    blocks,
    callouts,
    citations,
    code,
    comments,
    crossrefs,
    diagrams,
    dialects,
    error_page,
    feeds,
    graph,
    home,
    images,
    links,
    math,
    notebooks,
    papers,
    quarto,
    redirects,
    related,
    search,
    series,
    sitemap,
    social_cards,
    sources,
    terms,
    wikilinks,
)

FEATURES: tuple[Feature, ...] = (
    # Before all other syntax: it rewrites the text that they read.
    dialects.FEATURE,
    # Syntax. Math comes first: what stands in a formula is nothing else's business.
    math.FEATURE,
    code.FEATURE,
    # Takes its blocks from `code` and numbers from `crossrefs`.
    diagrams.FEATURE,
    callouts.FEATURE,
    # Behind math, whose numbers it refers to; its `@fig:x` is no citation.
    crossrefs.FEATURE,
    # Takes `:::question` and `:::todo`, which are callouts without it.
    blocks.FEATURE,
    wikilinks.FEATURE,
    links.FEATURE,
    # Behind all syntax: a notebook's cells are parsed by the rules of the others.
    notebooks.FEATURE,
    quarto.FEATURE,
    # Makes what links and wikilinks show.
    images.FEATURE,
    # At the end of a note, in this order.
    series.FEATURE,
    backlinks.FEATURE,
    related.FEATURE,
    graph.FEATURE,
    citations.FEATURE,
    papers.FEATURE,
    comments.FEATURE,
    analytics.FEATURE,
    social_cards.FEATURE,
    # Pages. Where two want one address the first one has it.
    home.FEATURE,
    terms.FEATURE,
    archive.FEATURE,
    error_page.FEATURE,
    search.FEATURE,
    feeds.FEATURE,
    sitemap.FEATURE,
    sources.FEATURE,
    redirects.FEATURE,
)
