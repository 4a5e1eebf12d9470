"""How the citations of each note are set: its style, the order and numbers of its works.

Entry point: `setter`, one for each view; `Setter.of` gives what a note needs.
"""

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from notecast.i18n import load_words
from notecast.model import BASE, Post
from notecast.site import View
from notecast.urls import quote
from notecast.works.citing import Cite, cites_of, library, own_works, page_of, scopes_of
from notecast.works.files import inside
from notecast.works.identifiers import arxiv_address
from notecast.works.model import Work
from notecast.works.styles import Style, style_of
from notecast.works.styles.csl import CslStyle, CslUnusable, Part
from notecast.works.styles.text import html, plain


class Setting(NamedTuple):
    """What the citations of one note need."""

    post: Post
    style: Style
    scopes: tuple[str, ...]
    cites: list[Cite]
    listed: tuple[str, ...]
    """Keys of the list of references, in its order."""
    numbers: dict[str, int]
    """Position in that list."""
    letters: dict[str, str]
    """What tells works of one author and year apart; mostly empty."""
    csl_places: dict[str, str]
    """HTML of a place by its anchor, where a `.csl` file says how."""
    csl_entries: dict[str, str]


def setter(view: View) -> "Setter":
    """The setter of a view."""
    return view.once("citations setter", Setter)


class Setter:
    """Remembers what was set once: the same works are cited again and again."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.library = library(view)
        self.unusable: CslUnusable | None = None
        options = view.options("citations")
        self._style_name = options.style
        self._csl: CslStyle | None = None
        if self._style_name.endswith(".csl"):
            try:
                path = inside(self._style_name, view.config.root)
                if path is None:
                    raise CslUnusable(
                        f'the site folder has no citation style "{self._style_name}"',
                        "name a .csl file inside the folder of site.yaml, relative to it",
                    )
                self._csl = CslStyle(path, view.config.language)
            except CslUnusable as error:
                self.unusable = error
            self._style_name = "apa"
        self._styles: dict[str, Style] = {}
        self._last: Setting | None = None
        self._entries: dict[tuple[str, str, str, str], tuple[str, str]] = {}
        self._links: dict[str, str] = {}
        self._sort_keys: dict[str, tuple[str, ...]] = {}
        self._own: dict[str, list[Post]] | None = None

    def style(self, language: str) -> Style:
        known = self._styles.get(language)
        if known is None:
            known = self._styles[language] = style_of(self._style_name, language)
        return known

    def of(self, post: Post) -> Setting:
        """The setting of a note; its holes are filled one after the other."""
        last = self._last
        if last is None or last.post is not post:
            last = self._last = self._make(post)
        return last

    def _make(self, post: Post) -> Setting:
        style = self.style(post.lang)
        scopes = tuple(scopes_of(post))
        cites = cites_of(post)
        works, names, ids = self.library.works, self.library.names, self.library.ids
        found: dict[str, None] = {}
        for cite in cites:
            must_be_known = cite.kind in ("link", "id")
            for written in cite.keys:
                key = (
                    self.library.find(written, scopes)
                    if scopes
                    else names.get(written) or ids.get(written) or self.library.find(written)
                )
                if key is not None and (not must_be_known or works[key].known):
                    found[key] = None
        keys = list(found)
        letters: dict[str, str] = {}
        if style.sort_key and len(keys) > 1:
            keys.sort(key=self._sort_key(style))
            letters = self._letters(keys, style)
        numbers = {key: number for number, key in enumerate(keys, start=1)}
        setting = Setting(post, style, scopes, cites, tuple(keys), numbers, letters, {}, {})
        return self._with_csl(setting) if self._csl and keys else setting

    def _sort_key(self, style: Style) -> Callable[[str], tuple[str, ...]]:
        def sort_key(key: str) -> tuple[str, ...]:
            known = self._sort_keys.get(key)
            if known is None:
                assert style.sort_key is not None
                known = self._sort_keys[key] = style.sort_key(self.library.works[key])
            return known

        return sort_key

    def _letters(self, keys: list[str], style: Style) -> dict[str, str]:
        assert style.label is not None
        same: dict[str, list[str]] = {}
        for key in keys:
            same.setdefault(style.label(self.library.works[key], ""), []).append(key)
        if len(same) == len(keys):
            return {}
        return {
            key: chr(ord("a") + nth % 26) * (1 + nth // 26)
            for alike in same.values()
            if len(alike) > 1
            for nth, key in enumerate(alike)
        }

    def _with_csl(self, setting: Setting) -> Setting:
        """The same, set by the citation processor; ours stands in where it fails."""
        assert self._csl is not None
        works = self.library.works
        places, anchors = [], []
        for hole in setting.post.holes:
            if hole.feature != "citations" or hole.kind not in ("cite", "text"):
                continue
            parts = []
            for prefix, _, written, place in zip(*[iter(hole.data[3:])] * 4, strict=True):
                key = self.library.find(written, setting.scopes)
                if key is not None:
                    parts.append(Part(works[key], prefix, place))
            if parts:
                places.append(parts)
                anchors.append(hole.data[0])
        try:
            done = self._csl.set(places, [works[key] for key in setting.listed])
        except Exception as error:  # whatever a style makes the library raise
            self.unusable = self.unusable or CslUnusable(
                f"the citation style cannot set {setting.post.path} ({type(error).__name__}); "
                "APA stands in for it",
                "choose apa, ieee or gb7714, or another .csl file",
            )
            return setting
        order = [key for key in done.entries if key in setting.numbers]
        order += [key for key in setting.listed if key not in done.entries]
        return setting._replace(
            listed=tuple(order),
            csl_places=dict(zip(anchors, done.places, strict=True)),
            csl_entries=done.entries,
        )

    def entry(self, key: str, setting: Setting) -> tuple[str, str]:
        """The reference of a work as HTML and as plain text."""
        if key in setting.csl_entries:
            from re import sub

            entry = setting.csl_entries[key]
            return entry, sub("<[^>]*>", "", entry)
        letter = setting.letters.get(key, "")
        name = (key, letter, setting.post.lang, "")
        known = self._entries.get(name)
        if known is None:
            work = self.library.works[key]
            pieces = setting.style.entry(work, letter) if work.known else []
            shown = html(pieces) if pieces else escape(_stub(work))
            known = self._entries[name] = (shown, escape(plain(pieces) or _stub(work)))
        return known

    def reference_id(self, key: str) -> str:
        """Id of the work's entry in a list of references."""
        return "ref-" + self.library.slugs[key]

    def link(self, key: str, text: str, setting: Setting) -> str:
        """A link to the entry of a work, which shows that entry; `text` is HTML."""
        name = self.reference_id(key)
        shown = self.entry(key, setting)[1]
        return (
            f'<a href="#{quote(name)}" role="doc-biblioref" aria-describedby="{escape(name)}" '
            f'data-ref="{shown}">{text}</a>'
        )

    def own_notes(self, key: str) -> list[Post]:
        """The notes that are about a work."""
        if self._own is None:
            self._own = {}
            for path, own in own_works(self.view).items():
                post = self.view.post(path)
                if post is not None:
                    self._own.setdefault(own, []).append(post)
        return self._own.get(key, [])

    def home(self, key: str) -> str:
        """Where a work is at home on this site: its own note, else its page; empty: nowhere."""
        own = self.own_notes(key)
        return own[0].url if own else page_of(key, self.view)

    def links_of(self, key: str, setting: Setting) -> str:
        """What stands behind a reference: arXiv, code, PDF, the site's notes on it."""
        name = f"{setting.post.lang} {key}"
        known = self._links.get(name)
        if known is None:
            known = self._links[name] = self._make_links(key, setting)
        own = [post for post in self.own_notes(key) if post is not setting.post]
        if own:
            words = load_words(setting.post.lang)
            known += "".join(
                f' <a href="{escape(BASE + post.url)}">{escape(words["paper_note"])}</a>'
                for post in own[:3]
            )
        return f'<span class="ref-links">{known}</span>' if known else ""

    def _make_links(self, key: str, setting: Setting) -> str:
        work: Work = self.library.works[key]
        words = load_words(setting.post.lang)
        text = self.entry(key, setting)[0]
        links = []
        arxiv = arxiv_address(work.arxiv) if work.arxiv else ""
        if arxiv and arxiv not in text and f"arXiv.{work.arxiv}" not in text:
            links.append((arxiv, "arXiv"))
        links += [(work.pdf, "PDF"), (work.code, words["code"])]
        shown = "".join(
            f' <a href="{escape(address)}" rel="noopener">{escape(name)}</a>'
            for address, name in links
            if address
        )
        page = page_of(key, self.view)
        if page:
            shown += f' <a href="{escape(BASE + page)}">{escape(words["paper_page"])}</a>'
        return shown


def _stub(work: Work) -> str:
    return f"arXiv:{work.arxiv}" if work.arxiv else f"doi:{work.doi}" if work.doi else work.key
