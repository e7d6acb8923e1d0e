"""Of a chat that is a tree the branch that was shown is read, and the others are named."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import to_records
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.formats.branches import branch_to
from schemas.record import Record


class Node(NamedTuple):
    """One message of a tree."""

    id: str
    parent: str | None
    role: str
    text: str


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    """Trees in which every second message is a reply; the last message is one."""
    nodes = [Node("0", None, "user", "Question 0?"), Node("1", "0", "assistant", "Answer 1.")]
    for _ in range(draw(st.integers(0, 4))):
        asks = draw(st.booleans())
        roles = ("assistant", "user") if asks else ("user", "assistant")
        parent = draw(st.sampled_from([node for node in nodes if node.role == roles[0]]))
        own = str(len(nodes))
        nodes.append(Node(own, parent.id, roles[1], f"Message {own}."))
        if asks:
            nodes.append(Node(f"{own}r", own, "assistant", f"Answer to {own}."))
    return nodes


def shown(nodes: list[Node], last: Node) -> list[tuple[str, str]]:
    by_id = {node.id: node for node in nodes}
    branch = [last]
    while branch[-1].parent is not None:
        branch.append(by_id[branch[-1].parent])
    return [(node.role, node.text) for node in reversed(branch)]


def children(nodes: list[Node], own: str) -> list[str]:
    return [node.id for node in nodes if node.parent == own]


def chatgpt(nodes: list[Node], last: Node) -> Any:
    mapping = {}
    for node in nodes:
        content = {"content_type": "text", "parts": [node.text]}
        message = {"author": {"role": node.role}, "content": content, "recipient": "all"}
        mapping[node.id] = {"id": node.id, "message": message, "parent": node.parent}
    return {"title": "Chat", "mapping": mapping, "current_node": last.id}


def claude(nodes: list[Node], last: Node) -> Any:
    senders = {"user": "human", "assistant": "assistant"}
    messages = [
        {
            "uuid": node.id,
            "parent_message_uuid": node.parent or "00000000-0000-4000-8000-000000000000",
            "sender": senders[node.role],
            "text": node.text,
            "content": [{"type": "text", "text": node.text}],
        }
        for node in nodes
    ]
    return {"uuid": "k", "current_leaf_message_uuid": last.id, "chat_messages": messages}


def open_webui(nodes: list[Node], last: Node) -> Any:
    messages = {
        node.id: {"id": node.id, "parentId": node.parent, "role": node.role, "content": node.text}
        for node in nodes
    }
    return {"chat": {"history": {"messages": messages, "currentId": last.id}}}


def llama_cpp(nodes: list[Node], last: Node) -> Any:
    root = {"id": "root", "type": "root", "role": "system", "content": "", "parent": "-1"}
    messages: list[dict[str, Any]] = [{**root, "children": ["0"]}]
    for node in nodes:
        own = {"id": node.id, "convId": "c", "type": "text", "role": node.role}
        own |= {"content": node.text, "parent": node.parent or "root", "timings": {"n": 3}}
        messages.append({**own, "children": children(nodes, node.id)})
    return {"conv": {"id": "c", "currNode": last.id}, "messages": messages}


def hugging_chat(nodes: list[Node], last: Node) -> Any:
    by_id = {node.id: node for node in nodes}

    def ancestors(node: Node) -> list[str]:
        return [] if node.parent is None else [*ancestors(by_id[node.parent]), node.parent]

    ordered = [*(node for node in nodes if node != last), last]  # It shows the newest.
    return {
        "title": "Chat",
        "messages": [
            {
                "id": node.id, "from": node.role, "content": node.text,
                "ancestors": ancestors(node), "children": children(nodes, node.id),
            }
            for node in ordered
        ],
    }  # fmt: skip


@settings(max_examples=40)
@pytest.mark.parametrize("shape", [chatgpt, claude, open_webui, llama_cpp, hugging_chat])
@given(nodes=trees(), data=st.data())
def test_the_shown_branch_of_any_tree_comes_back_and_the_others_are_named(
    shape: Callable[[list[Node], Node], Any], nodes: list[Node], data: st.DataObject
) -> None:
    last = data.draw(st.sampled_from([node for node in nodes if node.role == "assistant"]))
    expected, left_out = shown(nodes, last), LeftOutCounts()
    [read] = to_records(shape(nodes, last), "f:1", left_out=left_out)
    assert isinstance(read, Record), read
    assert [(message.role, message.text) for message in read.messages] == expected
    named = [name for name in left_out.rows if name.endswith("other branches")]
    assert bool(named) == (len(expected) < len(nodes))


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["a", "b", "c", None, "x"])))
def test_a_tree_that_runs_in_a_circle_ends(parents: dict[str, Any]) -> None:
    nodes = {own: {"parent": parent} for own, parent in parents.items()}
    branch = branch_to(nodes, "a", lambda node: node.get("parent"))
    assert len(branch.messages) <= len(nodes)


@pytest.mark.parametrize("last", [None, [], {}, 5, "not there"])
def test_where_no_node_is_named_the_last_one_is_shown(last: Any) -> None:
    nodes = {"a": {"parent": None}, "b": {"parent": "a"}}
    assert branch_to(nodes, last, lambda node: node["parent"]).messages == [*nodes.values()]
