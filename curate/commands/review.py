"""`curate review`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.accounts import tell_accounts
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import console, number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from review.argilla.pull import PullReport
    from review.argilla.push import PushReport


@click.group()
def review() -> None:
    """Let people review a random sample in Argilla, a web page for reviewers.

    `serve` opens that page on this computer, `push` sends the sample to it, and `pull` brings the
    decisions back.

    \b
    Example:
      curate review serve      in one terminal
      curate review push       in another
      curate review pull       when people have answered
    """


@review.command()
@workspace_option
@click.option("--port", type=int, help="Use this port instead of [review] port.")
def serve(root: Path, port: int | None) -> None:
    """Run the Argilla page on 127.0.0.1, without Docker; Ctrl-C ends it.

    \b
    Example:
      curate review serve --port 6901
    """
    from curate.workspace import Workspace
    from review.argilla.serve import serve_argilla

    workspace = Workspace.at(root)
    settings = workspace.settings.review
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    with showing("review page") as progress, serve_argilla(root, settings, progress) as running:
        progress(0, None, "")
        tell_accounts(running)
        running.wait()


@review.command()
@workspace_option
@json_option
@click.option("--fresh", is_flag=True, help="Draw a new sample from the records that are kept now.")
def push(root: Path, as_json: bool, fresh: bool) -> None:
    """Send a random sample of the kept records (20 % by default) to the reviewers.

    Safe to repeat: nothing is sent twice.

    \b
    Example:
      curate review push
    """
    from curate.workspace import Workspace
    from review.argilla.client import connect_argilla
    from review.argilla.push import push_sample

    workspace = Workspace.at(root)
    kept = workspace.current().kept
    with connect_argilla(root) as server, showing("pushing") as progress:
        report = push_sample(
            workspace.store, kept, workspace.settings.review, server, progress, fresh
        )
    if as_json:
        say_json(report.model_dump(mode="json"))
    else:
        tell_pushed(report)


def tell_pushed(report: "PushReport") -> None:
    """Print what was sent, in words."""
    drawn = "Drew" if report.drawn_now else "Sent again"
    say(
        f"{drawn} sample {report.frame}: {number(report.sample)} of {number(report.size)} records"
        f" ({report.share:.0%}) at random; {number(report.sent)} to review at {report.url}"
    )
    if report.decided:
        say(f"  {number(report.decided)} were decided already and are not sent again")
    if report.gone:
        say(f"  {number(report.gone)} are no longer kept and are not sent")
    if report.cut:
        first = ", ".join(id[:12] for id in report.cut[:3])
        say(f"  {number(len(report.cut))} are too long to show in full: {first}")


@review.command()
@workspace_option
@json_option
def pull(root: Path, as_json: bool) -> None:
    """Bring the reviewers' decisions back and filter again. Safe to repeat.

    \b
    Example:
      curate review pull
    """
    from curate.workspace import Workspace
    from review.argilla.client import connect_argilla
    from review.argilla.pull import pull_responses

    workspace = Workspace.at(root)
    with connect_argilla(root) as server, showing("pulling") as progress:
        report = pull_responses(workspace.store, workspace.settings.review, server, progress)
    with showing("filtering") as progress:
        curated = workspace.current(progress)
    if as_json:
        say_json({**report.model_dump(mode="json"), "books": curated.books.model_dump(mode="json")})
    else:
        tell_pulled(report)
        say(f"  {number(curated.books.kept)} records are kept now")


def tell_pulled(report: "PullReport") -> None:
    """Print what came back, in words."""
    new = ", ".join(f"{n} {choice.value}" for choice, n in report.new.items()) or "none"
    say(f"Pulled {number(report.answers)} answers; new decisions: {new}")
    if report.corrected:
        say(f"  {number(report.corrected)} corrected records were added")
    for question in report.questions:
        console(stderr=True).print(
            f"note: ask {question.reviewer} about `{question.record_id[:12]}`: {question.what};"
            " it does not count until it is submitted again"
        )
    if report.unknown:
        say(f"  {number(report.unknown)} answers are about records of another workspace")


@review.command()
@workspace_option
@json_option
def status(root: Path, as_json: bool) -> None:
    """Show how many records are reviewed, and the decisions.

    \b
    Example:
      curate review status
    """
    from curate.workspace import Workspace
    from review.status import review_status

    progress = review_status(Workspace.at(root).store)
    if as_json:
        say_json(progress.model_dump(mode="json") if progress else {"frame": None})
    elif progress is None:
        say("Nothing has been sent yet: run `curate review serve`, then `curate review push`.")
    else:
        say(
            f"Sample {progress.frame}: {number(progress.decided)} of {number(progress.sample)}"
            f" records are decided; the sample was drawn from {number(progress.size)}"
        )
        say("  " + " · ".join(f"{choice.value} {n}" for choice, n in progress.choices.items()))
        say("  " + " · ".join(f"{name} {n}" for name, n in progress.reviewers.items()))
