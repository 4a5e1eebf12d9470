"""All posts folded into one immutable Site, and the View through which pages read it.

Entry point: `assemble`.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from notecast.model import HOLE, TEXT, Embed, Hole, Link, Made, NotePath, Post, Shown, Url
from notecast.problems import Problem
from notecast.short_texts import DESCRIPTION_LENGTH, cut_again, cut_text, filled, filled_html, used
from notecast.targets import Targets
from notecast.terms import Terms, collect_terms

if TYPE_CHECKING:
    from notecast.config import Config
    from notecast.feature import Feature

T = TypeVar("T")

FEED_FILES = {"atom": "feed.xml", "rss": "rss.xml", "json": "feed.json"}
FEED_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}


class FileRef(msgspec.Struct, frozen=True):
    """A file of the notes folder that is not a note: an image, a PDF, a data set."""

    url: Url
    source: str
    """Where it is on disk."""
    width: int = 0
    """In CSS pixels; 0 where the file is no image or its size is unknown."""
    height: int = 0


class Site(msgspec.Struct, frozen=True):
    """Everything that pages may ask."""

    posts: tuple[Post, ...]
    """What is published, newest first, undated last."""
    by_path: dict[NotePath, Post]
    withheld: frozenset[NotePath]
    """Notes that exist but are not published: drafts, future and expired ones, broken headers."""
    future: frozenset[NotePath]
    """Published although their date is still to come (`--future`)."""
    categories: Terms
    tags: Terms
    files: Mapping[str, FileRef]
    families: dict[str, Mapping[Any, Any]]


def list_order(post: Post) -> tuple[bool, str, str]:
    """For `sorted(posts, key=list_order, reverse=True)`: by `updated`, then date, then path."""
    latest = max(post.updated, post.date)
    return (bool(latest), latest, post.date)


def in_list_order(posts: Sequence[Post]) -> list[Post]:
    """Newest first by `updated`, then `date`; equal ones by path; undated last."""
    by_path = sorted(posts, key=lambda post: post.path)
    return sorted(by_path, key=list_order, reverse=True)


def assemble(
    posts: Sequence[Post],
    *,
    withheld: frozenset[NotePath],
    future: frozenset[NotePath],
    files: Mapping[str, FileRef],
    features: "Sequence[Feature]",
    config: "Config",
) -> tuple[Site, list[Problem]]:
    """Folds the published posts into a Site.

    Args:
        posts: What is published, each at an address of its own.
        withheld: Paths of notes that exist but stay out.
        future: Paths of published notes that are dated later than now.
        files: Other files of the notes folder by path.
        features: Asked for their `facts`.
        config: The site's configuration.

    Returns:
        The Site, and problems of names (such as one tag in two spellings).
    """
    ordered = in_list_order(posts)
    categories, category_problems = collect_terms(
        "categories",
        [(post, post.categories) for post in ordered],
        slug_style=config.slugs,
        notes_prefix=config.notes_prefix,
    )
    tags, tag_problems = collect_terms(
        "tags",
        [(post, post.tags) for post in ordered],
        slug_style=config.slugs,
        notes_prefix=config.notes_prefix,
    )
    families: dict[str, Mapping[Any, Any]] = {}
    for feature in features:
        for family, facts in feature.facts(ordered, config.options.get(feature.name)).items():
            assert family not in families, f"two features draw facts called {family}"
            families[family] = facts
    site = Site(
        posts=tuple(ordered),
        by_path={post.path: post for post in ordered},
        withheld=withheld,
        future=future,
        categories=categories,
        tags=tags,
        files=files,
        families=families,
    )
    return site, category_problems + tag_problems


class View:
    """The only way a page reads the Site."""

    def __init__(
        self,
        site: Site,
        config: "Config",
        words: Mapping[str, str],
        features: "Sequence[Feature]",
        targets: Targets | None = None,
    ) -> None:
        """
        Args:
            site: What is read.
            config: The site's configuration.
            words: Those of the user interface in the site's language.
            features: Asked for what fills holes in short texts.
            targets: Those of a site with the same paths, addresses and names, if there is one.
        """
        self._site = site
        self._words = words
        self._features = {feature.name: feature for feature in features}
        self.config = config
        self.addresses: frozenset[str] = frozenset()
        """Every address of the site; known when features check, empty before."""
        self.pictures: tuple[Shown, ...] = ()
        """Pictures of the notes folder that notes show, by note and line; known to makers."""
        self.made_files: Mapping[str, Mapping[str, Made]] = {}
        """What was made, by feature and name; nothing in the preview."""
        self.fills: dict[NotePath, tuple[str | Embed, ...]] = {}
        """What fills the holes of each note, as far as it has been asked for."""
        self.targets = targets or Targets(
            {post.path: post.url for post in site.posts},
            {path: ref.url for path, ref in site.files.items()},
            site.withheld,
            {post.path: (*post.names, post.title) for post in site.posts},
        )
        self.posts = site.posts
        self.categories = site.categories
        self.tags = site.tags
        self._term_links: dict[str, list[dict[str, str]]] = {}
        self._cards: dict[NotePath, dict[str, Any]] = {}
        self._once: dict[str, Any] = {}
        self._linked: dict[NotePath, list[tuple[Link, NotePath]]] = {}
        self._card_ids: dict[NotePath, bytes] = {}
        self._text_fills: dict[NotePath, tuple[str, ...]] = {}
        self._pack = msgspec.msgpack.Encoder().encode

    def get(self, family: str, key: Any) -> Any:
        """The fact of that name, or `None`: what is missing is a fact too."""
        return self._site.families.get(family, {}).get(key)

    def family(self, name: str) -> Mapping[Any, Any]:
        """All facts of one family."""
        return self._site.families.get(name, {})

    def once(self, name: str, make: "Callable[[View], T]") -> T:
        """What `make` works out of the whole site, worked out when it is first asked for.

        Args:
            name: The feature's own name for it.
            make: A pure function of the view.
        """
        if name not in self._once:
            self._once[name] = make(self)
        result: T = self._once[name]
        return result

    def linked(self, post: Post) -> Sequence[tuple[Link, NotePath]]:
        """The links of a note that lead to other notes, with those notes' paths."""
        known = self._linked.get(post.path)
        if known is None:
            known = self._linked[post.path] = [
                (link, NotePath(target.path))
                for link in post.links
                if (target := self.targets.of_link(post.path, link)).kind == "note"
                and target.path != post.path
            ]
        return known

    def guess_from(self, earlier: "View") -> None:
        """Takes over what `once` worked out of an earlier state of the site.

        For the preview, which shows an edited page at once and works that out after it.
        """
        self._once = dict(earlier._once)

    def post(self, path: str) -> Post | None:
        """A published note."""
        return self._site.by_path.get(NotePath(path))

    def file(self, path: str) -> FileRef | None:
        """A file of the notes folder that is not a note."""
        return self._site.files.get(path)

    def files(self) -> Mapping[str, FileRef]:
        return self._site.files

    def made(self, feature: str, name: str) -> Made | None:
        """What the maker of a feature made under that name; `None` where nothing is made."""
        return self.made_files.get(feature, {}).get(name)

    def word(self, key: str) -> str:
        """A word of the user interface."""
        return self._words[key]

    def feeds_of(self, home: str, title: str) -> list[dict[str, str]]:
        """The feeds of a list of notes at address `home`."""
        return [
            {
                "format": name,
                "title": title,
                "type": FEED_TYPES[name],
                "url": home + FEED_FILES[name],
            }
            for name in self.config.feeds.formats
            if "feeds" not in self.config.features.disable
        ]

    def shown(self, path: str) -> str:
        """A note's path as problems show it, relative to the site folder."""
        return self.config.notes_prefix + path

    def is_future(self, path: str) -> bool:
        return path in self._site.future

    def options(self, feature: str) -> Any:
        """A feature's own section of the configuration."""
        return self.config.options.get(feature)

    def term_trail(self, kind: str, written: str) -> list[dict[str, str]]:
        """A category or tag with its parents, outermost first, as `name` and `url`."""
        known = self._term_links.get(kind + written)
        if known is None:
            terms = self.categories if kind == "categories" else self.tags
            known = []
            parts = [part for part in written.split("/") if part.strip()]
            for depth in range(1, len(parts) + 1):
                term = terms.of("/".join(parts[:depth]))
                assert term is not None
                known.append({"name": term.name, "url": term.url})
            self._term_links[kind + written] = known
        return known

    def term_links(self, kind: str, names: Sequence[str]) -> list[dict[str, str]]:
        """Those categories or tags themselves, each once, as `name` and `url`."""
        links: dict[str, dict[str, str]] = {}
        for name in names:
            trail = self.term_trail(kind, name)
            if trail:
                links.setdefault(trail[-1]["url"], trail[-1])
        return list(links.values())

    def text_fills(self, post: Post) -> tuple[str, ...]:
        """What fills the holes of a note's short texts."""
        fills = self._text_fills.get(post.path)
        if fills is None:
            features = self._features
            fills = self._text_fills[post.path] = tuple(
                [
                    features[hole.feature].text(hole, post, self)
                    if hole.feature in features
                    else ""
                    for hole in post.text_holes
                ]
            )
        return fills

    def short_text(self, post: Post, text: str) -> str:
        """A short text of a note, such as `Link.sentence`, as readers are shown it."""
        return filled(text, self.text_fills(post)) if HOLE in text else text

    def short_html(self, post: Post, html: str) -> str:
        """HTML that a note's facts keep for other pages, its holes filled with text."""
        return filled_html(html, self.text_fills(post)) if HOLE in html else html

    def text_fill(self, hole: Hole, post: Post) -> str:
        """HTML for a hole in a body that belongs to no feature of the site; see `TEXT`."""
        return escape(self.text_fills(post)[int(hole.data[0])]) if hole.feature == TEXT else ""

    def excerpt(self, post: Post) -> str:
        """A note's excerpt as readers are shown it."""
        text = post.excerpt
        if HOLE not in text:
            return text
        shown = self.short_text(post, text)
        return cut_again(shown, post.excerpt_length) if post.excerpt_length else shown

    def description(self, post: Post) -> str:
        """A note's description: its author's, else the beginning of the excerpt."""
        if post.description or HOLE not in post.excerpt:
            return post.description
        return cut_text(self.excerpt(post), DESCRIPTION_LENGTH)

    def card(self, post: Post) -> dict[str, Any]:
        """What lists show of a note, as plain data; see `docs/templates.md`."""
        card = self._cards.get(post.path)
        if card is None:
            card = self._cards[post.path] = {
                "url": post.url,
                "title": post.title,
                "title_html": post.title_html,
                "date": post.date,
                "updated": post.updated,
                "lang": post.lang,
                "categories": self.term_links("categories", post.categories),
                "tags": self.term_links("tags", post.tags),
                "excerpt": self.excerpt(post),
                "minutes": post.minutes,
                "draft": post.draft,
                "future": self.is_future(post.path),
                "pin": post.pin,
            }
        return card

    def card_id(self, post: Post) -> bytes:
        """What is equal if and only if the card is: for `Page.identity`."""
        known = self._card_ids.get(post.path)
        if known is None:
            # Packed once: a card stands on half a dozen pages.
            known = self._card_ids[post.path] = self._pack(
                (
                    post.key,
                    post.url,
                    self.is_future(post.path),
                    # Their names and addresses hang on what other notes write.
                    self.term_links("categories", post.categories),
                    self.term_links("tags", post.tags),
                    # With the key these decide the excerpt, and are shorter.
                    used(post.excerpt, self.text_fills(post)) if HOLE in post.excerpt else (),
                )
            )
        return known

    def cards(self, paths: Sequence[NotePath]) -> list[dict[str, Any]]:
        """Cards of published notes, in that order."""
        return [self.card(self._site.by_path[path]) for path in paths]

    def card_ids(self, paths: Sequence[NotePath]) -> list[bytes]:
        """Their identities; see `card_id`."""
        return [self.card_id(self._site.by_path[path]) for path in paths]
