"""Serve the real Argilla from one process, without Docker, Elasticsearch or Redis.

`python start.py --home WORKSPACE/.argilla --port 6900`, run by the Python of an environment that
has argilla-server. Of our files it imports only those beside it. It ends on SIGTERM or when its
standard input ends, so it never outlives the command that started it.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path


def start() -> None:
    """Prepare the environment, patch, migrate, set the accounts, serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    credentials = json.loads((options.home / "credentials.json").read_text("utf-8"))
    set_environment(options.home, options.port, credentials["secret_key"])

    import argilla_server
    import engine  # noqa: F401  (registers itself)

    patch_server()
    migrate()
    asyncio.run(set_accounts(credentials["passwords"], credentials["api_key"]))
    serve_app(argilla_server.app, options.port)


def set_environment(home: Path, port: int, secret_key: str) -> None:
    """Set what argilla_server reads when it is imported."""
    # Every start copies 14 MB of web pages to a new temporary folder and never removes it.
    temporary = home / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    tempfile.tempdir = str(temporary)
    os.environ.pop("ARGILLA_DATABASE_URL", None)
    os.environ.update(
        ARGILLA_HOME_PATH=str(home),
        ARGILLA_SEARCH_ENGINE="local",
        ARGILLA_AUTH_SECRET_KEY=secret_key,
        ARGILLA_AUTH_TOKEN_EXPIRATION=str(30 * 86400),  # seconds; stock: signed out every day
        ARGILLA_DATABASE_SQLITE_TIMEOUT="30",  # seconds; stock: 5, and "database is locked"
        ARGILLA_MAX_MESSAGE_LENGTH="1000000",  # characters; stock: 20,000
        ARGILLA_CORS_ORIGINS=json.dumps([f"http://127.0.0.1:{port}"]),  # stock: any page
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_OFFLINE="1",
    )


def patch_server() -> None:
    """Replace five names of argilla_server 2.8.0; a test checks that they exist."""
    from argilla_server.bulk import records_bulk
    from argilla_server.jobs import dataset_jobs, queues, webhook_jobs
    from argilla_server.models import database

    # Redis is needed for background jobs only, and these two can run in this process.
    queues.REDIS_CONNECTION.ping = lambda: True
    for job in (dataset_jobs.update_dataset_records_status_job, webhook_jobs.notify_event_job):
        job.delay = in_process(job)
    # Unpatched, the server builds a validator for each record and property, and makes six queries
    # per record for a webhook that nobody receives: 26 records/s, and 230 with these two patches.
    database.TypeAdapter = remembered(database.TypeAdapter)
    records_bulk.notify_record_event_v1 = say_nothing


def in_process(job):
    """The function that runs a job as a task of the running loop, in place of queueing it."""
    tasks = set()

    def delay(*args, **kwargs) -> None:
        task = asyncio.get_running_loop().create_task(job(*args, **kwargs))
        # The loop holds tasks weakly: without this reference one could vanish before its end.
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return delay


def remembered(make):
    """Cache what `make` gives for each type; by its id, as unions of types have no stable hash."""
    made = {}

    def remember(type_):
        if id(type_) not in made:
            made[id(type_)] = make(type_)
        return made[id(type_)]

    return remember


async def say_nothing(*args, **kwargs) -> list:
    """Take the place of the webhook that nobody receives."""
    return []


def migrate() -> None:
    """Bring the database to this version; create it if there is none."""
    from alembic import command
    from alembic.config import Config
    from argilla_server.database import ALEMBIC_CONFIG_FILE

    command.upgrade(Config(ALEMBIC_CONFIG_FILE), "head")


async def set_accounts(passwords: dict[str, str], api_key: str) -> None:
    """Create the owner (the first) and the reviewers, or set their passwords anew."""
    from argilla_server.contexts import accounts
    from argilla_server.database import AsyncSessionLocal, async_engine
    from argilla_server.models import User, UserRole

    async with AsyncSessionLocal() as session:
        for place, (name, password) in enumerate(passwords.items()):
            secret = {"password_hash": accounts.hash_password(password)}
            if place == 0:
                secret["api_key"] = api_key
            user = await accounts.get_user_by_username(session, name)
            if user is not None:
                await user.update(session, **secret)
                continue
            role = UserRole.owner if place == 0 else UserRole.annotator
            about = {"first_name": name, "username": name, "role": role, "workspaces": []}
            await User.create(session, **about, **secret)
    # The pool belongs to this loop; the server makes its own.
    await async_engine.dispose()


def serve_app(app, port: int) -> None:
    """Serve on 127.0.0.1 until told to stop, or until the process that started us is gone."""
    import uvicorn

    # No access log: addresses of pages can contain what was searched for.
    config = uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False)
    server = uvicorn.Server(config)

    def stop_at_end_of_input() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=stop_at_end_of_input, daemon=True).start()
    server.run()


if __name__ == "__main__":
    start()
