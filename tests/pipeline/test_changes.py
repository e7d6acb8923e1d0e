"""What became of each record is told apart from what became of it before."""

from collections.abc import Callable

from pipeline.curation.curated import changes, fates, last_fates, load_or_compute
from pipeline.curation.run_stages import Curation
from pipeline.filters.short_reply import ShortReply
from pipeline.store.store import Store
from schemas.record import Record

NewStore = Callable[..., Store]
Talk = Callable[..., Record]

QUESTION = "How do I return a tent that I bought last week?"
ANSWER = "Wrap it well, print the label from your account, and bring it to any of our shops."


def test_what_changed_is_counted_by_what_it_was_and_what_it_is(
    new_store: NewStore, talk: Talk, plain: Curation
) -> None:
    short, long = talk(QUESTION, "Send it back, please."), talk(f"{QUESTION} Now?", ANSWER)
    store = new_store([short])
    assert changes(last_fates(store), last_fates(store)) == {}
    before = load_or_compute(store, plain)
    with store.open_batch("ingest") as batch:
        batch.add(long)
    stage = ShortReply(min_tokens=6, exempt="none")
    stricter = plain.recipe.model_copy(update={"short_reply": stage})
    after = load_or_compute(store, plain.model_copy(update={"recipe": stricter}))
    was, now = (fates(one.kept, one.verdicts) for one in (before, after))
    assert changes(was, now) == {"new → kept": 1, "short reply → kept": 1}
