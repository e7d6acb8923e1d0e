"""Google AI Studio's export: `{"chunkedPrompt": {"chunks": [{"role": …, "text": …}, …]}}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.formats.left_out import is_text
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.turns import to_turns


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a row, or None when it is no export of AI Studio."""
    prompt: Any = row.get("chunkedPrompt") if isinstance(row, dict) else None
    chunks = prompt.get("chunks") if isinstance(prompt, dict) else None
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        return None
    turns = to_turns([_message(chunk) for chunk in chunks])
    if not turns:
        return None
    fields = tuple(
        LeftOut(f"chunkedPrompt.{name}", is_text(cell))
        for name, cell in prompt.items()
        if name != "chunks" and is_text(cell)
    )
    return [labelled_candidate(row, turns, used=("chunkedPrompt",), fields=fields)]


def _message(chunk: dict[str, Any]) -> dict[str, Any]:
    """A chunk as a message; thoughts are chunks of their own, before the reply."""
    if chunk.get("isThought") is True:
        return {"type": "reasoning", "content": chunk.get("text")}
    media = [name for name in chunk if name.startswith(("drive", "inline"))]
    content = [{"type": media[0], **chunk}] if media and "text" not in chunk else chunk.get("text")
    return {"role": chunk.get("role"), "content": content}
