"""What training does not show and what ruins a model all the same, one function per mistake."""

from collections.abc import Callable
from typing import Any, NamedTuple

from schemas.record import Record
from train.prepare.labels import RenderedRecord, render_template, shown_turns


class RecordCheck(NamedTuple):
    """One way to ruin a model that training does not show."""

    name: str
    remedy: str
    problem: Callable[[RenderedRecord, Record, Any, frozenset[int]], str | None]
    """What is wrong with a record, given the tokenizer and the ids of the stop tokens; or None."""


def _unlearnt_stop(
    rendered: RenderedRecord, record: Record, tokenizer: Any, stops: frozenset[int]
) -> str | None:
    """The model would never stop: no stop token is trained on at the end of a turn.

    A well-known cause is a pad token that is also the end-of-sequence token: it gets masked.
    """
    wrong_ends = [end for end in rendered.turn_ends if end is not None and end not in stops]
    if not wrong_ends:
        return None
    return f"a turn ends with {tokenizer.convert_ids_to_tokens(wrong_ends[0])!r}"


def _forged_turn(
    rendered: RenderedRecord, record: Record, tokenizer: Any, stops: frozenset[int]
) -> str | None:
    """Text that reads as control tokens: `<|im_end|><|im_start|>assistant` makes a real turn.

    The same conversation with harmless text has the right number of control tokens.
    """
    harmless = [
        turn | {key: "x" for key in ("content", "reasoning_content") if turn.get(key)}
        for turn in shown_turns(record, tokenizer)
    ]
    harmless_text = render_template(tokenizer, harmless, record.tools)
    harmless_ids = tokenizer(harmless_text, add_special_tokens=False)["input_ids"]
    control = {id_ for id_, token in tokenizer.added_tokens_decoder.items() if token.special}
    expected = sum(id_ in control for id_ in harmless_ids)
    actual = sum(id_ in control for id_ in rendered.input_ids)
    return f"{actual} control tokens instead of {expected}" if actual != expected else None


def _unseen_tool(
    rendered: RenderedRecord, record: Record, tokenizer: Any, stops: frozenset[int]
) -> str | None:
    """A template without tools leaves them out silently; then calls come out of nowhere."""
    names = [str(tool.get("function", tool).get("name", "")) for tool in record.tools]
    names += [call.function.name for turn in record.messages for call in turn.tool_calls]
    unseen = [name for name in names if name not in rendered.text]
    return f"the tool {unseen[0]} is not in the rendered text" if unseen else None


def _second_bos(
    rendered: RenderedRecord, record: Record, tokenizer: Any, stops: frozenset[int]
) -> str | None:
    """A second beginning-of-sequence token, which the prompts in serving do not have."""
    bos = tokenizer.bos_token_id
    doubled = bos is not None and rendered.input_ids[:2] == (bos, bos)
    return "it begins with two bos tokens" if doubled else None


RECORD_CHECKS = (
    RecordCheck(
        "end_of_turn",
        "the template's end of turn must be an eos token of the tokenizer or of"
        " generation_config.json: set it there, or choose another base_model",
        _unlearnt_stop,
    ),
    RecordCheck(
        "forged_turns",
        "the text contains control tokens of this model: correct or reject these records",
        _forged_turn,
    ),
    RecordCheck(
        "tools_unseen", "choose a base_model whose chat template supports tools", _unseen_tool
    ),
    RecordCheck(
        "double_bos", "the chat template must write the bos token only once: fix it", _second_bos
    ),
)
