"""Ticket exports written by templates: how many of each template stay, and for which reason.

    python -m benchmarks.tickets [--rows 3000] [--seed 0] [--per-template 3]

A help desk's export is full of them: a form of the shop writes the question, and only the name,
the number of the order, the date, the amount and the address differ. Beside the six templates stand
questions that look alike and are not the same, in which a quantity, a version or a product differs.
"""

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path

import polars as pl

from pipeline.features import Features, describe
from pipeline.features.embed import Embedder
from pipeline.features.models import NGRAMS
from pipeline.near_duplicates.questions import with_questions
from pipeline.near_duplicates.stage import NearDuplicate
from schemas.frames import RECORD_SCHEMA
from schemas.message import Message
from schemas.record import Record

FIRST = "Ada Bruno Carla Deniz Emil Fatma Goran Hanna Igor Jana Karim Lena Marek Nadia Omar".split()
LAST = "Abel Brandt Costa Dubois Eriksen Farkas Gruber Horvat Ivanov Jansen Keller Lindt".split()
STREETS = "Mill Lane|Harbour Road|Church Street|Station Avenue|Lake View|Garden Close".split("|")
TOWNS = "Ashford|Brookfield|Caldwell|Dunmore|Easton|Fairview|Glenwood|Hillside".split("|")
MONTHS = (
    "January February March April May June July August September October November December"
).split()

TEMPLATES = {
    "not arrived": (
        "Hello, my name is {name}. I placed order {order} on {date} and it still has not arrived at"
        " {address}. Could you tell me where my parcel is?",
        "Hello {first}, order {order} left our warehouse on {date2}. It should reach {address} "
        "within two working days.",
    ),
    "invoice": (
        "Please send the invoice for order {order} once more to {email}. Thank you, {name}",
        "Dear {name}, the invoice for order {order} over {amount} was sent to {email} just now.",
    ),
    "charged twice": (
        "I was charged {amount} twice on {date} for ticket #{ticket}. Please refund one of the two "
        "payments to my card. {name}",
        "We are sorry, {first}. The second payment of {amount} will be returned within five days.",
    ),
    "new address": (
        "I have moved. Please deliver order {order} to {address} instead of {address2}. You can "
        "reach me at {phone}. Kind regards, {name}",
        "Thank you, {first}. Order {order} now goes to {address}.",
    ),
    "appointment": (
        "This is {name}, booking {code}. I cannot come on {date} at {time}. Is there another "
        "appointment in the same week?",
        "Hello {first}, we have moved booking {code} from {date} to {date2} at {time}.",
    ),
    "tracking": (
        "The tracking page {url} has shown the same status for parcel {code} since {date}. Is it "
        "lost?",
        "Parcel {code} was held at the sorting centre until {date2} and is on its way again.",
    ),
}
"""A question and its reply by the name of the template; the words in braces are filled in."""

DIFFERENT = (
    "How many {thing}s do {number} people need for a trip of {other} days?",
    "Does version {number}.{other} of your app run on my phone?",
    "Can I get {number} percent off if I buy {other} {thing}s?",
    "Which cable fits the printer {product}?",
)
"""Questions of which no two with other fillings are the same."""

PRODUCTS = [f"P{number}{letter}" for number in (1102, 1106, 2035, 2055) for letter in ("", "w")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--per-template", type=int, default=3)
    parser.add_argument("--ngrams", action="store_true", help="compare by spelling")
    given = parser.parse_args()
    stage = NearDuplicate(per_template=given.per_template)
    rows, verdicts = judge(given.rows, given.seed, stage, given.ngrams)
    print_table(rows, verdicts)


def judge(
    count: int, seed: int, stage: NearDuplicate, by_spelling: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows (`id, template`) and the stage's verdicts on them."""
    rng = random.Random(seed)
    made = {record.id: (name, record) for name, record in (ticket(rng) for _ in range(count))}
    records = [record for _, record in made.values()]
    names = pl.DataFrame({"id": list(made), "template": [name for name, _ in made.values()]})
    features = Features.model_validate({"embedding": {"model": NGRAMS}} if by_spelling else {})
    with tempfile.TemporaryDirectory() as folder:
        embedder = Embedder(features.embedding, Path(folder) / "cache")
        frame = describe(_as_frame(records), features)
        frame = frame.with_columns(reviewed=pl.lit(value=False), origin=pl.lit("human"))
        return names, stage(with_questions(frame, features, embedder))


def print_table(rows: pl.DataFrame, verdicts: pl.DataFrame) -> None:
    """How many of each template stay, and why the others fall."""
    drops = verdicts.filter(action="drop")
    print("| template | conversations | stay | fall as |\n|---|---|---|---|")
    for (name,), group in sorted(rows.group_by("template")):
        fallen = drops.join(group, on="id", how="semi")
        reasons = Counter(fallen["reason"].to_list()).most_common()
        said = ", ".join(f"{reason} {count:,}" for reason, count in reasons)
        print(f"| {name} | {len(group):,} | {len(group) - len(fallen):,} | {said} |")
    print(f"| all | {len(rows):,} | {len(rows) - len(drops):,} | |")


def ticket(rng: random.Random) -> tuple[str, Record]:
    """A conversation and the name of its template."""
    if rng.random() < 0.1:
        question, reply, name = (
            rng.choice(DIFFERENT),
            "Our shop will tell you: {thing}.",
            "different",
        )
    else:
        name = rng.choice(list(TEMPLATES))
        question, reply = TEMPLATES[name]
    values = fillings(rng)
    return name, Record(
        messages=(
            Message(role="user", content=question.format_map(values)),
            Message(role="assistant", content=reply.format_map(values)),
        ),
        origin="human",
        source="tickets.jsonl",
    )


def fillings(rng: random.Random) -> dict[str, str]:
    """A customer and a case."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    town = rng.choice(TOWNS)
    code = "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=2)) + str(rng.randrange(10**6, 10**7))
    return {
        "first": first,
        "name": f"{first} {last}",
        "email": f"{first}.{last}{rng.randrange(100)}@example.org".lower(),
        "order": str(rng.randrange(10**4, 10**6)),
        "ticket": str(rng.randrange(10**3, 10**5)),
        "code": code,
        "date": _date(rng),
        "date2": _date(rng),
        "time": f"{rng.randrange(8, 18)}:{rng.choice(('00', '15', '30', '45'))}",
        "amount": f"${rng.randrange(5, 300)}.{rng.randrange(100):02}",
        "address": f"{rng.randrange(1, 200)} {rng.choice(STREETS)}, {town}",
        "address2": f"{rng.randrange(1, 200)} {rng.choice(STREETS)}, {rng.choice(TOWNS)}",
        "phone": f"+44 1632 {rng.randrange(960000, 961000)}",
        "url": f"https://track.example.org/{rng.randrange(10**8)}",
        "thing": rng.choice(("tent", "stove", "lamp", "rope")),
        "number": str(rng.randrange(2, 30)),
        "other": str(rng.randrange(2, 30)),
        "product": rng.choice(PRODUCTS),
    }


def _date(rng: random.Random) -> str:
    day, month = rng.randrange(1, 29), rng.randrange(12)
    return rng.choice(
        (f"{day} {MONTHS[month]}", f"2026-{month + 1:02}-{day:02}", f"{month + 1}/{day}/2026")
    )


def _as_frame(records: list[Record]) -> pl.DataFrame:
    rows = [
        {"id": record.id, "messages": record.messages_json, "tools": record.tools_json,
         "parents": [], "meta": None}
        for record in records
    ]  # fmt: skip
    labels = [pl.lit(None, pl.String).alias(name) for name in ("language_given", "domain_given")]
    return pl.DataFrame(rows, schema=RECORD_SCHEMA).with_columns(labels)


if __name__ == "__main__":
    main()
