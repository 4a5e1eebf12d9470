"""One module for each command; `cli.py` lists them and calls `run`."""


class CommandError(Exception):
    """A command cannot be carried out: why, what to do, the exit status."""

    def __init__(self, message: str, hint: str = "", status: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
