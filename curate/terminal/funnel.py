"""The books as a picture: what was read, where it went, what is left."""

from collections import Counter

from curate.terminal.output import number
from schemas.books import Books
from schemas.manifest import BatchManifest

WIDTH = 28
"""Cells of the longest bar."""

EIGHTHS = " ▏▎▍▌▋▊▉█"


def funnel(books: Books, batches: list[BatchManifest]) -> list[str]:
    """Lines of a table: name, count, a bar to scale, and where to look."""
    lines = [_row("read", books.read, books.read)]
    rejected: Counter[str] = Counter()
    for batch in batches:
        rejected.update(batch.rejected)
    if rejected:
        parts = " · ".join(f"{_words(reason)} {number(n)}" for reason, n in rejected.items())
        lines.append(_row("rejected", books.rejected, books.read, parts))
    if books.repeated:
        note = "the very same conversation"
        lines.append(_row("repeated", books.repeated, books.read, note))
    lines += [_row(_words(r), n, books.read) for r, n in books.dropped.items()]
    share = f"{books.kept / books.read:.1%}" if books.read else ""
    lines.append(_row("kept", books.kept, books.read, share))
    return lines


def bar(value: int, whole: int, width: int = WIDTH) -> str:
    """A bar of `value` to `whole`, in eighths of a cell; what is there is never invisible."""
    if not value or not whole:
        return ""
    eighths = max(1, round(8 * width * value / whole))
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def _row(name: str, value: int, whole: int, note: str = "") -> str:
    return f"  {name:<26}{number(value):>9}  {bar(value, whole):<{WIDTH}}  {note}".rstrip()


def _words(reason: str) -> str:
    """A reason as people read it."""
    return reason.replace("_", " ")
