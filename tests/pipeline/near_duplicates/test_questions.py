"""Near vectors are not enough where a beginning or a window is all that two questions share."""

import random

import polars as pl
import pytest

from pipeline.features import Features
from pipeline.features.embed import Embedder
from pipeline.near_duplicates.corpus import corpus_of
from pipeline.near_duplicates.questions import WINDOW, WITH_REST, questions_of, with_questions
from pipeline.near_duplicates.shared_parts import SHARED
from pipeline.near_duplicates.stage import NearDuplicate

MANUAL = (
    "You have access to a tool that searches the web and returns the first ten results as text. "
    "Write the name of the tool and the query in brackets, on a line of its own, and wait. "
    "The tool is called look_up(words). It knows nothing of what was said before, so that each "
    "query must be a whole one. Never call it twice for the same thing, and name your source. "
)
LETTERS = "abcdefghijklmnopqrst"
FILLER = "The parcel left the warehouse on a rainy morning and nobody knows where it went then. "


@pytest.fixture
def embedder(tmp_path) -> Embedder:
    return Embedder(Features().embedding, tmp_path)


def records(*questions: str, language: str = "en") -> pl.DataFrame:
    size = len(questions)
    return pl.DataFrame(
        {
            "id": [f"{number:03d}" for number in range(size)],
            "question": questions,
            "question_language": [language] * size,
            "tool_set": [""] * size,
            "origin": ["human"] * size,
            "reviewed": [False] * size,
            "system_key": [""] * size,
            "replies": [["Here it is."]] * size,
        }
    )


def fallen(embedder: Embedder, *questions: str, language: str = "en") -> list[str]:
    frame = with_questions(records(*questions, language=language), Features(), embedder)
    return NearDuplicate()(frame).filter(action="drop")["id"].to_list()


def test_tasks_of_one_template_are_compared_by_what_comes_after_it(embedder: Embedder) -> None:
    tasks = [
        "What is the weather in Rome?",
        "How many people live in Rome?",
        "What is the weather like in Rome?",
    ]
    others = [f"Topic: {letter * 3}" for letter in "abcdefghijklmnopqrst"][: SHARED - 3]
    alone = fallen(embedder, *[MANUAL + task for task in tasks])
    assert alone == ["001", "002"]
    among_many = fallen(embedder, *[MANUAL + task for task in tasks + others])
    assert "001" not in among_many
    assert "002" in among_many


def test_templates_within_a_template_are_compared_by_what_comes_after_each(
    embedder: Embedder,
) -> None:
    inner = [f"Ok. Topic: {letter * 3}" for letter in "abcdefghijklmnopqrst"]
    outer = [f"Topic: {letter * 3}" for letter in "abcdefghijklmnopqrst"]
    asked = ["What is the weather in Rome?", "Ok. How many people live in Rome?"]
    assert fallen(embedder, *[MANUAL + task for task in asked]) != []
    among_many = fallen(embedder, *[MANUAL + task for task in asked + inner + outer])
    assert {"000", "001"}.isdisjoint(among_many)


def test_long_questions_fall_only_if_the_whole_is_alike(embedder: Embedder) -> None:
    story = FILLER * (4 * WINDOW // len(FILLER))
    ends = ["Write a poem about this.", "List all the verbs, in the order of the alphabet."]
    copies = fallen(embedder, story + ends[0], story + ends[0].replace("poem", "Poem"))
    assert copies == ["001"]
    other = "A baker asks how to keep bread fresh in summer without a cellar or plastic bags. "
    changed = story + other * (WINDOW // len(other)) + ends[1]
    assert fallen(embedder, story + ends[0], changed) == []


def test_languages_that_the_model_does_not_know_have_templates_too(embedder: Embedder) -> None:
    manual = "请把下面的句子翻译成英语,并且解释其中每一个词语的意思和用法,不要遗漏任何内容。"
    tasks = [manual + letter * 4 for letter in "天地人你我他日月水火山石田土大小多少上下"]
    assert len(tasks) == SHARED
    assert fallen(embedder, *tasks, language="zh") == []


def test_the_corpus_of_others_can_be_given(embedder: Embedder) -> None:
    corpus = corpus_of(records(*[f"{MANUAL}Task {letter}" for letter in LETTERS]))
    frame = with_questions(records(MANUAL + "Sing"), Features(), embedder, corpus)
    assert frame["shared"][0] == WITH_REST
    assert len(questions_of(frame).rest.vectors) == 1


NOTE = ["The patient slept well.", "Pulse and pressure are normal.", "No pain was reported."]
FINDINGS = [
    "The left knee is swollen.", "There is a rash on both arms.", "The cough has come back.",
    "A tooth was lost last week.", "The scar has healed.", "One eye is red.",
]  # fmt: skip


def test_sentences_of_a_form_in_any_order_do_not_make_notes_alike(embedder: Embedder) -> None:
    rng = random.Random(1)
    notes = []
    for finding in FINDINGS * 5:
        place = f"Seen in room {len(notes)}."
        sentences = rng.sample([*NOTE, finding, place], 5)
        notes.append(" ".join(sentences))
    gone = fallen(embedder, *notes)
    kept = [note for place, note in enumerate(notes) if f"{place:03d}" not in gone]
    assert all(any(finding in note for note in kept) for finding in FINDINGS)


def test_of_shared_sentences_alone_the_set_decides(embedder: Embedder) -> None:
    rng = random.Random(2)
    some = [*NOTE, *FINDINGS]
    notes = sorted({" ".join(rng.sample(some, 4)) for _ in range(120)})
    said = [frozenset(note.rstrip(".").split(". ")) for note in notes]
    gone = fallen(embedder, *notes)
    assert len(gone) > 10
    kept = {what for place, what in enumerate(said) if f"{place:03d}" not in gone}
    assert kept == set(said)
