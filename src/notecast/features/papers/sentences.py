"""The sentences around citations, as readers are shown them.

Entry points: `names_in`, `shown_sentence`. A note is parsed alone, so its sentences
hold `@vaswani2017attention says`; who that is, is known when all works are.
"""

import re
from collections.abc import Mapping

from notecast.model import NotePath
from notecast.site import View
from notecast.works.citing import Cite, library, scopes_of
from notecast.works.styles import style_of
from notecast.works.styles.text import ALONE, plain

_KEY = re.compile(r"@\{([^{}]+)\}|@([^\s{}]+)")


def names_in(view: View) -> Mapping[NotePath, Mapping[str, str]]:
    """For each note that names works in its sentences: key → authors, as its style has them."""
    return view.once("papers names in sentences", _names)


def _names(view: View) -> dict[NotePath, dict[str, str]]:
    known, written_style = library(view), view.options("citations").style
    name = "apa" if written_style.endswith(".csl") else written_style
    found: dict[NotePath, dict[str, str]] = {}
    for post in view.posts:
        for row in post.facts.get("citations", ()):
            cite = Cite(*row)
            if cite.kind not in ("text", "wiki"):
                continue
            for written in cite.keys:
                key = known.find(written, scopes_of(post))
                if key is None:
                    continue
                work, style = known.works[key], style_of(name, post.lang)
                who = plain(style.who(work, True, ALONE))
                year = "" if style.numeric or not work.year else f" ({work.year})"
                found.setdefault(post.path, {})[written] = who + year
    return found


def shown_sentence(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence with people in the place of keys."""
    if not names or "@" not in sentence:
        return sentence

    def name(match: re.Match[str]) -> str:
        written = match[1] or match[2]
        # What follows a key without a space is no part of it: `@doe2020, says`.
        for end in range(len(written), 0, -1):
            if written[:end] in names:
                return names[written[:end]] + written[end:]
        return match[0]

    return _KEY.sub(name, sentence)
