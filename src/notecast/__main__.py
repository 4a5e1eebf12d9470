"""Where the program begins: `notecast`, and `python -m notecast`."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; see `notecast.cli.main`.

    Until the command is loaded, Ctrl-C ends the process as it ends any program, without a word.
    """
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from notecast.cli import main as run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
