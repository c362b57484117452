"""What a night costs of whose claims 1 % are new, beside the first one; SAMSPIL_SCALE sets another size."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from flows import steps
from flows.engines import Engines
from flows.settings import Settings
from models import tables
from tests.soak.invented import BATCH, CLAIMS, Invented

pytestmark = pytest.mark.soak

SIZE = int(os.environ.get("SAMSPIL_SCALE", "5000"))  # collaborations
EXTRACTED = (tables.pages, tables.documents, tables.claims)


def extract(engines: Engines, invented: Invented, numbers: range) -> None:
    """Store the claims of collaborations of these numbers, as pages yield them."""
    for start in range(numbers.start, numbers.stop, BATCH):
        rows = [row for at in range(start, min(start + BATCH, numbers.stop)) for row in invented.collaboration(at)]
        with engines.store.transaction() as connection:
            for table in EXTRACTED:
                connection.execute(table.insert(), [row for of, row in rows if of is table])


def resolving(home: Path) -> float:
    """Seconds of processor for a night's step, in a process of its own as far as models and memory go."""
    with Engines(Settings(home=home), harvesting=True) as engines:
        assert engines.matcher is not None
        assert engines.identity is not None
        started = time.process_time()
        steps.resolve(engines)
        return time.process_time() - started


def test_a_night_costs_what_is_new(tmp_path: Path) -> None:
    invented = Invented(SIZE, "")
    with Engines(Settings(home=tmp_path), harvesting=True) as engines:
        extract(engines, invented, range(SIZE))
    first = resolving(tmp_path)
    unchanged = resolving(tmp_path)
    with Engines(Settings(home=tmp_path), harvesting=True) as engines:
        extract(engines, invented, range(SIZE, SIZE + SIZE // 100))
    third = resolving(tmp_path)
    print(
        f"\n{SIZE * CLAIMS} claims: first night {first:.1f} s, unchanged {unchanged:.1f} s ({unchanged / first:.1%}), "
        f"1 % new {third:.1f} s ({third / first:.1%})"
    )
    assert unchanged < 0.5 * first
    assert third - unchanged < 0.05 * first
