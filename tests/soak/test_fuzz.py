"""Ten thousand broken files in one run: each becomes documents or one stored error, and the run goes on."""

from __future__ import annotations

import io
import random
import resource
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from models.paths import DATA

FILES, SEED = 10_000, 2011
MEMORY = 3 * 1024**3  # bytes of address space of the run
SECONDS = 3600
pytestmark = pytest.mark.soak

Chance = random.Random


def broken(body: bytes, chance: Chance) -> bytes:
    """The file with a few of its bytes lost, doubled or changed; of a ZIP archive, those of one entry at times."""
    if body[:2] == b"PK" and chance.random() < 0.7:
        return _broken_within(body, chance)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(body)), int(2 ** chance.uniform(0, 12))
        piece = body[at : at + length]
        changed = {
            "lost": b"",
            "doubled": piece * 2,
            "zeroed": bytes(len(piece)),
            "random": chance.randbytes(len(piece)),
            "turned": piece[::-1],
            "flipped": bytes(byte ^ (1 << chance.randrange(8)) for byte in piece[:4]) + piece[4:],
            "repeated": piece[:64] * chance.choice((10, 1000)),
        }
        body = body[:at] + changed[chance.choice(sorted(changed))] + body[at + length :] or b" "
        if chance.random() < 0.1:
            body = body[: chance.randrange(1, len(body) + 1)]
    return body


def _broken_within(body: bytes, chance: Chance) -> bytes:
    """The archive with one entry broken and all checksums right, so that its reader gets to see it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        chosen = chance.choice([entry.filename for entry in archive.infolist() if entry.file_size])
        for entry in archive.infolist():
            told = archive.read(entry)
            other.writestr(entry.filename, broken(told, chance) if entry.filename == chosen else told)
    return made.getvalue()


def test_ten_thousand_broken_files_are_read_or_told_of(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    whole = {
        kind: [path.read_bytes() for path in sorted((DATA / "sample-site").rglob(f"*.{kind}"))]
        for kind in ("html", "pdf", "docx")
    }
    folder, home = tmp_path / "filer", tmp_path / "hjem"
    folder.mkdir()
    for at in range(FILES):
        kind = ("html", "pdf", "docx")[at % 3]
        (folder / f"{at:05}.{kind}").write_bytes(broken(chance.choice(whole[kind]), chance))

    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "flows.cli", "harvest", "--from", folder, "--home", home, "--direct", "--json"],
        env={"SAMSPIL_PIPELINE": "fast", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    assert run.returncode in (0, 1), run.stderr[-2000:]
    with sqlite3.connect(home / "samspil.db") as store:
        read = {url for (url,) in store.execute("select distinct url from document")}
        failed = [url for (url,) in store.execute("select url from failure")]
        pages = store.execute("select count(*) from page").fetchone()[0]
    print(f"\n{FILES} files, {pages} pages, {len(read)} read, {len(failed)} told of, {seconds:.0f} s, {used:.0f} MB")
    assert len(failed) == len(set(failed))
    assert not read & set(failed)
