"""`sitemap.xml` and `robots.txt`: what crawlers should know."""

from collections.abc import Iterable

from notecast.feature import Feature
from notecast.model import Page, Url
from notecast.site import View

LIMIT = 50_000
"""Addresses in one sitemap file, by the protocol of sitemaps.org."""


class Sitemap(Feature):
    name = "sitemap"

    def pages(self, view: View) -> Iterable[Page]:
        entries = [{"url": "/", "changed": ""}]
        entries += [
            {"url": post.url, "changed": max(post.updated, post.date)} for post in view.posts
        ]
        for terms in (view.categories, view.tags):
            entries += [{"url": term.url, "changed": ""} for term in terms.by_key.values()]
        files = [entries[start : start + LIMIT] for start in range(0, len(entries), LIMIT)]
        names = (
            ["/sitemap.xml"]
            if len(files) == 1
            else [f"/sitemap-{number}.xml" for number in range(1, len(files) + 1)]
        )
        for name, part in zip(names, files, strict=True):
            yield Page(url=Url(name), template="sitemap.xml", context={"entries": part})
        if len(files) > 1:
            yield Page(
                url=Url("/sitemap.xml"), template="sitemap-index.xml", context={"sitemaps": names}
            )
        yield Page(url=Url("/robots.txt"), template="robots.txt", context={})


FEATURE = Sitemap()
