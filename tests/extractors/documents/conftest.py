"""A page to read, and the check that every reader owes: each block leads back to what was read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.documents.mappings import TableMapping, load_mappings
from extractors.documents.reading import Reading
from extractors.documents.repair import repair
from models.records import Page, digest

TABLES = Path(__file__).parents[3] / "data" / "tables"


@pytest.fixture
def make_page() -> Callable[..., Page]:
    """A page of the source `kilde` at this URL, of this media type."""

    def make(url: str, media_type: str = "", charset: str = "") -> Page:
        at = datetime(2020, 1, 2, tzinfo=UTC)
        return Page(digest(url, length=24), "kilde", url, media_type, charset, at, at, digest(url), "urn:uuid:0")

    return make


@pytest.fixture
def leads_back() -> Callable[[Reading], bool]:
    """Whether the text as read, between the bounds of a block and repaired, is the block's text, for each block."""

    def check(reading: Reading) -> bool:
        return all(repair(reading.text[block.start : block.end]).text == block.text for block in reading.blocks)

    return check


@pytest.fixture(scope="session")
def mappings() -> tuple[TableMapping, ...]:
    """Those that Samspil ships."""
    return load_mappings(TABLES)
