"""MyST Markdown, as Jupyter Book and Sphinx read it, in the dialect of notes.

    ```{prf:theorem} Title        :::theorem {#thm:x} Title         {eq}`x` → \\eqref{eq:x}
    :label: x                                                       (x)= before a heading
    Text                          Text                              → its id
    ```                           :::

Entry points: `is_myst`, `from_myst`. https://mystmd.org/guide
"""

import re

from notecast.features.dialects.common import FILMS
from notecast.features.dialects.myst_blocks import DIRECTIVE, Block, closing, name_of, pairs
from notecast.features.dialects.myst_names import (
    CALLOUTS,
    CODE,
    DROPPED,
    LANGUAGES,
    OPEN,
    RUN_BY_OTHERS,
    SHOWN_AS,
    THEOREMS,
)
from notecast.features.dialects.myst_tables import list_table
from notecast.features.dialects.roles import ROLE, Labels, role

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_TARGET = re.compile(r"\(([^()\s][^()\n]*)\)=\s*\Z")
_OPTION = re.compile(r"[ \t>]*:([\w-]+):[ \t]*(.*)\Z")
_LINK = re.compile(r"\]\((#?[\w:.-]+)\)")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_CLOSING_LABEL = re.compile(r"(.*\$\$)[ \t]*\(([\w:.-]+)\)[ \t]*\Z")
_SIGNS = (
    (
        re.compile(r"\{(?<=[`~: \t]\{)[A-Za-z][\w:-]*\}"),
        re.compile(r"^[ \t>]*(?:`{3,}|~{3,}|:{3,})[ \t]*\{[A-Za-z][\w:-]*\}", re.MULTILINE),
    ),
    (re.compile(r"\{[A-Za-z][\w:+-]*\}`[^`\n]"), None),
    (
        re.compile(r"\)=[ \t]*$", re.MULTILINE),
        re.compile(r"^\([^()\s][^()\n]*\)=[ \t]*$", re.MULTILINE),
    ),
    (re.compile(r"\$\$[ \t]*\([\w:.-]+\)[ \t]*$", re.MULTILINE), None),
)
"""What a text of MyST has at least one of: a part that begins with a rare character, for which
a text is searched at once, and the whole."""

MAX_DEPTH = 20
"""Directives in directives; what is deeper stays as it is written."""


def is_myst(text: str) -> bool:
    """Whether a text has anything of MyST."""
    return any(
        part.search(text) and (whole is None or whole.search(text)) for part, whole in _SIGNS
    )


def from_myst(text: str, unknown: dict[str, int]) -> str:
    """A text in the dialect of notes, with as many lines as before.

    Args:
        text: Of a note, without its header.
        unknown: Takes what was not understood: name as shown → line (0-based).
    """
    lines = text.split("\n")
    return "\n".join(_Translation(lines, unknown).run())


class _Translation:
    """The lines while they are rewritten; each keeps its place."""

    def __init__(self, lines: list[str], unknown: dict[str, int]) -> None:
        self.lines = lines
        self.out = list(lines)
        self.unknown = unknown
        self.labels = Labels()
        self.depth = 0
        self.targets: dict[int, str] = {}
        """Labels that stand before a directive, by the line at which it begins."""

    def run(self) -> list[str]:
        # References may come before what they lead to, so labels are read first.
        self.walk(0, len(self.lines))
        for nth, line in enumerate(self.out):
            if nth in self.code:
                continue
            if "{" in line and "`" in line:
                self.out[nth] = ROLE.sub(lambda match: role(match, self.labels), line)
            if "](" in line:
                self.out[nth] = _LINK.sub(self.link, self.out[nth])
        return self.out

    def link(self, match: "re.Match[str]") -> str:
        """`[text](label)`, as MyST has it besides paths."""
        found = self.labels.known.get(match[1].removeprefix("#"))
        return f"](#{found})" if found else match[0]

    def walk(self, start: int, end: int) -> None:
        index = start
        while index < end:
            index = self.step(index, end)

    @property
    def code(self) -> set[int]:
        return self.labels.code

    def step(self, index: int, end: int) -> int:
        line = self.lines[index]
        directive = DIRECTIVE.match(line)
        if directive is not None:
            return self.directive(self.read(directive, index, end), index)
        fence = _FENCE.match(line)
        if fence is not None and "`" not in line[fence.end() :]:
            close = closing(self.lines, index, end, fence[1])
            self.code.update(range(index, close + 1))
            return close + 1
        target = _TARGET.match(line.strip())
        if target is not None:
            self.target(target[1], index, end)
        elif (line.startswith("%") and not line.startswith("%%")) or line.rstrip() == "+++":
            self.out[index] = ""
        elif labelled := _CLOSING_LABEL.match(line):
            name = self.labels.add(labelled[2], "eq")
            self.out[index] = f"{labelled[1]} {{#{name}}}"
        return index + 1

    def read(self, match: "re.Match[str]", index: int, limit: int) -> Block:
        """The directive that begins at a line."""
        end = closing(self.lines, index, limit, match["fence"])
        options: dict[str, str] = {}
        body = index + 1
        if body < end and self.lines[body].strip(" \t>") == "---":
            stop = next(
                (nth for nth in range(body + 1, end) if self.lines[nth].strip(" \t>") == "---"), -1
            )
            options = pairs(self.lines[body + 1 : max(stop, body)])
            body = stop + 1 if stop >= 0 else body
        while body < end and (option := _OPTION.match(self.lines[body])):
            options[option[1]] = option[2].strip()
            body += 1
        if index in self.targets and not ("label" in options or "name" in options):
            options["label"] = self.targets[index]
        return Block(
            name_of(match),
            match["title"].strip(),
            options,
            body,
            end,
            match["fence"],
            match["indent"],
        )

    def directive(self, block: Block, index: int) -> int:
        name = block.name.removesuffix("-start").removesuffix("-end")
        if block.name in CODE:
            self.program(block, index)
        elif block.name == "math":
            self.math(block, index)
        elif block.name in ("figure", "image"):
            self.figure(block, index)
        elif block.name.endswith(("-start", "-end")) and name in THEOREMS:
            self.blank(index, block.end + 1)
            opens = block.name.endswith("-start")
            self.out[index] = self.head(block, name, name == "exercise") if opens else ":::"
        elif name in THEOREMS:
            self.box(block, index, self.head(block, name, name != "solution"))
        elif name in CALLOUTS:
            self.box(block, index, self.head(block, name, name == "table"))
        elif block.name == "raw":
            is_html = block.title.lower() == "html"
            self.blank(index, block.body if is_html else block.end)
            self.blank(block.end, block.end + 1)
        elif block.name in ("youtube", "iframe", "video") and block.title:
            self.film(block, index)
        elif block.name == "list-table" and self.list_table(block, index):
            pass
        elif block.name in DROPPED:
            self.blank(index, block.end + 1)
        elif block.name in OPEN:
            self.box(block, index, "")
        else:
            if block.name not in RUN_BY_OTHERS and block.name != "include":
                self.unknown.setdefault(f"{{{block.name}}}", index)
            self.code.update(range(index, block.end + 1))
        return block.end + 1

    def head(self, block: Block, name: str, labelled: bool) -> str:
        kind = SHOWN_AS.get(name, name) if name in THEOREMS else CALLOUTS[name]
        prefix = "tbl" if name == "table" else THEOREMS.get(name, "")
        given = block.options.get("label") or block.options.get("name", "")
        braces = f" {{#{self.labels.add(given, prefix)}}}" if labelled and given and prefix else ""
        # `{solution} ex1` names the exercise.
        title = "" if name == "solution" else block.title
        if "dropdown" in block.options.get("class", "") and name not in THEOREMS:
            kind = "details"
        return f"{block.indent}:::{kind}{braces} {title}".rstrip()

    def box(self, block: Block, index: int, head: str) -> None:
        """A directive whose content is Markdown."""
        if self.depth >= MAX_DEPTH:
            self.code.update(range(index, block.end + 1))
            return
        self.depth += 1
        self.walk(block.body, block.end)
        self.depth -= 1
        self.blank(index, block.body)
        self.blank(block.end, block.end + 1)
        if head:
            self.out[index] = head
            if block.end < len(self.lines):
                self.out[block.end] = f"{block.indent}:::"
        elif block.title:
            self.out[index] = f"{block.indent}**{block.title}**"

    def program(self, block: Block, index: int) -> None:
        tags = block.options.get("tags", "").replace("_", "-")
        if block.name == "code-cell" and ("remove-cell" in tags or "remove-input" in tags):
            self.blank(index, block.end + 1)
            return
        body = block.body
        while body < block.end and body > index + 1 and not self.lines[body].strip():
            body += 1
        block = block._replace(body=body)
        self.code.update(range(index, block.end + 1))
        self.blank(index, block.body)
        plotted = block.body - 1 > index and self.plot(block, index)
        language = block.title.split()[0].lower() if block.title else ""
        named = block.options.get("caption", "").replace('"', "'").replace("`", "")
        # The figure has it as its caption.
        title = f' title="{named}"' if named and not plotted else ""
        fence = block.fence.replace(":", "`")
        # The last line that is no code opens the block, so that the code keeps its place.
        self.out[block.body - 1] = (
            f"{block.indent}{fence}{LANGUAGES.get(language, language)}{title}"
        )
        if block.end < len(self.lines):
            self.out[block.end] = block.indent + fence

    def plot(self, block: Block, index: int) -> bool:
        """A figure that code draws (`mystnb`): nothing is run, so its code stands there."""
        behind = block.end + 1
        if "name" not in block.options or not self.is_blank(behind):
            return False
        name = self.labels.add(block.options["name"], "fig")
        caption = block.options.get("caption", "")
        self.out[index] = f"{block.indent}:::figure {{#{name}}} {caption}".rstrip()
        self.out[behind] = f"{block.indent}:::"
        return True

    def is_blank(self, line: int) -> bool:
        return line < len(self.lines) and not self.lines[line].strip()

    def film(self, block: Block, index: int) -> None:
        """A film or page of another site, as a card."""
        self.blank(index, block.end + 1)
        address = block.title if "://" in block.title else FILMS["youtube"] + block.title
        self.out[index] = f"{block.indent}<{address}>"

    def list_table(self, block: Block, index: int) -> bool:
        rows = block.options.get("header-rows", "0")
        table = list_table(self.lines[block.body : block.end], int(rows) if rows.isdigit() else 0)
        if table is None:
            return False
        given = block.options.get("label") or block.options.get("name", "")
        braces = f" {{#{self.labels.add(given, 'tbl')}}}" if given else ""
        title = ["", f": {block.title}{braces}"] if block.title else []
        self.blank(index, block.end + 1)
        lines = [*table, *title][: block.end + 1 - index]
        for nth, line in enumerate(lines):
            self.out[index + nth] = block.indent + line
        return True

    def math(self, block: Block, index: int) -> None:
        self.code.update(range(index, block.end + 1))
        self.blank(index, block.body)
        given = block.options.get("label") or block.options.get("name", "")
        braces = f" {{#{self.labels.add(given, 'eq')}}}" if given else ""
        self.out[index] = f"{block.indent}$$"
        while block.body - 1 > index and not self.out[block.body - 1].strip():
            # Nothing blank before the formula.
            self.out[block.body - 1] = f"{block.indent}$$"
            self.out[index] = ""
            break
        if block.end < len(self.lines):
            self.out[block.end] = f"{block.indent}$${braces}"

    def figure(self, block: Block, index: int) -> None:
        caption: list[str] = []
        last = block.body
        while last < block.end and not self.lines[last].strip():
            last += 1
        while last < block.end and self.lines[last].strip() and block.name == "figure":
            caption.append(self.lines[last].strip())
            last += 1
        self.blank(index, last)
        self.blank(block.end, block.end + 1)
        given = block.options.get("name") or block.options.get("label", "")
        width = block.options.get("width", "")
        inside = [
            *([f"#{self.labels.add(given, 'fig')}"] if given else ()),
            *(
                [f"width={width.removesuffix('px')}"]
                if re.fullmatch(r"\d+(?:px|%)?", width)
                else ()
            ),
        ]
        braces = f"{{{' '.join(inside)}}}" if inside else ""
        words = " ".join(caption) or block.options.get("alt", "")
        path = block.title.replace(" ", "%20")
        self.out[index] = f"{block.indent}![{words}]({path}){braces}"

    def target(self, label: str, index: int, end: int) -> None:
        """`(label)=`: the id of the heading that follows, or a place in the text."""
        self.out[index] = ""
        following = index + 1
        while following < end and not self.lines[following].strip():
            following += 1
        if following < end and _HEADING.match(self.lines[following]):
            if "{#" not in self.out[following]:
                name = self.labels.add(label, "sec")
                self.out[following] = f"{self.out[following].rstrip()} {{#{name}}}"
            return
        directive = DIRECTIVE.match(self.lines[following]) if following < end else None
        if directive is not None and _takes_label(name_of(directive)):
            self.targets[following] = label
            return
        # A place in the text, which has no words of its own.
        self.out[index] = f"[]{{#{self.labels.add(label, 'sec')}}}"

    def blank(self, start: int, end: int) -> None:
        for nth in range(start, min(end, len(self.lines))):
            self.out[nth] = ""


def _takes_label(name: str) -> bool:
    """Whether a label before a directive is that of a thing which counts."""
    plain = name.removesuffix("-start")
    return plain in THEOREMS or name in ("figure", "image", "math", "table")
