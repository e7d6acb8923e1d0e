"""A record as the tokens that the model sees, with labels that say which of them it learns.

Only what the assistant writes is trained on, with the token that ends its turn. The chat template
itself tells us where that is: rendered up to a reply, and up to the reply's end, it gives two
beginnings of the whole text, and the reply lies between them. So templates need no marks for
training, and none has to be known by name.
"""

import json
from collections.abc import Sequence
from typing import Any

from schemas.base import Model
from schemas.message import Message
from schemas.record import Record

IGNORED_LABEL = -100
"""The label that PyTorch's cross-entropy leaves out."""


class TemplateRefused(Exception):
    """The chat template cannot render this record: a finding about the record, not a crash."""


class PrefixChanged(TemplateRefused):
    """The template renders a turn differently once another follows, as thinking templates do."""


class RenderedRecord(Model):
    """One record, ready for the trainer."""

    id: str
    text: str
    """The whole conversation as the template renders it."""
    input_ids: tuple[int, ...]
    labels: tuple[int, ...]
    """As long as `input_ids`: the same id where a token is trained on, else `IGNORED_LABEL`."""
    turn_ends: tuple[int | None, ...]
    """The last trained token of each assistant turn; None if nothing of it is trained on."""

    @property
    def trained_tokens(self) -> int:
        """How many tokens are trained on."""
        return sum(label != IGNORED_LABEL for label in self.labels)


def render_record(record: Record, tokenizer: Any, stops: frozenset[int]) -> RenderedRecord:
    """Tokens and labels of a record.

    Args:
        record: The conversation.
        tokenizer: A fast tokenizer with a chat template.
        stops: Ids of the tokens at which serving stops.

    Raises:
        TemplateRefused: the template raises, or (`PrefixChanged`) rewrites earlier turns.
    """
    turns = shown_turns(record, tokenizer)
    text = render_template(tokenizer, turns, record.tools)
    reply_spans = _reply_spans(text, turns, record.tools, tokenizer)
    ids, offsets = _tokenize(text, tokenizer)
    labels = [IGNORED_LABEL] * len(ids)
    turn_ends: list[int | None] = []
    replies = [message for message in record.messages if message.role == "assistant"]
    for span, reply in zip(reply_spans, replies, strict=True):
        trained = _trained_positions(span, ids, offsets, stops) if reply.learn else []
        for position in trained:
            labels[position] = ids[position]
        turn_ends.append(ids[trained[-1]] if trained else None)
    return RenderedRecord(
        id=record.id,
        text=text,
        input_ids=tuple(ids),
        labels=tuple(labels),
        turn_ends=tuple(turn_ends),
    )


def chat_turns(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages as chat templates take them: content as text, tool arguments as an object.

    Raises:
        TemplateRefused: a message has a part that is not text, such as an image.
    """
    turns: list[dict[str, Any]] = []
    for message in messages:
        parts = () if isinstance(message.content, str) else message.content or ()
        if any(part.type != "text" for part in parts):
            raise TemplateRefused(f"a {message.role} turn has a part that is not text")
        # Null beside tool calls becomes "": most templates concatenate, and fail on None.
        turn: dict[str, Any] = {"role": message.role, "content": message.text}
        if message.reasoning:
            turn["reasoning_content"] = message.reasoning
        if message.name:
            turn["name"] = message.name
        if message.tool_call_id:
            turn["tool_call_id"] = message.tool_call_id
        if message.tool_calls:
            turn["tool_calls"] = [
                {
                    "type": "function",
                    "function": {
                        "name": call.function.name,
                        "arguments": _parsed_arguments(call.function.arguments),
                    },
                }
                for call in message.tool_calls
            ]
        turns.append(turn)
    return turns


def shown_turns(record: Record, tokenizer: Any) -> list[dict[str, Any]]:
    """The turns of a record so that the template shows the reasoning of the last reply.

    Templates of reasoning models write `reasoning_content`. Others leave it out without a word;
    for these it stands in the content, between `<think>` and `</think>`.

    Raises:
        TemplateRefused: as `chat_turns`, or the template raises.
    """
    turns = chat_turns(record.messages)
    thoughts = [turn["reasoning_content"] for turn in turns if "reasoning_content" in turn]
    if not thoughts:
        return turns
    if thoughts[-1].strip() in render_template(tokenizer, turns, record.tools):
        return turns
    return [_with_visible_thoughts(turn) for turn in turns]


def _with_visible_thoughts(turn: dict[str, Any]) -> dict[str, Any]:
    if "reasoning_content" not in turn:
        return turn
    thoughts = turn["reasoning_content"].strip()
    visible = {"content": f"<think>\n{thoughts}\n</think>\n\n{turn['content']}"}
    return {key: value for key, value in turn.items() if key != "reasoning_content"} | visible


def render_template(
    tokenizer: Any,
    turns: list[dict[str, Any]],
    tools: Sequence[dict[str, Any]] = (),
    add_generation_prompt: bool = False,
) -> str:
    """The turns as text; with `add_generation_prompt`, up to where the assistant begins to write.

    Raises:
        TemplateRefused: with the message of the template's error.
    """
    try:
        text = tokenizer.apply_chat_template(
            turns,
            tools=list(tools) or None,
            tokenize=False,
            add_generation_prompt=add_generation_prompt,
        )
    except Exception as error:  # a template is foreign code: it may raise anything
        raise TemplateRefused(f"{type(error).__name__}: {error}") from None
    return str(text)


def _reply_spans(
    text: str, turns: list[dict[str, Any]], tools: Sequence[dict[str, Any]], tokenizer: Any
) -> list[tuple[int, int]]:
    """Where each assistant turn is in `text`, with its end-of-turn: characters from, to."""
    spans = []
    for i, turn in enumerate(turns):
        if turn["role"] != "assistant":
            continue
        is_last = i + 1 == len(turns)
        before = render_template(tokenizer, turns[:i], tools, add_generation_prompt=True)
        through = text if is_last else render_template(tokenizer, turns[: i + 1], tools)
        if not through.startswith(before) or not text.startswith(through):
            raise PrefixChanged(f"turn {i + 1} is rendered differently when more turns follow")
        spans.append((len(before), len(through)))
    return spans


def _trained_positions(
    span: tuple[int, int],
    ids: list[int],
    offsets: list[tuple[int, int]],
    stops: frozenset[int],
) -> list[int]:
    """Positions of the tokens that lie wholly inside `span`, up to its last stop token.

    What a template writes after the stop token (a line feed in ChatML) is never generated when
    the model is served, so it is not trained on. Without a stop token all of them are.
    """
    begin, end = span
    inside = [
        position
        for position, (first, last) in enumerate(offsets)
        if begin <= first < end and last <= end
    ]
    stop_positions = [position for position in inside if ids[position] in stops]
    if not stop_positions:
        return inside
    return [position for position in inside if position <= stop_positions[-1]]


def _tokenize(text: str, tokenizer: Any) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids of a rendered text, and the characters (from, to) that each of them covers.

    No special tokens are added: the template has written them already, and a second bos token
    would change what the model sees.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise TemplateRefused("the text contains half of a surrogate pair") from None
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    offsets: list[tuple[int, int]] = []
    covered_until = 0
    for start, end in encoded["offset_mapping"]:
        # Some tokenizers leave white space out of a token's offsets; we count it as part of it.
        offsets.append((min(start, covered_until), end))
        covered_until = max(covered_until, end)
    return list(encoded["input_ids"]), offsets


def _parsed_arguments(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments
