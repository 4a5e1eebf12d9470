"""How the citations of each note are set: its style, the order and numbers of its works.

Entry point: `setter`, one for each view; `Setter.of` gives what a note needs. A plan
sets the citations of every note, and of ten thousand notes most cite the same few
works: whatever hangs on a work alone is made once and kept here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import NamedTuple

from notecast.features.citations.processor import Processor
from notecast.i18n import load_words
from notecast.model import BASE, Post
from notecast.site import View
from notecast.urls import quote
from notecast.works.citing import library, own_notes, page_of, scopes_of
from notecast.works.identifiers import arxiv_address
from notecast.works.model import Name, Work
from notecast.works.styles import Style, style_of
from notecast.works.styles.text import ALONE, Apart, html, plain


class Setting(NamedTuple):
    """What the citations of one note need."""

    post: Post
    language: "Language"
    find: Callable[[str], str | None]
    """The key of a work by what is written in this note."""
    known: dict[str, str]
    """Most of what `find` finds, without a call; empty in a note with keys of its own."""
    ready: "dict[str, Entry]"
    """References that are made already, by key."""
    listed: list[str]
    """Keys of the list of references, in its order."""
    places: dict[str, list[str]]
    """The anchors of the places that cite each of them, in the order of the text."""
    numbers: dict[str, int]
    """Position in that list; empty where citations are no numbers."""
    apart: dict[str, Apart]
    """What tells works that would look alike apart; mostly empty."""
    csl_places: dict[str, str]
    """HTML of a place by its anchor, where a `.csl` file says how."""
    csl_entries: dict[str, str]

    def apart_of(self, key: str) -> Apart:
        """What tells a work from others of this note."""
        return self.apart.get(key, ALONE)


class Entry(NamedTuple):
    """A reference, ready to be put together with what hangs on the note."""

    html: str
    shown: str
    """As plain text, escaped: what a citation shows when somebody points at it."""
    link: str
    """The start of a link to it; the text and `</a>` follow."""
    item: str
    """Its item in the list, up to the links back."""
    label: str
    """Author and date in parentheses, as a link; empty where citations are numbers."""


class Language:
    """What all notes of one language share."""

    def __init__(self, style: Style, words: dict[str, str]) -> None:
        self.style = style
        self.words = words
        self.entries: dict[str, Entry] = {}
        self.labels: dict[str, tuple[str, str, str]] = {}
        """Author and date, first author's family name, and that with the first initial."""
        self.ranks: dict[str, int] = {}
        self.back: dict[tuple[str, int], str] = {}


def setter(view: View) -> "Setter":
    """The setter of a view."""
    return view.once("citations setter", Setter)


class Setter:
    """Sets citations; remembers what was set once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.library = library(view)
        self.processor = Processor.of(view)
        self._style_name = "apa" if self.processor.wanted else view.options("citations").style
        self._languages: dict[str, Language] = {}
        self._last: Setting | None = None
        self._own = own_notes(view)
        names, ids = self.library.names, self.library.ids
        # Most keys are plain names or identifiers as the loader writes them.
        self._known = {**ids, **names}

    def language(self, name: str) -> Language:
        known = self._languages.get(name)
        if known is None:
            style = style_of(self._style_name, name)
            known = self._languages[name] = Language(style, load_words(name))
        return known

    def of(self, post: Post) -> Setting:
        """The setting of a note; its holes are filled one after the other."""
        last = self._last
        if last is None or last.post is not post:
            last = self._last = self._make(post)
        return last

    def _make(self, post: Post) -> Setting:
        language = self.language(post.lang)
        find, known = self.library.find, self._known
        scopes = scopes_of(post)
        if scopes:
            find, known = partial(find, scopes=scopes), {}
        works = self.library.works
        places: dict[str, list[str]] = {}
        for row in post.facts.get("citations", ()):
            anchor = row[1]
            for written in row[2]:
                key = known.get(written) or find(written)
                if key is None or (row[0] in ("link", "id") and not works[key].known):
                    continue
                if key not in places:
                    places[key] = [anchor] if anchor else []
                elif anchor:
                    places[key].append(anchor)
        listed = list(places)
        apart: dict[str, Apart] = {}
        numbers: dict[str, int] = {}
        if language.style.sort_key is None:
            numbers = {key: number for number, key in enumerate(listed, start=1)}
        elif len(listed) > 1:
            ranks = language.ranks or self._rank(language)
            listed.sort(key=ranks.__getitem__)
            if language.style.tell_apart and _look_alike(listed, language.labels):
                apart = language.style.tell_apart([works[key] for key in listed])
        ready = {} if apart else language.entries
        setting = Setting(
            post, language, find, known, ready, listed, places, numbers, apart, {}, {}
        )
        return self.processor.set(setting, works) if self.processor.wanted else setting

    def _rank(self, language: Language) -> dict[str, int]:
        """The order of all works in a list of references, and their labels."""
        style = language.style
        assert style.sort_key is not None and style.label is not None
        sort_key, works = style.sort_key, self.library.works
        for key, work in works.items():
            first = work.people[0] if work.people else Name()
            family = first.family and f"{first.particle} {first.family}"
            label = plain(style.label(work, ALONE))
            language.labels[key] = (label, family, f"{family} {first.given[:1]}" if family else "")
        ordered = sorted(works, key=lambda key: sort_key(works[key]))
        language.ranks = {key: rank for rank, key in enumerate(ordered)}
        return language.ranks

    def entry(self, key: str, setting: Setting) -> Entry:
        """The reference of a work."""
        known = setting.ready.get(key)
        if known is None:
            apart = setting.apart_of(key)
            known = setting.ready[key] = self._entry(key, apart, setting)
        return known

    def _entry(self, key: str, apart: Apart, setting: Setting) -> Entry:
        work, style = self.library.works[key], setting.language.style
        if key in setting.csl_entries:
            shown_html = setting.csl_entries[key]
            text = re.sub("<[^>]*>", "", shown_html).replace('"', "&quot;")
        else:
            pieces = style.entry(work, apart.letter) if work.known else []
            shown_html = html(pieces) if pieces else escape(_identifier(work))
            text = escape(plain(pieces) or _identifier(work))
        name = self.reference_id(key)
        link = (
            f'<a href="#{quote(name)}" role="doc-biblioref" aria-describedby="{escape(name)}" '
            f'data-ref="{text}">'
        )
        label = ""
        if style.label:
            inner = html(style.label(work, apart)) if work.known else escape(_identifier(work))
            label = f"{link}{inner}</a>"
        links = self._links(key, shown_html, setting.language.words)
        item = f'<li id="{escape(name)}">{shown_html}{links}'
        return Entry(shown_html, text, link, item, label)

    def reference_id(self, key: str) -> str:
        """Id of the work's entry in a list of references."""
        return "ref-" + self.library.slugs[key]

    def home(self, key: str) -> str:
        """Where a work is at home on this site: its own note, else its page; empty: nowhere."""
        own = self._own.get(key)
        return own[0].url if own else page_of(key, self.view)

    def _links(self, key: str, text: str, words: dict[str, str]) -> str:
        """What stands behind a reference: arXiv, PDF, code, the site's page and notes."""
        work: Work = self.library.works[key]
        links: list[tuple[str, str]] = []
        if work.arxiv and work.arxiv not in text:
            links.append((arxiv_address(work.arxiv), "arXiv"))
        links += [(work.pdf, "PDF"), (work.code, words["code"])]
        shown = [
            f' <a href="{escape(address)}" rel="noopener">{escape(name)}</a>'
            for address, name in links
            if address
        ]
        page = page_of(key, self.view)
        if page:
            shown.append(f' <a href="{escape(BASE + page)}">{escape(words["paper_page"])}</a>')
        shown += [
            f' <a href="{escape(BASE + post.url)}">{escape(words["paper_note"])}</a>'
            for post in self._own.get(key, [])[:3]
        ]
        return f'<span class="ref-links">{"".join(shown)}</span>' if shown else ""


def _look_alike(keys: Sequence[str], labels: Mapping[str, tuple[str, str, str]]) -> bool:
    """Whether two works have one label, or two people one family name."""
    shown = {labels[key][0] for key in keys}
    families = {labels[key][1] for key in keys}
    return len(shown) < len(keys) or len(families) < len({labels[key][2] for key in keys})


def _identifier(work: Work) -> str:
    return f"arXiv:{work.arxiv}" if work.arxiv else f"doi:{work.doi}" if work.doi else work.key
