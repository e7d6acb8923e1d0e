"""Passwords are random, kept between starts, and readable by their owner alone."""

import stat

import pytest

from review.argilla.credentials import credentials_path, load_credentials, make_credentials
from schemas.errors import UserError


def test_they_are_random_and_private(tmp_path) -> None:
    made = make_credentials(tmp_path, "http://127.0.0.1:1", ("ada",))
    assert list(made.passwords) == ["owner", "ada"]
    assert len({*made.passwords.values(), made.api_key, made.secret_key}) == 4
    assert all(len(password) >= 8 for password in made.passwords.values())
    assert stat.S_IMODE(credentials_path(tmp_path).stat().st_mode) == 0o600
    assert load_credentials(tmp_path) == made


def test_a_restart_keeps_them_and_adds_who_is_new(tmp_path) -> None:
    first = make_credentials(tmp_path, "http://127.0.0.1:1", ("ada",))
    second = make_credentials(tmp_path, "http://127.0.0.1:2", ("ada", "grace"))
    assert second.passwords.items() > first.passwords.items()
    assert (second.api_key, second.secret_key) == (first.api_key, first.secret_key)
    assert second.url == "http://127.0.0.1:2"


def test_a_damaged_file_is_one_sentence(tmp_path) -> None:
    make_credentials(tmp_path, "http://127.0.0.1:1", ())
    credentials_path(tmp_path).write_text("{")
    with pytest.raises(UserError, match="is damaged"):
        load_credentials(tmp_path)
