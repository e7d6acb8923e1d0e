"""The books as a picture: how many rows were read, where they went, and how many are kept."""

from collections import Counter

from curate.terminal.output import number
from schemas.books import Books
from schemas.manifest import BatchManifest

BAR_CELLS = 28
"""Character cells of the longest bar."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def funnel(books: Books, batches: list[BatchManifest]) -> list[str]:
    """Lines of a table: name, count, a bar to scale, and a note."""
    lines = [_row("read", books.read, books.read)]
    rejected: Counter[str] = Counter()
    for batch in batches:
        rejected.update(batch.rejected)
    if rejected:
        parts = " · ".join(f"{_words(reason)} {number(n)}" for reason, n in rejected.items())
        lines.append(_row("rejected", books.rejected, books.read, parts))
    if books.repeated:
        note = "conversations seen before"
        lines.append(_row("repeated", books.repeated, books.read, note))
    lines += [_row(_words(r), n, books.read) for r, n in books.dropped.items()]
    share = f"{books.kept / books.read:.1%}" if books.read else ""
    lines.append(_row("kept", books.kept, books.read, share))
    return lines


def bar(value: int, whole: int, width: int = BAR_CELLS) -> str:
    """A bar for `value` of `whole`, in eighths of a cell; a count above zero is never invisible."""
    if not value or not whole:
        return ""
    eighths = max(1, round(8 * width * value / whole))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _row(name: str, value: int, whole: int, note: str = "") -> str:
    return f"  {name:<26}{number(value):>9}  {bar(value, whole):<{BAR_CELLS}}  {note}".rstrip()


def _words(reason: str) -> str:
    """A reason as people read it."""
    return reason.replace("_", " ")
