"""Everything that a user of Python does: open or make a workspace, read, look, report."""

import ast
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import curate
from schemas.frames import VERDICT_SCHEMA

ANSWER = "Open your account, choose the order, and follow the three steps that you find there."


@pytest.fixture
def made(tmp_path: Path, chats: Path, monkeypatch: pytest.MonkeyPatch) -> curate.Workspace:
    """A workspace as `curate.init` makes it where nothing is installed, with four rows in it.

    Its one change of settings is that a short reply falls.
    """
    monkeypatch.setattr("curate.new_workspace.find_spec", lambda name: None)
    ws = curate.init(tmp_path / "my-bot", languages=["en", "de"])
    settings = ws.root / "curate.toml"
    text = settings.read_text("utf-8")
    assert '# exempt = "asked_for"' in text
    settings.write_text(text.replace('# exempt = "asked_for"', 'exempt = "none"'), "utf-8")
    ws = curate.open(ws.root)
    ws.ingest(chats)
    return ws


def test_every_public_name_is_imported_when_it_is_used() -> None:
    tree = ast.parse(Path(curate.__file__).read_text("utf-8"))
    typed = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module != "typing"
    }
    homes = {k: v for k, v in typed.items() if k in curate.__all__}
    assert homes == curate._HOMES
    assert sorted(curate.__all__) == sorted(curate._HOMES)
    assert all(getattr(curate, name).__doc__ for name in curate.__all__)
    assert set(curate.__all__) <= set(dir(curate))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = curate.nothing


@pytest.mark.parametrize("package", ["curate", *curate.SIBLING_PACKAGES])
def test_every_package_is_typed(package: str) -> None:
    assert (Path(curate.__file__).parents[1] / package / "py.typed").is_file()


def test_a_workspace_is_made_opened_and_filled(made: curate.Workspace, chats: Path) -> None:
    again = curate.open(made.root)
    assert again.settings == made.settings
    assert again.settings.features.language.targets == ("en", "de")
    assert repr(again) == f"Workspace({str(made.root)!r})"
    assert again.ingest(chats).known == (str(chats),)
    with pytest.raises(curate.UserError, match="exists already"):
        curate.init(made.root)
    with pytest.raises(curate.UserError, match=r"no curate\.toml"):
        curate.open(made.root / "elsewhere")


def test_a_language_that_is_no_code_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(curate.UserError, match="'english' is not a language code"):
        curate.init(tmp_path / "new", languages=["english"])
    assert not (tmp_path / "new").exists()


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    curate.init(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_what_is_kept_and_why_the_rest_is_not(made: curate.Workspace) -> None:
    c = made.curated()
    assert repr(c) == "CuratedSet(1 of 2 records kept)"
    assert len(c) == len(c.kept) == c.books.kept == 1
    assert c.kept["messages"].to_list()[0][-1]["content"] == ANSWER
    assert c.kept.equals(pl.read_parquet(made.root / "curated" / "kept.parquet"))
    assert list(c.verdicts.columns) == list(VERDICT_SCHEMA)
    [dropped] = c.dropped().to_dicts()
    assert (dropped["reason"], dropped["reply"]) == ("short_reply", "ok")
    assert dropped["question"] == "How do I return a kayak?"
    assert c.dropped("near_duplicate").is_empty()
    assert c.flagged("label_conflict")["id"].to_list() == c.kept["id"].to_list()
    for look in (c.dropped, c.flagged):
        with pytest.raises(curate.UserError, match="no reason 'boredom'"):
            look("boredom")


def test_a_flag_on_a_dropped_record_is_not_among_the_flagged(made: curate.Workspace) -> None:
    c = made.curated()
    assert set(c.flagged()["id"]) <= set(c.kept["id"])


def test_a_life_is_told_by_the_start_of_an_id(made: curate.Workspace) -> None:
    c = made.curated()
    [id] = c.kept["id"]
    life = c.explain(id[:6])
    assert life.id == id
    assert life.messages[0] == ("user", "How do I return a tent?")
    assert life.events[-1] == "kept"
    assert "chats.jsonl:1 (human)" in str(life)
    with pytest.raises(curate.UserError, match="no record's id begins"):
        c.explain("zz")


def test_kept_records_become_a_dataset_and_a_file(made: curate.Workspace, tmp_path: Path) -> None:
    c = made.curated()
    dataset = c.to_dataset()
    assert dataset.num_rows == 1
    assert dataset[0]["messages"][1]["content"] == ANSWER
    assert c.to_jsonl(tmp_path / "kept.jsonl") == 1
    assert ANSWER in (tmp_path / "kept.jsonl").read_text("utf-8")


def test_columns_may_be_named(made: curate.Workspace, tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text(f'frage,antwort\nWann kommt es?,"{ANSWER}"\n', "utf-8")
    done = made.ingest(file, columns={"user": "frage", "assistant": "antwort"})
    assert done.batch
    assert done.batch.records == 1
    with pytest.raises(curate.UserError, match="usr"):
        made.ingest(file, columns={"usr": "frage"})


def test_a_batch_is_taken_back(made: curate.Workspace) -> None:
    assert made.undo("0001").batch == "0001-ingest"
    assert len(made.curated()) == 0


def test_the_report_is_written_with_and_without_texts(
    made: curate.Workspace, tmp_path: Path
) -> None:
    assert made.report() == made.root / "curated" / "report.html"
    page = made.report(tmp_path / "page.html", examples=False).read_text("utf-8")
    assert "How do I return a kayak?" not in page
    assert "How do I return a kayak?" in made.report(tmp_path / "page.html").read_text("utf-8")


def test_a_file_is_checked_without_a_workspace(chats: Path, tmp_path: Path) -> None:
    checked = curate.check(chats)
    assert (checked.books.read, checked.books.kept) == (4, 2)
    assert checked.findings[0].level == "red"
    assert "Short reply on 1 of 2 kept records" in str(checked)
    assert "✗ 1 of 4 rows (25.0%) could not be read as a conversation." in str(checked)
    assert "<html" in checked.report(tmp_path / "page.html").read_text("utf-8")
    assert curate.check([chats, chats]).books.read == 4
    with pytest.raises(curate.UserError, match="does not exist"):
        curate.check(tmp_path / "gone.csv")


def test_leaks_of_a_benchmark_are_found(made: curate.Workspace, tmp_path: Path) -> None:
    file = tmp_path / "benchmark.txt"
    file.write_text("How do I return a tent?\nWho wrote Hamlet?\n", "utf-8")
    leakage = made.leakage(file)
    assert (leakage.kept, len(leakage.leaks), len(leakage.guarded)) == (1, 1, 0)
    assert leakage.leaks["question"].to_list() == ["How do I return a tent?"]


TEXTS = [
    "How do I return a tent that is broken?",
    "What does it cost to ship 3 parcels?",
    "How do I return a tent that is broken ?",
    "What does it cost to ship 4 parcels?",
    "Who wrote Hamlet?",
]


def test_texts_are_deduplicated_the_first_stays() -> None:
    result = curate.deduplicate(TEXTS, threshold=0.9, model="ngrams")
    assert result.kept == [0, 1, 3, 4]
    [fallen] = result.duplicates.to_dicts()
    assert (fallen["row"], fallen["duplicate_of"]) == (2, 0)
    assert fallen["cosine"] > 0.9
    assert (fallen["text"], fallen["kept_text"]) == (TEXTS[2], TEXTS[0])


def test_texts_that_a_number_parts_both_stay_and_are_shown() -> None:
    result = curate.deduplicate(TEXTS, threshold=0.8, model="ngrams")
    assert result.guarded.select("row", "duplicate_of").row(0) == (3, 1)


def test_the_order_of_texts_decides_only_which_of_two_stays() -> None:
    turned = curate.deduplicate(TEXTS[::-1], threshold=0.9, model="ngrams")
    assert len(turned.kept) == 4
    assert turned.duplicates.select("row", "duplicate_of").row(0) == (4, 2)


@pytest.mark.parametrize("texts", [[], ["alone"], ["", ""]])
def test_few_texts_are_no_special_case(texts: list[str]) -> None:
    result = curate.deduplicate(texts, model="ngrams")
    assert sorted([*result.kept, *result.duplicates["row"]]) == list(range(len(texts)))


def test_languages_are_one_for_each_text() -> None:
    with pytest.raises(curate.UserError, match="1 texts and 2 languages"):
        curate.deduplicate(["alone"], languages=["en", "de"], model="ngrams")


def test_a_file_in_the_way_of_a_package_is_refused_at_import(tmp_path: Path) -> None:
    """As a `train.py` beside a notebook is; the command line says it without a traceback."""
    (tmp_path / "train.py").write_text("raise RuntimeError('the file of a user was run')")
    home = str(Path(curate.__file__).parents[1])
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {home!r}]; import curate"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "train.py is imported in place of curate's own package 'train'" in done.stderr
    assert "the file of a user was run" not in done.stderr
    assert done.returncode == 1
    as_command = code.replace("import curate", "sys.argv[0] = '/bin/curate'; import curate.cli")
    done = subprocess.run([sys.executable, "-c", as_command], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: curate.check([]), "no file is named"),
        (lambda: curate.open(__file__), r"there is no curate\.toml"),
        (lambda: curate.init("never made", languages=[]), "no language is named"),
        (lambda: curate.deduplicate(["a"], threshold=float("nan")), "not between 0 and 1"),
        (lambda: curate.deduplicate(["a"], threshold=1.5), "not between 0 and 1"),
        (lambda: curate.deduplicate("abc"), "not a list of texts"),
        (lambda: curate.deduplicate(["a", None]), "not a list of texts"),
        (lambda: curate.deduplicate(["a"], model="nowhere/known"), "nowhere/known"),
    ],
)
def test_a_mistake_is_one_sentence_with_a_remedy(call, problem: str) -> None:
    with pytest.raises(curate.UserError, match=problem) as raised:
        call()
    assert raised.value.remedy


def test_one_language_may_be_named_by_itself(tmp_path: Path) -> None:
    assert curate.init(tmp_path, languages="de").settings.features.language.targets == ("de",)
