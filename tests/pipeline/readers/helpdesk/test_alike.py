"""Texts that differ by a number or a name have one key."""

import pytest

from pipeline.readers.helpdesk.alike import near_keys, text_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Request 12 is here.", "Request 4711 is here."),
        ("Dear Ann, we are on it.", "Dear Bob, we are on it."),
        ("Thanks Ann for your mail.", "Thanks for your mail."),
        ('We got "My mug" and look at it.', 'We got "Your kiln" and look at it.'),
        ("See https://a.example/1 please", "See https://b.example/2 please"),
    ],
)
def test_numbers_names_links_and_quotations_are_no_part_of_a_key(one: str, other: str) -> None:
    assert text_key(one, name="Ann") == text_key(other, name="Ann")


def test_a_subject_is_no_part_of_a_key() -> None:
    assert text_key("Re My broken mug: noted.", "My broken mug") == text_key("Re: noted.")


def test_texts_with_another_name_in_their_midst_are_near_and_short_ones_never() -> None:
    first, second = (f"we thank you {name} for all that you wrote" for name in ("ann", "bob"))
    assert near_keys([first, first, second]) == {second: first}
    assert near_keys(["we thank you ann", "we thank you bob"]) == {}
    assert near_keys([first, "we thank you and send the mug on monday by post"]) == {}
