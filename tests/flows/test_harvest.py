"""The Prefect flow: the same dataset as without Prefect, on a real Prefect server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "data" / "sample-site"


def harvest(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "flows.cli", "harvest", "--from", str(SITE / "bornholm"), "--home", str(home)]
    return subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_the_flow_and_the_direct_run_give_the_same_dataset(tmp_path: Path) -> None:
    by_flow, directly = harvest(tmp_path / "flow"), harvest(tmp_path / "direkte", "--direct")
    assert (by_flow.returncode, directly.returncode) == (0, 0), by_flow.stderr
    datasets = [
        {path.name: path.read_bytes() for path in sorted((tmp_path / home / "dataset").iterdir())}
        for home in ("flow", "direkte")
    ]
    assert datasets[0] == datasets[1]
    assert (tmp_path / "flow" / "prefect").is_dir()


def test_the_flow_is_quiet(tmp_path: Path) -> None:
    done = harvest(tmp_path / "hjem", "--json")
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
