"""Which of many names is meant."""

from __future__ import annotations

import random
import string

import pytest

from notecast.nearest import Nearest

NAMES = [
    *("alpha", "beta", "glow-model.md", "flow-matching.md", "rectified-flow.md", "注意力机制"),
    *(f"chapter-{number:04}.md" for number in range(3000)),
    "a_very_long_name_of_a_paper_about_rationales_and_their_supervision_in_pre-training.md",
]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("alpah", "alpha"),
        ("glow-modl.md", "glow-model.md"),
        ("flow-maching.md", "flow-matching.md"),
        ("rectifed-flow.md", "rectified-flow.md"),
        ("注意力机智", "注意力机制"),
        ("chapter-0123x.md", "chapter-0123.md"),
        (NAMES[-1].replace("rationales", "rationale"), NAMES[-1]),
        ("nothing-of-the-kind", ""),
        ("a_very_long_name_of_another_paper_that_is_not_here_at_all_but_elsewhere.md", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_a_name_with_a_slip_is_found(word: str, meant: str) -> None:
    assert Nearest(NAMES).to(word) == meant


def test_a_slip_in_any_place_is_found() -> None:
    rng = random.Random(7)
    names = ["".join(rng.choices(string.ascii_lowercase, k=12)) for _ in range(5000)]
    near = Nearest(names)
    for name in names[:300]:
        at = rng.randrange(12)
        assert near.to(name[:at] + "#" + name[at + 1 :]) == name


def test_of_two_that_are_as_near_the_first_is_taken() -> None:
    assert Nearest(["note-a", "note-b"]).to("note-c") == "note-a"
    assert Nearest(["note-b", "note-a"]).to("note-c") == "note-b"
    assert Nearest([]).to("note-c") == ""
