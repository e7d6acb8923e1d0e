"""The commands that `curate status` proposes to run next."""

from curate.settings import Settings
from pipeline.curation.coverage import coverage
from pipeline.curation.curated import Curated
from pipeline.store.store import Store
from train.folder import run_folders


def next_steps(store: Store, settings: Settings, curated: Curated) -> list[tuple[str, str]]:
    """Commands to run next, each with the reason; the most urgent first."""
    if not curated.books.records:
        return [("curate ingest FILE…", "nothing has been read yet")]
    steps = [
        (f"curate synth --domain support --language {code} --n {language.missing}",
         f"{code} has {language.records:,} of the {language.records + language.missing:,} it needs")
        for code, language in coverage(curated.kept, settings.features.language).items()
        if language.missing
    ]  # fmt: skip
    if not store.decisions():
        steps.append(("curate review serve", "nobody has looked at the data yet"))
    return [*steps, _model_step(store)]


def _model_step(store: Store) -> tuple[str, str]:
    """The next step towards a model that can be used."""
    runs = run_folders(store.runs_dir)
    if not runs:
        return ("curate train", "no model has been trained yet")
    latest = runs[-1]
    if not latest.manifest.is_file():
        return ("curate train", f"run {latest.name} is not finished; this resumes it")
    if not (latest.path / "exports").exists():
        return ("curate export --to gguf", f"run {latest.name} is trained, but not exported")
    return ("curate chat", f"run {latest.name} is exported and ready")
