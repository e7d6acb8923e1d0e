from pathlib import Path

import pytest

from prompts.prompt import FOLDER, load_prompt

SHIPPED = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.md"))


def write(folder: Path, header: str, text: str) -> Path:
    (folder / "p.md").write_text(f"+++\n{header}\n+++\n{text}\n")
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_prompt_loads_and_renders_with_its_variables(name: str) -> None:
    prompt = load_prompt(name)
    text = prompt.render(**{variable: f"<{variable}>" for variable in prompt.variables})
    assert "{{" not in text
    assert all(f"<{variable}>" in text for variable in prompt.variables)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_reply_schema_is_closed_and_requires_every_key(name: str) -> None:
    def check(schema: dict) -> None:
        if schema["type"] == "object":
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) == set(schema["properties"])
            for below in schema["properties"].values():
                check(below)
        elif schema["type"] == "array":
            check(schema["items"])

    schema = load_prompt(name).reply_schema
    if schema is not None:
        check(schema)


def test_a_variable_that_the_text_does_not_use_fails(tmp_path: Path) -> None:
    write(tmp_path, 'version = 1\nvariables = ["a", "b"]', "only {{a}}")
    with pytest.raises(ValueError, match=r"unused \['b'\]"):
        load_prompt("p", tmp_path)


def test_a_variable_that_the_header_does_not_name_fails(tmp_path: Path) -> None:
    write(tmp_path, 'version = 1\nvariables = ["a"]', "{{a}} {{c}}")
    with pytest.raises(ValueError, match=r"undeclared \['c'\]"):
        load_prompt("p", tmp_path)


def test_rendering_without_a_variable_or_with_one_too_many_fails(tmp_path: Path) -> None:
    prompt = load_prompt("p", write(tmp_path, 'version = 1\nvariables = ["a"]', "{{a}}"))
    with pytest.raises(ValueError, match=r"missing \['a'\]"):
        prompt.render()
    with pytest.raises(ValueError, match=r"unknown \['z'\]"):
        prompt.render(a="x", z="y")


def test_braces_of_json_and_of_values_are_left_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, 'version = 1\nvariables = ["a"]', 'Say {"k": "{{a}}"}')
    assert load_prompt("p", folder).render(a="{{a}} {b}") == 'Say {"k": "{{a}} {b}"}'


def test_a_file_without_a_header_fails(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text("no header")
    with pytest.raises(ValueError, match="does not begin with a header"):
        load_prompt("p", tmp_path)


def test_the_hash_changes_with_the_text(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = load_prompt("p", write(tmp_path / "one", "version = 1\nvariables = []", "text"))
    second = load_prompt("p", write(tmp_path / "two", "version = 1\nvariables = []", "text."))
    assert first.sha256 != second.sha256
