"""The review killed at chance moments: what was answered is in the store, once, and the database is whole."""

from __future__ import annotations

import random
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from models.listing import Listed, ListedParty, Listings
from models.store import Store

ITEMS = 7
KILLS = 3  # at least
LIFE = 0.05, 0.7  # seconds between the first answer of a process and its end
BROKEN_OFF = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
VERDICTS = ("godkend", "ret", "afvis", "ved-ikke")
_FIELD = re.compile(r'name="(csrf_token|passage|model|seneste)" value="([^"]*)"')


def listed(number: int) -> Listed:
    """A collaboration that waits; all its fields are invented."""
    title = f"Samarbejdet om havn {number}"
    return Listed(
        id=f"c{number:012x}",
        title=title,
        project=title,
        parties="Havneby Kommune, Aalborg Universitet",
        folded=f"{title} havneby kommune, aalborg universitet".casefold(),
        themes=("klima_energi",),
        forums=(),
        regions=("Nordjylland",),
        sources=("sted",),
        corroboration="mentioned",
        cross_regional=False,
        international=False,
        participant_count=2,
        claim_count=1,
        first_year=2012,
        last_year=2014,
        first_seen="2026-11-24",
        last_seen="2026-11-24",
        confidence=0.6,
        passage=f"tekst-{number}",
        extraction=f"fund-{number}",
        review="automatic",
        reviewers=(),
        reason="weak",
        worth=0.41,
        changed="",
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which a few collaborations wait."""
    rows = [listed(number) for number in range(ITEMS)]
    parties = [
        ListedParty(row.id, f"o{at}", name, "partner")
        for row in rows
        for at, name in enumerate(row.parties.split(", "))
    ]
    with closing(Store(f"sqlite:///{tmp_path / 'samspil.db'}")) as store:
        Listings(store).save(rows, parties)
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Told:
    """The notes of decisions: those that were answered, and those during which the process died."""

    answered: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    kills: int = 0


def until_answered(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait for the first answer of a process."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the review ended by itself: {process.returncode}"
        try:
            requests.get(f"{address}/log-ind", timeout=10).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the review does not answer")


def form_of(session: requests.Session, address: str) -> dict[str, str]:
    """The hidden fields of a page's first form that has them."""
    answer = session.get(address, timeout=30)
    answer.raise_for_status()
    return dict(reversed(_FIELD.findall(answer.text)))


def decide(session: requests.Session, address: str, number: int, verdict: str) -> None:
    """Decide one item; its number stands in the note."""
    item = f"{address}/samarbejde/{listed(number % ITEMS).id}"
    form = {**form_of(session, item), "afgoerelse": verdict, "tema": "klima_energi", "note": f"nr. {number}"}
    form |= {"title": listed(number % ITEMS).title, "project": listed(number % ITEMS).project}
    answer = session.post(f"{item}/afgoer", data=form, timeout=30, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    assert "/log-ind" not in answer.headers["Location"]


def sitting(home: Path, wanted: int, chance: random.Random) -> Told:
    """Decide so many times while the process is killed again and again."""
    port, told, number = free_port(), Told(), 0
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "flows.cli", "review", "--home", str(home), "--port", str(port)]
    with requests.Session() as session:
        while len(told.answered) < wanted or told.kills < KILLS:
            with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
                killer = threading.Timer(chance.uniform(*LIFE), process.kill)
                try:
                    until_answered(process, address)
                    killer.start()
                    if number == 0:
                        begun = {**form_of(session, f"{address}/log-ind"), "navn": "Anna", "videre": "/koe"}
                        session.post(f"{address}/log-ind", data=begun, timeout=30)
                    while len(told.answered) < wanted or told.kills < KILLS:
                        number += 1
                        told.unanswered.append(f"nr. {number}")
                        decide(session, address, number, chance.choice(VERDICTS))
                        told.answered.append(told.unanswered.pop())
                except BROKEN_OFF:
                    told.kills += 1
                finally:
                    killer.cancel()
                    process.kill()
    return told


@pytest.mark.parametrize("wanted", [60, pytest.param(500, marks=pytest.mark.soak)])
def test_what_was_answered_is_stored_once_however_often_the_review_is_killed(home: Path, wanted: int) -> None:
    told = sitting(home, wanted, random.Random(2011))
    print(f"\n{told.kills} kills, {len(told.unanswered)} of them before the answer")
    with closing(sqlite3.connect(home / "samspil.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        stored = Counter(note for (note,) in database.execute("SELECT note FROM decision"))
        moments = database.execute("SELECT collaboration_id, at FROM decision").fetchall()
    assert {note: stored[note] for note in told.answered} == dict.fromkeys(told.answered, 1)
    assert set(stored) <= {*told.answered, *told.unanswered}
    assert max(stored.values()) == 1
    assert len(set(moments)) == len(moments)  # none of an item at the moment of another: their order is certain
    assert told.kills >= KILLS
