"""Notes for the storm: text that names whatever other notes may hold, there or not."""

import json
import random
import struct
import zlib

from .dialect_texts import diagram, dialect

NAMES = ("alpha", "beta", "gamma", "delta", "cv/alpha", "cv/eps", "流/笔记", "cv/deep/zeta")
LABELS = ("thm:a", "lem:b", "fig:c", "tbl:d", "eq:e", "def:f", "sec:g")
TAGS = ("x", "y", "X", "z", "深度 学习", "C++")
CATEGORIES = ("A", "A/B", "a", "C", "视觉/检测")
KEYS = ("kingma2014adam", "vaswani2017", "doe2020", "nobody1999")
PICTURES = ("a.png", "img/b.png", "cv/c.svg")
FILES = ("data.csv", "cv/paper.pdf")
NOTEBOOKS = ("nb.ipynb", "cv/nb.ipynb")
STATUS = ("open", "partly", "answered", "dropped")

DAY = 86_400
START = 1_700_000_000
"""14 November 2023: the clock of the storm begins here, and dates of notes lie around it."""


def piece(rng: random.Random, number: int) -> str:
    """A paragraph that may name anything, there or not."""
    name, label, key = rng.choice(NAMES), rng.choice(LABELS), rng.choice(KEYS)
    picture, file = rng.choice(PICTURES), rng.choice(FILES)
    linking = [
        f"A sentence with [[{name}]] in it.",
        f"A sentence with [a link]({name}.md) and [[Title {rng.randrange(6)}|its title]].",
        f"A link to [a part](/notes/{name}/#part) and to [nowhere](/gone/).",
        f"![[{name}]]",
        f"![[{name}#Part]]",
        f"![[{name}#^block]]",
        f"See @{name}#{label} and @{label} and [[{name}#Part|there]].",
        f"## Part {{#sec:g}}\n\nText of part {number}.",
        f"A block {number}. ^block",
        f":::theorem {{#thm:a}}\nStatement {number} by @{label}.\n:::",
        f":::theorem {{#thm:a}}\nBy @{key}, @{name}#{label} and [[{name}|it]], {number}.\n:::",
        f"## Part {number} by [@{key}], @{name}#{label}\n\nText.",
        f"[[{name}]] is @{name}#{label} of @{key}, $x^{number}$.",
        f":::question Does @{key} hold?\nSee @{name}#{label}.\n:::",
        f":::lemma {{#lem:b}}\nLemma {number}.\n:::",
        f"$$ x_{number} \\label{{eq:e}} $$",
        f"| a |\n|---|\n| {number} |\n\n: Caption {number} {{#tbl:d}}",
        f"> [!note] Callout {number}\n> With [[{name}]].",
        f"![Picture {number}]({picture}){{#fig:c}}\n\n![[{picture}|120]]",
        f"Data in [a file]({file}) and ![[{file}]].",
        f"Cited [@{key}; @{rng.choice(KEYS)}, p. {number}] and @{key} says.",
        f"A preprint arXiv:1412.{6900 + rng.randrange(5)} and [[@{key}]].",
        f"[[{name}]] and ![[missing{rng.randrange(3)}.png]] and [[nobody]].",
        f"See [a notebook](nb.ipynb#part), [[nb]] and ![[nb#Part]] {number}.",
        f"[A heading]({name}.md#Part) and [[{name}#Outer#Part]] %% hidden [[{name}]] %%.",
        f"## Outer\n\n### Part\n\nText {number}.",
        f"![[{name}#Part]]\nand text {number}.",
    ]
    plain = [
        f"### Section {rng.randrange(3)}\n\nText with a note[^1].\n\n[^1]: Its text {number}.",
        f"Formula $\\mine{{x}} + {number}$ in `$code$` and `plain`.",
        f":::question {{status={rng.choice(STATUS)}}}\nWhy {number}?\n:::",
        f":::todo {{status={rng.choice(('open', 'done'))}}}\nDo {number}.\n:::",
        f"```python\nvalue = {number}\n```\n\nFormula $\\own{{x}}$, a $$b$$ c.\n\n"
        f'```\n--8<-- "{file}"\n```',
        f"```bibtex\n@article{{own{rng.randrange(2)}, title={{Own {number}}}, "
        f"author={{Doe, J.}}, year=2019}}\n```\n\nAs @own0 and @own1 say.",
        f'<div class="raw" onclick="x()">Raw {number}</div>',
        f"- [ ] task {number}\n- [x] done",
        f"中文与English混排，第 {number} 段；**强调**内容。",
        f"Short {number}.\n\n<!-- more -->",
        "<!-- notecast-ignore link-target-exists -->\n[[nobody at all]]",
        f"<https://example.com/{number}>",
        f"Plain text {number}.",
    ]
    kind = rng.random()
    if kind < 0.16:
        return dialect(rng, number, name, picture)
    if kind < 0.22:
        return diagram(rng, number)
    return rng.choice(linking if kind < 0.75 else plain)


def body(rng: random.Random, number: int) -> str:
    """The text of a note."""
    return "\n\n".join(piece(rng, number + extra) for extra in range(rng.randrange(1, 7))) + "\n"


def day(rng: random.Random, now: float) -> str:
    """A day around the present one, or a moment of the present day."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(now + rng.randrange(-400, 40) * DAY, UTC)
    if rng.random() < 0.2:
        moment = datetime.fromtimestamp(now + rng.randrange(-3, 4) * 3600, UTC)
        return moment.strftime("%Y-%m-%d %H:%M")
    return moment.strftime("%Y-%m-%d")


def some_of(rng: random.Random, names: tuple[str, ...]) -> str:
    """Up to three of the names, as YAML."""
    return f"[{', '.join(rng.sample(names, rng.choice((0, 1, 2, 3, 3))))}]"


def header_line(rng: random.Random, now: float) -> tuple[str, str]:
    """A key of a header and a value for it, good or bad."""
    choices = {
        "title": [f"Title {rng.randrange(6)}", '"With $x^2$ and `code`"', '""'],
        "date": [day(rng, now), day(rng, now), "2025-13-99"],
        "updated": [day(rng, now)],
        "expires": [day(rng, now)],
        "tags": [some_of(rng, TAGS)],
        "categories": [some_of(rng, CATEGORIES)],
        "series": ["S", "s", "T"],
        "weight": [str(rng.randrange(3))],
        "aliases": ["[other]", "[beta]", "[/old/place/]", "[/notes/alpha/, Sigma]"],
        "draft": ["true", "false", "maybe"],
        "pin": ["true", "false"],
        "slug": ["alpha", f"slug-{rng.randrange(3)}"],
        "permalink": ["/about/", "/:year/:slug/", "/tags/x/"],
        "summary": [f"Summary {rng.randrange(4)}"],
        "description": [f"Description {rng.randrange(4)}"],
        "lang": ["zh-CN", "en", "fr"],
        "authors": ["[Ada, 李雷]", "Ada"],
        "image": list(PICTURES),
        "toc": ["true", "false"],
        "math": ["true", "false"],
        "comments": ["false"],
        "bibliography": ["own.bib", "cv/own.bib", "own.json", "[own.json, own.yaml]"],
        "paper": ['{arxiv: "1412.6980", status: read}', "{key: doe2020, rating: 4/5}"],
        "template": ["note", "special"],
        "custom": [str(rng.randrange(3))],
        "datte": ["2024-01-01"],
    }
    key = rng.choice(list(choices))
    return key, rng.choice(choices[key])


def header(rng: random.Random, now: float) -> dict[str, str]:
    """The header of a note; now and then none."""
    if rng.random() < 0.1:
        return {}
    first = {"title": f"Title {rng.randrange(6)}", "date": day(rng, now)}
    if rng.random() < 0.8:
        first |= {"tags": some_of(rng, TAGS), "categories": some_of(rng, CATEGORIES)}
    return first | dict(header_line(rng, now) for _ in range(rng.randrange(5)))


def note(lines: dict[str, str], text: str) -> str:
    """The file."""
    head = "".join(f"{key}: {value}\n" for key, value in lines.items())
    return f"---\n{head}---\n\n{text}" if lines else text


def bibliography(rng: random.Random) -> str:
    """BibTeX with some of the keys, in one of several versions."""
    authors = ("Doe, Jane and Roe, R.", "李, 雷", "Kingma, Diederik P.")
    return "\n".join(
        f"@{rng.choice(['article', 'book', 'inproceedings'])}{{{key},\n"
        f"  title = {{Work {key} {rng.randrange(3)}}},\n"
        f"  author = {{{rng.choice(authors)}}},\n"
        f"  year = {{{2010 + rng.randrange(5)}}},\n"
        f"  journal = {{Journal {rng.randrange(2)}}}{rng.choice([',', ''])}\n"
        f"  {rng.choice(['eprint = {1412.6980}', 'doi = {10.1145/3292500}', ''])}\n}}\n"
        for key in rng.sample(KEYS[:3], rng.randrange(1, 4))
    )


def csl_json(rng: random.Random) -> str:
    """The same as Zotero writes it; now and then it is none."""
    items = [
        {
            "id": key,
            "type": rng.choice(("article-journal", "book")),
            "title": f"Item {key} {rng.randrange(3)}",
            "author": [{"family": rng.choice(("Doe", "李")), "given": "J."}],
            "issued": {"date-parts": [[2010 + rng.randrange(5)]]},
        }
        for key in rng.sample(KEYS[:3], rng.randrange(1, 4))
    ]
    return json.dumps(items) if rng.random() < 0.9 else "[{"


def csl_yaml(rng: random.Random) -> str:
    """The same as Pandoc writes it."""
    keys = rng.sample(KEYS[:3], rng.randrange(1, 4))
    rows = (f"- id: {key}\n  type: book\n  title: Row {rng.randrange(3)}\n" for key in keys)
    return "references:\n" + "".join(rows)


def csl_style(rng: random.Random) -> str:
    """A style of citations: numbers or names, in a few versions, or broken."""
    mark = rng.choice(("citation-number", "title"))
    return (
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">\n'
        "<info><title>T</title><id>t</id><updated>2024-01-01T00:00:00+00:00</updated></info>\n"
        f'<citation><layout delimiter=","><text variable="{mark}" prefix="<"/></layout></citation>'
        f'<bibliography><layout><text variable="title" suffix=" {rng.randrange(3)}"/></layout>'
        "</bibliography>\n</style>\n"
    ).replace('"<"', rng.choice(('"["', '"("', '"&lt;"', '"<"')))


def notebook(rng: random.Random, number: int) -> str:
    """A notebook with text, code and a picture that the code has shown."""
    from tests.notebooks import write

    drawn = write.png(colour=bytes((rng.randrange(4), 0, 0)))
    cells = [
        write.markdown(f"# Notebook {rng.randrange(3)}\n\n## Part\n\n{piece(rng, number)}"),
        write.code(f"x = {number}", write.stream(f"{number}\n"), write.picture(drawn)),
        write.markdown(piece(rng, number)),
    ]
    return write.notebook(*rng.sample(cells, rng.randrange(1, 4))).decode()


def picture(rng: random.Random, name: str) -> bytes:
    """An image of one of a few sizes; of some only the header is right."""
    if name.endswith(".svg"):
        width, height = rng.choice((40, 80)), rng.choice((30, 60))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'.encode()
        )
    width, height = rng.choice((40, 120)), rng.choice((30, 90))
    whole = png(width, height, rng.randrange(8))
    return whole if rng.random() < 0.7 else whole[:64]


def png(width: int, height: int, colour: int) -> bytes:
    """A whole PNG; pictures of one size have as many bytes in every colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + bytes((colour * 30, 0, 99)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows, 0)),
            chunk(b"IEND", b""),
        )
    )


def recoloured(data: bytes) -> bytes:
    """Another picture in as many bytes, or the same bytes where it is none or broken."""
    if not data.startswith(b"\x89PNG"):
        return data
    width, height = struct.unpack(">II", data[16:24])
    for colour in range(2):
        other = png(width, height, colour)
        if len(other) == len(data) and other != data:
            return other
    return data
