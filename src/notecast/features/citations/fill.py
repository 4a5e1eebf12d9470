"""Sets the citations of a note: what stands in the text, and the list at its end.

Entry point: `filler`.
"""

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from notecast.features.citations.alone import title
from notecast.features.citations.references import references
from notecast.features.citations.setting import Setter, Setting, setter
from notecast.model import BASE, Hole, NotePath, Post
from notecast.site import View
from notecast.works.identifiers import arxiv_address, doi_address
from notecast.works.styles.text import html

PART = 4
"""Strings for each part of a citation in the data of its hole."""


class _Part(NamedTuple):
    prefix: str
    only_year: str
    written: str
    place: str
    key: str | None


Fill = Callable[[Hole, Post], str]


def filler(view: View) -> Fill:
    """The function that makes HTML for the holes of this feature, in the notes of a view."""
    set_by = setter(view)
    of = set_by.of

    def fill(hole: Hole, post: Post) -> str:
        setting = of(post)
        data = hole.data
        if hole.kind == "cite" and len(data) == 3 + PART and not setting.csl_places:
            # `[@key]` and nothing else is the form of nearly all citations.
            anchor, gap, _, prefix, only_year, written, place = data
            key = setting.known.get(written)
            if key is not None and not (prefix or only_year or place):
                entry = setting.ready.get(key) or set_by.entry(key, setting)
                if entry.label:
                    return f'{gap}<span class="cite" id="{anchor}">({entry.label})</span>'
        return _fill(hole, setting, set_by)

    known: dict[NotePath, tuple[Post, dict[Hole, str]]] = {}

    def fill_once(hole: Hole, post: Post) -> str:
        """Cards and the page itself show the same places: each is set once."""
        if not post.text_holes:
            return fill(hole, post)
        own = known.get(post.path)
        if own is None or own[0] is not post:
            own = known[post.path] = (post, {})
        html = own[1].get(hole)
        if html is None:
            html = own[1][hole] = fill(hole, post)
        return html

    return fill_once


def _fill(hole: Hole, setting: Setting, set_by: Setter) -> str:
    kind = hole.kind
    if kind == "references":
        return references(setting, set_by)
    if kind == "title":
        key = setting.find(hole.data[0])
        return title(set_by.library.works[key] if key else None, hole.data[1])
    if kind in ("shown", "mark"):
        return _around_link(hole, setting, set_by)
    anchor, gap, raw, *flat = hole.data
    parts = []
    for at in range(0, len(flat), PART):
        prefix, only_year, written, place = flat[at : at + PART]
        parts.append(_Part(prefix, only_year, written, place, setting.find(written)))
    if all(part.key is None for part in parts):
        return _unknown(hole, parts[0], setting.post, set_by.view)
    if kind == "wiki":
        return _wiki(anchor, parts[0], setting, set_by)
    if kind == "id":
        return _identifier(anchor, raw, parts[0], setting, set_by)
    if anchor in setting.csl_places:
        return _by_processor(anchor, gap, parts, setting, set_by)
    if kind == "text":
        return _narrative(anchor, parts[0], setting, set_by)
    if setting.language.style.numeric:
        return _numbers(anchor, gap, parts, setting, set_by)
    return _author_date(anchor, gap, parts, setting, set_by)


def _unknown(hole: Hole, part: _Part, post: Post, view: View) -> str:
    """What was written; a literature note called `@key` is a note all the same."""
    _, gap, raw = hole.data[:3]
    if hole.kind == "wiki":
        target = view.targets.of_name(post.path, f"@{part.written}")
        text = escape(part.prefix or f"@{part.written}")
        if target.kind == "note":
            return f'<a class="wikilink" href="{escape(BASE + target.url)}">{text}</a>'
        return f'<span class="missing-link">{text}</span>'
    return gap + escape(raw)


def _around_link(hole: Hole, setting: Setting, set_by: Setter) -> str:
    """What is shown over a link of the author's, and the number behind it."""
    key = setting.find(hole.data[0])
    if key is None or not set_by.library.works[key].known:
        return ""
    if hole.kind == "shown":
        return set_by.entry(key, setting).shown
    if not setting.numbers or setting.csl_places:
        return ""
    return _bracketed(_number(key, setting, set_by), "", setting)


def _link(key: str, text: str, setting: Setting, set_by: Setter) -> str:
    return f"{set_by.entry(key, setting).link}{text}</a>"


def _number(key: str, setting: Setting, set_by: Setter) -> str:
    return _link(key, str(setting.numbers[key]), setting, set_by)


def _missing(part: _Part) -> str:
    return f'<span class="missing-link">@{escape(part.written)}</span>'


def _wiki(anchor: str, part: _Part, setting: Setting, set_by: Setter) -> str:
    key = part.key
    assert key is not None
    work = set_by.library.works[key]
    text = escape(part.prefix or work.title or part.written)
    if work.people and not part.prefix:
        who = html(setting.language.style.who(work, True, setting.apart_of(key)))
        text = who + (f" ({work.year})" if work.year else "")
    address = set_by.home(key)
    href = BASE + address if address else "#" + set_by.reference_id(key)
    return (
        f'<span class="cite" id="{anchor}" data-ref="{set_by.entry(key, setting).shown}">'
        f'<a class="wikilink" href="{escape(href)}">{text}</a></span>'
    )


def _identifier(anchor: str, raw: str, part: _Part, setting: Setting, set_by: Setter) -> str:
    key = part.key
    assert key is not None
    work = set_by.library.works[key]
    if not work.known:
        address = arxiv_address(work.arxiv) if work.arxiv else doi_address(work.doi)
        return (
            f'<span class="cite" id="{anchor}"><a href="{escape(address)}" rel="noopener">'
            f"{escape(raw)}</a></span>"
        )
    if setting.numbers and not setting.csl_places:
        mark = _bracketed(_number(key, setting, set_by), "", setting)
        return f'<span class="cite" id="{anchor}">{escape(raw)}</span>{mark}'
    link = _link(key, escape(raw), setting, set_by)
    return f'<span class="cite" id="{anchor}">{link}</span>'


def _by_processor(
    anchor: str, gap: str, parts: list[_Part], setting: Setting, set_by: Setter
) -> str:
    key = next(part.key for part in parts if part.key is not None)
    text = setting.csl_places[anchor]
    gap = "" if text.startswith("<sup>") else gap
    link = _link(key, text, setting, set_by)
    return f'{gap}<span class="cite" id="{anchor}">{link}</span>'


def _narrative(anchor: str, part: _Part, setting: Setting, set_by: Setter) -> str:
    """`@key says`: the authors belong to the sentence."""
    key = part.key
    assert key is not None
    work, style = set_by.library.works[key], setting.language.style
    if not work.known:
        return _author_date(anchor, "", [part], setting, set_by)
    who = html(style.who(work, True, setting.apart_of(key)))
    if style.numeric:
        mark = _bracketed(_number(key, setting, set_by), part.place, setting)
        gap = "" if style.superscript else " "
        return f'<span class="cite" id="{anchor}">{who}{gap}{mark}</span>'
    year = _link(key, _year(key, setting, set_by), setting, set_by)
    inside, behind = _place(part.place, setting)
    return f'<span class="cite" id="{anchor}">{who} ({year}{inside}){behind}</span>'


def _year(key: str, setting: Setting, set_by: Setter) -> str:
    return setting.language.style.year(set_by.library.works[key], setting.apart_of(key).letter)


def _author_date(
    anchor: str, gap: str, parts: list[_Part], setting: Setting, set_by: Setter
) -> str:
    """`(Kingma & Ba, 2014, p. 3; Vaswani et al., 2017)`, in the order of the references."""
    if not any(part.prefix or part.key is None for part in parts):
        order = {key: nth for nth, key in enumerate(setting.listed)}
        parts = sorted(parts, key=lambda part: order[part.key or ""])
    texts = []
    for part in parts:
        if part.key is None:
            texts.append(_missing(part))
            continue
        text = set_by.entry(part.key, setting).label
        if part.only_year or not text:
            text = _link(part.key, _year(part.key, setting, set_by), setting, set_by)
        before = escape(part.prefix) + " " if part.prefix else ""
        inside, behind = _place(part.place, setting)
        if behind and len(parts) == 1:
            return f'{gap}<span class="cite" id="{anchor}">({before}{text}){behind}</span>'
        texts.append(before + text + (inside or (f", {escape(part.place)}" if behind else "")))
    return f'{gap}<span class="cite" id="{anchor}">({"; ".join(texts)})</span>'


def _place(place: str, setting: Setting) -> tuple[str, str]:
    """Where in a work: in the parentheses, or raised behind them (GB/T 7714-2015 §10.2.5)."""
    if not place:
        return "", ""
    if setting.language.style.superscript:
        return "", f"<sup>{escape(_pages_alone(place))}</sup>"
    return f", {escape(place)}", ""


def _numbers(anchor: str, gap: str, parts: list[_Part], setting: Setting, set_by: Setter) -> str:
    """`[1], [3]–[5]`, or raised `[1,3-5]`; a number with words or a place stands alone."""
    superscript = setting.language.style.superscript
    numbers = setting.numbers
    if not any(part.prefix or part.place or part.key is None for part in parts):
        by_number = {numbers[part.key]: part.key for part in parts if part.key}

        def number(value: int) -> str:
            return _number(by_number[value], setting, set_by)

        runs = _runs(sorted(by_number), 2 if superscript else 3)
        if superscript:
            inner = ",".join("-".join(number(value) for value in run) for run in runs)
            return f'<sup class="cite" id="{anchor}">[{inner}]</sup>'
        texts = ["–".join(f"[{number(value)}]" for value in run) for run in runs]
        return f'{gap}<span class="cite" id="{anchor}">{", ".join(texts)}</span>'
    texts = []
    for part in parts:
        before = escape(part.prefix) + " " if part.prefix else ""
        if part.key is None:
            texts.append(before + _missing(part))
        else:
            link = _number(part.key, setting, set_by)
            texts.append(before + _bracketed(link, part.place, setting))
    words = any(part.prefix or part.key is None for part in parts)
    alone = superscript and not words
    inner = ("" if alone else ", ").join(texts)
    return f'{"" if alone else gap}<span class="cite" id="{anchor}">{inner}</span>'


def _runs(numbers: list[int], least: int) -> list[tuple[int, ...]]:
    """Runs of consecutive numbers by first and last; shorter ones than `least` stay apart."""
    runs: list[list[int]] = []
    for value in numbers:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    found: list[tuple[int, ...]] = []
    for run in runs:
        if len(run) >= least:
            found.append((run[0], run[-1]))
        else:
            found += [(value,) for value in run]
    return found


def _bracketed(number: str, place: str, setting: Setting) -> str:
    """A number in its brackets; GB/T 7714 puts pages behind them (§10.1.3), IEEE inside."""
    if not setting.language.style.superscript:
        return f"[{number}{f', {escape(place)}' if place else ''}]"
    return f"<sup>[{number}]{escape(_pages_alone(place))}</sup>"


def _pages_alone(place: str) -> str:
    """`pp. 3-4`, `第 3 页` → the numbers."""
    for word in ("pp.", "p.", "第"):
        place = place.removeprefix(word)
    return place.removesuffix("页").strip()
