"""The features of Notecast, one file or folder each; none knows of another.

Adding one: its module, a line here, its templates in `templates/<name>/`, its
cases in `tests/syntax/`. See `docs/writing-a-feature.md`.
"""

from notecast.feature import Feature
from notecast.features import (
    archive,
    backlinks,
    callouts,
    code,
    crossrefs,
    error_page,
    feeds,
    home,
    links,
    math,
    redirects,
    related,
    series,
    sitemap,
    terms,
    wikilinks,
)

FEATURES: tuple[Feature, ...] = (
    # Syntax. Math comes first: what stands in a formula is nothing else's business.
    math.FEATURE,
    code.FEATURE,
    callouts.FEATURE,
    # Behind math, whose numbers it refers to; its `@fig:x` is no citation.
    crossrefs.FEATURE,
    wikilinks.FEATURE,
    links.FEATURE,
    # At the end of a note, in this order.
    series.FEATURE,
    backlinks.FEATURE,
    related.FEATURE,
    # Pages. Where two want one address the first one has it.
    home.FEATURE,
    terms.FEATURE,
    archive.FEATURE,
    error_page.FEATURE,
    feeds.FEATURE,
    sitemap.FEATURE,
    redirects.FEATURE,
)
