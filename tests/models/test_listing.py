"""The listing of collaborations: found, sorted, waiting; written as a whole and row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from models import wording
from models.listing import Found, Listed, ListedParty, Listings, Question, Search
from models.store import Store
from models.tables import listed_words

BARE = Listed(
    id="c1",
    title="Alfa",
    project="Projekt Alfa",
    parties="Ærø Kommune, KL",
    folded="alfa projekt alfa ærø kommune, kl",
    themes=("klima_energi", "kompetenceudvikling"),
    forums=("Syddanmark",),
    regions=("Syddanmark", "Sjælland"),
    sources=("kilde_a",),
    corroboration="mentioned",
    cross_regional=True,
    international=False,
    participant_count=2,
    claim_count=1,
    first_year=2010,
    last_year=2012,
    first_seen="2026-11-24",
    last_seen="2026-11-25",
    confidence=0.8,
    passage="p1",
    extraction="e1",
    review="automatic",
    reviewers=(),
    reason="new",
    worth=0.3,
    changed="",
)
SECOND = replace(
    BARE,
    id="c2",
    title="Beta",
    folded="beta 100% _x_",
    themes=(),
    regions=("Sjælland",),
    sources=("kilde_b",),
    last_year=None,
    first_seen="2026-11-26",
    review="rejected",
    reviewers=("Anna_B",),
    reason="changed",
    worth=0.95,
    participant_count=9,
)
THIRD = replace(BARE, id="c3", title="Gamma", folded="gamma", last_year=2015, reason="", worth=0.0, claim_count=7)
ROWS = [BARE, SECOND, THIRD]
PARTIES = [
    ListedParty("c1", "o1", "Ærø Kommune", "partner"),
    ListedParty("c1", "o2", "KL", "funder"),
    ListedParty("c1", "o3", "Zebra", "lead"),
    ListedParty("c2", "o1", "Ærø Kommune", "lead"),
    ListedParty("c2", "o2", "Kommunernes Landsforening", "member"),
    ListedParty("c3", "o1", "Ærø", "member"),
]


@pytest.fixture
def listings(store: Store) -> Listings:
    """Three rows with their parties."""
    found = Listings(store)
    found.save(ROWS, PARTIES)
    return found


def test_what_was_saved_is_read_back(listings: Listings) -> None:
    assert listings.find(Search(), 10) == Found(ROWS, 3)
    assert [listings.one(key) for key in ("c1", "c2", "c9", "")] == [BARE, SECOND, None, None]
    assert listings.some(["c3", "c9", "c1"]) == [BARE, THIRD]
    assert listings.titles({"c2", "c9"}) == {"c2": "Beta"}
    assert listings.extractions() == {"c1": "e1", "c2": "e1", "c3": "e1"}


def test_a_new_listing_stands_in_the_place_of_the_old(listings: Listings) -> None:
    now = replace(BARE, title="Alfa igen", themes=())
    listings.save([now, SECOND], [PARTIES[0], PARTIES[3]])
    assert listings.find(Search(), 10) == Found([now, SECOND], 2)
    assert [listings.parties(key) for key in ("c1", "c2", "c3")] == [[PARTIES[0]], [PARTIES[3]], []]


def test_one_row_is_written_without_the_others(listings: Listings) -> None:
    now = replace(SECOND, review="accepted", reviewers=("Anna_B", "Bent"), worth=0.0)
    listings.put(now)
    assert listings.find(Search(), 10).rows == [BARE, now, THIRD]
    assert listings.parties("c2") == [PARTIES[3], PARTIES[4]]


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        (Search(text="ÆRØ kl"), ["c1"]),
        (Search(text="KOMMUN"), ["c1"]),
        (Search(text="alfa kl beta"), []),
        (Search(text="%"), ["c2"]),
        (Search(text="_"), ["c2"]),
        (Search(text="' OR 1=1 --"), []),
        (Search(theme="klima_energi"), ["c1", "c3"]),
        (Search(theme="klima"), []),
        (Search(region="Sjælland"), ["c1", "c2", "c3"]),
        (Search(region="Syddanmark"), ["c1", "c3"]),
        (Search(region="sjælland"), []),
        (Search(source="kilde_b"), ["c2"]),
        (Search(source="kilde%"), []),
        (Search(review="rejected"), ["c2"]),
        (Search(since="2026-11-25"), ["c2"]),
        (Search(region="Syddanmark", text="gamma"), ["c3"]),
        (Search(order="last_year"), ["c2", "c1", "c3"]),
        (Search(order="last_year", descending=True), ["c3", "c1", "c2"]),
        (Search(order="participant_count", descending=True), ["c2", "c3", "c1"]),
        (Search(order="claim_count"), ["c1", "c2", "c3"]),
        (Search(order="passage; DROP TABLE listing", descending=True), ["c3", "c2", "c1"]),
    ],
)
def test_a_search_finds_the_same_in_the_same_order_in_both_databases(
    listings: Listings, search: Search, ids: list[str]
) -> None:
    found = listings.find(search, 10)
    assert ([row.id for row in found.rows], found.count) == (ids, len(ids))
    if search.order == "title":
        assert [row.id for row in listings.every(search)] == ids


def test_a_search_follows_what_is_written(listings: Listings, store: Store) -> None:
    listings.save([replace(BARE, folded="delta ærø"), SECOND], [])
    found = {text: [row.id for row in listings.find(Search(text=text), 10).rows] for text in ("alfa", "delt", "beta")}
    assert found == {"alfa": [], "delt": ["c1"], "beta": ["c2"]}
    assert listings.find(Search(text="gamma"), 10) == Found([], 0)
    assert {row.collaboration_id for row in store.rows(sa.select(listed_words))} == {"c1", "c2"}


def test_words_that_stand_nearly_everywhere_are_found_too(listings: Listings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "FEW", 1)
    assert [row.id for row in listings.find(Search(text="a"), 10).rows] == ["c1", "c2", "c3"]
    assert [row.id for row in listings.find(Search(text="a gam"), 10).rows] == ["c3"]
    monkeypatch.setattr(wording, "FEW", 2)
    listings.save([BARE, replace(SECOND, folded="alfa beta"), replace(THIRD, folded="alfa gamma beta")], [])
    assert [row.id for row in listings.find(Search(text="alfa beta"), 10).rows] == ["c2", "c3"]


def test_pages_follow_each_other(listings: Listings) -> None:
    pages = [[row.id for row in listings.find(Search(page=page), 2).rows] for page in (0, 1, 2, 3)]
    assert pages == [["c1", "c2"], ["c1", "c2"], ["c3"], []]
    assert listings.find(Search(page=3), 2).count == 3


@pytest.mark.parametrize(
    ("reviewer", "skipped", "ids"),
    [
        ("", (), ["c2", "c1"]),
        ("Anna_B", (), ["c1"]),
        ("anna_b", (), ["c2", "c1"]),
        ("Anna", (), ["c2", "c1"]),
        ("AnnaXB", (), ["c2", "c1"]),
        ("Bent", ("c2", "c9"), ["c1"]),
    ],
)
def test_what_a_reviewer_neither_decided_nor_skipped_waits(
    listings: Listings, reviewer: str, skipped: tuple[str, ...], ids: list[str]
) -> None:
    assert [row.id for row in listings.waiting(Search(), reviewer, 10, skipped)] == ids
    if not skipped:
        assert listings.count_waiting(Search(), reviewer) == len(ids)
    assert [row.id for row in listings.waiting(Search(), reviewer, 1, skipped)] == ids[:1]


def test_a_filter_holds_for_what_waits_too(listings: Listings) -> None:
    assert [row.id for row in listings.waiting(Search(region="Syddanmark"), "", 10)] == ["c1"]
    assert listings.count_waiting(Search(region="Syddanmark"), "") == 1
    assert listings.reasons() == {"new": 1, "changed": 1}


def test_parties_stand_with_leads_first_and_funders_last(listings: Listings) -> None:
    assert [one.name for one in listings.parties("c1")] == ["Zebra", "Ærø Kommune", "KL"]


def test_an_organisation_has_its_newest_collaborations_first(listings: Listings) -> None:
    assert listings.of_organisation("o1", 10) == [(THIRD, "member"), (BARE, "partner"), (SECOND, "lead")]
    assert listings.of_organisation("o1", 1) == [(THIRD, "member")]
    assert listings.beside("o1", 10) == [("o2", "KL", 2), ("o3", "Zebra", 1)]
    assert listings.beside("o9", 10) == []


def test_nights_are_counted_the_last_first(listings: Listings) -> None:
    assert listings.days(10) == [("2026-11-26", 1), ("2026-11-24", 2)]
    assert listings.days(1) == [("2026-11-26", 1)]
    assert listings.first_seen("2026-11-24", 10) == [BARE, THIRD]
    assert listings.first_seen("", 10) == []


def test_questions_are_asked_by_their_worth_until_they_are_answered(listings: Listings) -> None:
    first, second = Question("q1", "A", "B", 0.5, 0.85), Question("q2", "C", "D", 0.9, 0.5)
    for one in (second, first):
        listings.ask(one)
    assert listings.questions(10) == [first, second]
    assert listings.questions(10, {"q1", "q9"}) == [second]
    assert (listings.question("q2"), listings.question("q9")) == (second, None)
    listings.answered("q1")
    assert listings.questions(10) == [second]
    again = replace(second, worth=0.7)
    listings.ask(again)
    assert listings.questions(10) == [again]
