"""`curate.check`: what is in files and what is wrong with it, without a workspace or a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

from curate.report.examples import Examples, collect_examples
from curate.report.facts import Facts, gather_facts
from curate.report.findings import Remark, findings
from curate.report.page import write_page
from curate.terminal.funnel import funnel
from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.files import Location
from pipeline.filters.wrong_language import WrongLanguage
from pipeline.ingest import Ingested, ingest_files
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.store.store import Store
from schemas.books import Books
from schemas.errors import UserError
from schemas.progress import Progress, quiet

CURATION = Curation(
    features=Features(tokens=TokenSettings(tokenizer=RULES)),
    recipe=Recipe(
        near_duplicate=NearDuplicate(enabled=False), wrong_language=WrongLanguage(enabled=False)
    ),
)
"""The defaults without the stages that need a model, so that a check takes seconds, and without
`wrong_language`, since a file alone does not say which languages are wanted."""


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    facts: Facts
    """All numbers."""
    examples: Examples
    """Texts that show what the numbers mean."""
    ingested: Ingested
    """What was read, and why rows were not."""

    @property
    def books(self) -> Books:
        """Where each row went."""
        return self.facts.books

    @property
    def findings(self) -> tuple[Remark, ...]:
        """What is worth a look, the most serious first."""
        return findings(self.facts)

    def report(self, path: Location) -> Path:
        """Write the page with findings, charts and examples; return where it is."""
        write_page(Path(path), self.facts, self.examples)
        return Path(path)

    def __str__(self) -> str:
        """The books and findings as `curate check` prints them."""
        table = funnel(self.books, list(self.facts.batches))
        remarks = [f"{remark.mark} {remark.text}" for remark in self.findings]
        return "\n".join([*table, "", *(remarks or ["no findings"])])


def check_files(paths: Location | Sequence[Location], progress: Progress = quiet) -> Checked:
    """Read and filter files, in a temporary folder; no workspace is needed or changed.

    Near-duplicates are not searched for, since that needs a model.

    Args:
        paths: A file, folder or pattern, or several.
        progress: Called with the number of rows read so far.

    Raises:
        UserError: a path is missing, or the only file that was named cannot be read.
    """
    files = [Path(paths)] if isinstance(paths, str | PathLike) else list(map(Path, paths))
    if not files:
        raise UserError("no file is named", "name a file, a folder or a pattern")
    with TemporaryDirectory(prefix="curate-check-") as folder:
        store = Store(Path(folder))
        ingested = ingest_files(store, files, progress=progress)
        curated = load_or_compute(store, CURATION, progress)
        names = tuple(map(file_title, files))
        title = names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        facts = gather_facts(title, store, curated, CURATION, names, ingested.unreadable)
        return Checked(facts, collect_examples(store, curated, CURATION), ingested)


def file_title(path: Path) -> str:
    """What a file or folder is called; `-` is standard input."""
    return "stdin" if str(path) == "-" else path.resolve().name
