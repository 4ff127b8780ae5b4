"""The one error of the embedded stack."""


class LocalStackError(RuntimeError):
    """The embedded stack cannot do what was asked; the message says why and what to do, in one or more lines."""

    exit_status = 1
