"""Talk to an exported model."""

from collections.abc import Iterator, Sequence

from schemas.message import Message
from train.prepare.labels import chat_turns
from train.serving.llama_server import LlamaServer


def stream_reply(
    server: LlamaServer, messages: Sequence[Message], temperature: float = 0.7
) -> Iterator[str]:
    """Yield the assistant's next turn piece by piece, as it is written.

    Args:
        server: A running server.
        messages: The conversation so far; the last turn must be the user's.
        temperature: At 0 each token is the most likely one: the same question gets the same
            answer, but small models tend to repeat themselves.
    """
    yield from server.stream_chat(chat_turns(messages), temperature)
