"""Talk to an exported model."""

from collections.abc import Iterator, Sequence

from schemas.message import Message
from train.prepare.labels import chat as turns_of
from train.serving.llama_server import LlamaServer


def reply(
    server: LlamaServer, messages: Sequence[Message], temperature: float = 0.7
) -> Iterator[str]:
    """Yield the assistant's next turn, piece by piece as it is written.

    Args:
        server: The model, being served.
        messages: The conversation so far; the last turn is the user's.
        temperature: 0 takes the likeliest token each time: the same question gets the same
            answer, but small models then repeat themselves.
    """
    yield from server.stream_chat(turns_of(messages), temperature)
