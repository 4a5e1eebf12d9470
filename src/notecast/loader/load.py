"""One note file, alone, becomes a Post and a Body.

Entry point: `NoteLoader.load`. Nothing here looks at another note.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from notecast.feature import Feature, NoteContext
from notecast.loader.dates import date_from_name
from notecast.loader.decode import decode
from notecast.loader.header import Header, read_header
from notecast.loader.header_node import clean
from notecast.loader.includes import Includes, composed, takes_in, with_included
from notecast.loader.markdown.excerpt import ExcerptWords
from notecast.loader.markdown.images import local_image
from notecast.loader.markdown.links import is_external, is_local_file, split_target
from notecast.loader.markdown.parser import (
    Parsed,
    build_parser,
    parse_body,
    parse_summary,
    parse_title,
)
from notecast.loader.page_properties import page_properties
from notecast.loader.readers import reader_of, readers
from notecast.loader.settings import LoadSettings, NoteInput
from notecast.model import HOLE, Body, Manuscript, NotePath, Post, Span, Url
from notecast.problems import Problem, in_order
from notecast.short_texts import DESCRIPTION_LENGTH, cut_text
from notecast.urls import note_url, split_dated_name

PAGE_OPTIONS = ("subtitle", "toc", "math", "comments", "paper")


class NoteLoader:
    """Parses notes of one site; one per process."""

    def __init__(self, features: Sequence[Feature], settings: LoadSettings) -> None:
        self._settings = settings
        self._parser = build_parser(features, settings.options, settings.html)
        self._readers = readers(features)

    def load(
        self, note: NoteInput, data: bytes, includes: Includes | None = None
    ) -> tuple[Post, Body]:
        """Parses one note. Never raises for what is in it.

        Args:
            note: Where it is and what else it is made from.
            data: The bytes of the file.
            includes: Who reads the files that it takes in; without, lines that do stay.

        Returns:
            The post, with all problems that were found, and its body. A note whose
            header cannot be read has an empty body and is not `readable`.
        """
        settings = self._settings
        shown = settings.notes_prefix + note.path
        text, problems = decode(data, shown)
        reader = reader_of(note.path, self._readers)
        included = None
        if includes is not None and takes_in(data, note.path):
            included = with_included(text, data, note.source, shown, includes)
        if included is not None:
            text, problems = included.text, [*problems, *included.problems]
        if reader is None:
            manuscript = Manuscript(text, len(text), page_properties(text))
        elif any(problem.severity == "error" for problem in problems):
            return _unreadable(note, problems), Body("", (), {}, {})
        else:
            manuscript = reader.read(text, shown)
        head = manuscript.text[: manuscript.head]
        header = read_header(head, shown, settings.timezone, note.defaults, manuscript.header)
        problems = [*problems, *manuscript.problems, *header.problems]
        if not (manuscript.readable and header.publishable):
            unreadable = msgspec.structs.replace(
                _unreadable(note, problems), spans=manuscript.spans
            )
            return unreadable, Body("", (), {}, {})
        spans = manuscript.spans
        origins = included.origins if included is not None else None
        if included is not None and reader is not None:
            spans, origins = composed(spans, included.origins), None
        body = header.body + manuscript.text[manuscript.head :]
        header = msgspec.structs.replace(header, body=body)
        own = {reader.name: manuscript.data} if reader else {}
        return self._parse(note, shown, header, problems, spans, own, origins)

    def _parse(
        self,
        note: NoteInput,
        shown: str,
        header: Header,
        problems: list[Problem],
        spans: tuple[Span, ...],
        own: dict[str, Any],
        origins: list[int] | None,
    ) -> tuple[Post, Body]:
        settings = self._settings
        values: dict[str, Any] = clean(header.values)
        lang = values.get("lang") or settings.language
        context = NoteContext(
            path=note.path,
            shown_path=shown,
            lines=header.body.split("\n"),
            first_line=header.first_line,
            lang=lang,
            header=values,
            origins=origins,
        )
        context.data.update(own)
        words = ExcerptWords.of(lang, settings.excerpt_words)
        parsed = parse_body(
            self._parser,
            header.body,
            context,
            words,
            settings.excerpt_length,
            keep_title="title" in values,
        )
        title, title_html = self._title(values, parsed, note.path, context)
        image = _picture(values.get("image", ""), header.lines.get("image", (0, 0)), context)
        date = values.get("date") or date_from_name(note.path) or note.git_dates[0]
        names, redirects = values.get("names", ()), values.get("redirects", ())
        summary = values.get("summary", "")
        summary = summary and parse_summary(self._parser, summary, context, words)
        excerpt = summary or parsed.excerpt
        # What stands in holes is not known yet, and so not how long it is.
        cut = "" if HOLE in excerpt else cut_text(excerpt, DESCRIPTION_LENGTH)
        url, address_problems = note_url(
            note.path,
            title=title,
            slug=values.get("slug", ""),
            permalink=values.get("permalink", ""),
            pattern=settings.permalink,
            categories=values.get("categories", ()),
            date=date,
            style=settings.slugs,
            shown_path=shown,
        )
        post = Post(
            path=note.path,
            key=note.key,
            url=url,
            title=title,
            title_html=title_html,
            lang=lang,
            date=date,
            updated=values.get("updated") or _later(note.git_dates[1], date),
            categories=tuple(values.get("categories", ())),
            tags=tuple(values.get("tags", ())),
            authors=tuple(values.get("authors", ())),
            series=values.get("series", ""),
            weight=values.get("weight", 0.0),
            pin=values.get("pin", False),
            draft=values.get("draft", False) or _in_drafts_folder(note.path),
            expires=values.get("expires", ""),
            excerpt=excerpt,
            description=values.get("description") or cut,
            image=image,
            words=parsed.words,
            minutes=parsed.minutes,
            names=tuple(names),
            redirects=tuple(Url(old) for old in redirects),
            anchors=tuple(context.anchors),
            links=tuple(context.links),
            holes=tuple(context.holes),
            facts=context.facts,
            problems=tuple(in_order([*problems, *context.problems, *address_problems])),
            has_more=parsed.has_more,
            spans=spans,
            text_holes=tuple(context.text_holes),
            excerpt_length=parsed.excerpt_length if excerpt is parsed.excerpt else 0,
        )
        options: dict[str, Any] = {name: values[name] for name in PAGE_OPTIONS if name in values}
        return post, Body(parsed.html, parsed.headings, options, clean(header.extra))

    def _title(
        self, values: dict[str, Any], parsed: Parsed, path: NotePath, context: NoteContext
    ) -> tuple[str, str]:
        """Title as text and as HTML: the header's, else the first heading, else the file's name."""
        written = values.get("title", "")
        if not written and parsed.title:
            return parsed.title
        return parse_title(self._parser, written or title_of_path(path), context)


def _picture(written: str, place: tuple[int, int], context: NoteContext) -> str:
    """The header's picture: an address elsewhere as it is, else the path, decoded.

    A path leaves a hole as images in the text do. It stands nowhere in the body,
    but has the file found, checked and published.
    """
    line, column = place
    if is_local_file(written):
        local_image(written, context, line, column)
        return ""
    if not written or is_external(written):
        return written
    source = split_target(written)[0]
    context.hole("links", "picture", source, line=line, column=column)
    return source


def title_of_path(path: str) -> str:
    """A title from a file name: `2024-01-05-my-note.md` is `my note`, `foo/index.md` is `foo`,
    and Logseq's `a___b.md` is `a/b`."""
    date, stem = split_dated_name(path)
    if date and date.replace("-", "_") == stem:
        return date
    stem = stem.replace("___", "/")
    return stem if " " in stem else stem.replace("-", " ").replace("_", " ").strip() or stem


def _later(changed: str, date: str) -> str:
    return changed if changed[:10] > date[:10] else ""


def _in_drafts_folder(path: str) -> bool:
    return "_drafts" in path.split("/")[:-1]


def _unreadable(note: NoteInput, problems: list[Problem]) -> Post:
    return Post(
        path=note.path,
        key=note.key,
        url=Url(""),
        title="",
        title_html="",
        lang="",
        date="",
        updated="",
        categories=(),
        tags=(),
        authors=(),
        series="",
        weight=0.0,
        pin=False,
        draft=True,
        expires="",
        excerpt="",
        description="",
        image="",
        words=0,
        minutes=0,
        names=(),
        redirects=(),
        anchors=(),
        links=(),
        holes=(),
        facts={},
        problems=tuple(problems),
        readable=False,
    )
