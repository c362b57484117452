"""A run killed anywhere and run again gives what an undisturbed run gives, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "data" / "sample-site"
MOMENTS = 8  # 200 are tried by `make soak`


def command(home: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "flows.cli",
        "harvest",
        "--direct",
        "--json",
        "--from",
        str(SITE),
        "--home",
        str(home),
    ]


def contents(home: Path) -> dict[str, bytes]:
    """The dataset, and the archive with it."""
    return {
        f"{folder}/{path.name}": path.read_bytes()
        for folder in ("dataset", "archive")
        for path in sorted((home / folder).iterdir())
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float, float]:
    """What a whole run leaves; when its home appeared, and when it ended, in seconds from the start."""
    home = tmp_path_factory.mktemp("hel") / "hjem"
    started = time.monotonic()
    process = subprocess.Popen(command(home), stdout=subprocess.DEVNULL)
    while not (home / "samspil.db").exists():
        assert process.poll() is None
        time.sleep(0.01)
    opened = time.monotonic() - started
    assert process.wait(timeout=120) == 0
    return contents(home), opened, time.monotonic() - started


@pytest.fixture(scope="module")
def killed() -> list[int]:
    """How the processes ended that were killed."""
    return []


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_run_leaves_no_trace(
    moment: int, undisturbed: tuple[dict[str, bytes], float, float], tmp_path: Path, killed: list[int]
) -> None:
    whole, opened, ended = undisturbed
    share = (moment + random.Random(moment).random()) / MOMENTS
    home = tmp_path / "hjem"
    process = subprocess.Popen(command(home), stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=opened + share * (ended - opened))
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        killed.append(process.wait(timeout=30))
    again = subprocess.run(command(home), stdout=subprocess.DEVNULL, timeout=120, check=False)
    assert again.returncode == 0
    assert contents(home) == whole


def test_kills_did_happen(killed: list[int]) -> None:
    """A run may come to its end just before it is killed."""
    assert set(killed) <= {-signal.SIGKILL, 0}
    assert killed.count(-signal.SIGKILL) > MOMENTS / 4
