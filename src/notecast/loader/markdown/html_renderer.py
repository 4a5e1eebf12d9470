"""Tokens become HTML as in markdown-it's renderer, with less done for each plain tag."""

from collections.abc import Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


class NoteRenderer(RendererHTML):
    """The renderer of markdown-it; only its loops and its plain tags are our own."""

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        """HTML of the tokens of a note."""
        rules, tag = self.rules, self.renderToken
        out: list[str] = []
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                if token.children:
                    out.append(self.renderInline(token.children, options, env))
                continue
            rule = rules.get(kind)
            out.append((rule or tag)(tokens, index, options, env))
        return "".join(out)

    def renderInline(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        """HTML of the tokens of one inline text."""
        rules, tag = self.rules, self.renderToken
        if len(tokens) == 1:
            return str((rules.get(tokens[0].type) or tag)(tokens, 0, options, env))
        return "".join(
            [
                (rules.get(token.type) or tag)(tokens, index, options, env)
                for index, token in enumerate(tokens)
            ]
        )

    def renderToken(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """One tag; where the line ends behind it is markdown-it's choice."""
        token = tokens[idx]
        if token.hidden:
            return ""
        nesting = token.nesting
        if token.attrs or nesting == 0:
            return super().renderToken(tokens, idx, options, env)
        if not token.block:
            return f"<{token.tag}>" if nesting == 1 else f"</{token.tag}>"
        if nesting == -1:
            return f"</{token.tag}>\n"
        start = "\n<" if idx and tokens[idx - 1].hidden else "<"
        if idx + 1 < len(tokens):
            following = tokens[idx + 1]
            if (
                following.type == "inline"
                or following.hidden
                or (following.nesting == -1 and following.tag == token.tag)
            ):
                return f"{start}{token.tag}>"
        return f"{start}{token.tag}>\n"
