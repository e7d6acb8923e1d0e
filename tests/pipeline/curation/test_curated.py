"""`curated/` is a function of records, decisions and settings, and of nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.curation.curated import (
    Curated,
    load_or_compute,
    records_of,
)
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.filters.short_reply import ShortReply
from pipeline.ingest import ingest_files
from pipeline.store.store import Store
from schemas.decision import Choice, Decision
from schemas.frames import KEPT_COLUMNS
from schemas.message import Function, Message, ToolCall
from schemas.reasons import Reason
from schemas.record import Origin, Record

NewStore = Callable[..., Store]
Talk = Callable[..., Record]

QUESTION = "How do I return a tent that I bought last week?"
ANSWER = "Wrap it well, print the label from your account, and bring it to any of our shops."


def reasons(curated: Curated, record: Record) -> list[str]:
    found = curated.verdicts.filter(id=record.id)
    return [f"{row['action']} {row['reason']}" for row in found.to_dicts()]


def decide(store: Store, record: Record, choice: Choice, hour: int = 0, **fields: Any) -> None:
    at = datetime(2026, 1, 1, hour, tzinfo=UTC)
    said = Decision(record_id=record.id, reviewer="ada", choice=choice, at=at, **fields)
    store.append_decisions([said])


# -- no order matters ----------------------------------------------------------------------------

TEXTS = st.sampled_from(
    [ANSWER, f"  {ANSWER}   ", ANSWER.upper(), "Yes", "ok", "", "[Insert answer]", "TODO\n",
     "Is it 5?", "is it 5", "Dear [Your Name], " + ANSWER, "你好，请问订单到哪里了？"]
)  # fmt: skip
TOOLS = [{"type": "function", "name": "f"}, {"name": "f", "type": "function"}]
ROW = st.fixed_dictionaries(
    {"messages": st.lists(TEXTS, min_size=2, max_size=4)},
    optional={
        "domain": st.sampled_from(["x", "y"]),
        "language": st.sampled_from(["en", "de"]),
        "tools": st.sampled_from([[tool] for tool in TOOLS]),
    },
)


def chat(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Texts by turns; the number keeps two files from being the very same bytes."""
    turns = [
        {"role": ("user", "assistant")[place % 2], "content": text}
        for place, text in enumerate(row["messages"])
    ]
    return {**row, "messages": turns, "number": number}


def curated_from(folder: Path, files: list[list[Any]], jsonl: Callable, plain: Curation) -> Curated:
    store = Store(folder)
    for number, rows in enumerate(files):
        ingest_files(store, [jsonl(folder / f"{number}.jsonl", rows)])
    return load_or_compute(store, plain)


@settings(max_examples=40)
@given(rows=st.lists(ROW, min_size=1, max_size=8), data=st.data())
def test_neither_order_nor_files_nor_batches_change_what_is_kept_or_said(
    rows: list[dict], data: st.DataObject, tmp_path_factory, jsonl: Callable, plain: Curation
) -> None:
    chats = [chat(row, number) for number, row in enumerate(rows)]
    shuffled = data.draw(st.permutations(chats))
    cut = data.draw(st.integers(1, len(chats)))
    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    one = curated_from(tmp_path_factory.mktemp("one"), [chats], jsonl, plain)
    other = curated_from(tmp_path_factory.mktemp("other"), parts, jsonl, plain)
    assert one.books == other.books
    assert one.verdicts.equals(other.verdicts)
    given_texts = (
        "source",
        "messages",
        "tools",
    )  # as first seen: the id is blind to their spelling
    assert one.kept.drop(given_texts).equals(other.kept.drop(given_texts))


NEAR = [
    "Where is my parcel?", "where is my parcel", "Where's my parcel?", "Where is my package?",
    "Where is my parcel now?", "How do I bake bread?", "How can I bake bread at home?",
    "What is the capital of France?", "What's the capital of France?", "我的包裹在哪里？",
    "我的包裹现在在哪里？",
]  # fmt: skip


def test_nor_do_they_with_the_real_encoder(
    new_store: NewStore, talk: Talk, curation: Curation
) -> None:
    records = [talk(question, f"{ANSWER} {n % 3}") for n, question in enumerate(NEAR)]
    results = [
        load_or_compute(new_store(*batches), curation)
        for batches in ([records], [records[::-1]], [records[1::2], records[::2]])
    ]
    assert results[0].books.dropped["near_duplicate"] >= 3
    assert {"我的包裹在哪里？", "我的包裹现在在哪里？"} <= set(results[0].kept["question"])
    for other in results[1:]:
        assert other.books == results[0].books
        assert other.kept["id"].equals(results[0].kept["id"])
        assert other.verdicts.drop("value").equals(results[0].verdicts.drop("value"))


# -- one decisive drop ---------------------------------------------------------------------------


@settings(max_examples=40)
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_a_record_is_kept_or_dropped_once_with_one_reason(
    rows: list[dict], tmp_path_factory, jsonl: Callable, plain: Curation
) -> None:
    chats = [chat(row, number) for number, row in enumerate(rows)]
    folder = tmp_path_factory.mktemp("drops")
    curated = curated_from(folder, [chats], jsonl, plain)
    dropped = curated.verdicts.filter(action="drop")["id"].to_list()
    assert len(dropped) == len(set(dropped))
    assert sorted([*dropped, *curated.kept["id"]]) == Store(folder).records()["id"].to_list()


def test_the_first_of_the_recipe_decides_and_later_drops_are_flags(
    new_store: NewStore, talk: Talk, plain: Curation
) -> None:
    record = talk("Help?", "TODO", "And?", "")
    curated = load_or_compute(new_store([record]), plain)
    assert reasons(curated, record)[:1] == ["drop empty_reply"]
    assert {"flag placeholder", "flag short_reply"} <= set(reasons(curated, record))
    assert curated.books.dropped == {"empty_reply": 1}


def test_what_a_row_stage_dropped_pulls_nobody_down(
    new_store: NewStore, talk: Talk, plain: Curation
) -> None:
    """A dropped record is no twin: its repeat stays."""
    low, high = talk("Is it open?", f"{ANSWER}."), talk("IS IT OPEN?", ANSWER)
    curated = load_or_compute(new_store([talk("Is it open?", ""), low, high]), plain)
    assert len(curated.kept) == 1
    assert curated.books.dropped == {"empty_reply": 1, "exact_repeat": 1}


# -- people first --------------------------------------------------------------------------------


def test_a_rejected_record_leaves_before_any_filter(
    new_store: NewStore, talk: Talk, plain: Curation
) -> None:
    record = talk("Help?", "TODO")
    store = new_store([record])
    decide(store, record, Choice.reject)
    assert reasons(load_or_compute(store, plain), record) == ["drop rejected_by_reviewer"]


def test_the_twin_of_a_rejected_record_comes_back_with_a_flag(
    new_store: NewStore, talk: Talk, curation: Curation
) -> None:
    one, other = talk("Where is my parcel?", ANSWER), talk("Where's my parcel?", ANSWER)
    store = new_store([one, other])
    before = load_or_compute(store, curation)
    [stands] = [record for record in (one, other) if record.id in set(before.kept["id"])]
    [twin] = [record for record in (one, other) if record is not stands]
    assert reasons(before, twin) == ["drop near_duplicate"]
    decide(store, stands, Choice.reject)
    after = load_or_compute(store, curation)
    assert reasons(after, twin) == ["flag near_rejected"]
    assert after.kept["id"].to_list() == [twin.id]
    assert after.verdicts.filter(id=twin.id)["other_id"].to_list() == [stands.id]


def test_so_does_an_exact_repeat_in_a_language_that_the_encoder_does_not_know(
    new_store: NewStore, talk: Talk, curation: Curation
) -> None:
    reply = "您的包裹已经离开我们的仓库，预计两个工作日内送达。"
    one, other = talk("我的包裹在哪里？", reply), talk("我的包裹在哪里?", reply)
    store = new_store([one, other])
    [stands] = load_or_compute(store, curation).kept["id"]
    rejected, twin = (one, other) if stands == one.id else (other, one)
    decide(store, rejected, Choice.reject)
    assert "flag near_rejected" in reasons(load_or_compute(store, curation), twin)


@pytest.fixture
def corrected(new_store: NewStore, talk: Talk) -> tuple[Store, Record, Record]:
    """A store in which a person wrote a better reply for a record."""
    parent = talk(QUESTION, "Just send it back to us, that is all that you have to do.")
    child = talk(QUESTION, ANSWER, origin=Origin.corrected, parents=(parent.id,))
    store = new_store([parent], [child])
    decide(store, parent, Choice.fix, child_id=child.id)
    return store, parent, child


def test_a_correction_stands_in_the_place_of_its_parent(corrected, plain: Curation) -> None:
    store, parent, child = corrected
    curated = load_or_compute(store, plain)
    assert curated.kept["id"].to_list() == [child.id]
    assert curated.books.dropped == {"replaced": 1}
    assert curated.books.origins == {"corrected": 1}
    assert curated.verdicts.filter(id=parent.id)["other_id"].to_list() == [child.id]


def test_when_the_person_thinks_again_the_correction_is_superseded(
    corrected, plain: Curation
) -> None:
    store, parent, child = corrected
    decide(store, parent, Choice.keep, hour=1)
    curated = load_or_compute(store, plain)
    assert curated.kept["id"].to_list() == [parent.id]
    assert reasons(curated, child) == ["drop superseded"]
    assert curated.verdicts.filter(id=child.id)["other_id"].to_list() == [parent.id]


def test_what_a_person_kept_is_not_dropped_by_a_row_stage(
    new_store: NewStore, talk: Talk, plain: Curation
) -> None:
    record = talk(QUESTION, "ok")
    store = new_store([record])
    assert reasons(load_or_compute(store, plain), record)[0] == "drop short_reply"
    decide(store, record, Choice.keep)
    curated = load_or_compute(store, plain)
    assert "flag short_reply" in reasons(curated, record)
    assert curated.kept["reviewed"].to_list() == [True]


# -- the files -----------------------------------------------------------------------------------


@pytest.fixture
def store(new_store: NewStore, talk: Talk) -> Store:
    """Three kept, one with a tool call, one in another domain; a repeat; a drop."""
    call = ToolCall(id="c1", function=Function(name="f", arguments='{"x": 1}'))
    calling = Record(
        messages=(
            Message(role="user", content="What is the weather like in Rome today?"),
            Message(role="assistant", tool_calls=(call,)),
            Message(role="tool", content="dry", tool_call_id="c1", name="f"),
            Message(role="assistant", content="It is dry and sunny in Rome all day long."),
        ),
        tools=({"type": "function", "function": {"name": "f"}},),
        source="tools.jsonl:1",
    )
    good = talk(QUESTION, ANSWER)
    other = talk(
        "May I pay later?",
        "Yes, within thirty days of the delivery, by card or on the bill.",
        domain="pay",
    )
    return new_store([good, calling, other], [good, talk(QUESTION, "ok")])


def test_the_books_equal_a_recount_of_the_files(store: Store, plain: Curation) -> None:
    books = load_or_compute(store, plain).books
    records = pl.read_parquet(store.records_dir / "*.parquet")
    sightings = pl.read_parquet(store.sightings_dir / "*.parquet")
    kept = pl.read_parquet(store.curated_dir / "kept.parquet")
    verdicts = pl.read_parquet(store.curated_dir / "verdicts.parquet")

    def count(frame: pl.DataFrame, column: str) -> dict[str, int]:
        return dict(frame[column].value_counts().iter_rows())

    assert books.read == len(sightings) == 5
    assert books.records == len(records) == records["id"].n_unique() == 4
    assert books.repeated == len(sightings) - len(records) == 1
    assert books.kept == len(kept) == 3
    assert books.dropped == count(verdicts.filter(action="drop"), "reason") == {"short_reply": 1}
    flags = verdicts.filter(pl.col("id").is_in(kept["id"]), action="flag")
    assert books.flagged == count(flags, "reason")
    assert books.languages == count(kept, "language")
    assert books.domains == count(kept, "domain") == {"general": 2, "pay": 1}
    assert books.origins == count(kept, "origin")


def test_what_is_read_back_is_what_was_computed(store: Store, plain: Curation) -> None:
    first = load_or_compute(store, plain)
    written = (store.curated_dir / "manifest.json").stat().st_mtime_ns
    again = load_or_compute(Store(store.root), plain)
    assert again.kept.equals(first.kept)
    assert again.kept.schema == first.kept.schema
    assert again.verdicts.equals(first.verdicts)
    assert (again.books, again.key) == (first.books, first.key)
    assert (store.curated_dir / "manifest.json").stat().st_mtime_ns == written


@pytest.mark.parametrize("name", ["manifest.json", "kept.parquet", "verdicts.parquet"])
@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_a_half_written_folder_is_computed_anew(
    store: Store, plain: Curation, name: str, harm: str
) -> None:
    first = load_or_compute(store, plain)
    if harm == "missing":
        (store.curated_dir / name).unlink()
    else:
        (store.curated_dir / name).write_bytes(b"{}")
    again = load_or_compute(store, plain)
    assert again.kept.equals(first.kept)
    assert again.books == first.books
    assert len(pl.read_parquet(store.curated_dir / "kept.parquet")) == 3


def test_other_settings_give_another_answer(store: Store, plain: Curation) -> None:
    first = load_or_compute(store, plain)
    lenient = plain.model_copy(update={"recipe": plain.recipe.model_copy(
        update={"short_reply": ShortReply(min_tokens=1, exempt="none")}
    )})  # fmt: skip
    other = load_or_compute(store, lenient)
    assert (first.books.kept, other.books.kept) == (3, 4)
    assert first.key != other.key
    manifest = json.loads((store.curated_dir / "manifest.json").read_text())
    assert manifest["settings"]["recipe"]["short_reply"]["min_tokens"] == 1


def test_a_stage_that_is_turned_off_says_nothing(store: Store, plain: Curation) -> None:
    off = plain.recipe.model_copy(update={"short_reply": ShortReply(enabled=False)})
    curated = load_or_compute(store, plain.model_copy(update={"recipe": off}))
    assert "short_reply" not in set(curated.verdicts["reason"])


def test_while_another_curate_writes_a_reader_computes_and_writes_nothing(
    store: Store, plain: Curation
) -> None:
    with FileLock(store.root / ".curate.lock"):
        assert load_or_compute(store, plain).books.kept == 3
    assert not store.curated_dir.exists()


def test_an_empty_workspace_has_empty_books(new_store: NewStore, plain: Curation) -> None:
    store = new_store()
    assert load_or_compute(store, plain).books.read == 0
    assert load_or_compute(store, plain).kept.columns == [*KEPT_COLUMNS]


def test_kept_rows_become_the_records_that_they_were(store: Store, plain: Curation) -> None:
    kept = load_or_compute(store, plain).kept
    records = records_of(kept)
    assert [record.id for record in records] == kept["id"].to_list()
    assert {record.domain for record in records} == {"general", "pay"}
    assert [record.tools for record in records if record.tools] == [
        ({"type": "function", "function": {"name": "f"}},)
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_datasets_loads_what_is_kept(store: Store, plain: Curation, tmp_path: Path) -> None:
    import datasets

    load_or_compute(store, plain)
    file = str(store.curated_dir / "kept.parquet")
    rows = datasets.load_dataset("parquet", data_files=file, split="train", cache_dir=str(tmp_path))
    assert len(rows) == 3
    [calling] = [row["messages"] for row in rows if row["tools"]]
    assert [turn["role"] for turn in calling] == ["user", "assistant", "tool", "assistant"]
    assert json.loads(calling[1]["tool_calls"])[0]["function"]["name"] == "f"
    assert calling[2]["tool_call_id"] == "c1"


def test_coverage_stands_beside_what_is_kept(store: Store, plain: Curation) -> None:
    load_or_compute(store, plain)
    english = json.loads((store.curated_dir / "coverage.json").read_text())["en"]
    assert (english["records"], english["missing"], english["alarm"]) == (3, 197, True)
    assert english["domains"] == {"general": 2, "pay": 1}


def test_every_reason_of_the_recipe_is_one_of_the_vocabulary(store: Store, plain: Curation) -> None:
    assert set(load_or_compute(store, plain).verdicts["reason"]) <= {
        reason.value for reason in Reason
    }


def test_the_recipe_names_each_stage_after_its_class() -> None:
    stages = {name: getattr(Recipe(), name) for name in Recipe.model_fields}
    assert {name: stage.name() for name, stage in stages.items()} == {n: n for n in stages}


def test_small_talk_falls_by_what_its_file_is(
    new_store: NewStore, talk: Talk, curation: Curation
) -> None:
    """The same remark stands in a file of small talk and alone in another."""
    said = ("I lost my tent.", "Where?")
    rows = [
        talk(f"I lost {number} pegs.", "Oh no!" if number % 9 else "Where?",
             source=f"talk.jsonl:{number}")
        for number in range(20)
    ]  # fmt: skip
    curated = load_or_compute(
        new_store([*rows, talk(*said, source="tasks.jsonl:1", domain="x")]), curation
    )
    assert curated.books.dropped["short_reply"] == len(rows)
    assert curated.kept["source"].to_list() == ["tasks.jsonl:1"]
