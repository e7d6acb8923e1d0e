"""How people reach the review page."""

from typing import TYPE_CHECKING

from curate.terminal.output import say

if TYPE_CHECKING:
    from review.argilla.serve import ArgillaProcess


def tell_accounts(running: "ArgillaProcess") -> None:
    """Print the address, the names and the passwords, once."""
    say(f"The review page is open at {running.url}")
    for name, password in running.passwords.items():
        say(f"  {name:<20} {password}")
    say("Send the sample with `curate review push` in another terminal. Ctrl-C ends the page.")
