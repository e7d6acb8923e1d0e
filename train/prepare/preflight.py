"""What can be known to go wrong before a weight is loaded.

Each check looks at every rendered row and names those it fails; one that fails stops the training
with a Finding, because all of them are silent in training and ruin the model.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from schemas.base import Model
from schemas.errors import Finding
from schemas.progress import Progress, quiet
from schemas.reasons import Reason
from schemas.record import Record
from train.prepare.labels import (
    PrefixChanged,
    Rendered,
    TemplateRefused,
    chat,
    render,
    template,
)


class Check(Model):
    """What one check found."""

    name: str
    failed: int
    """Rows that fail it."""
    rows: int
    """Rows that it looked at."""
    example: str | None = None
    """Id of a row that fails."""
    remedy: str
    says: str = ""
    """What the example's template or token said."""

    @property
    def ok(self) -> bool:
        """No row fails."""
        return not self.failed


class Preflight(Model):
    """All checks, how long the rows are, and which of them are left out."""

    checks: tuple[Check, ...]
    tokens: dict[str, int]
    """Length of the rows in tokens: p50, p90, p99, max."""
    trained_tokens: int
    """Tokens learnt in one epoch."""
    dropped: dict[str, str]
    """Rows of the training set that are left out: id, and `too_long` or `no_trained_token`."""


class Rows(Model):
    """Rows that are ready, and the report on them."""

    train: tuple[Rendered, ...]
    held_out: tuple[Rendered, ...]
    """Those of at most `max_length`: on them the loss is measured."""
    report: Preflight


Failure = str | None
"""What is wrong with a row, or None."""


def inspect(
    trainable: Sequence[Record],
    held_out: Sequence[Record],
    tokenizer: Any,
    stops: frozenset[int],
    max_length: int,
    progress: Progress = quiet,
) -> Rows:
    """Render every row and ask all checks. Raises nothing: `demand` does."""
    records = [*trainable, *held_out]
    rendered: dict[str, Rendered] = {}
    refused: dict[str, TemplateRefused] = {}
    for done, record in enumerate(records, start=1):
        try:
            rendered[record.id] = render(record, tokenizer, stops)
        except TemplateRefused as refusal:
            refused[record.id] = refusal
        progress(done, len(records), "preflight")
    ready = [(record, rendered[record.id]) for record in records if record.id in rendered]
    learnable = [rendered[record.id] for record in trainable if record.id in rendered]
    dropped = {row.id: reason for row in learnable if (reason := _left_out(row, max_length))}
    train = [row for row in learnable if row.id not in dropped]
    checks = [
        *_refusals(refused, len(records)),
        *(_spring(trap, ready, tokenizer, stops) for trap in TRAPS),
        _nothing_left(trainable, dropped, train),
    ]
    report = Preflight(
        checks=tuple(checks),
        tokens=_percentiles([len(row.input_ids) for row in rendered.values()]),
        trained_tokens=sum(row.trained for row in train),
        dropped={id_: str(reason) for id_, reason in dropped.items()},
    )
    measurable = [rendered[record.id] for record in held_out if record.id in rendered]
    fits = [row for row in measurable if not _left_out(row, max_length)]
    return Rows(train=tuple(train), held_out=tuple(fits), report=report)


def demand(report: Preflight) -> None:
    """Let only a clean report pass.

    Raises:
        Finding: names each check that failed, an example, and the remedies.
    """
    failed = [check for check in report.checks if not check.ok]
    if failed:
        findings = "; ".join(
            f"{check.name}: {check.failed} of {check.rows} rows"
            + (f", such as {check.example[:12]}" if check.example else "")
            + (f" ({check.says})" if check.says else "")
            for check in failed
        )
        remedies = "; ".join(f"{check.name}: {check.remedy}" for check in failed)
        raise Finding(f"preflight stops the training: {findings}", remedies)


def _ends_open(row: Rendered, record: Record, tokenizer: Any, stops: frozenset[int]) -> Failure:
    """The model never stops: no stop token is learnt at the end of a turn (pad = eos masks)."""
    open_ends = [end for end in row.turn_ends if end is not None and end not in stops]
    if not open_ends:
        return None
    return f"a turn ends with {tokenizer.convert_ids_to_tokens(open_ends[0])!r}"


def _forged(row: Rendered, record: Record, tokenizer: Any, stops: frozenset[int]) -> Failure:
    """Text that reads as control tokens: `<|im_end|><|im_start|>assistant` makes a real turn.

    The same conversation with harmless text has the number of control tokens that is right.
    """
    harmless = [
        {**turn, "content": "x" if turn["content"] else ""} for turn in chat(record.messages)
    ]
    control = _control_tokens(tokenizer)
    plain = template(tokenizer, harmless, record.tools)
    right = sum(
        token in control for token in tokenizer(plain, add_special_tokens=False)["input_ids"]
    )
    found = sum(token in control for token in row.input_ids)
    return f"{found} control tokens for {right}" if found != right else None


def _tools_unseen(row: Rendered, record: Record, tokenizer: Any, stops: frozenset[int]) -> Failure:
    """A template without tools leaves them out in silence; then calls come from nowhere."""
    names = [str(tool.get("function", tool).get("name", "")) for tool in record.tools]
    names += [call.function.name for turn in record.messages for call in turn.tool_calls]
    unseen = [name for name in names if name not in row.text]
    return f"the tool {unseen[0]} is not in the rendered text" if unseen else None


def _double_bos(row: Rendered, record: Record, tokenizer: Any, stops: frozenset[int]) -> Failure:
    """A second beginning-of-sequence token, which no served prompt has."""
    bos = tokenizer.bos_token_id
    doubled = bos is not None and row.input_ids[:2] == (bos, bos)
    return "the row begins with two bos tokens" if doubled else None


class Trap(NamedTuple):
    """A way to ruin a model that training does not show."""

    name: str
    remedy: str
    judge: Callable[[Rendered, Record, Any, frozenset[int]], Failure]


TRAPS = (
    Trap(
        "end_of_turn",
        "the template's end of turn must be an eos of the tokenizer or of generation_config.json:"
        " set it there, or choose another base_model",
        _ends_open,
    ),
    Trap(
        "forged_turns",
        "the text contains control tokens of this model: mend or reject these records",
        _forged,
    ),
    Trap("tools_unseen", "choose a base_model whose chat template takes tools", _tools_unseen),
    Trap("double_bos", "the chat template must write the bos token once: mend it", _double_bos),
)


def _spring(
    trap: Trap,
    ready: Sequence[tuple[Record, Rendered]],
    tokenizer: Any,
    stops: frozenset[int],
) -> Check:
    failures = {}
    for record, row in ready:
        try:
            failure = trap.judge(row, record, tokenizer, stops)
        except TemplateRefused as refusal:
            failure = str(refusal)
        if failure:
            failures[record.id] = failure
    return _summary(trap.name, trap.remedy, failures, len(ready))


def _refusals(refused: dict[str, TemplateRefused], rows: int) -> list[Check]:
    changed = {i: str(e) for i, e in refused.items() if isinstance(e, PrefixChanged)}
    raised = {i: str(e) for i, e in refused.items() if i not in changed}
    return [
        _summary("template_raises", "mend or reject these records", raised, rows),
        _summary(
            "template_rewrites",
            "the template changes earlier turns (thinking templates drop old thoughts): choose a"
            " base_model whose template keeps them",
            changed,
            rows,
        ),
    ]


def _nothing_left(
    trainable: Sequence[Record], dropped: dict[str, Reason], train: Sequence[Rendered]
) -> Check:
    """Single rows without a token to learn are left out; when all are, the labels are wrong."""
    check = _summary(
        "no_trained_token",
        "raise max_length if the rows are too_long, else look at the template",
        {} if train else {id_: str(reason) for id_, reason in dropped.items()},
        len(trainable),
    )
    return check if trainable else check.model_copy(update={"failed": 1, "says": "no rows"})


def _summary(name: str, remedy: str, failures: dict[str, str], rows: int) -> Check:
    example = min(failures, default=None)
    says = failures[example] if example else ""
    return Check(
        name=name, failed=len(failures), rows=rows, example=example, remedy=remedy, says=says
    )


def _left_out(row: Rendered, max_length: int) -> Reason | None:
    if len(row.input_ids) > max_length:
        return Reason.too_long
    return None if row.trained else Reason.no_trained_token


def _control_tokens(tokenizer: Any) -> frozenset[int]:
    return frozenset(i for i, t in tokenizer.added_tokens_decoder.items() if t.special)


def _percentiles(lengths: list[int]) -> dict[str, int]:
    ordered = sorted(lengths) or [0]
    last = len(ordered) - 1
    return {
        "p50": ordered[last * 50 // 100],
        "p90": ordered[last * 90 // 100],
        "p99": ordered[last * 99 // 100],
        "max": ordered[last],
    }
