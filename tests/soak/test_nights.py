"""Long trials on a site of many pages; `make soak` runs them, and prints what it measured."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

SITE = Path(__file__).with_name("site.py")
KILLS, PAGES = 200, 500
pytestmark = pytest.mark.soak

Serve = Callable[[int], tuple[int, Path]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a site of so many pages: its port, and its log."""
    running: list[subprocess.Popen[str]] = []

    def start(pages: int) -> tuple[int, Path]:
        log = tmp_path / f"site-{len(running)}.log"
        process = subprocess.Popen([sys.executable, SITE, str(pages), log], stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return int(process.stdout.readline()), log

    yield start
    for process in running:
        process.terminate()
        process.wait()


def sources(folder: Path, port: int, pages: int) -> Path:
    path = folder / f"kilder-{port}.toml"
    path.write_text(
        f'[[source]]\nid = "sted"\nname = "Sted"\npublisher = "Region Sjælland"\nkind = "website"\nregions = ["alle"]\n'
        f'start = ["http://127.0.0.1:{port}/"]\nallow = ["/sag/", "/$"]\ndelay = 0.0\nmax_pages = {pages + 50}\n',
        encoding="utf-8",
    )
    return path


def command(home: Path, file: Path) -> list[str]:
    return [
        sys.executable, "-m", "flows.cli", "harvest", "--direct", "--json", "--sources", str(file), "--home", str(home),
    ]  # fmt: skip


ENVIRONMENT = {**os.environ, "SAMSPIL_ALLOW_LOOPBACK": "1"}


def run(home: Path, file: Path) -> float:
    """One harvest; the seconds of CPU that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command(home, file), env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_an_unchanged_night_over_2000_pages(serve: Serve, tmp_path: Path) -> None:
    port, log = serve(2000)
    file, home = sources(tmp_path, port, 2000), tmp_path / "hjem"
    first = run(home, file)
    asked = len(log.read_text(encoding="utf-8").splitlines())
    second = run(home, file)
    lines = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()[asked:]]
    bodies = [line[2] for line in lines if line[3] == "200"]
    print(f"\nfirst night {first:.1f} s CPU, unchanged night {second:.2f} s CPU, {second / first:.1%}")
    assert sum(line[3] == "304" for line in lines) == 2000
    assert bodies == []
    assert second < 0.03 * first


def kept(home: Path) -> tuple[Counter[tuple[str, ...]], dict[str, list[tuple[object, ...]]]]:
    """The archive's records and the store's rows, but for times and places in files."""
    records: Counter[tuple[str, ...]] = Counter()
    for path in sorted((home / "archive").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                uri, digest = map(record.rec_headers.get_header, ("WARC-Target-URI", "WARC-Payload-Digest"))
                records[record.rec_type, uri, digest] += 1
    queries = {
        "pages": "SELECT id, url, content, record, current FROM page ORDER BY id",
        "documents": "SELECT id, page_id, url, title, signature FROM document ORDER BY id",
        "claims": "SELECT * FROM claim ORDER BY id",
        "members": "SELECT claim_id, collaboration_id, project, title, parties FROM member ORDER BY claim_id",
        "organisations": "SELECT * FROM organisation ORDER BY id",
        "predictions": "SELECT * FROM prediction ORDER BY text_digest",
        "failures": "SELECT source_id, url, step, reason, kind FROM failure ORDER BY url, step",
    }
    with sqlite3.connect(home / "samspil.db") as store:
        return records, {name: store.execute(query).fetchall() for name, query in queries.items()}


def test_200_kills_leave_what_an_undisturbed_run_leaves(serve: Serve, tmp_path: Path) -> None:
    port, _ = serve(PAGES)
    file = sources(tmp_path, port, PAGES)
    started = time.monotonic()
    run(tmp_path / "hel", file)
    whole = time.monotonic() - started
    chance, home, killed, ended = random.Random(2011), tmp_path / "hjem", 0, 0
    while killed < KILLS:
        process = subprocess.Popen(command(home, file), env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.2, 1.0) * whole / 2)
            ended += 1
            if ended % 3 == 0:  # begin anew, so that kills fall into every step
                subprocess.run(["rm", "-rf", str(home)], check=True)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
            print(f"\r{killed} of {KILLS} kills", end="", flush=True)
    subprocess.run(command(home, file), env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    print(f"\n{killed} kills, {ended} runs came to their end between them; a whole run takes {whole:.1f} s")
    records, rows = kept(home)
    expected_records, expected_rows = kept(tmp_path / "hel")
    assert rows == expected_rows
    assert {one for one in records if one[0] != "revisit"} == {one for one in expected_records if one[0] != "revisit"}
    assert max(records.values()) <= 1 + ended
