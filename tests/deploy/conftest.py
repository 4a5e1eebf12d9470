"""A small site that can be published."""

import pytest

from ..conftest import SiteFolder


@pytest.fixture
def built(site: SiteFolder) -> SiteFolder:
    site.note("a.md", "See ![x](x.png).\n", title="Alpha", date="2025-01-02", tags="x")
    site.note("日记.md", "Text.\n", title="Beta", date="2025-01-03")
    site.write("notes/x.png", b"png")
    return site
