"""How fast the review answers over 100,000 collaborations and 1,000,000 claims; SAMSPIL_SCALE sets another size."""

from __future__ import annotations

import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from flask.testing import FlaskClient

from flows.engines import Engines
from flows.review.access import Access
from flows.review.app import create_app
from flows.settings import Settings
from models.listing import Listings, Search
from models.records import REGIONS, Theme
from models.reviewers import Reviewers
from tests.soak.invented import CLAIMS, FIRST, NOW, PLACES, QUESTIONS, SECOND, SOURCES, Invented

pytestmark = pytest.mark.soak

SIZE = int(os.environ.get("SAMSPIL_SCALE", "100000"))  # collaborations
REQUESTS, LONGEST = 200, 60.0  # of each page; seconds after which no more of it are sent


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """A home of that size."""
    seconds = count()
    with Engines(
        Settings(home=tmp_path_factory.mktemp("stort")), lambda: NOW + timedelta(seconds=next(seconds))
    ) as engines:
        began = time.monotonic()
        with engines.store.transaction() as connection:
            Invented(SIZE, engines.themes_version).fill(connection)
        print(f"\n{SIZE} collaborations, {SIZE * CLAIMS} claims, written in {time.monotonic() - began:.0f} s")
        yield engines


@pytest.fixture(scope="module")
def client(engines: Engines) -> Iterator[FlaskClient]:
    """A browser of a reviewer who came in."""
    app = create_app(engines, Access(Reviewers(engines.store)))
    with app.test_client() as client:
        token = fields(client, "/log-ind")["csrf_token"]
        assert client.post("/log-ind", data={"csrf_token": token, "navn": "Anna"}).status_code == 302
        yield client


def fields(client: FlaskClient, address: str) -> dict[str, str]:
    """The hidden fields of a page that a decision needs."""
    found = re.findall(r'name="(csrf_token|passage|model|seneste)" value="([^"]*)"', client.get(address).text)
    return dict(found)


def measured(name: str, ask: Callable[[int], float]) -> tuple[str, list[float]]:
    """Milliseconds of each of the requests."""
    times: list[float] = []
    while len(times) < REQUESTS and sum(times) < 1000 * LONGEST:
        times.append(ask(len(times)))
    return name, times


def table_of(results: list[tuple[str, list[float]]]) -> str:
    lines = [f"{'page':<28}{'requests':>9}{'median ms':>11}{'95 % ms':>10}"]
    for name, times in results:
        late = sorted(times)[int(0.95 * (len(times) - 1))]
        lines.append(f"{name:<28}{len(times):>9}{statistics.median(times):>11.1f}{late:>10.1f}")
    return "\n".join(lines)


PAGES: dict[str, Callable[[random.Random], str]] = {
    "queue": lambda _: "/koe",
    "queue, region and theme": lambda chance: f"/koe?region={chance.choice(REGIONS)}&tema={chance.choice(list(Theme))}",
    "queue, search": lambda chance: f"/koe?soeg={chance.choice(PLACES)}+{chance.choice(SECOND)}",
    "queue, search for nothing": lambda _: "/koe?soeg=findesikke",
    "next": lambda _: "/naeste",
    "item": lambda chance: f"/samarbejde/c{chance.randrange(SIZE):012x}",
    "question": lambda chance: f"/spoergsmaal/{chance.randrange(QUESTIONS):016x}",
    "table": lambda _: "/samarbejder",
    "table, search": lambda chance: f"/samarbejder?soeg={chance.choice(PLACES)}+{chance.choice(FIRST)}",
    "table, search for nothing": lambda _: "/samarbejder?soeg=findesikke",
    "table, sorted down": lambda chance: f"/samarbejder?ned=1&orden={chance.choice(SORTED)}",
    "table, filtered and sorted": lambda chance: (
        f"/samarbejder?region=Bornholm&stand=accepted&orden={chance.choice(SORTED)}"
    ),
    "table, page 40": lambda chance: f"/samarbejder?side=40&orden={chance.choice(SORTED)}",
    "organisation": lambda chance: f"/organisation/o{chance.randrange(max(SIZE // 5, 20)):010x}",
    "source": lambda chance: f"/kilde/kilde-{chance.randrange(SOURCES)}",
    "sources": lambda _: "/kilder",
    "nights": lambda _: "/nat",
    "decisions": lambda _: "/afgoerelser",
    "decisions of one": lambda _: "/afgoerelser?hvem=Anna",
    "quality": lambda _: "/kvalitet",
}
SORTED = ("title", "participant_count", "claim_count", "last_year", "first_seen")


def test_pages_are_timed(client: FlaskClient) -> None:
    chance = random.Random(2012)
    statuses: dict[str, set[int]] = {}

    def asked(name: str) -> Callable[[int], float]:
        def ask(_: int) -> float:
            began = time.perf_counter()
            answer = client.get(PAGES[name](chance))
            statuses.setdefault(name, set()).add(answer.status_code)
            return 1000 * (time.perf_counter() - began)

        return ask

    print("\n" + table_of([measured(name, asked(name)) for name in PAGES]))
    assert statuses == {name: {302 if name == "next" else 200} for name in PAGES}


def test_the_queue_after_a_decision_is_timed(client: FlaskClient, engines: Engines) -> None:
    """The time of the answer, and from sending a decision until a queue without the item is there."""
    answers: list[float] = []

    def decide(_: int) -> float:
        (row,) = Listings(engines.store).waiting(Search(), "Anna", 1)
        form = {**fields(client, f"/samarbejde/{row.id}"), "afgoerelse": "godkend", "tema": list(row.themes)}
        began = time.perf_counter()
        assert client.post(f"/samarbejde/{row.id}/afgoer", data=form).status_code == 302
        answers.append(1000 * (time.perf_counter() - began))
        queue = client.get("/koe")
        took = 1000 * (time.perf_counter() - began)
        assert (queue.status_code, f"/samarbejde/{row.id}" in queue.text) == (200, False)
        return took

    gone = measured("gone from the queue", decide)
    print("\n" + table_of([("decision", answers), gone]))
