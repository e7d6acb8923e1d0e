"""Preflight: what would ruin the model, found before any weights are loaded.

Each check looks at every rendered record. One that fails stops the training with a Finding,
because training itself shows none of these mistakes.
"""

from collections.abc import Sequence
from typing import Any

from schemas.base import Model
from schemas.errors import Finding
from schemas.progress import Progress, quiet
from schemas.reasons import Reason
from schemas.record import Record
from train.prepare.checks import RECORD_CHECKS, RecordCheck
from train.prepare.labels import PrefixChanged, RenderedRecord, TemplateRefused, render_record


class PreflightCheck(Model):
    """The result of one check."""

    name: str
    failed: int
    """Records that fail it."""
    rows: int
    """Records that were checked."""
    example: str | None = None
    """Id of a record that fails."""
    remedy: str
    says: str = ""
    """What is wrong with the example."""

    @property
    def ok(self) -> bool:
        """No record fails."""
        return not self.failed


class PreflightReport(Model):
    """The results of all checks, how long the records are, and which of them are left out."""

    checks: tuple[PreflightCheck, ...]
    tokens: dict[str, int]
    """Length of the records in tokens: p50, p90, p99, max."""
    trained_tokens: int
    """Tokens trained on in one epoch."""
    dropped: dict[str, str]
    """Records of the training set that are left out, by id: `too_long` or `no_trained_token`."""


class PreparedRecords(Model):
    """Records ready for a backend, and the report on them."""

    train: tuple[RenderedRecord, ...]
    held_out: tuple[RenderedRecord, ...]
    """Those whose loss can be measured."""
    report: PreflightReport


def run_preflight(
    trainable: Sequence[Record],
    held_out: Sequence[Record],
    tokenizer: Any,
    stops: frozenset[int],
    max_length: int,
    progress: Progress = quiet,
) -> PreparedRecords:
    """Render every record and run all checks. Only reports; `require_passed` raises.

    Args:
        trainable: Records to train on.
        held_out: Records to measure the loss on. They are checked as well.
        tokenizer: The base model's, with its chat template.
        stops: Ids of the tokens at which serving stops.
        max_length: Longest record in tokens; longer ones are left out.
        progress: Told how many records are rendered.
    """
    records = [*trainable, *held_out]
    rendered_by_id, refusals = _render_all(records, tokenizer, stops, progress)
    train, dropped = _divide(trainable, rendered_by_id, max_length)
    measurable, _ = _divide(held_out, rendered_by_id, max_length)
    pairs = [
        (record, rendered_by_id[record.id]) for record in records if record.id in rendered_by_id
    ]
    checks = [
        *_template_checks(refusals, len(records)),
        *(_run_check(check, pairs, tokenizer, stops) for check in RECORD_CHECKS),
        _something_to_train_on(trainable, dropped, train),
    ]
    report = PreflightReport(
        checks=tuple(checks),
        tokens=_percentiles([len(rendered.input_ids) for rendered in rendered_by_id.values()]),
        trained_tokens=sum(rendered.trained_tokens for rendered in train),
        dropped={id_: str(reason) for id_, reason in dropped.items()},
    )
    return PreparedRecords(train=tuple(train), held_out=tuple(measurable), report=report)


def require_passed(report: PreflightReport) -> None:
    """Stop unless every check passed.

    Raises:
        Finding: names each check that failed with an example, and in its remedy what to do.
    """
    failed = [check for check in report.checks if not check.ok]
    if failed:
        findings = "; ".join(
            f"{check.name}: {check.failed} of {check.rows} records"
            + (f", such as {check.example[:12]}" if check.example else "")
            + (f" ({check.says})" if check.says else "")
            for check in failed
        )
        remedies = "; ".join(f"{check.name}: {check.remedy}" for check in failed)
        raise Finding(f"preflight failed, so nothing was trained: {findings}", remedies)


def _render_all(
    records: Sequence[Record], tokenizer: Any, stops: frozenset[int], progress: Progress
) -> tuple[dict[str, RenderedRecord], dict[str, TemplateRefused]]:
    """By id, the records as rendered, and those that the template refused."""
    rendered_by_id: dict[str, RenderedRecord] = {}
    refusals: dict[str, TemplateRefused] = {}
    for done, record in enumerate(records, start=1):
        try:
            rendered_by_id[record.id] = render_record(record, tokenizer, stops)
        except TemplateRefused as refusal:
            refusals[record.id] = refusal
        progress(done, len(records), "preflight")
    return rendered_by_id, refusals


def _divide(
    records: Sequence[Record], rendered_by_id: dict[str, RenderedRecord], max_length: int
) -> tuple[list[RenderedRecord], dict[str, Reason]]:
    """Those of the rendered records that can be used, and why the others are left out."""
    usable: list[RenderedRecord] = []
    dropped: dict[str, Reason] = {}
    for record in records:
        rendered = rendered_by_id.get(record.id)
        if rendered is None:
            continue
        if len(rendered.input_ids) > max_length:
            dropped[record.id] = Reason.too_long
        elif not rendered.trained_tokens:
            dropped[record.id] = Reason.no_trained_token
        else:
            usable.append(rendered)
    return usable, dropped


def _run_check(
    check: RecordCheck,
    pairs: Sequence[tuple[Record, RenderedRecord]],
    tokenizer: Any,
    stops: frozenset[int],
) -> PreflightCheck:
    problems = {}
    for record, rendered in pairs:
        try:
            problem = check.problem(rendered, record, tokenizer, stops)
        except TemplateRefused as refusal:
            problem = str(refusal)
        if problem:
            problems[record.id] = problem
    return _result(check.name, check.remedy, problems, len(pairs))


def _template_checks(refusals: dict[str, TemplateRefused], records: int) -> list[PreflightCheck]:
    rewritten = {id_: str(e) for id_, e in refusals.items() if isinstance(e, PrefixChanged)}
    raised = {id_: str(e) for id_, e in refusals.items() if id_ not in rewritten}
    return [
        _result("template_raises", "correct or reject these records", raised, records),
        _result(
            "template_rewrites",
            "the template changes earlier turns (thinking templates drop old thoughts): choose a"
            " base_model whose template keeps them",
            rewritten,
            records,
        ),
    ]


def _something_to_train_on(
    trainable: Sequence[Record], dropped: dict[str, Reason], train: Sequence[RenderedRecord]
) -> PreflightCheck:
    """Some records may be left out; but if all are, the labels or `max_length` are wrong."""
    name = "no_trained_token"
    remedy = "raise max_length if the records are too_long, else look at the template"
    if not trainable:
        return PreflightCheck(name=name, failed=1, rows=0, remedy=remedy, says="no records")
    problems = {} if train else {id_: str(reason) for id_, reason in dropped.items()}
    return _result(name, remedy, problems, len(trainable))


def _result(name: str, remedy: str, problems: dict[str, str], records: int) -> PreflightCheck:
    example = min(problems, default=None)
    return PreflightCheck(
        name=name,
        failed=len(problems),
        rows=records,
        example=example,
        remedy=remedy,
        says=problems[example] if example else "",
    )


def _percentiles(lengths: list[int]) -> dict[str, int]:
    ordered = sorted(lengths) or [0]
    last = len(ordered) - 1
    return {
        "p50": ordered[last * 50 // 100],
        "p90": ordered[last * 90 // 100],
        "p99": ordered[last * 99 // 100],
        "max": ordered[last],
    }
