"""Accounts of reviewers, and the log of what was done."""

from __future__ import annotations

from datetime import UTC, datetime

from models.decisions import decision
from models.records import Verdict
from models.reviewers import Audit, Reviewers
from models.store import Store

MOMENT = datetime(2026, 11, 24, 2, tzinfo=UTC)


def test_an_account_is_made_changed_and_closed(store: Store) -> None:
    reviewers = Reviewers(store)
    assert (reviewers.names(), reviewers.password("Åse")) == ([], "")
    reviewers.add("Åse", "hash-1")
    reviewers.add("Bent", "hash-2")
    reviewers.add("Åse", "hash-3")
    assert reviewers.names() == ["Bent", "Åse"]
    assert [reviewers.password(name) for name in ("Åse", "åse", "Bent", "' OR 1=1 --")] == ["hash-3", "", "hash-2", ""]
    assert [reviewers.remove("Åse"), reviewers.remove("Åse")] == [True, False]
    assert reviewers.names() == ["Bent"]


def test_what_a_reviewer_decided_stays_when_the_account_is_closed(store: Store) -> None:
    reviewers = Reviewers(store)
    reviewers.add("Bent", "hash")
    made = decision(MOMENT, "Bent", "c1", Verdict.REJECTED, (), "p", "v", "")
    store.add_decisions([made])
    reviewers.remove("Bent")
    assert store.decisions() == [made]


def test_the_log_has_the_last_first(store: Store) -> None:
    reviewers = Reviewers(store)
    done = [
        Audit(MOMENT, "Bent", "127.0.0.1", what, told)
        for what, told in (("inde", ""), ("eksport", "soeg=æ"), ("ude", "<b>"))
    ]
    for one in (*done, done[0]):
        reviewers.note(one)
    assert reviewers.log(10) == [done[0], *reversed(done)]
    assert reviewers.log(2) == [done[0], done[2]]
