"""What a run says at its end, and what a dry run says before it."""

from pipeline.llm.ledger import SlotBooks
from schemas.base import Model


class SynthReport(Model):
    """One order: asked = accepted, or one sentence why not."""

    job: str
    """Name of the journal in `synth/`."""
    batch: str | None
    """The batch that this run added to records; None: nothing new was accepted."""
    asked: int
    """Conversations that the order wants."""
    books: SlotBooks
    """Where the order's slots went, this run's and those of the runs that it resumed."""
    micro_dollars: int
    """Settled, for the order."""
    reserved: int
    """Micro-dollars in doubt: requests that were out at a kill; counted against the budget."""
    price: str
    """Where the price is from."""
    models: tuple[str, ...]
    """As answered."""
    stopped_because: str | None
    """Why fewer were accepted than asked."""
    remedy: str | None

    @property
    def accepted(self) -> int:
        """Conversations accepted for the order."""
        return self.books.accepted


class Preview(Model):
    """A dry run."""

    prompts: tuple[str, ...]
    worst_micro_dollars: int
    """What n answers cost at most, if every one is accepted."""
    price: str
    """Where the price is from."""
