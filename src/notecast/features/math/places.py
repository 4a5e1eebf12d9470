"""Where a character of a formula stands in the note's file. Entry point: `Place`."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from notecast.feature import NoteContext

if TYPE_CHECKING:
    from markdown_it.token import Token

    from notecast.problems import Severity


def note_of(env: Any) -> NoteContext | None:
    """The note that is parsed; `None` where the parser is used without one."""
    found = env.get("note") if hasattr(env, "get") else None
    return found if isinstance(found, NoteContext) else None


class Place(NamedTuple):
    """A line and column of the note, ready for problems about it."""

    note: NoteContext | None
    line: int
    column: int

    @classmethod
    def in_text(cls, env: Any, text: str, offset: int, inline: "Token | None" = None) -> "Place":
        """The place of a character of inline text.

        Args:
            env: The environment of the parser.
            text: What the inline rule reads: the content of the inline token, or a
                part of it that another rule cut out (an inline footnote, a picture's text).
            offset: Index into `text`.
            inline: The inline token; by default the one that is parsed right now.
        """
        note = note_of(env)
        if note is None:
            return cls(None, 0, 0)
        token = inline or note.inline
        if token is None:
            return cls(note, note.first_line, 0)
        if text is not token.content and (at := token.content.find(text)) > 0:
            offset += at
        line, column = note.place(offset, token)
        if not column and token.map:
            # The table rule took the backslash off an escaped bar.
            written = re.escape(token.content).replace(r"\|", r"\\?\|")
            index = token.map[0]
            source = note.lines[index] if index < len(note.lines) else ""
            if found := re.search(written, source):
                at = found.start()
                for _ in range(offset):
                    at += 2 if source.startswith("\\|", at) else 1
                column = at + 1
        return cls(note, line, column)

    @classmethod
    def in_block(cls, env: Any, first: int, content: str, offset: int) -> "Place":
        """The place of a character of a block.

        Args:
            env: The environment of the parser.
            first: 0-based line of the text in which `content` begins.
            content: The block's content, without containers' marks and indentation.
            offset: Index into `content`.
        """
        note = note_of(env)
        if note is None:
            return cls(None, 0, 0)
        before = content[:offset]
        index = first + before.count("\n")
        start = before.rfind("\n") + 1
        end = content.find("\n", start)
        written = content[start : end if end >= 0 else None].rstrip()
        column = 0
        if index < len(note.lines) and not note.is_included(index):
            at = note.lines[index].rfind(written)
            column = at + offset - start + 1 if at >= 0 else 0
        return cls(note, note.line_of(index), column)

    def problem(
        self,
        rule: str,
        message: str,
        hint: str = "",
        severity: "Severity" = "error",
        *,
        once: bool = False,
    ) -> None:
        """Reports something wrong here; `once` a note where the message is the same."""
        if self.note is not None:
            self.note.problem(
                rule,
                message,
                line=self.line,
                column=self.column,
                hint=hint,
                severity=severity,
                same=f"{self.note.path}: {message}" if once else "",
            )
