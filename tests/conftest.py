"""Databases for the tests: SQLite in a file, and a real PostgreSQL server that lives as long as the tests do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from models.store import Store

INSTALL = "PostgreSQL's server programs (initdb, pg_ctl) are missing; on Debian: apt-get install postgresql"
_NUMBERS = count(1)

settings.register_profile("samspil", deadline=None)  # no test is about time
settings.load_profile("samspil")


def _server_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the PATH, else the newest of Debian's."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name))
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged(folder: Path) -> list[str]:
    """What to put before a server program, which refuses to run as root; gives the folder to the other user."""
    if os.geteuid() != 0:
        return []
    known = subprocess.run(["id", "-u", "postgres"], capture_output=True, check=False).returncode == 0
    user = "postgres" if known else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of an empty PostgreSQL server on loopback: `postgresql+psycopg://user@127.0.0.1:port`."""
    programs = _server_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(INSTALL, pytrace=False)
        pytest.skip(INSTALL)
    with tempfile.TemporaryDirectory(prefix="samspil-pg-", ignore_cleanup_errors=True) as name, ExitStack() as ending:
        folder, port = Path(name), _free_port()
        prefix = _unprivileged(folder)

        def run(program: str, *arguments: str) -> None:
            # The server inherits the output of pg_ctl: a file, for a pipe would stay open as long as it runs.
            with tempfile.TemporaryFile() as said:
                command = [*prefix, str(programs / program), *arguments]
                done = subprocess.run(command, cwd=folder, stdout=said, stderr=said, timeout=60, check=False)
                said.seek(0)
                assert done.returncode == 0, said.read().decode(errors="replace")

        data = str(folder / "data")
        run("initdb", "-D", data, "-U", "samspil", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-p {port} -h 127.0.0.1 -k '' -F -c shared_buffers=16MB -c max_connections=30"
        run("pg_ctl", "start", "-D", data, "-w", "-o", options, "-l", str(folder / "log"))
        ending.callback(run, "pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")
        yield f"postgresql+psycopg://samspil@127.0.0.1:{port}"


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Iterator[Callable[[], str]]:
    """Makes addresses of fresh PostgreSQL databases, and drops them after the test."""
    made: list[str] = []
    with psycopg.connect(postgresql_server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:

        def make() -> str:
            made.append(f"samspil_{next(_NUMBERS)}")
            connection.execute(f"CREATE DATABASE {made[-1]}")
            return f"{postgresql_server}/{made[-1]}"

        yield make
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes addresses of fresh databases, of each kind in turn."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgresql")
        return make
    return lambda: f"sqlite:///{tmp_path / f'{next(_NUMBERS)}.db'}"


@pytest.fixture
def store_url(new_database: Callable[[], str]) -> str:
    """The address of a fresh database, of each kind in turn."""
    return new_database()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store in a fresh database, of each kind in turn."""
    store = Store(store_url)
    yield store
    store.close()
