"""Where the program begins: `notecast`, and `python -m notecast`."""

import sys


def main() -> int:
    """Runs the command line.

    Until the command is loaded, Ctrl-C ends the process as it ends any program, without a word.
    """
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from notecast.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
