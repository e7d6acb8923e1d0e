"""What people's labels say of the near-duplicate threshold, for the page."""

from markupsafe import Markup

from curate.report import charts
from curate.report.charts import Estimate
from pipeline.audit.calibration.estimate import Interval
from pipeline.audit.calibration.labels import read_labels, settled_pairs
from pipeline.audit.calibration.pairs import near_pairs
from pipeline.audit.calibration.thresholds import ENOUGH, Calibration, calibration
from pipeline.curation.curated import Curated
from pipeline.curation.run_stages import Curation
from pipeline.store.store import Store
from schemas.errors import UserError


def calibrated(store: Store, curated: Curated, curation: Curation) -> Calibration | None:
    """Precision and recall of each threshold; None where too few pairs are labelled."""
    said = settled_pairs(read_labels(store))
    if len(said) < ENOUGH:
        return None
    try:
        pairs = near_pairs(store, curated, curation)
    except UserError:  # the model went away since
        return None
    found = calibration(pairs, said, curation.recipe.near_duplicate.threshold)
    return found if found.labelled >= ENOUGH else None


def curves(found: Calibration) -> dict[str, Markup]:
    """The curve of precision and that of recall, by name."""
    return {
        "Precision": _curve("Precision by threshold", found, [r.precision for r in found.rows]),
        "Recall": _curve("Recall by threshold", found, [r.recall for r in found.rows]),
    }


def _curve(label: str, found: Calibration, estimates: list[Interval]) -> Markup:
    points = [
        Estimate(row.threshold, interval.value, interval.low, interval.high)
        for row, interval in zip(found.rows, estimates, strict=True)
        if interval.value is not None
    ]
    return charts.estimates(label, points, [row.threshold for row in found.rows], found.threshold)
