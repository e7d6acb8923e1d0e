"""Templates: questions about many cases that are worded alike but for names, numbers and dates.

A help desk's form writes "My name is Ada Abel. Order 48213 has not arrived at 12 Mill Lane." a
thousand times. Vectors see the names, so a threshold finds few of these (MiniLM: 0 to 60 % of the
pairs of a template above 0.92). Here a question about a case (`guard.slots`) becomes a *frame*: its
words in lower case, with one sign for each run of slots, names, and numbers beside names. Questions
with the same frame are of one template.

A word is a name if the cases write it with a capital inside of sentences, and seldom without. What
is taken for names must differ from case to case: eight names of products under 500 questions are
no names of customers, and stay in the frame.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.near_duplicates.guard.slots import SLOT

FEWEST = 5
"""Different questions with one frame from which it is a template."""

FEWEST_WORDS = 6
"""Words that a frame must have beside its slots; of fewer nobody can say what is asked."""

OPEN = 0.2
"""Different fillings a question, from which what is written with capitals is a name: 15 first names
and 12 last names make 180 fillings of 450 questions, 8 products make 8."""

FEWEST_FILLINGS = 10

NOUNS_WITH_CAPITALS = frozenset({"de", "lb"})
"""Languages in which only several capitalised words in a row, or one beside a number, are names."""

_TOKEN = re.compile(rf"{SLOT}|\d+|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")

_SENTENCE_END = frozenset(".!?:;\n…")
_INSIDE_RUN = frozenset(",-/&()")


@dataclass(frozen=True)
class Templates:
    """The templates of a set of questions: what is needed to find that of one question."""

    names: frozenset[str] = frozenset()
    """Words that are names, in lower case."""
    frames: frozenset[str] = frozenset()
    """The frames of templates."""

    def of(self, plain: str, language: str) -> str | None:
        """The frame of a question about a case (`SlotText.plain`), if it is that of a template."""
        for names in (self.names, frozenset[str]()):
            frame = frame_of(plain, language, names).text
            if frame in self.frames:
                return frame
        return None


@dataclass(frozen=True)
class Frame:
    """A question without its slots and names."""

    text: str
    names: tuple[str, ...] = field(default=(), compare=False)
    """The names that were left out."""

    @property
    def words(self) -> int:
        """Words, or characters of a script without spaces, that are left."""
        return sum(
            len(word) if word >= "\u2e80" else 1 for word in self.text.split() if word[0].isalpha()
        )


def find_templates(cases: Iterable[tuple[str, str, str]]) -> Templates:
    """Find the templates of questions about cases; copies of a question do not matter.

    Args:
        cases: each question, its text without slots (`SlotText.plain`), and its language.
    """
    distinct = [(plain, language) for _, plain, language in sorted(set(cases))]
    names = _names(distinct)
    members = defaultdict[str, list[tuple[str, str]]](list)
    fillings = defaultdict[str, list[tuple[str, ...]]](list)
    for plain, language in distinct:
        frame = frame_of(plain, language, names)
        if frame.words >= FEWEST_WORDS:
            members[frame.text].append((plain, language))
            fillings[frame.text].append(frame.names)
    counts = Counter[str]()
    for text, asked in members.items():
        if _are_open(fillings[text]):
            counts[text] += len(asked)
        else:
            counts.update(frame_of(plain, language).text for plain, language in asked)
    return Templates(names, frozenset(text for text, count in counts.items() if count >= FEWEST))


def frame_of(plain: str, language: str, names: frozenset[str] = frozenset()) -> Frame:
    """The frame of a question about a case, given the words that are names."""
    tokens = _TOKEN.findall(plain)
    is_open = [token == SLOT for token in tokens]
    for begin, end in _name_runs(tokens, names, language):
        is_open[begin:end] = [True] * (end - begin)
    parts, left_out = list[str](), list[str]()
    for place, token in enumerate(tokens):
        if is_open[place]:
            left_out.append(token.lower())
            if not parts or parts[-1] != SLOT:
                parts.append(SLOT)
        elif token in _INSIDE_RUN and _is_between_open(is_open, place):
            continue
        else:
            parts.append(token.lower())
    return Frame(" ".join(parts), tuple(token for token in left_out if token != SLOT))


def _is_between_open(is_open: list[bool], place: int) -> bool:
    return 0 < place < len(is_open) - 1 and is_open[place - 1] and is_open[place + 1]


def _name_runs(
    tokens: list[str], names: frozenset[str], language: str
) -> Iterator[tuple[int, int]]:
    """Where names stand, with the numbers beside them: `12 Mill Lane`, `EC 1 A`."""
    place = 0
    while place < len(tokens):
        end = place
        while end < len(tokens) and (tokens[end].isdigit() or _is_name(tokens[end], names)):
            end += 1
        words = sum(not token.isdigit() for token in tokens[place:end])
        several = end - place > 1 or language not in NOUNS_WITH_CAPITALS
        if words and several:
            yield place, end
        place = max(end, place + 1)


def _is_name(token: str, names: frozenset[str]) -> bool:
    return token[0].isupper() and token.lower() in names


def _names(cases: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Words written with a capital inside of sentences, three times as often as without."""
    capital, small = Counter[str](), Counter[str]()
    for plain, _ in cases:
        inside = False
        for token in _TOKEN.findall(plain):
            if token[0].isupper() and inside:
                capital[token.lower()] += 1
            elif token[0].islower():
                small[token] += 1
            inside = token not in _SENTENCE_END
    return frozenset(
        word for word, count in capital.items() if len(word) > 1 and count >= 3 * small[word]
    )


def _are_open(fillings: list[tuple[str, ...]]) -> bool:
    """Whether what is taken for names, if anything is, differs from question to question."""
    if not any(fillings):
        return True
    different = len(set(fillings))
    return different >= min(FEWEST_FILLINGS, len(fillings)) and different >= OPEN * len(fillings)
