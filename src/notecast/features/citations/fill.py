"""Sets the citations of a note: what stands in the text, and the list at its end.

Entry point: `fill`.
"""

from html import escape
from typing import NamedTuple

from notecast.features.citations.references import references
from notecast.features.citations.setting import Setter, Setting, setter
from notecast.model import BASE, Hole, Post
from notecast.site import View
from notecast.works.identifiers import arxiv_address, doi_address


class _Part(NamedTuple):
    prefix: str
    only_year: bool
    written: str
    place: str
    key: str | None


def fill(hole: Hole, post: Post, view: View) -> str:
    """HTML for a hole of this feature.

    Args:
        hole: Of the kinds that `syntax.py` and `record.py` leave.
        post: The note in which it stands.
        view: The site.
    """
    set_by = setter(view)
    setting = set_by.of(post)
    if hole.kind == "references":
        return references(setting, set_by)
    if hole.kind in ("shown", "mark"):
        return _around_link(hole, setting, set_by)
    anchor, gap, raw, *flat = hole.data
    find = set_by.library.find
    parts = [
        _Part(
            flat[at], bool(flat[at + 1]), flat[at + 2], flat[at + 3],
            find(flat[at + 2], setting.scopes),
        )
        for at in range(0, len(flat), 4)
    ]  # fmt: skip
    if all(part.key is None for part in parts):
        return _unknown(hole, parts[0], post, view)
    if hole.kind == "wiki":
        return _wiki(anchor, parts[0], setting, set_by)
    if hole.kind == "id":
        return _identifier(anchor, raw, parts[0], setting, set_by)
    if anchor in setting.csl_places:
        return _by_processor(anchor, gap, parts, setting, set_by)
    if hole.kind == "text":
        return _narrative(anchor, parts[0], setting, set_by)
    if setting.style.numeric:
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
    key = set_by.library.ids.get(hole.data[0])
    if key is None or key not in setting.numbers:
        return ""
    if hole.kind == "shown":
        return set_by.entry(key, setting)[1]
    if not setting.style.numeric or setting.csl_places:
        return ""
    number = set_by.link(key, str(setting.numbers[key]), setting)
    return _bracketed(number, "", setting, "")


def _missing(part: _Part) -> str:
    return f'<span class="missing-link">@{escape(part.written)}</span>'


def _wiki(anchor: str, part: _Part, setting: Setting, set_by: Setter) -> str:
    key = part.key
    assert key is not None
    work = set_by.library.works[key]
    who = f"{setting.style.who(work, True)} ({work.year})" if work.year else ""
    text = escape(part.prefix or (who if work.authors else work.title) or part.written)
    address = set_by.home(key)
    shown = set_by.entry(key, setting)[1]
    href = BASE + address if address else "#" + set_by.reference_id(key)
    return (
        f'<span class="cite" id="{anchor}" data-ref="{shown}">'
        f'<a class="wikilink" href="{escape(href)}">{text}</a></span>'
    )


def _identifier(anchor: str, raw: str, part: _Part, setting: Setting, set_by: Setter) -> str:
    key = part.key
    assert key is not None
    if key in setting.numbers:
        mark = ""
        if setting.style.numeric:
            number = set_by.link(key, str(setting.numbers[key]), setting)
            mark = _bracketed(number, "", setting, "")
            return f'<span class="cite" id="{anchor}">{escape(raw)}</span>{mark}'
        return f'<span class="cite" id="{anchor}">{set_by.link(key, escape(raw), setting)}</span>'
    work = set_by.library.works[key]
    address = arxiv_address(work.arxiv) if work.arxiv else doi_address(work.doi)
    return (
        f'<span class="cite" id="{anchor}"><a href="{escape(address)}" rel="noopener">'
        f"{escape(raw)}</a></span>"
    )


def _by_processor(
    anchor: str, gap: str, parts: list[_Part], setting: Setting, set_by: Setter
) -> str:
    key = next(part.key for part in parts if part.key is not None)
    text = setting.csl_places[anchor]
    return f'{gap}<span class="cite" id="{anchor}">{set_by.link(key, text, setting)}</span>'


def _narrative(anchor: str, part: _Part, setting: Setting, set_by: Setter) -> str:
    """`@key says`: the authors belong to the sentence."""
    key = part.key
    assert key is not None
    work = set_by.library.works[key]
    if not work.known:
        return _author_date(anchor, "", [part], setting, set_by)
    style = setting.style
    who = escape(style.who(work, True))
    if style.numeric:
        number = set_by.link(key, str(setting.numbers[key]), setting)
        gap = "" if style.superscript else " "
        mark = _bracketed(number, part.place, setting, "")
        return f'<span class="cite" id="{anchor}">{who}{gap}{mark}</span>'
    year = (work.year or "n.d.") + setting.letters.get(key, "")
    inner = set_by.link(key, year, setting)
    place = f", {escape(part.place)}" if part.place else ""
    return f'<span class="cite" id="{anchor}">{who} ({inner}{place})</span>'


def _author_date(
    anchor: str, gap: str, parts: list[_Part], setting: Setting, set_by: Setter
) -> str:
    style, works = setting.style, set_by.library.works
    if not any(part.prefix or part.key is None for part in parts) and len(parts) > 1:
        order = {key: nth for nth, key in enumerate(setting.listed)}
        parts = sorted(parts, key=lambda part: order.get(part.key or "", 0))
    texts = []
    for part in parts:
        if part.key is None:
            texts.append(_missing(part))
            continue
        work, letter = works[part.key], setting.letters.get(part.key, "")
        if part.only_year:
            label = (work.year or "n.d.") + letter
        elif not work.known:
            label = part.written
        else:
            label = style.label(work, letter) if style.label else style.who(work, False)
        text = set_by.link(part.key, escape(label), setting)
        before = escape(part.prefix) + " " if part.prefix else ""
        texts.append(before + text + (f", {escape(part.place)}" if part.place else ""))
    return f'{gap}<span class="cite" id="{anchor}">({"; ".join(texts)})</span>'


def _numbers(anchor: str, gap: str, parts: list[_Part], setting: Setting, set_by: Setter) -> str:
    """`[1], [3]–[5]`, or raised `[1,3-5]`; words around a number keep it alone."""
    superscript = setting.style.superscript
    texts = []
    simple = not any(part.prefix or part.place or part.key is None for part in parts)
    if simple:
        keys = sorted(
            {part.key for part in parts if part.key}, key=lambda key: setting.numbers[key]
        )
        ranges = _ranges([setting.numbers[key] for key in keys], 2 if superscript else 3)
        by_number = {setting.numbers[key]: key for key in keys}

        def number(value: int) -> str:
            return set_by.link(by_number[value], str(value), setting)

        if superscript:
            inner = ",".join("-".join(number(value) for value in run) for run in ranges)
            return f'<sup class="cite" id="{anchor}">[{inner}]</sup>'
        texts = ["–".join(f"[{number(value)}]" for value in run) for run in ranges]
        return f'{gap}<span class="cite" id="{anchor}">{", ".join(texts)}</span>'
    for part in parts:
        before = escape(part.prefix) + " " if part.prefix else ""
        if part.key is None:
            texts.append(before + _missing(part))
            continue
        number_link = set_by.link(part.key, str(setting.numbers[part.key]), setting)
        texts.append(before + _bracketed(number_link, part.place, setting, ""))
    words = superscript and any(part.prefix or part.key is None for part in parts)
    joiner = "" if superscript and not words else ", "
    front = "" if superscript and not words else gap
    return f'{front}<span class="cite" id="{anchor}">{joiner.join(texts)}</span>'


def _ranges(numbers: list[int], least: int) -> list[tuple[int, ...]]:
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


def _bracketed(number: str, place: str, setting: Setting, gap: str) -> str:
    """A number in its brackets; GB/T 7714 puts pages behind them (§10.1.3), IEEE inside."""
    if setting.style.superscript:
        page = place
        for word in ("pp.", "p.", "第"):
            page = page.removeprefix(word)
        return f"<sup>[{number}]{escape(page.removesuffix('页').strip())}</sup>"
    return f"{gap}[{number}{f', {escape(place)}' if place else ''}]"
