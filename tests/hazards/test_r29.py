"""R29: large inputs cost what their length costs. Limits are absolute and generous: a loaded
machine is no fault, a quadratic step is one, which would take minutes here."""

import time

import pytest

from ..conftest import SiteFolder

SECONDS = 40.0
"""Of the processor, for what takes one to three of them."""

LARGE = {
    "a note of 2 MB": "很长的一段话，and some words of prose here.\n\n" * 35_000,
    "a table of 20,000 lines": "| a | b |\n|---|---|\n" + "| x | y |\n" * 20_000,
    "5,000 links": "".join(f"[l{n}](other.md#s{n % 7}) and " for n in range(5_000)),
    "5,000 dead links": "".join(f"[l{n}](dead{n}.md) and\n" for n in range(5_000)),
    "one line of 1 MB": "word " * 200_000,
    "2,000 headings": "".join(f"## Heading {n}\n\ntext\n\n" for n in range(2_000)),
    "2,000 footnotes": "".join(f"a[^{n}]\n\n[^{n}]: b\n\n" for n in range(2_000)),
    "10,000 blank lines": "a\n" + "\n" * 10_000 + "b\n",
}


@pytest.mark.parametrize("name", LARGE)
def test_one_large_note(site: SiteFolder, name: str) -> None:
    site.note("other.md", "".join(f"## s{n}\n\n" for n in range(7)), title="Other")
    site.note("large.md", LARGE[name], title="Large")
    started = time.process_time()
    result = site.build()
    assert time.process_time() - started < SECONDS
    assert result.notes == 2
    assert "<main" in site.page("/notes/large/")


def test_work_grows_with_the_number_of_notes(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: look-ups of targets for notes that all link to their neighbours."""
    from notecast.targets import Targets

    counted = {"n": 0}
    real = Targets._look_up

    def look_up(self: Targets, *arguments: object) -> object:
        counted["n"] += 1
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Targets, "_look_up", look_up)
    counts = []
    for number in (20, 40):
        for place in range(number):
            body = f"[a](n{(place + 1) % number}.md) [b](n{(place + 2) % number}.md)\n"
            site.note(f"n{place}.md", body, title=f"N{place}")
        counted["n"] = 0
        site.build(use_cache=False)
        counts.append(counted["n"])
    assert counts[0] > 0
    assert counts[1] <= 2.2 * counts[0]


def test_an_unchanged_note_is_not_parsed_again(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One edit among many parses one note and renders what shows it."""
    from notecast.builder import notes as builder_notes

    for place in range(30):
        site.note(f"n{place:02}.md", "Text.\n", title=f"N{place}", date=f"2025-01-{place + 1:02}")
    site.build()
    parsed: list[str] = []
    real = builder_notes.load_chunk

    def load(chunk: "list[object]") -> "list[builder_notes.Loaded]":
        parsed.extend(note.path for note in chunk)  # type: ignore[attr-defined]
        return real(chunk)

    monkeypatch.setattr(builder_notes, "load_chunk", load)
    site.note("n07.md", "Another text, longer.\n", title="N7", date="2025-01-08")
    result = site.build()
    assert parsed == ["n07.md"]
    assert result.written < 12


def test_a_large_file_is_copied_by_blocks(site: SiteFolder) -> None:
    import tracemalloc

    site.note("a.md", "[data](big.bin)\n", title="A")
    with (site.root / "notes/big.bin").open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    site.build()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (site.output / "notes/big.bin").stat().st_size == 100_000_000
    assert peak < 60_000_000


def test_an_image_that_claims_to_be_huge_is_not_decoded(site: SiteFolder) -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\2\0\0\0"
    site.write("notes/huge.png", header)
    site.write("notes/broken.png", b"\x89PNG")
    site.write("notes/empty.jpg", b"")
    site.note("a.md", "![x](huge.png) ![y](broken.png) ![z](empty.jpg)\n", title="A")
    started = time.process_time()
    site.build()
    assert time.process_time() - started < SECONDS
    assert site.rules() == ["image-is-whole"] * 2
    assert 'width="50000"' in site.page("/notes/a/")
