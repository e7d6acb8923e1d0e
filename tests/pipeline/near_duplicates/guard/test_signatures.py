"""The guard: what differs in meaning is told apart, what differs in wording is not."""

import re
import tomllib

import numpy as np
import polars as pl
import pytest

from pipeline.near_duplicates.guard import CONTRASTS, LANGUAGES, difference, signatures_of
from pipeline.near_duplicates.guard.lexicon import TABLE, UNKNOWN, lexicon


def differ(first: str, second: str, language: str, second_language: str | None = None) -> bool:
    languages = (language, second_language or language)
    both = pl.DataFrame({"question": [first, second], "question_language": list(languages)})
    [differs] = signatures_of(both).differ(np.array([0]), np.array([1]))
    reason = difference(first, second, languages)
    assert bool(differs) == (reason is not None), reason
    return bool(differs)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "more than 50 million people", "more than 80 million people"),
        ("en", "within 5 days", "within 5 weeks"),
        ("en", "I can log in", "I can't log in"),
        ("en", "with milk", "without milk"),
        ("en", "the 2nd floor", "the 3rd floor"),
        ("en", "50% of it", "50 of it"),
        ("en", "at 5:30", "at 17:30"),
        ("en", "the most of 3 days and 2 days", "the most of 3 weeks and 2 days"),
        ("en", "from last week on", "from last month on"),
        ("en", "a man and a woman", "a woman and a woman"),
        ("de", "Ich kann mich anmelden", "Ich kann mich nicht anmelden"),
        ("de", "in fünf Tagen", "in fünf Wochen"),
        ("fr", "Je peux entrer", "Je ne peux pas entrer"),
        ("fr", "Je peux entrer", "Je ne peux plus entrer"),
        ("es", "con azúcar", "sin azúcar"),
        ("es", "Recibí dinero", "Nunca recibí dinero"),
        ("pt", "a conta é minha", "a conta não é minha"),
        ("it", "prima dei pasti", "dopo i pasti"),
        ("nl", "het is open", "het is gesloten"),
        ("ru", "до еды", "после еды"),
        ("ru", "две недели", "три недели"),
        ("zh", "饭前服用", "饭后服用"),
        ("zh", "休息三天", "休息两天"),
        ("zh", "我能吃", "我不能吃"),
        ("ja", "食べられる", "食べられない"),
        ("ja", "食前に飲む", "食後に飲む"),
        ("und", "refund not received", "refund received"),
        ("th", "มี 5 คน", "มี 6 คน"),
        ("en", "How do I get from Oslo to Rome?", "How can I get from Rome to Oslo?"),
        ("en", "convert euros to dollars", "convert dollars to euros"),
        ("en", "The dog bit the man", "The man bit the dog"),
        ("de", "Ich fliege von Bonn nach Wien", "Ich will von Wien nach Bonn fliegen"),
        ("fr", "Comment aller de Paris à Lyon ?", "Comment aller de Lyon à Paris ?"),
        ("es", "un tren de Madrid a Sevilla", "el tren de Sevilla a Madrid"),
        ("pt", "de Lisboa para Faro", "um voo de Faro para Lisboa"),
        ("it", "da Roma a Milano", "un volo da Milano a Roma"),
        ("nl", "van Utrecht naar Gent", "de trein van Gent naar Utrecht"),
        ("ru", "из Москвы в Париж", "поезд из Парижа в Москву"),
        ("zh", "怎么从北京到上海？", "请问从上海到北京怎么走？"),
        ("ja", "東京から大阪まで", "大阪から東京まで電車で"),
        ("en", "cable for the P1102", "cable for the P1102w"),
        ("en", "the lens .A64", "the lens .G64"),
        ("en", "the DX-40", "the EX-40"),
        ("en", "A man plays", "A boy plays"),
        ("en", "in front of it", "behind it"),
        ("ja", "家の前にいる", "家の後ろにいる"),
        ("en", "pay 5 AUD", "pay 5 NZD"),
        ("en", "pay 5 PLN", "pay 5 kronor"),
    ],
)
def test_what_means_something_else_differs(language: str, first: str, second: str) -> None:
    assert differ(first, second, language)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "1,000 kg", "1000kg"),
        ("de", "1.000 kg", "1000 kg"),
        ("en", "wait two weeks", "wait 2 weeks"),
        ("en", "2 million people", "2,000,000 people"),
        ("en", "twenty-five", "25"),
        ("en", "½ cup", "1/2 cup"),
        ("en", "５０", "50"),
        ("en", "I can't log in", "I cannot log in"),
        ("en", "I can’t log in", "I can not log in"),
        ("en", "one of them", "them"),
        ("en", "Can't you please help?", "Can you please help?"),
        ("en", "I can't find my PIN", "How do I find my PIN?"),
        ("en", "I don't know how to pay", "how to pay"),
        ("en", "the rate is not correct", "the rate is incorrect"),
        ("en", "Please unblock my blocked card", "Please unblock my card"),
        ("en", "charged twice", "charged two times"),
        ("en", "a 30 second film", "a film of 30 seconds"),
        ("es", "No tengo nada", "No tengo"),
        ("en", "by train from Oslo to Rome", "from Oslo to Rome by train"),
        ("en", "What is the weather in Rome?", "In Rome, what is the weather?"),
        ("en", "it takes 5kg", "it takes 5 kg"),
        ("en", "a 10km run", "a 10 km run"),
        ("en", "the 2nd time", "the second time"),
        ("en", "iphone12 case", "iphone 12 case"),
        ("en", "I want to fly to Rome", "I want to get to Rome"),
        ("en", "pay 5 EUR", "pay 5 euros"),
        ("en", "They play golf in a park.", "They, in a park, play golf."),
        ("en", "shake off the water", "shake the water off"),
        ("nl", "een witte en bruine hond", "een bruine en witte hond"),
        ("zh", "咖啡和茶哪个好", "茶和咖啡哪个好"),
        ("fr", "Je n'ai rien reçu", "J'ai jamais reçu"),
        ("zh", "你能不能帮我", "你能帮我"),
        ("zh", "他吃三明治", "他吃明治"),
        ("zh", "我不太同意", "我不同意"),
        ("ja", "教えてくれませんか", "教えてくれますか"),
        ("ja", "３日間", "三日間"),
        ("ar", "٥٠ يوم", "50 يوم"),
    ],
)
def test_another_spelling_does_not_differ(language: str, first: str, second: str) -> None:
    assert not differ(first, second, language)


@pytest.mark.parametrize(
    ("language", "spelled", "digits"),
    [
        ("en", "two hundred and fifty", "250"),
        ("en", "twenty-five thousand three hundred and two", "25302"),
        ("de", "zweihundert", "200"),
        ("de", "dreihundert", "300"),
        ("de", "hundertfünfzig", "150"),
        ("de", "hundertsechzig", "160"),
        ("de", "fünfundzwanzig", "25"),
        ("de", "sechsundzwanzig", "26"),
        ("de", "eintausendzweihundertfünfunddreißig", "1235"),
        ("fr", "soixante-dix-sept", "77"),
        ("fr", "soixante et onze", "71"),
        ("fr", "quatre-vingts", "80"),
        ("fr", "quatre-vingt-dix-neuf", "99"),
        ("fr", "deux cents", "200"),
        ("fr", "vingt et un", "21"),
        ("es", "doscientos", "200"),
        ("es", "trescientas", "300"),
        ("es", "quinientos", "500"),
        ("es", "veintiuno", "21"),
        ("es", "veintidós", "22"),
        ("es", "ciento treinta y cinco", "135"),
        ("es", "2 mil millones", "2000000000"),
        ("pt", "duzentos", "200"),
        ("pt", "trezentos", "300"),
        ("pt", "mil e duzentos e trinta e cinco", "1235"),
        ("pt", "5 milhões", "5000000"),
        ("it", "duecento", "200"),
        ("it", "trecento", "300"),
        ("it", "ventuno", "21"),
        ("it", "ventisei", "26"),
        ("it", "centotto", "108"),
        ("it", "duemilacinquecento", "2500"),
        ("nl", "tweehonderd", "200"),
        ("nl", "driehonderd", "300"),
        ("nl", "vijfentwintig", "25"),
        ("nl", "tweeëntwintig", "22"),
        ("ru", "двести", "200"),
        ("ru", "триста", "300"),
        ("ru", "пятьсот", "500"),
        ("ru", "сто двадцать пять", "125"),
        ("zh", "一百二十五个", "125个"),
        ("ja", "二百五十円", "250円"),
        ("und", "fünfundzwanzig", "25"),
    ],
)
def test_a_number_in_words_is_that_number_and_no_other(
    language: str, spelled: str, digits: str
) -> None:
    assert not differ(spelled, digits, language)
    higher = re.sub(r"\d+", lambda number: str(int(number.group()) + 1), digits)
    assert differ(spelled, higher, language)


@pytest.mark.parametrize(
    ("language", "words", "digits"),
    [
        ("en", "between twenty and five", "between 20 and 5"),
        ("en", "one hundred and two hundred", "100 and 200"),
        ("en", "two three", "2 3"),
        ("en", "5 two-year-olds", "5 2-year-olds"),
        ("de", "drei und zwanzig", "3 und 20"),
        ("fr", "entre vingt et trente", "entre 20 et 30"),
        ("de", "ein Haus", "das Haus"),
        ("es", "una casa", "la casa"),
        ("it", "sei pronto", "pronto"),
        ("pt", "um e outro", "e outro"),
    ],
)
def test_words_that_make_no_one_number_are_not_added_up(
    language: str, words: str, digits: str
) -> None:
    assert not differ(words, digits, language)


def test_a_number_said_twice_is_not_the_same_as_once() -> None:
    assert differ("the mean of 2, 3 and 3", "the mean of 2, 2 and 3", "en")
    assert difference("2, 3 and 3", "2, 2 and 3", ("en", "en")) == "number: 3 against 2"


@pytest.mark.parametrize(
    ("language", "plain", "negated", "negated_twice"),
    [
        ("en", "It is possible to pay", "It is impossible to pay", "It is not impossible to pay"),
        ("en", "I can pay", "I cannot pay", "I cannot not pay"),
        ("en", "How can I pay?", "How can I not pay?", "How can I never not pay?"),
        ("de", "Es ist möglich", "Es ist unmöglich", "Es ist nicht unmöglich"),
        ("fr", "C'est possible", "C'est impossible", "Ce n'est pas impossible"),
        ("es", "Es posible", "Es imposible", "No es imposible"),
        ("ru", "это возможно", "это невозможно", "это не невозможно"),
    ],
)
def test_two_negations_are_neither_one_nor_none(
    language: str, plain: str, negated: str, negated_twice: str
) -> None:
    """They do not cancel out: "not impossible" is less than "possible"."""
    assert differ(plain, negated, language)
    assert differ(negated, negated_twice, language)
    assert differ(plain, negated_twice, language)


def test_a_third_negation_changes_nothing() -> None:
    assert not differ("I can not not pay", "I can not not not pay", "en")


def test_a_second_word_of_negation_that_belongs_to_the_first_is_no_second_negation() -> None:
    """Spanish and French negate once by two words; two of the second kind alone are one as well."""
    assert not differ("No tengo nada", "No tengo", "es")
    assert not differ("Je n'ai jamais rien payé", "Je n'ai rien payé", "fr")


def test_negation_of_a_way_is_not_opposed_to_that_of_a_statement() -> None:
    """A person who cannot pay asks how to pay; but how not to pay is another question."""
    assert not differ("I cannot pay", "How do I pay?", "en")
    assert not differ("I can pay", "How do I not pay?", "en")
    assert differ("How do I pay?", "How do I not pay?", "en")


def test_the_difference_of_negations_is_said_in_words() -> None:
    of_statements = difference("I can", "I can not not", ("en", "en"))
    assert of_statements == "negation: not negated against negated twice"
    of_ways = difference("How do I not pay?", "How do I pay?", ("en", "en"))
    assert of_ways == "negation of a way: negated against not negated"


def test_a_language_without_a_table_differs_in_numbers_only() -> None:
    assert "sv" not in LANGUAGES
    assert not differ("jag kan inte logga in", "jag kan logga in", "sv")
    assert not differ("I cannot log in", "jag kan logga in", "en", "sv")
    assert differ("50 dagar", "60 dagar", "sv")


def test_differ_is_answered_pair_by_pair() -> None:
    texts = ["in 5 days", "in 5 weeks", "in 6 days", "within 5 days"]
    found = signatures_of(pl.DataFrame({"question": texts, "question_language": ["en"] * 4}))
    left, right = np.array([0, 0, 0]), np.array([1, 2, 3])
    assert found.differ(left, right).tolist() == [True, True, False]
    assert (found.key.dtype, found.sides.dtype) == (np.uint64, np.uint64)


def test_no_questions_have_no_signatures_of() -> None:
    none = pl.DataFrame(schema={"question": pl.String, "question_language": pl.String})
    assert len(signatures_of(none).key) == 0


def test_every_line_of_the_table_has_the_sides_that_its_contrast_names() -> None:
    table = tomllib.loads(TABLE.read_text("utf-8"))
    sides = {name: line.count("|") for name, line in table["sides"].items()}
    alone = dict.fromkeys(("asking", "ignored", "measure", "numbers", "inner"), 0)
    wrong = [
        (language, name)
        for language, lines in table.items()
        for name, line in lines.items()
        if language != "sides" and line.count("|") != {**sides, **alone}[name]
    ]
    assert wrong == []
    assert max(map(len, CONTRASTS.values())) <= 16
    assert not re.search(r"\*\w", TABLE.read_text("utf-8"))
    assert {"en", "de", "fr", "es", "pt", "it", "nl", "ru", "zh", "ja"} <= LANGUAGES


@pytest.mark.parametrize("language", sorted({*LANGUAGES, UNKNOWN}))
def test_no_word_of_a_language_is_found_everywhere(language: str) -> None:
    table = lexicon(language)
    assert table is not None
    found = {*table.patterns["pattern"], *table.numbers.values}
    assert len(found) > 500
    assert [word for word in found if not word.strip()] == []
    assert (
        signatures_of(pl.DataFrame({"question": ["-"], "question_language": [language]})).key == 0
    )


def test_the_difference_is_said_in_words() -> None:
    assert difference("50 of 80", "60 of 80", ("en", "en")) == "number: 50 against 60"
    assert difference("in 5 days", "in 5 weeks", ("en", "en")) == "time: day against week"
    assert difference("I can", "I can not", ("en", "en")) == "negation: not negated against negated"
    assert difference("the same", "the same", ("en", "en")) is None
