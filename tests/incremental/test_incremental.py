"""Whatever happens to a site between two builds: what is made equals a clean build.

`python -m tests.incremental --steps 5000` does the same for as long as one likes.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from notecast.builder import build, collect, edit, finish, make, notes
from notecast.builder.output import Output
from notecast.builder.pages import OnDisk
from notecast.builder.template_stamps import Stamps
from notecast.config_schema import flat_keys
from notecast.config_types import is_section
from notecast.features import FEATURES, diagrams
from notecast.features.citations import Citations
from notecast.loader import git_dates
from notecast.model import Planned
from notecast.server.session import Session
from notecast.site import View

from . import changes
from . import world as world_module
from .settings import ELSEWHERE, VALUES
from .texts import png
from .world import Differs, World

SITES = 3
STEPS = 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="builds are killed in a fork")
@pytest.mark.parametrize("seed", range(SITES))
def test_a_storm_of_changes(tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, seed)
    changes.begin(world)
    for _ in range(STEPS):
        changes.apply(world)
        world.check()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="builds are killed in a fork")
def test_edits_of_texts_alone(tmp_path: Path) -> None:
    world = World(tmp_path, 7)
    changes.begin(world)
    world.check()
    for _ in range(30):
        changes.apply(world, ("edit_text",))
        world.check()
    assert world.quick > 5


def test_the_storm_changes_every_key() -> None:
    keys = {key for key, entry, _ in flat_keys(FEATURES) if not is_section(entry.kind)}
    assert {key for key in keys if key.split(".")[0] not in ELSEWHERE} == set(VALUES)


# Faults that somebody might build in, each of which the storm has to find. ----


def no_template_stamp(patch: pytest.MonkeyPatch) -> None:
    """Pages do not notice when their templates change."""
    known = collect.template_stamps

    def stamps(*arguments: Any) -> Stamps:
        found = known(*arguments)
        return Stamps(dict.fromkeys(found.by_template, "same"), found.problems)

    patch.setattr(collect, "template_stamps", stamps)


def size_and_time_are_trusted(patch: pytest.MonkeyPatch) -> None:
    """A note of the same size and time is taken for unchanged, however young it is."""
    patch.setattr(notes, "state_of", lambda entry: (entry.size, entry.mtime_ns, 0, 0))
    patch.setattr(notes, "is_settled", lambda state, now_ns: True)


def fills_left_out(patch: pytest.MonkeyPatch) -> None:
    """A page does not notice what fills the holes of its note."""

    def identity(planned: Planned) -> tuple[Any, ...]:
        page, note = planned.page, planned.note
        decides = page.context if page.identity is None else page.identity
        return (planned.output, page.template, decides, note and note.body, planned.quotes)

    patch.setattr(Planned, "identity", property(identity))


def inputs_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A bibliography may change without a build that looks at it."""
    patch.setattr(Citations, "inputs", lambda self, options, root: ())


def terms_left_out(patch: pytest.MonkeyPatch) -> None:
    """A card does not notice that another note gives its tag another name."""
    patch.setattr(View, "card_id", lambda self, post: f"{post.key}{post.url}".encode())


def edits_taken_for_equal(patch: pytest.MonkeyPatch) -> None:
    """Whatever is edited in a note, other pages are thought not to show it."""
    patch.setattr(edit, "same_to_others", lambda *arguments: True)


def only_own_pages(patch: pytest.MonkeyPatch) -> None:
    """Feeds and notes that embed a note do not notice that its text changed."""
    known = build.read_standing

    def alone(*arguments: Any) -> edit.Standing | None:
        found = known(*arguments)
        return found and msgspec.structs.replace(found, elsewhere={})

    patch.setattr(build, "read_standing", alone)


def commits_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What git says is asked once."""
    asked: list[Any] = []
    real, read = world_module.build_site, git_dates.read_git_dates

    def once(folder: Path) -> Any:
        if not asked:
            asked.append(read(folder))
        return asked[0]

    def build(config: Any, features: Any, options: Any) -> Any:
        with pytest.MonkeyPatch.context() as inner:
            if options.use_cache:  # a clean build asks anew
                inner.setattr(git_dates, "read_git_dates", once)
            return real(config, features, options)

    patch.setattr(world_module, "build_site", build)


def index_left(patch: pytest.MonkeyPatch) -> None:
    """The search index is made once."""
    patch.setattr(finish, "digest_of", lambda *_: "same")


def pictures_trusted(patch: pytest.MonkeyPatch) -> None:
    """Variants stay while size and time of their picture are the same."""
    patch.setattr(make, "state_of", lambda state: (state.st_size, state.st_mtime_ns, 0, 0))
    patch.setattr(make, "is_settled", lambda state, now_ns: True)


def output_trusted(patch: pytest.MonkeyPatch) -> None:
    """Files are taken for what the cache says that they were, whoever changed them."""
    patch.setattr(OnDisk, "row", lambda self, output: self._rows.get(output))


def moments_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Nothing was to become public or to end being so."""
    real = collect.choose

    def choose(*arguments: Any, **options: Any) -> Any:
        return msgspec.structs.replace(real(*arguments, **options), until=float("inf"))

    patch.setattr(collect, "choose", choose)


def programs_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A drawing stays, whatever program draws now."""
    patch.setattr(diagrams, "identity", lambda written: "same")


def made_trusted(patch: pytest.MonkeyPatch) -> None:
    """What was made once is thought to lie where it was put."""
    patch.setattr(make, "_is_whole", lambda folder, row: row is not None)


def pages_written_in_place(patch: pytest.MonkeyPatch) -> None:
    """A page is not moved into its place but written there, which a kill cuts in two."""

    def place(self: Output, source: Path, target: Path, gone: set[str]) -> None:
        data = source.read_bytes()
        if target.is_dir():
            shutil.rmtree(target)
        self._make_folder(target.parent, gone)
        with target.open("wb") as file:
            file.write(data[:100])
            file.flush()
            with suppress(OSError):
                os.rename(source, source)  # in this moment
            file.write(data[100:])

    patch.setattr(Output, "_place", place)


def guesses_kept(patch: pytest.MonkeyPatch) -> None:
    """A preview does not look again at what it took over from before an edit."""
    patch.setattr(Session, "_settle", lambda self: None)


FAULTS: dict[Callable[[pytest.MonkeyPatch], None], tuple[tuple[str, ...], dict[str, Any]]] = {
    no_template_stamp: (("template", "edit_body"), {}),
    size_and_time_are_trusted: (("same_size_and_time", "edit_body"), {}),
    fills_left_out: (("bibliographies", "data_file", "rewrite"), {}),
    inputs_forgotten: (
        ("bibliographies",),
        {"citations.bibliography": ["works.json", "other.bib"]},
    ),
    terms_left_out: (("respell", "rewrite"), {}),
    commits_forgotten: (("commit", "edit_body"), {"dates": "git"}),
    index_left: (("edit_body",), {}),
    pictures_trusted: (("same_size_and_time",), {"images.widths": [16, 32]}),
    output_trusted: (("keep_output", "tamper", "edit_body"), {}),
    moments_forgotten: (("clock",), {}),
    edits_taken_for_equal: (("edit_header", "edit_text"), {}),
    only_own_pages: (("edit_text",), {}),
    programs_forgotten: (("painter", "edit_body"), {"diagrams.others": {"d2": "painter"}}),
    made_trusted: (("damage_made", "remove_output"), {"images.widths": [16, 32]}),
    pages_written_in_place: (("killed", "rewrite", "template"), {}),
    guesses_kept: (("preview",), {}),
}
"""Each with a few changes and what the site says first, so that it is found soon; all changes
together find them too."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_storm_finds_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    if fault is index_left:
        pytest.importorskip("pagefind_bin")
    if fault in (pictures_trusted, made_trusted):
        pytest.importorskip("PIL")
    among, settings = FAULTS[fault]
    fault(monkeypatch)
    world = World(tmp_path, 1)
    changes.begin(world)
    world.options["search"] = fault is index_left
    world.settings |= settings
    if fault in (pictures_trusted, made_trusted):
        world.write(world.folder_of("notes") / "a.png", png(120, 90, 1))
        world.write(world.folder_of("notes") / "alpha.md", "![A](a.png)\n")
    if fault is programs_forgotten:
        world.write(world.folder_of("notes") / "alpha.md", "```d2\na\n```\n")
    world.configure()
    world.check()
    with pytest.raises(Differs):
        for _ in range(150):
            changes.apply(world, among)
            world.check()
