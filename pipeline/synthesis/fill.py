"""The whole of `curate synth` as one call: reserve held-out records, build the gate, generate."""

from pipeline.curation.curated import load_or_compute
from pipeline.curation.gate import Gate
from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import SplitSettings, reserve
from pipeline.features.embed import Embedder
from pipeline.store.store import Store
from pipeline.synthesis.job import synthesize
from pipeline.synthesis.report import SynthReport
from pipeline.synthesis.settings import SynthSettings
from schemas.progress import Progress, quiet


def fill_order(
    store: Store,
    curation: Curation,
    splits: SplitSettings,
    settings: SynthSettings,
    domain: str,
    n: int,
    languages: tuple[str, ...] = (),
    progress: Progress = quiet,
) -> SynthReport:
    """Generate until n more records of a domain are accepted, or say why not.

    Held-out records are reserved before anything is generated, so that they are all human and no
    generated question comes near one of them.

    Args:
        store: The workspace.
        curation: The filters that a generated record has to pass, and how text is read for them.
        splits: How much is held out.
        settings: The `[synth]` table: model, budget, limits.
        domain: Name of a pack, such as `support`.
        n: Records to accept.
        languages: ISO 639-1 codes to write in; empty: the target languages.
        progress: Told after each answer.

    Raises:
        UserError: No such pack, no key, no price, the same domain is being generated already, or
            the provider refuses every request. What was accepted by then is in `records/`.
    """
    curated = load_or_compute(store, curation, progress)
    held_out = reserve(store, curated.kept, curation, splits)
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    gate = Gate(store, curated, held_out, curation, embedder)
    languages = languages or curation.features.language.targets
    return synthesize(store, domain, n, languages, settings, gate.ask, progress)
