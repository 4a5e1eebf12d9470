"""Problems at their places in the files of authors, where a note's file is no Markdown.

Rules and features count lines of the text that was read out of a file; `in_files`
turns them into lines of the file, and says in the author's words where that is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from notecast.model import Post, Span
from notecast.problems import Problem


def in_files(problems: Sequence[Problem], posts: Iterable[Post], prefix: str) -> list[Problem]:
    """The problems with lines of files.

    Args:
        problems: With lines of the texts of notes.
        posts: All notes.
        prefix: What stands before a note's path where problems are shown.
    """
    spans = {prefix + post.path: post.spans for post in posts if post.spans}
    if not spans:
        return list(problems)
    return [_placed(problem, spans.get(problem.path, ())) for problem in problems]


def _placed(problem: Problem, spans: Sequence[Span]) -> Problem:
    index = bisect_right(spans, problem.line, key=lambda span: span.first) - 1
    if not problem.line or index < 0:
        return problem
    span = spans[index]
    offset = problem.line - span.first
    where = span.name
    if span.start:
        where += f", line {span.start + offset}"
    # A column counts characters of the text, which the file may hold escaped.
    return msgspec.structs.replace(
        problem,
        line=span.line + offset * span.step,
        column=0,
        where=where,
    )
