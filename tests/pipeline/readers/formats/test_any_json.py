"""Any JSON at all is read or refused; nothing that a file can hold is an exception."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import Refused, to_records
from pipeline.readers.candidate import Candidate
from pipeline.readers.formats import FORMATS, ToCandidates, formats_of, oasst, oasst_flat
from pipeline.readers.formats.mapped import apply_mapping

USER = {"role": "user", "content": "Hi?"}
REPLY = {"role": "assistant", "content": "Yes."}

TEXT = st.text(max_size=6) | st.just("\ud800")
NAMES = st.sampled_from(
    ["messages", "role", "content", "conversations", "from", "value", "instruction", "input",
     "output", "question", "answer", "tools", "tool_calls", "type", "text", "function", "name",
     "arguments", "system", "language", "domain", "prompt", "completion", "chosen", "rejected",
     "replies", "rank", "instances", "utterances", "speaker", "chat", "turn_1", "history", "label",
     "output_1", "output_2", "category", "message_id", "parent_id", "choices", "loss_weight",
     "request", "response", "error", "status", "delta", "candidates", "parts", "custom_id", "body",
     "observations", "mapping", "current_node", "message", "author", "metadata", "parent", "id",
     "children", "ancestors", "chat_messages", "sender", "files", "versions", "steps", "intents",
     "tag", "patterns", "responses", "header", "title", "tool_results", "streamed_data"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXT, inner, max_size=4),
    max_leaves=8,
)
PART = st.fixed_dictionaries({"type": TEXT}, optional={"text": TEXT, "image_url": JSON})
CALL_OF = st.fixed_dictionaries(
    {"function": st.fixed_dictionaries({"name": TEXT, "arguments": TEXT | JSON})}
)
TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "user", "assistant", "tool", "wizard"])},
    optional={
        "content": TEXT | st.lists(PART, max_size=2) | JSON,
        "name": TEXT | JSON,
        "tool_calls": st.lists(CALL_OF, max_size=2),
    },
)
ROWS = JSON | st.fixed_dictionaries(
    {"messages": st.lists(TURN, max_size=2).map(lambda turns: [USER, REPLY, *turns])},
    optional={"tools": JSON | st.lists(st.dictionaries(TEXT, JSON, max_size=2), max_size=2)},
)


TAGGED = st.lists(
    st.sampled_from(["User: ", "Bot:", "\n", "<s>[INST] ", "[/INST]", "<<SYS>>", "<</SYS>>", "</s>",
                     "### Human:", "### Response:", "<|im_start|>", "user", " ->", "\n###", "Hi"]),
    max_size=8,
).map("".join)  # fmt: skip
SHAPED = st.dictionaries(NAMES, JSON | TAGGED | st.lists(TURN, max_size=3), max_size=5)
MAPPING = {"user": "question", "assistant": "answer", "tools": "tools", "domain": "domain"}


@given(ROWS | SHAPED)
def test_any_json_row_is_a_record_that_can_be_stored_or_is_refused_in_one_sentence(
    row: Any,
) -> None:
    for read in to_records(row, "f:1"):
        if isinstance(read, Refused):
            assert read.why.strip()
        else:
            stored = [read.id, read.messages_json, read.tools_json or "", read.language or ""]
            assert all(text.encode("utf-8") is not None for text in stored)
            assert {"user", "assistant"} <= {message.role for message in read.messages}


@given(ROWS | SHAPED)
@pytest.mark.parametrize(
    "to_candidates", [*(format.to_candidates for format in FORMATS.values()), oasst.every_path]
)
def test_every_format_reads_any_json_row_or_leaves_it_to_others(
    to_candidates: ToCandidates, row: Any
) -> None:
    candidates = to_candidates(row)
    assert candidates is None or (
        len(candidates) > 0
        and all(isinstance(candidate, Candidate | Refused) for candidate in candidates)
    )


COLUMNS = sorted(set().union(*(format.columns or () for format in FORMATS.values())))
SPELT = st.sampled_from(COLUMNS).flatmap(lambda name: st.sampled_from([name, f" {name.title()} "]))


@given(ROWS | SHAPED | st.dictionaries(SPELT | NAMES, JSON | TAGGED, max_size=5))
def test_a_format_that_is_not_asked_for_its_columns_would_not_have_read_the_row(row: Any) -> None:
    asked = formats_of(row)
    assert [
        format.to_candidates(row)
        for format in FORMATS.values()
        if format.to_candidates not in asked and format.to_candidates(row)
    ] == []


@given(ROWS | SHAPED)
def test_a_mapping_reads_or_refuses_any_json_row(row: Any) -> None:
    [candidate] = apply_mapping(row, MAPPING)
    assert isinstance(candidate, Candidate | Refused)


KEY = st.sampled_from(["a", "b", "c", "d"]) | st.none() | st.just([])
FLAT = st.fixed_dictionaries(
    {"message_id": KEY, "parent_id": KEY, "text": TEXT, "role": st.just("prompter")}
)


@given(st.lists(FLAT, max_size=6))
def test_every_flat_message_is_in_one_tree_or_refused_or_repeated(rows: list[Any]) -> None:
    trees = list(oasst_flat.build_trees(enumerate(rows)))
    refused = sum(isinstance(tree, Refused) for _, tree in trees)
    waiting = [tree for _, tree in trees if not isinstance(tree, Refused)]
    for node in waiting:
        waiting += node["replies"]
    ids = [row["message_id"] for row in rows]
    own = len({own_id for own_id in ids if isinstance(own_id, str)})
    assert refused + len(waiting) == own + sum(not isinstance(own_id, str) for own_id in ids)
