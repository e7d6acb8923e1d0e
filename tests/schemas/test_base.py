"""A value that is computed once, when it is first asked for."""

from schemas.base import Model, lazy


class Word(Model):
    """A word."""

    text: str

    @lazy
    def length(self) -> int:
        """Its letters, counted."""
        COUNTED.append(self.text)
        return len(self.text)


COUNTED: list[str] = []


def test_a_lazy_value_is_computed_once() -> None:
    COUNTED.clear()
    word = Word(text="parcel")
    assert COUNTED == []
    assert (word.length, word.length) == (6, 6)
    assert COUNTED == ["parcel"]


def test_of_the_class_a_lazy_value_is_its_description() -> None:
    assert isinstance(Word.length, lazy)
    assert Word.length.__doc__ == "Its letters, counted."
