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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.sources import load_sources
from flows import fetching
from flows.engines import Engines
from flows.progress import silent
from flows.run import Direct, Options
from flows.settings import Settings

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
        process.communicate()


def sources(folder: Path, ports: Sequence[int], pages: int, delay: float = 0.0) -> Path:
    """A file of sources, one for each site; each on a loopback host of its own, so that each has its own pace."""
    path = folder / f"kilder-{ports[0]}.toml"
    path.write_text(
        "".join(
            f'[[source]]\nid = "sted-{at}"\nname = "Sted {at}"\npublisher = "Region Sjælland"\nkind = "website"\n'
            f'regions = ["alle"]\nstart = ["http://127.0.0.{at}:{port}/"]\nallow = ["/sag/", "/$"]\ndelay = {delay}\n'
            f"max_pages = {pages + 50}\n"
            for at, port in enumerate(ports, start=1)
        ),
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
    file, home = sources(tmp_path, [port], 2000), tmp_path / "hjem"
    first = run(home, file)
    asked = len(log.read_text(encoding="utf-8").splitlines())
    second = run(home, file)
    lines = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()[asked:]]
    bodies = [line[2] for line in lines if line[3] == "200"]
    print(f"\nfirst night {first:.1f} s CPU, unchanged night {second:.2f} s CPU, {second / first:.1%}")
    assert sum(line[3] == "304" for line in lines) == 2000
    assert bodies == []
    assert second < 0.03 * first


HOSTS, PACE, EACH = 20, 1.0, 40  # hosts, requests a second to each, pages of each


def test_20_hosts_side_by_side_at_the_pace_of_each(serve: Serve, tmp_path: Path) -> None:
    """At least 15 pages a second of all hosts, no host above its pace; measured where the requests arrive."""
    port, log = serve(EACH)
    with Engines(Settings(home=tmp_path / "hjem", allow_loopback=True), harvesting=True) as engines:
        runs = Direct.fetch_all(
            engines, load_sources(sources(tmp_path, [port] * HOSTS, EACH, 1 / PACE)), Options(), silent
        )
    assert sum(run.fresh for run in runs) == HOSTS * EACH
    lines = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()]
    moments: dict[str, list[float]] = defaultdict(list)
    for moment, host, _, _, _ in lines:
        moments[host].append(float(moment))
    everything = sorted(moment for of_host in moments.values() for moment in of_host)
    rate = len(everything) / (everything[-1] - everything[0])
    fastest = max((len(of_host) - 1) / (of_host[-1] - of_host[0]) for of_host in moments.values())
    print(f"\n{len(moments)} hosts, {rate:.1f} requests a second of all, {fastest:.3f} of the fastest")
    assert len(moments) == HOSTS
    assert rate >= 15
    assert fastest <= 1.02 * PACE


def test_fetching_a_page_takes_little_of_the_processor(serve: Serve, tmp_path: Path) -> None:
    """Under 15 ms of our own a page: asked for, archived, stored, its links found; nothing is read of it."""
    port, _ = serve(1000)
    with Engines(Settings(home=tmp_path / "hjem", allow_loopback=True), harvesting=True) as engines:
        (source,) = load_sources(sources(tmp_path, [port], 1000))
        began = time.process_time()
        run = fetching.fetch(engines, source)
        each = (time.process_time() - began) / run.fresh
    print(f"\n{1000 * each:.2f} ms CPU a page")
    assert run.fresh == 1000
    assert each < 0.015


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
    file = sources(tmp_path, [port], PAGES)
    started = time.monotonic()
    run(tmp_path / "hel", file)
    whole = time.monotonic() - started
    chance, home, killed, ended = random.Random(2011), tmp_path / "hjem", 0, 0
    while killed < KILLS:
        process = subprocess.Popen(command(home, file), env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.1, 0.6) * whole / 2)
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
