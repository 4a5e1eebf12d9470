"""`notecast check --fix`: mends what can be mended safely, and shows how.

Entry point: `fix_notes`. A mended note is read again by the same loader; it is
kept only if nothing else of it has changed and no problem is new.
"""

import difflib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from notecast.commands import CommandError

if TYPE_CHECKING:
    from notecast.commands.report import Report
    from notecast.config import Config


def fix_notes(config: "Config", features: Sequence[Any], report: "Report", *, write: bool) -> int:
    """Shows the differences for all notes of a site, and writes them if told to.

    Returns:
        The exit status: 1 if something is to be mended and was not written.

    Raises:
        CommandError: A note cannot be written.
    """
    import time

    from notecast.builder.inputs import gather
    from notecast.commands.fixes import Mender
    from notecast.commands.report import counted
    from notecast.loader.scan import NOTE_SUFFIXES, read_file

    inputs = gather(config, features, config.output_dir, time.time_ns(), search=False)
    mender = Mender(features, inputs.load_settings, inputs.notes.defaults)
    changed = 0
    for entry in inputs.scan.notes:
        if not entry.path.lower().endswith(NOTE_SUFFIXES):
            continue  # its bytes are not its text
        try:
            data = read_file(entry.source)
            text = data.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # a check names it
        shown = config.notes_prefix + entry.path
        mended = mender.mend(text, entry.path)
        if mended == text:
            continue
        changed += 1
        lines = difflib.unified_diff(
            text.splitlines(keepends=True),
            mended.splitlines(keepends=True),
            f"a/{shown}",
            f"b/{shown}",
        )
        for line in lines:
            end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
            print(line, end=end, file=report.out)
        if write:
            _write(entry.source, data, mended.encode())
    what = counted(changed, "note")
    if not changed:
        report.say("There is nothing that can be mended safely.")
    else:
        report.say(f"{what} mended." if write else f"{what} to mend: --write does it.")
    return int(changed > 0 and not write)


def _write(source: str, before: bytes, after: bytes) -> None:
    """Writes a note whole, unless somebody else did since it was read."""
    from pathlib import Path

    from notecast.builder.output import write_atomically

    path = Path(source)
    try:
        if path.read_bytes() != before:
            raise CommandError(f"{source} has changed meanwhile", "run the command again")
        mode = path.stat().st_mode
        write_atomically(path, after)
        os.chmod(path, mode)
    except OSError as error:
        raise CommandError(f"{source} cannot be written: {error.strerror}") from error
