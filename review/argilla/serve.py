"""The workspace's own review server: the real Argilla page on 127.0.0.1, in one command."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.environments import environment
from review.argilla.credentials import load_credentials, make_credentials
from review.settings import OWNER, ReviewSettings
from schemas.errors import UserError
from schemas.progress import Progress, quiet

SERVER_REQUIREMENTS = ("argilla-server==2.8.0", "datasets<6", "huggingface-hub<3", "redis<9")
"""The server is pinned exactly, as we patch names of it; the others are what it leaves open."""

START_FILE = Path(__file__).parent / "server" / "start.py"

START_TIMEOUT_S = 180
"""A start takes 8 s of CPU time, mostly for imports; on a busy machine it took 40 s."""

STOP_TIMEOUT_S = 10


@dataclass(frozen=True)
class ArgillaProcess:
    """A review server that is running and answers."""

    url: str
    passwords: dict[str, str] = field(repr=False)
    """By user name, for the owner and for each reviewer in the settings."""
    process: subprocess.Popen[bytes]
    log: Path

    def wait(self) -> None:
        """Wait until the server ends, and raise `UserError`, because it should not."""
        self.process.wait()
        raise _ended(self.log)


@contextmanager
def serve_argilla(
    root: Path, settings: ReviewSettings, progress: Progress = quiet
) -> Iterator[ArgillaProcess]:
    """Serve the workspace `root` while the block runs.

    The database, the accounts and the log are in `.argilla/`. The server's own Python environment
    (580 MB) is made once, in the user's cache folder.

    Args:
        root: The folder of the workspace.
        settings: The `[review]` table: the port, and who reviews.
        progress: Told of the installation and the start.

    Raises:
        UserError: another server is in use, the port is taken, or the server cannot be installed
            or does not start.
    """
    if url := os.environ.get("ARGILLA_API_URL"):
        raise UserError(
            f"ARGILLA_API_URL names a server that is there already: {url}",
            "use it (`curate review push`), or unset ARGILLA_API_URL to start one here",
        )
    home = root / ".argilla"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_server(root, home / "server.lock"):
        _refuse_taken_port(settings.port)
        python = _server_python(progress)
        url = f"http://127.0.0.1:{settings.port}"
        credentials = make_credentials(root, url, settings.reviewers)
        log = home / "server.log"
        process = _start(python, home, settings.port, log)
        try:
            _wait_until_healthy(process, url, log, progress)
            names = (OWNER, *settings.reviewers)
            passwords = {name: credentials.passwords[name] for name in names}
            yield ArgillaProcess(url, passwords, process, log)
        finally:
            _stop(process)


@contextmanager
def _only_server(root: Path, path: Path) -> Iterator[None]:
    """Allow one server per database: two would disagree about what is in it."""
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        own = load_credentials(root)
        raise UserError(
            f"a review server for {root} runs already, at {own.url if own else 'its port'}",
            "use that one, or stop it first (Ctrl-C in its terminal)",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _refuse_taken_port(port: int) -> None:
    """Test the port now: the server would complain only after half a minute of imports."""
    with socket.socket() as probe:
        if os.name != "nt":  # on Windows this option would let us share a port that is in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise UserError(
                f"port {port} of this computer is in use",
                "choose another: `curate review serve --port`, or port under [review]",
            ) from None


def _server_python(progress: Progress) -> Path:
    try:
        return environment("argilla", SERVER_REQUIREMENTS, progress)
    except UserError as error:
        raise UserError(
            error.message,
            f"{error.remedy}; or use an Argilla server that exists: set ARGILLA_API_URL and"
            " ARGILLA_API_KEY",
        ) from None


def _start(python: Path, home: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start the server. Its standard input is a pipe from us: it ends when we are gone."""
    command = [str(python), str(START_FILE), "--home", str(home.resolve()), "--port", str(port)]
    # These would make the server's Python import packages of ours.
    of_our_python = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    env = {key: value for key, value in os.environ.items() if key not in of_our_python}
    with log.open("wb") as file:
        return subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.STDOUT
        )


def _wait_until_healthy(
    process: subprocess.Popen[bytes], url: str, log: Path, progress: Progress
) -> None:
    # Without proxies: one that is set for the outside does not know our 127.0.0.1.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    started = time.monotonic()
    while (waited := time.monotonic() - started) < START_TIMEOUT_S:
        if process.poll() is not None:
            raise _ended(log)
        progress(int(waited), None, "starting the review page (half a minute)")
        try:
            with opener.open(f"{url}/api/v1/status", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise UserError(
        f"the review server did not answer within {START_TIMEOUT_S} s",
        f"see {log}; on a busy machine, try again",
    )


def _ended(log: Path) -> UserError:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    last = next((line for line in reversed(lines) if line), "its log is empty")
    return UserError(f"the review server ended: {last[:300]}", f"its whole log is in {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        assert process.stdin is not None
        process.stdin.close()
