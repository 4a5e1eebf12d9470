"""The keys of a header: ours, what other generators call them, and those that only they use.

`KEYS` is the table that `docs/front-matter.md` shows. Keys are compared in lower
case and without spaces, hyphens and underscores, so that `lastMod`, `last-mod`
and `Last mod` are one.
"""

import difflib
import re
from functools import lru_cache
from typing import NamedTuple


class Key(NamedTuple):
    """One canonical key."""

    name: str
    kind: str
    """How its value is read: a method of `header_values.ValueReader`."""
    synonyms: tuple[str, ...]
    """Squashed names, the preferred first: where a header has several, the first counts."""


KEYS = (
    Key("title", "text", ("title",)),
    Key("subtitle", "text", ("subtitle",)),
    Key(
        "date",
        "date",
        (
            *("date", "publishdate", "pubdate", "published", "datepublished", "publishedat"),
            *("publishedon", "pubdatetime", "created", "datecreated", "createdat", "creationdate"),
        ),
    ),
    Key(
        "updated",
        "date",
        (
            *("updated", "lastmod", "modified", "lastmodifiedat", "lastmodified", "datemodified"),
            *("dateupdated", "updatedat", "modifiedat", "lastupdated", "lastupdate"),
            *("updatedate", "moddatetime", "modificationdate"),
        ),
    ),
    Key("expires", "date", ("expires", "expirydate", "expiry", "expire", "unpublishdate")),
    Key("categories", "names", ("categories", "category")),
    Key("tags", "tags", ("tags", "tag")),
    Key("draft", "flag", ("draft", "isdraft")),
    Key("slug", "slug", ("slug",)),
    Key("permalink", "address", ("permalink", "url", "path")),
    Key("names", "aliases", ("aliases", "alias")),
    Key("redirects", "addresses", ("redirectfrom",)),
    Key("summary", "text", ("summary", "excerpt", "abstract")),
    Key("description", "text", ("description", "desc")),
    Key("lang", "lang", ("lang", "language", "locale")),
    Key("authors", "authors", ("authors", "author")),
    Key("series", "first", ("series",)),
    Key("weight", "number", ("weight", "order")),
    Key("pin", "flag", ("pin", "pinned", "sticky", "top")),
    Key("math", "switch", ("math", "mathjax", "katex", "hasmath", "usemath")),
    Key("toc", "switch", ("toc", "showtoc", "tableofcontents")),
    Key("comments", "switch", ("comments", "comment")),
    Key("bibliography", "texts", ("bibliography",)),
    Key("paper", "mapping", ("paper",)),
    Key(
        "image",
        "image",
        (
            *("image", "cover", "coverimage", "featuredimage", "featureimage", "feature"),
            *("thumbnail", "banner", "socialimage", "ogimage", "headerimg", "headerimage"),
            *("previewimage", "images", "thumb", "thumbnailimage"),
        ),
    ),
)

BY_NAME = {key.name: key for key in KEYS}

_RANKS: dict[str, tuple[str, int]] = {
    synonym: (key.name, rank) for key in KEYS for rank, synonym in enumerate(key.synonyms)
}

# Keys that decide several things, or that are read by what they hold.
SPECIAL = frozenset(("publish", "dgpublish", "status", "private", "taxonomies"))

_ELSEWHERE = """
    abbrlink affiliation affiliations ai aliasof arxiv aside audio authorprofile bannericon
    bannerimg bannerx bannery bibtex bigimg book build cascade chapter citation citationkey
    citekey city classes code collection color conference contributors copyright copyrights
    country course cssclass cssclasses difficulty disqus doi draftreason editor editoroptions
    editors email enabletoc engine event eventdate excalidraw execute extra featured field
    fileclass filename format forum forumid from fromid generatefeeds giscus gitalk github
    grandparent group guid haschildren header headermask headerstyle headertext heading headless
    hidden hide highlight highlights homepage html icon id indeximg insearchindex
    insertanchorlinks isbn iscjklanguage journal jupyter kanban kernelspec keywords kind
    lastsync layout lead lecture level license links linktitle location longform markup
    mathjaxmacros mathml meetingname menu menus mermaid message meta metadata month name nav
    navexclude navorder next nocomments note notes obsidianuimode orcid output outputs
    pagetemplate paginateby pagination params parent part password pdf permalinks photo photos
    place plantuml poster prev preview previous progress project publisher quiz randomimg rating
    read readingtime readtime redirectto region related relatedtopics renderwhen resources
    reviewer reviewers saveas score search section share shareimg sharimg showauthor showdate
    showreadingtime sidebar sitemap slides socialdescription sortby source sources stage state
    step stickers swiper tagline teaser template theme themes time timezone toclabel tocsticky
    toctitle topic topics translation translations translator translators transparent tweet
    twitter type uid uuid valine venue version video videos weblink website week year zotero
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())
"""Keys that only other programs use; they are kept for templates without a word."""

HOME_PAGE = frozenset(
    ("actionlink", "actions", "actiontext", "features", "hero", "heroimage", "herotext", "home")
)
"""Keys of the home pages of VuePress and VitePress, kept in the same way."""

_PLUGIN = re.compile(r"dg-")
"""Keys of Obsidian's Digital Garden begin so; many are our names with its prefix."""


@lru_cache(maxsize=1024)
def squash(written: str) -> str:
    """A key as it is compared: `Last_modified at` → `lastmodifiedat`."""
    return written.lower().replace("_", "").replace("-", "").replace(" ", "")


def canonical(squashed: str) -> tuple[str, int] | None:
    """Our name for a squashed key and its rank among the synonyms; `None` if it is not ours."""
    return _RANKS.get(squashed)


@lru_cache(maxsize=1024)
def is_known(written: str) -> bool:
    """Whether a key is one that we read, however it is spelt: a sign of a real header.

    Those of `ELSEWHERE` are no sign: prose, too, has lines that begin with `Note:`.
    """
    squashed = squash(written)
    return squashed in _RANKS or squashed in SPECIAL


@lru_cache(maxsize=1024)
def suggestion(written: str) -> str:
    """Our key that an unknown one is nearly, or nothing."""
    squashed = squash(written)
    if (
        len(squashed) < 3
        or is_known(written)
        or squashed in ELSEWHERE | HOME_PAGE
        or _PLUGIN.match(written)
    ):
        return ""
    candidates = [*_RANKS, *SPECIAL]
    letters = sorted(squashed)
    for candidate in candidates:
        if sorted(candidate) == letters:
            return _preferred(candidate)
    close = difflib.get_close_matches(squashed, candidates, 1, 0.8)
    # `author_id` is a longer name with a meaning of its own, not a slip.
    if not close or (squashed.startswith(close[0]) and len(squashed) > len(close[0]) + 1):
        return ""
    return _preferred(close[0])


def _preferred(squashed: str) -> str:
    """The spelling to suggest: our own name where there is one."""
    name = _RANKS[squashed][0] if squashed in _RANKS else squashed
    return {"names": "aliases", "redirects": "redirect_from"}.get(name, name)
