"""The list of references at the end of a note, with the ways back into its text.

Entry point: `references`.
"""

from html import escape

from notecast.features.citations.setting import Language, Setter, Setting


def references(setting: Setting, set_by: Setter) -> str:
    """The section as HTML; empty where the note cites nothing that is known."""
    if not setting.listed:
        return ""
    language, places = setting.language, setting.places
    back, ready = language.back, setting.ready
    parts = []
    for key in setting.listed:
        anchors = places[key]
        entry = ready.get(key) or set_by.entry(key, setting)
        if len(anchors) == 1:
            links = back.get((anchors[0], 0)) or _back(anchors[0], 0, language)
        else:
            numbered = enumerate(anchors, start=1)
            links = "".join([_back(anchor, nth, language) for nth, anchor in numbered])
        parts.append(f"{entry.item}{links}</li>\n")
    tag = "ol" if setting.numbers and not setting.csl_entries else "ul"
    name = "cited-works" if "references" in setting.post.anchors else "references"
    return (
        f'<section class="references" role="doc-bibliography" aria-labelledby="{name}">\n'
        f'<h2 id="{name}">{escape(language.words["references"])}</h2>\n'
        f"<{tag}>\n{''.join(parts)}</{tag}>\n</section>\n"
    )


def _back(anchor: str, nth: int, language: Language) -> str:
    """A link to a place of the text, numbered if there are several of a work."""
    known = language.back.get((anchor, nth))
    if known is None:
        label = f"{language.words['back_to_citation']} {anchor.removeprefix('cite-')}"
        # U+FE0E keeps the arrow from becoming an emoji on phones.
        sign = "\u21a9\ufe0e" + (f"<sup>{nth}</sup>" if nth else "")
        known = language.back[anchor, nth] = (
            f' <a class="footnote-back" href="#{anchor}" role="doc-backlink" '
            f'aria-label="{escape(label)}">{sign}</a>'
        )
    return known
