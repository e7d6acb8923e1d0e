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
"""Pinned exactly, as four of its names are patched; the others are those it leaves open."""

START_FILE = Path(__file__).parent / "server" / "start.py"

START_TIMEOUT_S = 180
"""8 s of CPU, nearly all of it imports; 40 s were seen on a busy machine."""

STOP_TIMEOUT_S = 10


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    url: str
    passwords: dict[str, str] = field(repr=False)
    """Of the owner and of each reviewer in the settings, by user name."""
    process: subprocess.Popen[bytes]
    log: Path

    def wait(self) -> None:
        """Wait until the server ends; raise `UserError`, as it should not."""
        self.process.wait()
        raise _ended(self.log)


@contextmanager
def serve(root: Path, settings: ReviewSettings, progress: Progress = quiet) -> Iterator[Running]:
    """Serve the workspace `root` while the block runs.

    The database, the accounts and the log are in `.argilla/`; the server's environment (580 MB) is
    made once, in the user's cache folder.

    Raises:
        UserError: another server is in use, the port is taken, or it could not be installed.
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
            yield Running(url, {n: credentials.passwords[n] for n in names}, process, log)
        finally:
            _stop(process)


@contextmanager
def _only_server(root: Path, path: Path) -> Iterator[None]:
    """One server a database: two would disagree about what is in it."""
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        running = load_credentials(root)
        raise UserError(
            f"a review server for {root} runs already, at {running.url if running else 'its port'}",
            "use that one, or end it first (Ctrl-C in its terminal)",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _refuse_taken_port(port: int) -> None:
    """Test first: the server itself would say so only after half a minute of imports."""
    with socket.socket() as probe:
        if os.name != "nt":  # there this option would let us share a port that is in use
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
            f"{error.remedy}; or use an Argilla that is there: set ARGILLA_API_URL and "
            "ARGILLA_API_KEY",
        ) from None


def _start(python: Path, home: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start the server. Its standard input is a pipe from us: when we are gone, it ends."""
    command = [str(python), str(START_FILE), "--home", str(home.resolve()), "--port", str(port)]
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    env = {key: value for key, value in os.environ.items() if key not in ours}
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
        f"look into {log}; on a busy machine, try again",
    )


def _ended(log: Path) -> UserError:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    last = next((line for line in reversed(lines) if line), "no word in its log")
    return UserError(f"the review server ended: {last[:300]}", f"all that it said is in {log}")


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
