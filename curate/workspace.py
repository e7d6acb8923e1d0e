"""A workspace: the folder of one model, and everything that can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.settings import FILE, Settings, load_settings
from pipeline.curation.curated import Curated, load_or_compute
from pipeline.files import Location
from pipeline.store.store import Store
from schemas.progress import Progress, quiet

if TYPE_CHECKING:
    from curate.curated_set import CuratedSet
    from pipeline.audit.evaluation_questions import Benchmark
    from pipeline.audit.leakage import Leakage
    from pipeline.ingest import Ingested
    from pipeline.synthesis.report import Preview, SynthReport
    from schemas.manifest import BatchManifest
    from train.export.gguf import ExportReport
    from train.manifest import RunManifest


def open_workspace(directory: Location = ".") -> "Workspace":
    """Open the workspace in a folder.

    Args:
        directory: The folder with `curate.toml`; `curate.init` or `curate init` makes one.

    Raises:
        UserError: there is no workspace, or its `curate.toml` cannot be read.
    """
    return Workspace.at(Path(directory))


@dataclass(frozen=True)
class Workspace:
    """One workspace, with the settings that it had when it was opened.

    Records are only added, never rewritten. Which of them are kept is computed from the records,
    people's decisions and the settings. Every method can safely be called again.
    """

    root: Path
    settings: Settings
    """The settings of `curate.toml` when this was opened; open it again after a change."""
    store: Store
    """The files of the workspace."""

    @classmethod
    def at(cls, root: Path) -> "Workspace":
        """The workspace in a folder; raises `UserError` when there is none."""
        return cls(root, load_settings(root / FILE), Store(root))

    def __repr__(self) -> str:
        """How notebooks show it."""
        return f"Workspace({str(self.root)!r})"

    def ingest(
        self,
        *paths: Location,
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
        me: str | Sequence[str] = (),
        progress: Progress = quiet,
    ) -> "Ingested":
        """Read files of conversations into the workspace, as one batch.

        Args:
            *paths: Files, folders or patterns, in any format that `curate ingest` reads.
            format: Read every row as this format, instead of recognising the format by its fields.
            columns: The columns to read, by part: `{"user": "question", "assistant": "answer"}`.
            me: Who the assistant is in the export of a chat app: a name, or several.
            progress: Called with the number of rows read so far.

        Returns:
            What was read. `batch.rejected` counts the rows that could not be read as a
            conversation; they are in `records/*.rejected.jsonl`, with line and reason.

        Raises:
            UserError: a path is missing, the only file that was named cannot be read, or nobody in
                the chats has a name of `me`.
        """
        from pipeline.ingest import ingest_files
        from pipeline.readers.formats.mapped import check_mapping
        from pipeline.readers.reading import Reading

        mapping = dict(columns or {})
        # A mapping of rows that hold one message each is checked by their reader.
        if mapping and "conversation" not in mapping:
            check_mapping(mapping)
        names = (me,) if isinstance(me, str) else tuple(me)
        reading = Reading(format=format, mapping=mapping, me=names)
        return ingest_files(
            self.store, list(map(Path, paths)), self.settings.ingest, reading, progress
        )

    def undo(self, batch: str) -> "BatchManifest":
        """Undo a batch, such as `"0003"`. Undoing the undo brings it back.

        Raises:
            UserError: there is no such batch, or it was undone before.
        """
        return self.store.undo(batch)

    def curated(self, progress: Progress = quiet) -> "CuratedSet":
        """What is kept and what is dropped, and why; computed only if something has changed.

        Raises:
            UserError: a model or tokenizer that the settings name is not installed.
        """
        from curate.curated_set import CuratedSet

        return CuratedSet(self.store, self.current(progress))

    def current(self, progress: Progress = quiet) -> Curated:
        """The tables behind `curated()`; in these, messages are JSON text."""
        return load_or_compute(self.store, self.settings.curation, progress)

    def report(
        self,
        path: Location | None = None,
        *,
        examples: bool = True,
        progress: Progress = quiet,
    ) -> Path:
        """Write the report: one HTML page with findings, counts, charts and examples.

        Args:
            path: Where to write it; `curated/report.html` by default.
            examples: Whether to show texts of records.
            progress: Called with what is being computed.

        Returns:
            The path of the page.
        """
        from curate.report.page import write_report

        page = Path(path) if path else self.store.report_path
        write_report(page, self.store, self.settings, self.current(progress), examples=examples)
        return page

    def leakage(
        self,
        questions: "Location | Benchmark",
        threshold: float | None = None,
        progress: Progress = quiet,
    ) -> "Leakage":
        """Find kept records that repeat the questions with which the model will be measured.

        Args:
            questions: A file of conversations or questions, or the result of `read_benchmark`.
            threshold: Cosine above which two questions are the same; `[near_duplicate] threshold`
                by default.
            progress: Called with how much is compared so far.

        Raises:
            UserError: the file contains no question, or nothing is kept.
        """
        from pipeline.audit.evaluation_questions import Benchmark, read_benchmark
        from pipeline.audit.leakage import find_leaks

        benchmark = (
            questions if isinstance(questions, Benchmark) else read_benchmark(Path(questions))
        )
        curation = self.settings.curation
        limit = threshold or curation.recipe.near_duplicate.threshold
        return find_leaks(self.store, self.current(progress), benchmark, curation, limit, progress)

    def synthesize(
        self,
        domain: str,
        n: int,
        languages: tuple[str, ...] = (),
        progress: Progress = quiet,
    ) -> "SynthReport":
        """Generate conversations of a domain until `n` more are accepted, within the budget.

        The model, its address and the budget are in `[synth]` of `curate.toml`; the key comes from
        the environment. Records for measuring the model (held out, never trained on) are reserved
        before the first request.

        Args:
            domain: Name of a domain pack, such as `support`.
            n: Conversations to accept.
            languages: ISO 639-1 codes; the target languages by default.
            progress: Called after each answer.

        Raises:
            UserError: there is no such pack, no key, no known price, or every request is refused.
        """
        from pipeline.synthesis.fill import fill_order

        settings = self.settings
        return fill_order(
            self.store,
            settings.curation,
            settings.splits,
            settings.synth,
            domain,
            n,
            languages,
            progress,
        )

    def preview_synthesis(self, domain: str, n: int, languages: tuple[str, ...] = ()) -> "Preview":
        """The prompts that `synthesize` would send, and its highest possible cost; sends nothing.

        Raises:
            UserError: there is no such pack, or no price is known.
        """
        from pipeline.synthesis.job import preview

        targets = languages or self.settings.features.language.targets
        return preview(self.store, domain, n, targets, self.settings.synth)

    def train(self, name: str | None = None, progress: Progress = quiet) -> "RunManifest":
        """Fine-tune the base model on the kept records; a run that was stopped is resumed.

        Args:
            name: Name of the run; the next number by default.
            progress: Called with steps and loss.

        Raises:
            Finding: the preflight found something that would spoil the model.
            UserError: a package or the base model is missing.
        """
        from pipeline.curation.curated import records_of
        from pipeline.curation.splits import reserve, split
        from schemas.reasons import Reason
        from train.run import fine_tune

        curated, curation = self.current(progress), self.settings.curation
        held_out = reserve(self.store, curated.kept, curation, self.settings.splits)
        parts = split(self.store, curated.kept, held_out, curation)
        return fine_tune(
            self.store.runs_dir,
            records_of(curated.kept, parts.trained),
            records_of(curated.kept, parts.held_out),
            dict.fromkeys(parts.near_heldout, Reason.near_heldout.value),
            self.settings.train,
            curated.key,
            name,
            progress,
        )

    def export_gguf(self, run: str | None = None, progress: Progress = quiet) -> "ExportReport":
        """Merge a run's adapter into its base model, convert it to GGUF, and check the file.

        Args:
            run: Name of the run; by default the newest that is finished.
            progress: Called with the steps.

        Raises:
            Finding: the file does not answer as the adapter does.
            UserError: there is no finished run, or a package is missing.
        """
        from curate.runs import chosen_run, held_out_records
        from train.export.gguf import export_gguf

        folder = chosen_run(self.store, run)
        prompts = held_out_records(self.current().kept, folder)
        return export_gguf(folder.path, self.settings.export, prompts, progress)
