"""The list of references at the end of a note, with the ways back into its text.

Entry point: `references`.
"""

from html import escape

from notecast.features.citations.setting import Setter, Setting
from notecast.i18n import load_words


def references(setting: Setting, set_by: Setter) -> str:
    """The section as HTML; empty where the note cites nothing that is known."""
    if not setting.listed:
        return ""
    words = load_words(setting.post.lang)
    places = _places(setting, set_by)
    entries = []
    for key in setting.listed:
        entry = set_by.entry(key, setting)[0]
        links = set_by.links_of(key, setting)
        back = _back(places.get(key, []), words["back_to_citation"])
        entries.append(f'<li id="{escape(set_by.reference_id(key))}">{entry}{links}{back}</li>\n')
    tag = "ol" if setting.style.numeric and not setting.csl_entries else "ul"
    name = "cited-works" if "references" in setting.post.anchors else "references"
    return (
        f'<section class="references" role="doc-bibliography" aria-labelledby="{name}">\n'
        f'<h2 id="{name}">{escape(words["references"])}</h2>\n'
        f"<{tag}>\n{''.join(entries)}</{tag}>\n</section>\n"
    )


def _places(setting: Setting, set_by: Setter) -> dict[str, list[str]]:
    """The anchors of the places that cite each work, in the order of the text."""
    places: dict[str, list[str]] = {}
    find = set_by.library.find
    for cite in setting.cites:
        if cite.anchor:
            for written in cite.keys:
                key = find(written, setting.scopes)
                if key is not None:
                    places.setdefault(key, []).append(cite.anchor)
    return places


def _back(anchors: list[str], label: str) -> str:
    """Links to the places; U+FE0E keeps the arrow from becoming an emoji on phones."""
    links = []
    for nth, anchor in enumerate(anchors, start=1):
        sign = "\u21a9\ufe0e" + (f"<sup>{nth}</sup>" if len(anchors) > 1 else "")
        links.append(
            f' <a class="footnote-back" href="#{anchor}" role="doc-backlink" '
            f'aria-label="{escape(label)} {anchor.removeprefix("cite-")}">{sign}</a>'
        )
    return "".join(links)
