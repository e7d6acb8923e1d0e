"""The errors that a user may see, each one clear sentence.

    CurateError
    ├── UserError         exit 2: the user's input or settings must change
    │   └── MissingExtra  a package is not installed; names the extra that brings it
    └── Finding           exit 1: everything worked, and what was asked for does not hold

A bad *record* is never an error: it is data, and becomes a rejected row or a verdict.
Any other exception means that curate itself is wrong.
"""


class CurateError(Exception):
    """One sentence (what and where) and, in `remedy`, how to mend it."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UserError(CurateError):
    """The user's input, settings or machine must change before this can work."""


class MissingExtra(UserError):
    """A package that this step needs is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed, and this step needs it",
            f'pip install "curate-chat[{extra}]"',
        )


class Finding(CurateError):
    """What was asked for does not hold: a gate, a check or a preflight says no."""

    exit_code = 1


def first_line(error: BaseException) -> str:
    """What a third party's error says first; its class name where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
