"""A review over the sample site's collaborations: visitors who send the forms of its pages, and what is published."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from extractors.sources import files_source
from flows import steps
from flows.engines import Engines
from flows.review.access import Access
from flows.review.app import create_app
from flows.review.listing import drawn_twice, list_dataset
from flows.run import Options, harvest
from flows.settings import Settings
from models.listing import Listed, Listings, Search
from models.reviewers import Reviewers
from tests.flows.review.serving import asking

SITE = Path(__file__).resolve().parents[3] / "data" / "sample-site"
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
_MACHINES = count(1)
LOADED = ("themes", "gazetteer", "typing", "identity", "matcher", "mappings", "privacy", "finder", "nlp")
"""Engines that take seconds to load, and that no test changes: one of each for all tests."""


@dataclass(frozen=True)
class Visitor:
    """A browser without scripts."""

    client: FlaskClient

    def get(self, path: str, **arguments: Any) -> TestResponse:
        return self.client.get(path, **arguments)

    def page(self, path: str) -> BeautifulSoup:
        """A page that is there."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return BeautifulSoup(answer.text, "html.parser")

    def text(self, path: str) -> str:
        """What a page says, its spaces made one."""
        return " ".join(self.page(path).get_text(" ").split())

    def token(self) -> str:
        found = self.page("/log-ind").select_one("input[name=csrf_token]")
        assert found is not None
        return str(found["value"])

    def post(self, path: str, fields: Any = (), **arguments: Any) -> TestResponse:
        """Send these fields with the token of this visit."""
        sent = MultiDict(fields)
        sent.setdefault("csrf_token", self.token())
        return self.client.post(path, data=sent, **arguments)

    def enter(self, name: str, secret: str = "", **fields: str) -> TestResponse:
        return self.post("/log-ind", {"navn": name, "adgangskode": secret, **fields})

    def form(self, key: str) -> MultiDict[str, str]:
        """The fields of a collaboration's judgement as its page fills them in."""
        found = self.page(f"/samarbejde/{key}").select_one("form.judgement")
        assert found is not None
        return MultiDict(_fields(found))

    def decide(self, key: str, answer: str, **changed: str | Sequence[str]) -> TestResponse:
        """Judge a collaboration by its form, with some fields changed."""
        form = self.form(key)
        for name, value in changed.items():
            form.setlist(name, [value] if isinstance(value, str) else list(value))
        return self.client.post(
            f"/samarbejde/{key}/afgoer", data=MultiDict([*form.items(multi=True), ("afgoerelse", answer)])
        )


def _fields(form: Tag) -> Iterator[tuple[str, str]]:
    for one in form.select("input, select, textarea"):
        if one.get("type") == "checkbox" and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            assert chosen is not None
            yield str(one["name"]), str(chosen["value"])
        else:
            yield str(one["name"]), str(one.get("value", ""))


@dataclass(frozen=True)
class Harvested:
    """What the desks are made from."""

    site: Path
    home: Path
    loaded: dict[str, Any]


@dataclass
class Desk:
    """A home under review, with its clock."""

    home: Path
    harvested: Harvested
    token: str = ""
    now: datetime = NIGHT
    engines: Engines = field(init=False)
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.engines = Engines(Settings(home=self.home), lambda: self.now)
        self.engines.__dict__.update(self.harvested.loaded)
        self.guard(self.token)

    def guard(self, token: str) -> None:
        """Serve again, and ask for this token."""
        self.app = create_app(self.engines, Access(self.accounts, token))
        self.app.testing = True  # what goes wrong inside is raised here

    @property
    def accounts(self) -> Reviewers:
        return Reviewers(self.engines.store)

    @property
    def listings(self) -> Listings:
        return Listings(self.engines.store)

    def stranger(self) -> Visitor:
        """Someone at a machine of their own."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"127.0.{next(_MACHINES)}.1"
        return Visitor(client)

    def visitor(self, name: str = "Anna") -> Visitor:
        """Someone who has come in."""
        found = self.stranger()
        assert found.enter(name).status_code == 302
        return found

    def rows(self) -> list[Listed]:
        """All that is listed, by title."""
        return self.listings.find(Search(), 1000).rows

    def write(self, *rows: Listed) -> None:
        """Put rows into the listing as a night does, in the place of those of the same ids."""
        listed = {row.id: row for row in (*self.rows(), *rows)}
        self.listings.save(list(listed.values()), [party for key in listed for party in self.listings.parties(key)])

    def row(self, key: str) -> Listed:
        found = self.listings.one(key)
        assert found is not None
        return found

    def plain(self, *reasons: str) -> list[Listed]:
        """What waits, the worthiest first, and is not drawn to be judged by two."""
        waiting = self.listings.waiting(Search(), "", 1000)
        return [row for row in waiting if not drawn_twice(row.id) and (not reasons or row.reason in reasons)]

    def several(self, count: int) -> list[Listed]:
        """Those of at least so many claims."""
        return [row for row in self.rows() if row.claim_count >= count]

    def queued(self, visitor: Visitor) -> list[str]:
        """The ids in a visitor's queue, as the page has them."""
        links = [str(link["href"]) for link in visitor.page("/koe").select("ol.cards a")]
        return [link.removeprefix("/samarbejde/") for link in links if link.startswith("/samarbejde/")]

    def publish(self) -> dict[str, dict[str, Any]]:
        """The next dataset: its collaborations by id, each with its parties as (name, role)."""
        dataset = steps.settle(self.engines)
        list_dataset(self.engines, dataset)
        found = {str(row["collaboration_id"]): {**row, "parties": []} for row in dataset.tables["collaborations"]}
        for party in dataset.tables["participants"]:
            found[str(party["collaboration_id"])]["parties"].append((party["name_as_written"], party["role"]))
        return found

    def night(self) -> None:
        """Another harvest of the same pages, a day later."""
        self.later(days=1)
        harvest(self.engines, [files_source(self.harvested.site)], Options())

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(scope="session")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Harvested:
    """A home with the sample site's collaborations as the harvest left it, and the engines it loaded."""
    site = Path(shutil.copytree(SITE, tmp_path_factory.mktemp("sted") / "proeve"))
    for file in site.rglob("*"):
        os.utime(file, (NIGHT.timestamp(), NIGHT.timestamp()))
    home = tmp_path_factory.mktemp("gennemsyn") / "hjem"
    with Engines(Settings(home=home), lambda: NIGHT, harvesting=True) as engines:
        harvest(asking(engines), [files_source(site)], Options())
        loaded = {name: getattr(engines, name) for name in LOADED}
    return Harvested(site, home, loaded)


@pytest.fixture
def open_desk(harvested: Harvested, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens desks, each over a home of its own."""
    opened: list[Desk] = []

    def make(token: str = "") -> Desk:
        home = Path(shutil.copytree(harvested.home, tmp_path / f"hjem-{len(opened)}"))
        opened.append(Desk(home, harvested, token))
        return opened[-1]

    yield make
    for one in opened:
        one.engines.__exit__()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A home of its own, in which nothing was decided yet; a name is enough to come in."""
    return open_desk()


@pytest.fixture(scope="module")
def shelf(harvested: Harvested, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A home for the tests of a module that only look."""
    home = Path(shutil.copytree(harvested.home, tmp_path_factory.mktemp("gennemsyn") / "hjem"))
    opened = Desk(home, harvested)
    yield opened
    opened.engines.__exit__()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing = "Chromium is missing; on Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
