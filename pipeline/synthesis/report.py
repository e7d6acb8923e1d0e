"""What a run reports at its end, and what a dry run shows before it."""

from pipeline.llm.ledger import SlotBooks
from schemas.base import Model


class SynthReport(Model):
    """The state of one order: as many accepted as asked for, or one sentence why not."""

    job: str
    """Name of the journal in `synth/`, without its ending."""
    batch: str | None
    """The batch that this run added to `records/`; None: nothing new was accepted."""
    asked: int
    """Conversations that the order wants."""
    books: SlotBooks
    """Where the slots of the order went, in this run and in those that it resumed."""
    micro_dollars: int
    """Spent for the order, as far as is known."""
    reserved: int
    """Micro-dollars in doubt: for requests that were out when curate was killed. The budget counts
    them as spent."""
    price: str
    """Where the price comes from."""
    models: tuple[str, ...]
    """The models that the answers name."""
    stopped_because: str | None
    """Why fewer were accepted than asked for; None: the order is filled."""
    remedy: str | None

    @property
    def accepted(self) -> int:
        """Conversations accepted for the order."""
        return self.books.accepted


class Preview(Model):
    """What a dry run shows."""

    prompts: tuple[str, ...]
    """The first prompts that would be sent."""
    worst_micro_dollars: int
    """The most that n answers can cost, if every one of them is accepted."""
    price: str
    """Where the price comes from."""
