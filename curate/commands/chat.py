"""`curate chat`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import workspace_option
from curate.terminal.output import console

if TYPE_CHECKING:
    from schemas.message import Message
    from train.serving.llama_server import LlamaServer


@click.command()
@click.argument("question", required=False)
@click.option("--run", "name", help="Name of the run; by default the newest that is finished.")
@click.option("--temperature", type=click.FloatRange(0, 2), default=0.7, show_default=True)
@workspace_option
def chat(question: str | None, name: str | None, temperature: float, root: Path) -> None:
    """Talk to the exported model; with a QUESTION, only answer that.

    \b
    Example:
      curate chat
      curate chat "Where is my parcel?"
    """
    from curate.runs import chosen_run
    from curate.workspace import Workspace
    from schemas.message import Message
    from train.serving.llama_server import LlamaServer

    run = chosen_run(Workspace.at(root).store, name)
    with LlamaServer(exported_gguf(run.path)) as server:
        if question is not None:
            _answer(server, [Message(role="user", content=question)], temperature)
            return
        console(stderr=True).print("Type a message; an empty line or Ctrl-D ends the chat.")
        messages: list[Message] = []
        while text := _read_message():
            messages.append(Message(role="user", content=text))
            answer = _answer(server, messages, temperature)
            messages.append(Message(role="assistant", content=answer))


def exported_gguf(run: Path) -> Path:
    """The GGUF of a run, which was checked against its adapter.

    Raises:
        UserError: there is none, or it does not answer as the adapter does.
    """
    from schemas.errors import UserError

    folder = run / "exports" / "gguf"
    try:
        report = json.loads((folder / "export.json").read_bytes())
    except FileNotFoundError:
        remedy = "run `curate export --to gguf` first"
        raise UserError(f"run {run.name} has not been exported", remedy) from None
    if not report["proved"]:
        raise UserError(
            f"the exported model of run {run.name} does not answer as its adapter does",
            "run `curate export --to gguf` again; it shows the differences",
        )
    return folder / str(report["file"])


def _read_message() -> str:
    try:
        return input("you> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


def _answer(server: "LlamaServer", messages: list["Message"], temperature: float) -> str:
    """Print the reply as it is written, and return it."""
    from train.serving.chat import stream_reply

    answer = ""
    for piece in stream_reply(server, messages, temperature):
        sys.stdout.write(piece)
        sys.stdout.flush()
        answer += piece
    sys.stdout.write("\n")
    return answer
