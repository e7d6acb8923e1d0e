"""The errors that users see, each with one clear sentence.

    CurateError
    ├── UserError         exit 2: the user's input or settings must change
    │   └── MissingExtra  a package is not installed; names the extra to install
    └── Finding           exit 1: everything worked, but a check failed

A bad *record* is never an error, but data: it becomes a rejected row or gets a verdict.
Any other exception is an error in curate itself.
"""


class CurateError(Exception):
    """One sentence (what is wrong and where) and, in `remedy`, what to do about it."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UserError(CurateError):
    """The input, the settings or the machine must change before this can work."""


class MissingExtra(UserError):
    """A package that this step needs is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed, and this step needs it",
            f'pip install "curate-chat[{extra}]"',
        )


class Finding(CurateError):
    """Everything worked, but the result of a check, a preflight or an export is negative."""

    exit_code = 1


def first_line(error: BaseException) -> str:
    """The first line of another library's error, or its class name if it has no message."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
