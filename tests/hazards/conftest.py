"""Hazards are tried without the search index, which has tests of its own and takes its time."""

from typing import Any

import pytest

from notecast.builder.build import BuildResult

from ..conftest import SiteFolder


@pytest.fixture(autouse=True)
def _without_search(monkeypatch: pytest.MonkeyPatch) -> None:
    build = SiteFolder.build

    def without(self: SiteFolder, **options: Any) -> BuildResult:
        return build(self, **{"search": False, **options})

    monkeypatch.setattr(SiteFolder, "build", without)
