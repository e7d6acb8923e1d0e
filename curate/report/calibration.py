"""What people's labels say about the near-duplicate threshold, for the page."""

from markupsafe import Markup

from curate.report.plots import Estimate, estimate_chart
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
    labels = settled_pairs(read_labels(store))
    if len(labels) < ENOUGH:
        return None
    try:
        pairs = near_pairs(store, curated, curation)
    except UserError:  # the model was uninstalled in the meantime
        return None
    result = calibration(pairs, labels, curation.recipe.near_duplicate.threshold)
    return result if result.labelled >= ENOUGH else None


def curves(result: Calibration) -> dict[str, Markup]:
    """The curves of precision and recall, by name."""
    return {
        "Precision": _curve("Precision by threshold", result, [r.precision for r in result.rows]),
        "Recall": _curve("Recall by threshold", result, [r.recall for r in result.rows]),
    }


def _curve(label: str, result: Calibration, intervals: list[Interval]) -> Markup:
    estimates = [
        Estimate(row.threshold, interval.value, interval.low, interval.high)
        for row, interval in zip(result.rows, intervals, strict=True)
        if interval.value is not None
    ]
    return estimate_chart(
        label, estimates, [row.threshold for row in result.rows], result.threshold
    )
