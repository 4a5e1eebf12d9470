"""A storm of changes to a site, each build held to a clean one; see `world.py` and `changes.py`."""

# Each adds its changes to `changes.CHANGES`.
from . import (  # noqa: F401
    citing_changes,
    format_changes,
    git_changes,
    hard_changes,
    moving_changes,
    note_changes,
    preview_changes,
    site_changes,
)
