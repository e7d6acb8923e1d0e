"""Addresses and numbers of people are found by form and checksum; all other numbers are not."""

import pytest

from pipeline.filters.personal_data import PersonalData

FOUND = {
    "[EMAIL]": ["anna.berger@fernhill-post.net", "k_wu+news@mailbox7.co.uk"],
    "[PHONE]": ["+44 20 7183 8750", "+49 30 901820", "(212) 736-5000", "212-736-5000",
                "030 901820", "+86 138 0013 8000"],
    "[IBAN]": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432",
               "FR14 2004 1010 0505 0001 3M02 606"],
    "[CARD]": ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"],
    "[ID]": ["536-90-4399", "390.533.447-05", "12345678Z", "X1234567L", "RCCMNL83S18D969H",
             "2 95 10 99 126 111 93", "11010519491231002X", "756.9217.0769.85", "131052-308T",
             "880320-0016"],
}  # fmt: skip
"""Published examples of each kind, and switchboards of public offices."""

NAMED = {
    "Steuer-ID: ": "36 574 261 809",
    "BSN: ": "111222333",
    "PESEL ": "44051401359",
    "My NHS number is ": "943 476 5919",
    "Aadhaar: ": "2341 2341 2346",
}
"""Numbers with a weak checksum, and the words beside which alone they count."""

PASSED_OVER = [
    "Write to support@fernhill.net or info@fernhill.net.",
    "Write to anna@example.org or ben@mail.example.com.",
    "Write to your.name@yourdomain.com.",
    "Clone git@github.com:fernhill/tents.git",
    "@pytest.mark and @media rules",
    "Call 555-0123 or (202) 555-0143.",
    "Call 07700 900123.",
    "Call 1-800-356-9377, it is free.",
    "Call 123-456-7890.",
    "The order number is 2127365000.",
    "ISBN 978-3-16-148410-0",
    "It was on 2024-03-15 at 10:30.",
    "From 1914-1918 and 1939-1945.",
    "192.168.100.200 and 10.0.0.1",
    "4111 1111 1111 1112 fails the checksum.",
    "DE89 3704 0044 0532 0130 01 fails too.",
    "000-12-3456 was never given out.",
    "3.141592653589793238462643",
    "12345678901234567890",
    "111222333 and 44051401359 have no name beside them.",
    "2 * 536 - 90 - 4399 = -3417",
    "<<48/2=24>>24 clips, 48+24=<<48+24=72>>72",
    "1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233",
    "550e8400-e29b-41d4-a716-446655440000",
]


@pytest.mark.parametrize(("mask", "text"), [(k, v) for k, vs in FOUND.items() for v in vs])
def test_each_kind_is_found_and_masked(says, talk, mask: str, text: str) -> None:
    reply = f"It is {text}, as you know."
    assert says(PersonalData(), talk("What is it?", reply)) == ["flag personal_data"]
    assert PersonalData().mask(reply) == f"It is {mask}, as you know."


@pytest.mark.parametrize(("words", "number"), NAMED.items())
def test_a_weak_number_counts_beside_its_name(words: str, number: str) -> None:
    assert PersonalData().mask(f"{words}{number}.") == f"{words}[ID]."
    assert PersonalData(regions=()).mask(f"Number {number}.") == f"Number {number}."


@pytest.mark.parametrize("text", PASSED_OVER)
def test_other_numbers_and_public_addresses_are_passed_over(says, talk, text: str) -> None:
    assert says(PersonalData(), talk("What is it?", text)) == []
    assert PersonalData().mask(text) == text


def test_findings_of_all_turns_are_counted(frame, talk) -> None:
    record = talk("I am k.wu@fernhill-post.net.", "Call +49 30 901820, k.wu@fernhill-post.net?")
    assert PersonalData()(frame(record))["value"].to_list() == [3.0]


@pytest.mark.parametrize(("action", "said"), [("drop", "drop"), ("mask", "flag"), ("flag", "flag")])
def test_the_action_is_a_setting(says, talk, action: str, said: str) -> None:
    record = talk("Which card?", "4111 1111 1111 1111")
    assert says(PersonalData(action=action), record) == [f"{said} personal_data"]


def test_numbers_without_a_plus_are_known_in_the_regions_of_the_settings() -> None:
    text = "Call 030 901820."
    assert PersonalData(regions=("DE",)).mask(text) == "Call [PHONE]."
    assert PersonalData(regions=("US",)).mask(text) == text


def test_a_name_far_before_a_number_is_not_its_name() -> None:
    near, far = "The BSN, as you asked, is 111222333.", "The BSN is secret." + " And so on." * 4
    assert "[ID]" in PersonalData(regions=()).mask(near)
    assert PersonalData(regions=()).mask(f"{far} 111222333.") == f"{far} 111222333."


@pytest.mark.parametrize("number", ["030 90 18 20", "0309 01820", "030 9018 20"])
def test_digits_that_no_country_groups_so_are_no_telephone_number(number: str) -> None:
    assert PersonalData().mask(f"Take {number}.") == f"Take {number}."


def test_a_checked_number_is_masked_whole_even_where_a_telephone_number_runs_into_it() -> None:
    assert PersonalData().mask("File 030 131052-308T is open.") == "File 030 [ID] is open."
