from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from models.themes.gold import Labelled, own_passages
from models.themes.model import ThemeModel, load_model

GOLD = Path(__file__).parents[3] / "data" / "gold"


@pytest.fixture(scope="session")
def gold_folder() -> Path:
    """Where the labelled texts lie."""
    return GOLD


@pytest.fixture(scope="session")
def own() -> list[Labelled]:
    """The passages of our own."""
    return own_passages(GOLD / "themes.jsonl")


@pytest.fixture(scope="session")
def model() -> ThemeModel:
    """The model that ships."""
    return load_model()


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads of the linear algebra wait for each other by spinning: slower than one, where other work is going on."""
    with threadpool_limits(limits=1):
        yield
