"""A language is named when it is sure, and `und` is better than a guess."""

import pytest

from pipeline.features.language import LanguageSettings, identify

SENTENCES = {
    "en": "Your parcel has left our warehouse and should arrive within two working days.",
    "de": "Ihr Paket hat unser Lager verlassen und sollte in zwei Werktagen bei Ihnen sein.",
    "es": "Su paquete ha salido de nuestro almacén y debería llegar en dos días laborables.",
    "fr": "Votre colis a quitté notre entrepôt et devrait arriver dans deux jours ouvrés.",
    "zh": "您的包裹已经离开我们的仓库，预计两个工作日内送达。",
    "ja": "お荷物は倉庫を出発しました。二営業日以内に届く予定です。",
    "ko": "고객님의 소포가 창고를 출발했으며 이틀 안에 도착할 예정입니다.",
    "ar": "غادر طردك مستودعنا ومن المتوقع أن يصل خلال يومي عمل.",
    "ru": "Ваша посылка покинула наш склад и должна прибыть в течение двух рабочих дней.",
}


SWEDISH = "Ditt paket har lämnat vårt lager och bör komma fram inom två arbetsdagar."


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_a_sentence_is_in_its_language(code: str, text: str) -> None:
    assert identify([text], LanguageSettings()) == [code]


@pytest.mark.parametrize("text", ["", " \n", "42", "```python\nprint(1)\n```", "https://a.org/b"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    assert identify([text], LanguageSettings()) == ["und"]


def test_code_says_nothing_about_the_language_around_it() -> None:
    text = "Mit diesem Befehl öffnen Sie die Datei:\n```\nwith open(path) as file:\n    read()\n```"
    assert identify([text], LanguageSettings()) == ["de"]


def test_a_language_that_nobody_expects_is_not_taken_for_one_that_is_expected() -> None:
    assert identify([SWEDISH], LanguageSettings()) == ["sv"]


def test_a_target_is_always_expected() -> None:
    only = LanguageSettings(targets=("sv",), expected=())
    assert identify([SWEDISH], only) == ["sv"]


def test_a_target_that_the_detector_does_not_know_is_never_found_and_never_an_error() -> None:
    assert identify(["Hello there"], LanguageSettings(targets=("tlh",), expected=())) != ["tlh"]


def test_each_text_is_judged_alone() -> None:
    texts = [*SENTENCES.values()]
    together = identify(texts, LanguageSettings())
    assert together == [identify([text], LanguageSettings())[0] for text in texts]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ca", "El paquet arribarà demà al matí."),
        ("af", "Jou pakkie is op pad en kom môre aan."),
        ("no", "Pakken din er på vei og kommer i morgen tidlig."),
    ],
)
def test_a_language_like_an_expected_one_is_not_taken_for_it(code: str, text: str) -> None:
    """Limited to the expected ones, the detector is certain: es, nl and nl."""
    assert identify([text], LanguageSettings()) == [code]


def test_a_variety_counts_as_its_written_language() -> None:
    assert identify(["喂，你喺邊度呀？我哋聽日會送到你屋企㗎。"], LanguageSettings()) == ["zh"]


@pytest.mark.parametrize(("certainty", "code"), [(0.7, "und"), (0.14, "it")])
def test_a_word_that_may_be_of_many_languages_is_of_none(certainty: float, code: str) -> None:
    assert LanguageSettings().certainty == 0.7
    assert identify(["Hallo"], LanguageSettings(certainty=certainty)) == [code]
