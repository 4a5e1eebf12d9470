"""Comments below notes, by giscus (https://giscus.app): a discussion on GitHub for each note.

Off until `comments.repo` is set. Pages then ask giscus.app; docs/visitors.md
says what a security policy has to allow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from notecast.config_checks import Unfit
from notecast.config_sections import about
from notecast.feature import Feature


def repository(value: str) -> str:
    """`owner/name`."""
    if value and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+", value):
        raise Unfit(f'"{value}" is not the name of a repository', "write it like ada/notes")
    return value


@dataclass(frozen=True)
class Comments:
    """Comments below notes, kept as discussions of a GitHub repository."""

    repo: str = field(
        default="",
        metadata=about(
            "Repository of the discussions; comments are off without one. giscus.app tells the "
            "ids that belong to it.",
            "ada/notes",
            parse=repository,
        ),
    )
    repo_id: str = field(default="", metadata=about("Its id.", "R_kgDOExample"))
    category: str = field(default="", metadata=about("Category of discussions.", "Announcements"))
    category_id: str = field(default="", metadata=about("Its id.", "DIC_kwDOExample"))
    mapping: Literal["pathname", "url", "title", "og:title"] = field(
        default="pathname", metadata=about("What ties a note to its discussion.", "title")
    )
    reactions: bool = field(
        default=True, metadata=about("Whether the note itself can get reactions.", False)
    )


class CommentsFeature(Feature):
    name = "comments"
    options = Comments
    slots: ClassVar[Mapping[str, str]] = {"note_end": "comments/note_end.html"}


FEATURE = CommentsFeature()
