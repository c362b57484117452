"""Prefect, kept quiet and to itself; with a server of our own for the schedule, where the user has none."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings
from models.errors import SamspilError

if TYPE_CHECKING:
    from flows.engines import Engines
    from flows.progress import Progress
    from flows.run import Options, Summary
    from models.records import Source

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


HOST, USUAL_PORT = "127.0.0.1", 4200
START_SECONDS, STOP_SECONDS = 120, 30


class ServerError(SamspilError):
    """No Prefect server can be had."""


def prepare(settings: Settings) -> None:
    """Set what Prefect reads when it is imported; what the user has set already stands. Its files go into the home."""
    for name, value in {"PREFECT_HOME": str(settings.home.resolve() / "prefect"), **QUIET}.items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)


def run_flow(engines: Engines, sources: Sequence[Source], options: Options, progress: Progress) -> Summary:
    """Run the harvest flow here and now, on the server that PREFECT_API_URL names, else on one of its own."""
    prepare(engines.settings)
    signal.signal(signal.SIGINT, _stop_at_once)
    from flows.harvest import harvest  # noqa: PLC0415 - after its settings are made, and it takes seconds

    return harvest(engines, sources, options, progress)


def _stop_at_once(_signal: int, _frame: object) -> None:
    """Ctrl-C ends Prefect's own server as well, and its client would wait for it; the store needs no farewell."""
    sys.stderr.write("samspil: afbrudt; det hentede er gemt, kør igen for at fortsætte\n")
    sys.stderr.flush()
    os._exit(130)


@contextmanager
def server() -> Iterator[str]:
    """The address of a Prefect server: the one that PREFECT_API_URL names, else one that runs as long as the block.

    A schedule needs a server that stands; the one Prefect starts inside a process does not schedule. Raises
    ServerError when the server does not come up.
    """
    if "PREFECT_API_URL" in os.environ:
        yield os.environ["PREFECT_API_URL"]
        return
    port = _free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        _wait_until_up(process, port)
        os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
        yield os.environ["PREFECT_API_URL"]
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)


def _wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=1):
            return
        time.sleep(0.2)
    raise ServerError("Prefects server kom ikke op: prøv prefect server start, og se hvad den siger")


def _free_port() -> int:
    """Prefect's usual port, or any free one."""
    for port in (USUAL_PORT, 0):
        with suppress(OSError), socket.create_server((HOST, port)) as found:
            return int(found.getsockname()[1])
    raise ServerError(f"ingen ledig port på {HOST}")
