"""Trees give the best path or all, flat files are grouped, what was deleted is left out."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import oasst, oasst_flat
from schemas.reasons import Rejection


def node(role: str, text: str, *replies: Any, **fields: Any) -> dict[str, Any]:
    return {"role": role, "text": text, "lang": "en", "replies": list(replies), **fields}


TREE = {
    "message_tree_id": "t",
    "prompt": node(
        "prompter",
        "Hi?",
        node("assistant", "no rank"),
        node("assistant", "second", node("prompter", "and?"), rank=1),
        node("assistant", "first", node("prompter", "ok", node("assistant", "so")), rank=0),
        node("assistant", "deleted", rank=-2, deleted=True),
        node("assistant", "turned down", rank=-1, review_result=False),
    ),
}


def texts(candidates: Any) -> list[list[str]]:
    return [[turn["content"] for turn in candidate.turns] for candidate in candidates]


def test_the_best_path_follows_the_best_rank() -> None:
    assert texts(oasst.to_candidates(TREE)) == [["Hi?", "first", "ok", "so"]]


def test_all_paths_are_every_leaf_that_stands_the_best_first() -> None:
    assert texts(oasst.every_path(TREE)) == [
        ["Hi?", "first", "ok", "so"],
        ["Hi?", "second", "and?"],
        ["Hi?", "no rank"],
    ]


def test_roles_and_language_are_those_of_the_tree() -> None:
    [candidate] = oasst.to_candidates(TREE) or []
    assert isinstance(candidate, Candidate)
    assert [turn["role"] for turn in candidate.turns] == ["user", "assistant", "user", "assistant"]
    assert candidate.language == "en"


def test_the_bare_root_is_a_tree_too() -> None:
    assert oasst.to_candidates(TREE["prompt"]) == oasst.to_candidates(TREE)
    assert oasst.every_path(TREE["prompt"]) == oasst.every_path(TREE)


def test_a_tree_whose_first_message_was_deleted_is_refused() -> None:
    for to_candidates in (oasst.to_candidates, oasst.every_path):
        [refused] = to_candidates(node("prompter", "Hi?", deleted=True)) or []
        assert isinstance(refused, Refused)
        assert refused.reason is Rejection.no_user_turn


def test_what_is_no_tree_is_left_to_others() -> None:
    for row in (5, {}, {"prompt": "Hi?"}, {"prompt": {"replies": 5}}, {"replies": []}):
        assert oasst.to_candidates(row) is None
        assert oasst.every_path(row) is None


def test_a_tree_deeper_than_python_calls_is_read() -> None:
    deep = node("assistant", "end")
    for _ in range(5_000):
        deep = node("prompter", "on", deep)
    assert len(texts(oasst.every_path(deep))[0]) == 5_001


def message(own: str, parent: str | None, **fields: Any) -> dict[str, Any]:
    return {"message_id": own, "parent_id": parent, "text": own, "role": "assistant", **fields}


def test_a_flat_file_is_grouped_into_its_trees_whatever_the_order() -> None:
    rows = [message("c", "b"), message("b", "a", rank=1), message("d", "a", rank=0)]
    rows.append(message("a", None, role="prompter"))
    [(line, tree)] = oasst_flat.build_trees(enumerate(rows, 1))
    assert line == 4
    assert texts(oasst.to_candidates(tree)) == [["a", "d"]]
    assert texts(oasst.every_path(tree)) == [["a", "d"], ["a", "b", "c"]]


def test_other_names_of_the_ids_and_repeated_messages_are_known() -> None:
    root = {"user_message_id": "a", "parent_message_id": None, "text": "Hi?", "role": "prompter"}
    reply = {"user_message_id": "b", "parent_message_id": "a", "text": "Yes.", "role": "assistant"}
    [(_, tree)] = oasst_flat.build_trees(enumerate([root, reply, reply]))
    assert texts(oasst.every_path(tree)) == [["Hi?", "Yes."]]


def test_a_message_whose_parent_is_missing_is_refused_by_its_name() -> None:
    rows = [message("a", None), message("b", "lost"), message("c", "b"), message("d", None)]
    rows[3]["parent_id"] = ["odd"]
    [_, *refused] = oasst_flat.build_trees(enumerate(rows, 1))
    assert [line for line, _ in refused] == [2, 3, 4]
    assert {refusal.reason for _, refusal in refused} == {Rejection.missing_parent}
    assert "lost" in refused[0][1].why
    assert "hangs on no first message" in refused[1][1].why


def test_messages_that_answer_each_other_in_a_circle_end() -> None:
    rows = [message("a", "b"), message("b", "a")]
    refusals = [refusal for _, refusal in oasst_flat.build_trees(enumerate(rows))]
    assert [refusal.reason for refusal in refusals] == [Rejection.missing_parent] * 2


def test_a_lone_message_is_refused() -> None:
    [refused] = oasst_flat.to_candidates(message("a", "b")) or []
    assert refused.reason is Rejection.missing_parent
    assert oasst_flat.to_candidates({"text": "a", "role": "user"}) is None
