"""How many faults do the filters find? Good replies, each with one fault made by rule.

    python -m benchmarks.faults --data DIR [--each 300] [--seed 0]

Takes replies of public sets, damages each in one way, and counts how many the filter finds then:
its recall of that kind of fault. What a filter finds in replies that nobody damaged is read with
`benchmarks.filters`. The rules are not the filters' own patterns, but they are
ours: recall on faults that people make may be lower.
"""

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.filters import read
from pipeline.curation.recipe import Recipe
from pipeline.features import Features
from pipeline.features.describe import measure
from pipeline.filters.stage import Stage
from pipeline.misread import unread
from schemas.reasons import Reason

Damage = Callable[[str, str, random.Random], str | None]
"""Makes a damaged reply of a question and its reply; None where that is not possible."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of sets")
    parser.add_argument("--each", type=int, default=300, help="damaged replies of each kind")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    frame = read(given.data).sort("id").filter(pl.col("turns") == "ua")
    print("| reason | fault | made | found | recall |\n|---|---|---|---|---|")
    for reason, fault, damage in FAULTS:
        made = damaged(frame, damage, given.each, random.Random(f"{given.seed} {fault}"))
        stage: Stage = getattr(Recipe(), STAGES.get(reason, reason.value))
        found = stage(made).filter(pl.col("reason").is_in([reason.value, *ALSO.get(reason, ())]))
        count = found["id"].n_unique()
        print(f"| `{reason}` | {fault} | {len(made)} | {count} | {100 * count / len(made):.0f} % |")


def damaged(frame: pl.DataFrame, damage: Damage, count: int, rng: random.Random) -> pl.DataFrame:
    """Up to `count` records of the frame with a damaged reply, measured again."""
    places = rng.sample(range(len(frame)), len(frame))
    rows, texts = list[int](), list[str]()
    for place in places:
        question, reply = frame["question"][place], frame["reply"][place]
        changed = damage(question, reply, rng)
        if changed is not None:
            rows.append(place)
            texts.append(changed)
        if len(rows) == count:
            break
    some = frame[rows]
    messages = [
        json.dumps(
            [{"role": "user", "content": question}, {"role": "assistant", "content": reply}],
            ensure_ascii=False,
        )
        for question, reply in zip(some["question"], texts, strict=True)
    ]
    some = some.with_columns(messages=pl.Series(messages))
    measured = measure(some.select("id", "messages", "tools"), Features(), Path())
    kept = some.drop([name for name in measured.columns if name != "id"])
    joined = kept.join(measured, on="id", maintain_order="left")
    targets = pl.col("reply_language").is_in(list(Features().language.targets))
    return joined.with_columns(language=pl.col("reply_language"), targeted=targets)


def misread(coding: str) -> Damage:
    """The reply in UTF-8, read in another coding."""

    def change(_question: str, reply: str, _rng: random.Random) -> str | None:
        if sum(not sign.isascii() for sign in reply) < 8:
            return None
        unread("é", "latin-1")  # registers the codings
        try:
            return reply.encode().decode(coding)
        except UnicodeDecodeError:
            return None

    return change


def cut(shortest: int, longest: int) -> Damage:
    """The reply up to the middle of a sentence, so many characters long."""

    def change(_question: str, reply: str, rng: random.Random) -> str | None:
        size = rng.randint(shortest, longest)
        words = reply[:size].split(" ")[:-1]
        whole = len(reply) > size + 40 and len(words) > 8 and "\n" not in reply[size - 60 : size]
        prose = reply.isascii() and "```" not in reply and words and words[-1].isalpha()
        return " ".join(words) if whole and prose else None

    return change


def looped(size: int, times: int) -> Damage:
    """The reply, whose last words come again and again."""

    def change(_question: str, reply: str, _rng: random.Random) -> str | None:
        words = reply.split()
        if len(words) < size + 4 or not reply.isascii() or "`" in reply:
            return None
        unit = " ".join(words[-size:])
        return f"{reply} " + " ".join([unit] * times)

    return change


def followed_by(*endings: str) -> Damage:
    """The reply with one of the endings."""
    return lambda _question, reply, rng: f"{reply}{rng.choice(endings)}" if reply else None


def preceded_by(*beginnings: str) -> Damage:
    """The reply with one of the beginnings."""
    return lambda _question, reply, rng: f"{rng.choice(beginnings)}{reply}" if reply else None


def replaced_by(*replies: str) -> Damage:
    """Another reply altogether, to a request rather than a question that "none" may answer."""
    return lambda question, _reply, rng: None if "?" in question else rng.choice(replies)


def echoed(question: str, _reply: str, _rng: random.Random) -> str | None:
    """The question again."""
    return question if len(question) > 60 else None


FAULTS: tuple[tuple[Reason, str, Damage], ...] = (
    (Reason.damaged_encoding, "UTF-8 read as Windows-1252", misread("sloppy-windows-1252")),
    (Reason.damaged_encoding, "UTF-8 read as Windows-1251", misread("sloppy-windows-1251")),
    (Reason.damaged_encoding, "UTF-8 read as code page 437", misread("cp437")),
    (Reason.damaged_encoding, "UTF-8 read as GB 18030", misread("gb18030")),
    (Reason.repetition, "the last word 30 times", looped(1, 30)),
    (Reason.repetition, "the last 4 words 15 times", looped(4, 15)),
    (Reason.repetition, "the last 12 words 8 times", looped(12, 8)),
    (Reason.cut_off, "cut at 60 to 200 characters", cut(60, 200)),
    (Reason.cut_off, "cut at 300 to 900 characters", cut(300, 900)),
    (
        Reason.leaked_tag,
        "the next turn of a template",
        followed_by(
            "<|im_end|>\n<|im_start|>user\nAnd what else is there?",
            " [/INST] And what else is there?",
            "\n### Human: And what else is there?",
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd what else?",
            "<end_of_turn>\n<start_of_turn>user\nAnd what else?",
            "\nUser: And what else is there?\nAssistant: A lot.",
        ),
    ),
    (
        Reason.placeholder,
        "a slot in place of a reply",
        replaced_by("[Insert answer here]", "{{reply}}", "TODO: write this", "<your answer>"),
    ),
    (
        Reason.slot_in_document,
        "a slot in a reply",
        followed_by(
            "\n\nBest wishes,\n[Your Name]", "\n\n[您的姓名]", " ![Image of it](image.png)",
            "\n\n[Diagram of how this works]", " (insert picture here)", "\n\n[Ваше имя]",
        ),
    ),
    (Reason.non_answer, "no answer", replaced_by("<nooutput>", "N/A", "none", "No output.")),
    (
        Reason.boilerplate,
        "a maker's phrase",
        preceded_by(
            "As an AI language model, I have no opinions. ", "作为一个人工智能语言模型，",
            "As a large language model trained by a company, I can say this. ",
        ),
    ),
    (
        Reason.glued_task,
        "the next task",
        followed_by(
            "\n\n## 12. Instruction: Name three rivers.", "\n\n7. Task: Count to five.",
            "\n\n### Instruction:\nName three rivers.",
        ),
    ),
    (Reason.echo, "the question again", echoed),
    (
        Reason.missing_reference,
        "what is not there",
        followed_by(
            " Therefore the answer is (C).", "故选B。", " See Figure 2 for more.",
            " This is shown in the table above.", "如下图所示。",
        ),
    ),
)  # fmt: skip
"""What is found, how it was made, and by which rule."""

STAGES = {Reason.slot_in_document: "placeholder"}
"""The table of a reason that has not the name of its stage."""

ALSO = {Reason.slot_in_document: (Reason.placeholder.value,)}
"""Reasons that count, too: in a short reply a slot is most of it."""


if __name__ == "__main__":
    main()
