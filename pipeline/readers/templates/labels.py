"""Which names are the tags of a file: those that stand at the same places in most of its texts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.role_labels import (
    KINDS,
    Labels,
    TakenApart,
    is_person,
    role_of_label,
    split_labels,
)
from pipeline.readers.formats.roles import MACHINE_WORDS, name_words
from pipeline.readers.formats.transcript import ALPACA_PRELUDE, PERSONS
from pipeline.readers.templates.seen import (
    LINE_START,
    SCANNED,
    SeenLabels,
    label_of,
    last_labels,
    see_labels,
)
from schemas.base import Model

MOST = 0.5
"""Share of the texts that labels of known words have to take apart."""
NEARLY_ALL = 0.8
"""The same for labels that are no words for the two sides, or stand alone."""
RARE = 0.1
"""Share of the texts taken apart in which a shape has to be found to be one of the template."""
MANY = 0.3
"""Share of the texts in which unknown labels have to take turns, and that of the shape in which
neither end of the text is a tag."""

GLANCE = 20
"""Texts on which labels are tried first, since most files have none."""
TRIED = 3
"""Labels of each side that are tried, the commonest first."""

LONE_WORDS = frozenset(
    ("q", "question", "问", "问题", "問題", "質問", "질문", "frage", "pregunta", "pergunta",
     "domanda", "demande", "vraag", "pytanie", "вопрос", "soru", "سؤال", "प्रश्न")
)  # fmt: skip
"""Words for what is said that are tags also where nothing follows that calls for the answer."""


class FileLabels(Model):
    """The tags of one file, and how its texts are made of them."""

    roles: tuple[tuple[str, str], ...]
    kinds: frozenset[str]
    shapes: frozenset[tuple[bool, bool]] = frozenset()
    """Whether something stands before the first tag, and whether the last one waits for a reply."""
    joins_prelude: bool = False
    """Whether what stands before the first tag is part of the question: it differs by row, and is
    itself a field such as `Context:`, or the tags are for what is said (`Q:`)."""
    name: str = ""
    """The template as people write it: `Human: … Assistant:`."""

    def take_apart(self, text: str, *, answered: bool) -> list[Turn] | None:
        """The turns of a text of this template; None for any other text."""
        if not any(role == "user" for _, role in self.roles):
            question = without_last(text, self.roles)
            return None if question is None else [{"role": "user", "content": question}]
        split = split_labels(text, Labels(self.roles, self.kinds), answered=answered)
        if split is None or not fits(split, answered=answered) or shape(split) not in self.shapes:
            return None
        prelude, turns = split.prelude, split.turns
        if not prelude or prelude.startswith(ALPACA_PRELUDE):
            return turns
        if not self.joins_prelude or turns[0]["role"] != "user":
            return [{"role": "system", "content": prelude}, *turns]
        return [turns[0] | {"content": f"{prelude}\n\n{turns[0]['content']}"}, *turns[1:]]


def find_labels(texts: Sequence[str], *, answered: bool) -> FileLabels | None:
    """The tags that stand at the same places in most of these texts; None where there are none.

    Args:
        texts: What one column holds, or the first message of each chat.
        answered: Whether the replies stand elsewhere; see `split_labels`.
    """
    if len(texts) < 2:
        return None
    seen = see_labels(texts)
    # `Shop Customer:` is tried before the `Customer:` in it.
    if found := _told(seen, answered, has_name=True):
        return found
    best: tuple[int, FileLabels] | None = None
    for roles in _known(seen, answered):
        fitting = _fitting(texts, roles, answered)
        if fitting and (best is None or fitting[0] > best[0]):
            best = fitting
    if best and best[0] >= max(2, MOST * len(texts)):
        return best[1]
    return _told(seen, answered, has_name=False) or (_only_last(seen) if answered else None)


def fits(split: TakenApart, *, answered: bool) -> bool:
    """Whether a text is taken apart well, and is no list of `Name: value` with names of sides."""
    if split.is_open:
        return True
    if len(split.tags) == 1 and split.prelude:
        return False
    if not answered:
        return True
    begins = next((role for role in split.roles if role in ("user", "assistant")), "")
    return begins == "user" and not LINE_START.search(str(split.turns[-1]["content"]))


def shape(split: TakenApart) -> tuple[bool, bool]:
    """See `FileLabels.shapes`."""
    return bool(split.prelude), split.is_open


def without_last(text: str, roles: Iterable[tuple[str, str]]) -> str | None:
    """A text without the label at its end, and what is around it; None for one without."""
    known = dict(roles)
    stripped = text.rstrip()
    for match in last_labels(stripped):
        if match.lower() in known:
            start = stripped.rindex(match)
            return stripped[:start].rstrip(" \t#*<[|【_").rstrip() or None
    return None


def _known(seen: SeenLabels, answered: bool) -> Iterator[tuple[tuple[str, str], ...]]:
    """Roles of labels whose words say which side they are of."""
    everywhere = seen.lines + seen.last
    enough = [label for label, rows in everywhere.items() if rows >= 2]
    persons = {
        label: role for label in enough if (role := role_of_label(label)) and is_person(label)
    }
    people = dict(PERSONS) | persons
    yield tuple(people.items())
    if any(word in seen.lines for word in MACHINE_WORDS):
        machine = {label: role for label, role in people.items() if role != "assistant"}
        yield tuple((machine | dict.fromkeys(MACHINE_WORDS, "assistant")).items())
    answers = seen.last if answered else seen.lines
    least = max(2, MOST * len(seen.texts))
    asking = _commonest(seen.lines, least, "user")
    answering = _commonest(answers, least, "assistant")
    for user, assistant in product(asking, answering):
        if (user == "q") == (assistant == "a"):
            yield (user, "user"), (assistant, "assistant")
    if not answered:
        yield from ((("q", "user"), ("a", "assistant")),) if "q" in seen.lines else ()


def _told(seen: SeenLabels, answered: bool, *, has_name: bool) -> FileLabels | None:
    """The tags of which one is not known, or stands alone, if they take nearly all texts apart."""
    for roles in _told_by_the_other(seen, answered) if has_name else _lone(seen, answered):
        found = _fitting(seen.texts, roles, answered)
        if found and found[0] >= max(3, NEARLY_ALL * len(seen.texts)):
            return found[1]
    return None


def _told_by_the_other(seen: SeenLabels, answered: bool) -> Iterator[tuple[tuple[str, str], ...]]:
    """Roles of labels of which one at least is not known: the other, or the place, tells it."""
    count = NEARLY_ALL * len(seen.texts)
    firsts = [label for label, rows in seen.first.most_common(TRIED) if rows >= count]
    answers = seen.last if answered else seen.lines
    others = [label for label, rows in answers.most_common(2 * TRIED) if rows >= count]
    everywhere = seen.lines + seen.last
    persons = {
        role_of_label(label)
        for label, rows in everywhere.items()
        if rows >= MOST * len(seen.texts) and is_person(label)
    }
    for user, assistant in product(firsts, others):
        asks, replies = role_of_label(user), role_of_label(assistant)
        if user == assistant or asks not in ("user", None) or replies not in ("assistant", None):
            continue
        if asks is None and replies is None:
            is_told = _take_turns(seen.texts, user, assistant)
        elif asks is None:
            is_told = is_person(assistant) and "user" not in persons
        else:
            is_told = replies is None and is_person(user) and "assistant" not in persons
        if is_told:
            yield (user, "user"), (assistant, "assistant")


def _lone(seen: SeenLabels, answered: bool) -> Iterator[tuple[tuple[str, str], ...]]:
    """The role of a label such as `Q:` that all prompts begin with, and nothing else."""
    for label, rows in seen.first.most_common(1) if answered else ():
        is_asked = role_of_label(label) == "user" and LONE_WORDS.intersection(name_words(label))
        if is_asked and rows >= NEARLY_ALL * len(seen.texts):
            yield ((label, "user"),)


def _take_turns(texts: Sequence[str], one: str, other: str) -> bool:
    """Whether two labels follow each other again and again in many of the texts."""
    alternating = 0
    for text in texts:
        labels = [label_of(match) for match in LINE_START.finditer(text[:SCANNED])]
        both = [label for label in labels if label in (one, other)]
        if len(both) > 2:
            alternating += all(label != following for label, following in pairwise(both))
    return alternating >= MANY * len(texts)


def _only_last(seen: SeenLabels) -> FileLabels | None:
    """An assistant's label that nearly all prompts end with, without one of the user's."""
    for label, rows in seen.last.most_common(TRIED):
        if rows >= max(3, NEARLY_ALL * len(seen.texts)) and role_of_label(label) == "assistant":
            name = next(
                written
                for text in seen.texts
                for written in last_labels(text.rstrip())
                if written.lower() == label
            )
            return FileLabels(roles=((label, "assistant"),), kinds=KINDS, name=f"… {name}:")
    return None


def _commonest(labels: Counter[str], least: float, role: str) -> list[str]:
    """The commonest labels of one side that so many rows have."""
    return [
        label
        for label, rows in labels.most_common()
        if rows >= least and role_of_label(label) == role
    ][:TRIED]


def _fitting(
    texts: Sequence[str], roles: tuple[tuple[str, str], ...], answered: bool
) -> tuple[int, FileLabels] | None:
    """How many of the texts these labels take apart, and the template that they make."""
    few = texts[:: max(1, len(texts) // GLANCE)]
    if len(_splits(few, roles, answered)) * 4 < len(few):
        return None
    splits = _splits(texts, roles, answered)
    shapes = Counter(map(shape, splits))
    kept = frozenset(
        form
        for form, rows in shapes.items()
        if rows
        >= (
            max(2, MANY * len(splits)) if form == (True, False) and answered else RARE * len(splits)
        )
    )
    splits = [split for split in splits if shape(split) in kept]
    if not splits or (not answered and _are_lists(splits)):
        return None
    kinds = Counter(kind for split in splits for kind in split.kinds)
    labels = FileLabels(
        roles=roles,
        kinds=frozenset(kind for kind, rows in kinds.items() if rows >= RARE * len(splits)),
        shapes=kept,
        joins_prelude=_joins_prelude(splits, roles),
        name=_template_name(splits),
    )
    return len(splits), labels


def _splits(
    texts: Sequence[str], roles: tuple[tuple[str, str], ...], answered: bool
) -> list[TakenApart]:
    labels = Labels(roles)
    splits = [split_labels(text, labels, answered=answered) for text in texts]
    return [split for split in splits if split and fits(split, answered=answered)]


def _are_lists(splits: Sequence[TakenApart]) -> bool:
    """Whether nearly all texts go on with other fields: `Customer: Anna`, `Agent: Tom`, `Date: …`.

    In conversations the two sides take more turns, or fields are in few of them.
    """
    lists = [
        split
        for split in splits
        if len(split.tags) == len(set(split.tags))
        and any(LINE_START.search(str(turn["content"])) for turn in split.turns)
    ]
    return len(splits) > 1 and len(lists) >= NEARLY_ALL * len(splits)


def _joins_prelude(splits: Sequence[TakenApart], roles: tuple[tuple[str, str], ...]) -> bool:
    preludes = [split.prelude for split in splits if split.prelude]
    if not preludes or len(set(preludes)) <= max(1, MOST * len(preludes)):
        return False
    labelled = sum(LINE_START.match(prelude) is not None for prelude in preludes)
    are_said = not any(is_person(label) for label, role in roles if role == "user")
    return are_said or labelled > MOST * len(preludes)


def _template_name(splits: Sequence[TakenApart]) -> str:
    """The commonest pair of first and last tags, with an ellipsis between."""
    pairs = Counter(
        (split.tags[0], split.tags[1] if len(split.tags) > 1 else "") for split in splits
    )
    first, last = pairs.most_common(1)[0][0]
    return f"{first} … {last}".strip()
