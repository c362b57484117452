from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.database import CHUNK
from models.identity.collaborations import Grouping, Statement, group_claims
from models.identity.likeness import Chances
from models.identity.matcher import Match
from models.records import (
    Claim,
    Corroboration,
    Decision,
    Document,
    Failure,
    Organisation,
    Page,
    Participant,
    PartnerType,
    Role,
    Source,
    SourceKind,
    Theme,
    ThemePrediction,
    Verdict,
)
from models.store import (
    Change,
    DatabaseUnavailableError,
    Fetched,
    Lead,
    LostCapture,
    Place,
    SourceRun,
    Store,
    StoredClaim,
)
from models.tables import metadata

NIGHT = datetime(2026, 11, 24, 2, 0, 1, tzinfo=UTC)
LATER = NIGHT + timedelta(days=1)
ALFA, BETA = "https://a.dk/alfa", "https://a.dk/beta"


def page(url: str, content: str, source: str = "kilde", at: datetime = NIGHT) -> Page:
    key = Page.key(source, url, content)
    return Page(key, source, url, "text/html", "utf-8", at, at, content, f"urn:uuid:{content}")


def place(offset: int = 0, file: str = "1.warc.gz", etag: str = '"1"') -> Place:
    return Place(file, offset, 100, etag, "Tue, 24 Nov 2026 02:00:00 GMT")


def document(of: Page, name: str = "d1", title: str = "Referat") -> Document:
    return Document(name, of.source_id, of.id, of.url, title, date(2011, 8, 31), None, "da", ())


def claim(name: str, of: str = "d1", source: str = "kilde") -> Claim:
    return Claim(
        id=name,
        document_id=of,
        source_id=source,
        title="Grøn vækst på tværs",
        project="NAKUWA",
        participants=(
            Participant("Region Sjælland", Role.LEAD, "region-sjaelland"),
            Participant("Ældre & Søn A/S", Role.PARTNER),
        ),
        evidence="Region Sjælland og Ældre & Søn A/S samarbejder; kontakt [person].",
        start=3,
        end=68,
        page=None,
        context="Grøn vækst ¿ på tværs",
        forums=("Sjælland",),
        regions=("Sjælland", "Hovedstaden"),
        cross_regional=True,
        international=False,
        first_year=2010,
        last_year=None,
        basis=Corroboration.MINUTES,
        confidence=0.1 + 0.2,
        extractor_version="x1",
    )


def add_pages(store: Store, batch: list[tuple[Page, Place]]) -> None:
    reached = {place.file: place.offset + place.length for _, place in batch}
    store.commit_fetch([Fetched(*one) for one in batch], {}, reached)


def current(store: Store, source: str, url: str) -> tuple[Page, Place] | None:
    return next((found for found in store.current_pages([source]) if found[0].url == url), None)


def stored(one: Claim, of: Page, title: str = "Referat") -> StoredClaim:
    return StoredClaim(one, of.url, title, date(2011, 8, 31), of.fetched_at, of.last_seen, of.record, of.id)


# Pages


def test_a_page_comes_back_as_it_was_given(store: Store) -> None:
    first, second = page(ALFA, "1"), page(BETA, "2", source="anden")
    add_pages(store, [(first, place()), (second, place(100, etag=""))])
    assert current(store, "kilde", ALFA) == (first, place())
    assert current(store, "anden", BETA) == (second, place(100, etag=""))
    assert current(store, "kilde", BETA) is None
    both = sorted([(first, place()), (second, place(100, etag=""))], key=lambda pair: pair[0].id)
    assert list(store.current_pages()) == both
    assert list(store.current_pages(["anden", "ukendt"])) == [(second, place(100, etag=""))]
    assert list(store.current_pages([])) == []


def test_a_changed_page_takes_the_place_of_the_older_one(store: Store) -> None:
    old, new, neighbour = page(ALFA, "1"), page(ALFA, "2", at=LATER), page(BETA, "1")
    same_address = page(ALFA, "1", source="anden")
    add_pages(store, [(old, place()), (neighbour, place(100)), (same_address, place(200))])
    add_pages(store, [(new, place(300))])
    found = {one.id for one, _ in store.current_pages()}
    assert found == {new.id, neighbour.id, same_address.id}
    assert current(store, "kilde", ALFA) == (new, place(300))
    assert store.counts()["page"] == 4


def test_of_two_versions_in_one_batch_the_last_is_current(store: Store) -> None:
    first, second = page(ALFA, "1"), page(ALFA, "2")
    add_pages(store, [(first, place()), (second, place(100))])
    assert list(store.current_pages()) == [(second, place(100))]


def test_a_page_that_returns_to_earlier_content_is_the_version_first_fetched(store: Store) -> None:
    old, new, again = page(ALFA, "1"), page(ALFA, "2", at=LATER), page(ALFA, "1", at=LATER + timedelta(days=1))
    add_pages(store, [(old, place(0, etag="a"))])
    add_pages(store, [(new, place(100, etag="b"))])
    add_pages(store, [(replace(again, record="urn:uuid:other"), place(200, etag="c"))])
    assert list(store.current_pages()) == [(replace(old, last_seen=again.last_seen), place(0, etag="c"))]


def test_a_page_that_returns_is_read_again(store: Store) -> None:
    """Both versions hold the same text, hence one document, which went over to the newer page."""
    old, new = page(ALFA, "1"), page(ALFA, "2")
    for version in (old, new):
        add_pages(store, [(version, place())])
        store.add_extraction(version, [(document(version), [claim("c1")])], "extract", "x1")
    assert store.finished("extract", "x1") == {old.id, new.id}
    add_pages(store, [(old, place())])
    assert store.finished("extract", "x1") == {new.id}
    assert list(store.current_claims()) == []
    store.add_extraction(old, [(document(old), [claim("c1")])], "extract", "x1")
    assert list(store.current_claims()) == [stored(claim("c1"), old)]


def test_adding_pages_twice_is_adding_them_once(store: Store) -> None:
    batch = [(page(ALFA, "1"), place()), (page(BETA, "2"), place(100))]
    add_pages(store, batch)
    before = list(store.current_pages())
    add_pages(store, batch)
    assert list(store.current_pages()) == before
    assert store.counts()["page"] == 2


def test_last_seen_moves_only_forward(store: Store) -> None:
    first, second = page(ALFA, "1"), page(BETA, "2")
    add_pages(store, [(first, place()), (second, place())])
    store.commit_fetch([], {first.id: LATER, second.id: NIGHT - timedelta(days=1), "unknown": LATER}, {})
    found = {one.url: one for one, _ in store.current_pages()}
    assert found == {ALFA: replace(first, last_seen=LATER), BETA: second}


def test_archive_ends_are_those_committed_last(store: Store) -> None:
    assert store.archive_ends() == {}
    big = 5 << 40
    store.commit_fetch([], {}, {"1.warc.gz": 700, "2.warc.gz": big})
    store.commit_fetch([Fetched(page(ALFA, "1"), place())], {}, {"1.warc.gz": 750})
    assert store.archive_ends() == {"1.warc.gz": 750, "2.warc.gz": big}
    store.forget_archive(["2.warc.gz"])
    assert store.archive_ends() == {"1.warc.gz": 750}


def test_leads_are_kept_for_a_scope_and_go_with_their_source(store: Store) -> None:
    one, other = page(ALFA, "1"), page(BETA, "2", source="anden")
    first, second = Lead(one.id, "page", "vid", b"\x00links"), Lead(one.id, "sitemap", "vid", b"\xfflisted")
    store.commit_fetch([Fetched(one, place()), Fetched(other, place(9))], {}, {}, [first, second])
    store.commit_fetch([], {}, {}, [Lead(other.id, "page", "vid", b"1"), replace(second, packed=b"newer")])
    assert store.leads("kilde", "vid") == {(one.id, "page"): first.packed, (one.id, "sitemap"): b"newer"}
    assert store.leads("kilde", "smal") == {}
    store.drop_source("kilde")
    assert store.counts()["lead"] == 1
    assert store.leads("anden", "vid") == {(other.id, "page"): b"1"}


def test_captures_that_cannot_be_had_are_kept_by_source(store: Store) -> None:
    lost = LostCapture("forum", "A" * 32, "http://a.dk/", "Siden findes ikke (HTTP 404)", "NotFound")
    for one in (lost, lost, replace(lost, source_id="andet")):
        store.add_lost_capture(one)
    assert store.lost_captures("forum") == [lost]


def test_the_revision_grows_with_what_a_dataset_is_made_from_and_with_nothing_else(store: Store) -> None:
    one = page(ALFA, "1")
    revisions = [store.revision()]
    for change in (
        lambda: store.commit_fetch([Fetched(one, place())], {}, {}),
        lambda: store.add_extraction(one, [], "extract", "x1"),
        lambda: store.drop_source("kilde"),
    ):
        change()
        revisions.append(store.revision())
    assert revisions == [0, 1, 2, 3]
    store.commit_fetch([], {one.id: LATER}, {"1.warc.gz": 7}, [Lead(one.id, "page", "vid", b"1")])
    store.drop_source("kilde")
    store.set_published("alt")
    assert (store.revision(), store.published()) == (3, "alt")


def test_an_older_capture_is_kept_and_not_current(store: Store) -> None:
    new, old = page(ALFA, "2"), page(ALFA, "1", at=NIGHT - timedelta(days=900))
    store.commit_fetch([Fetched(new, place())], {}, {})
    store.commit_fetch([Fetched(old, place(100, etag="gammel"), current=False)], {}, {})
    assert [one for one, _ in store.current_pages()] == [new]
    assert store.counts()["page"] == 2
    assert store.etags("kilde") == {place().etag, "gammel"} - {""}


def test_a_changed_page_tells_how_its_claims_compare_once(store: Store) -> None:
    old, new = page(ALFA, "1"), page(ALFA, "2", at=LATER)
    add_pages(store, [(old, place())])
    gone = replace(claim("c2"), project="Borte")
    store.add_extraction(old, [(document(old), [claim("c1"), gone])], "extract", "x1")
    assert store.changes("kilde") == []
    add_pages(store, [(new, place(100))])
    added = replace(claim("c4", "d2"), project="Ny")
    store.add_extraction(new, [(document(new, "d2"), [claim("c3", "d2"), added])], "extract", "x1")
    told = [Change(new.id, "kilde", LATER, kept=1, added=1, removed=1)]
    assert store.changes("kilde") == told
    store.add_extraction(new, [(document(new, "d2"), [])], "extract", "x2")
    assert store.changes("kilde") == told


def test_sources_come_back_without_where_they_begin(store: Store) -> None:
    source = Source("kilde", "Kilde", "Region Sjælland", SourceKind.WEBSITE, ("Sjælland",), ("https://a.dk/",))
    for _ in range(2):
        store.begin_run(source, "fetch", NIGHT)
        store.add_source(replace(source, name="Andet"))
        assert store.sources() == [replace(source, start=())]


def test_a_run_that_was_broken_off_is_gone_on_with_for_a_day(store: Store) -> None:
    source = Source("kilde", "Kilde", "", SourceKind.WEBSITE, ("alle",), ())
    hour = timedelta(hours=1)
    assert store.begin_run(source, "fetch", NIGHT) == NIGHT
    assert store.begin_run(source, "fetch", NIGHT + hour) == NIGHT
    store.add_run(SourceRun("kilde", "Kilde", NIGHT + 2 * hour, 1, 0, 0, 0))
    assert store.begin_run(source, "fetch", NIGHT + 3 * hour) == NIGHT + 3 * hour
    assert store.begin_run(source, "fetch", NIGHT + 30 * hour) == NIGHT + 30 * hour


def test_a_step_forgotten_is_done_again(store: Store) -> None:
    of = page(ALFA, "1")
    add_pages(store, [(of, place())])
    store.add_extraction(of, [(replace(document(of), signature=b"\x00\xff"), [])], "extract", "x1")
    assert store.signatures() == {"d1": b"\x00\xff"}
    store.forget_step("extract")
    assert store.finished("extract", "x1") == set()


@pytest.mark.parametrize("hours", [0, 2, -11])
def test_a_moment_stays_the_same_moment_in_utc(store: Store, hours: int) -> None:
    moment = datetime(2011, 8, 31, 23, 30, tzinfo=timezone(timedelta(hours=hours)))
    add_pages(store, [(page(ALFA, "1", at=moment), place())])
    ((found, _),) = store.current_pages()
    assert found.fetched_at == moment
    assert found.fetched_at.utcoffset() == timedelta(0)


def test_pages_can_be_written_while_pages_are_read(store: Store) -> None:
    add_pages(store, [(page(f"https://a.dk/{n}", "1"), place()) for n in range(3)])
    seen = []
    for one, _ in store.current_pages():
        store.add_extraction(one, [], "extract", "x1")
        seen.append(one.id)
    assert store.finished("extract", "x1") == set(seen)
    assert len(seen) == 3


# Documents and claims


def test_a_claim_comes_back_with_its_document_and_its_page(store: Store) -> None:
    of = page(ALFA, "1")
    add_pages(store, [(of, place())])
    store.add_extraction(of, [(document(of), [claim("c2"), claim("c1")])], "extract", "x1")
    assert list(store.current_claims()) == [stored(claim("c1"), of), stored(claim("c2"), of)]
    assert store.finished("extract", "x1") == {of.id}
    assert store.finished("extract", "x2") == store.finished("classify", "x1") == set()


def test_reading_a_page_again_replaces_all_that_it_gave_and_nothing_else(store: Store) -> None:
    of, other = page(ALFA, "1"), page(BETA, "1")
    add_pages(store, [(of, place()), (other, place())])
    store.add_extraction(other, [(document(other, "d9"), [claim("c9", "d9")])], "extract", "x1")
    store.add_extraction(
        of, [(document(of), [claim("c1"), claim("c2")]), (document(of, "d2"), [claim("c3", "d2")])], "extract", "x1"
    )
    changed = replace(claim("c2"), title="Nyt")
    store.add_extraction(of, [(document(of, title="Rettet"), [changed])], "extract", "x2")
    assert list(store.current_claims()) == [stored(changed, of, "Rettet"), stored(claim("c9", "d9"), other)]
    assert {name: store.counts()[name] for name in ("document", "claim")} == {"document": 2, "claim": 2}
    assert store.finished("extract", "x1") == {of.id, other.id}
    assert store.finished("extract", "x2") == {of.id}


def test_an_extraction_is_stored_twice_as_once(store: Store) -> None:
    of = page(ALFA, "1")
    add_pages(store, [(of, place())])
    for _ in range(2):
        store.add_extraction(of, [(document(of), [claim("c1")])], "extract", "x1")
    assert list(store.current_claims()) == [stored(claim("c1"), of)]
    assert store.counts()["ledger"] == 1


def test_a_page_without_claims_is_done_too(store: Store) -> None:
    of = page(ALFA, "1")
    add_pages(store, [(of, place())])
    store.add_extraction(of, [(document(of), [])], "extract", "x1")
    assert list(store.current_claims()) == []
    assert store.finished("extract", "x1") == {of.id}


def test_claims_of_an_older_version_are_not_current(store: Store) -> None:
    old, new = page(ALFA, "1"), page(ALFA, "2", at=LATER)
    add_pages(store, [(old, place())])
    store.add_extraction(old, [(document(old), [claim("c1")])], "extract", "x1")
    add_pages(store, [(new, place())])
    assert list(store.current_claims()) == []
    store.add_extraction(new, [(document(new, "d2"), [claim("c2", "d2")])], "extract", "x1")
    assert list(store.current_claims()) == [stored(claim("c2", "d2"), new)]


def test_an_error_in_the_middle_of_an_extraction_leaves_what_was_there(store: Store) -> None:
    of = page(ALFA, "1")
    add_pages(store, [(of, place())])
    store.add_extraction(of, [(document(of), [claim("c1")])], "extract", "x1")
    broken = replace(claim("c3"), title=None)  # type: ignore[arg-type]
    with pytest.raises(sa.exc.IntegrityError):
        store.add_extraction(of, [(document(of, "d2"), [claim("c2", "d2"), broken])], "extract", "x2")
    assert list(store.current_claims()) == [stored(claim("c1"), of)]
    assert store.finished("extract", "x2") == set()


def test_more_claims_than_one_statement_holds_are_all_stored_in_order(store: Store) -> None:
    of = page(ALFA, "1")
    add_pages(store, [(of, place())])
    many = [claim(f"c{n:05}") for n in range(2 * CHUNK + 1)]
    store.add_extraction(of, [(document(of), many[::-1])], "extract", "x1")
    assert [one.claim for one in store.current_claims()] == many


# Identity

ORGANISATION = Organisation(
    id="o1",
    name="Region Sjælland",
    partner_type=PartnerType.REGION,
    region="Sjælland",
    municipality="Sorø",
    country="DK",
    cvr="29190658",
    ror="https://ror.org/01dtyv127",
    wikidata="Q1",
    aliases=("Region Zealand", "RSJ"),
    valid_from="2007-01-01",
    valid_to="2026-12-31",
    successor_id="o2",
    body_id="region-sjaelland",
)
BARE = Organisation("o2", "Ældre & Søn A/S", PartnerType.VIRKSOMHED)


def stated(claim: str) -> Statement:
    return Statement(claim, "d1", "Sund Vej", "Titel", frozenset({"o1", "o2"}), NIGHT)


def test_who_is_who_comes_back_whole(store: Store) -> None:
    claims = [stated("k1"), replace(stated("k2"), project="", parties=frozenset())]
    for _ in range(2):
        store.save_identity(
            {"body:region-sjaelland": "o1", "aeldre og soen|a/s": "o2"},
            [ORGANISATION, BARE],
            claims,
            Grouping({"k1": "c1", "k2": "c1"}, {"c1": NIGHT}, {"c9": "c1"}),
        )
        assert store.organisation_names() == {"body:region-sjaelland": "o1", "aeldre og soen|a/s": "o2"}
        assert store.organisations() == {"o1": ORGANISATION, "o2": BARE}
        assert store.members() == {"k1": "c1", "k2": "c1"}
        assert store.statements() == claims
        assert store.collaborations() == {"c1": NIGHT}
        assert store.redirects() == {"c9": "c1"}


def test_another_night_adds_to_who_is_who_and_changes_what_is_new(store: Store) -> None:
    first = Grouping({"k1": "c1", "k2": "c2"}, {"c1": NIGHT, "c2": LATER}, {})
    store.save_identity({"a": "o1"}, [ORGANISATION], [stated("k1"), stated("k2")], first)
    renamed = replace(ORGANISATION, name="Region Østdanmark", aliases=())
    second = Grouping({"k2": "c1"}, {"c1": NIGHT}, {"c2": "c1"})
    store.save_identity({"b": "o2"}, [renamed, BARE], [replace(stated("k2"), title="Ny")], second)
    assert store.organisation_names() == {"a": "o1", "b": "o2"}
    assert store.organisations() == {"o1": renamed, "o2": BARE}
    assert store.members() == {"k1": "c1", "k2": "c1"}
    assert store.statements() == [stated("k1"), replace(stated("k2"), title="Ny")]
    assert store.collaborations() == {"c1": NIGHT, "c2": LATER}
    assert store.redirects() == {"c2": "c1"}


def night(store: Store, claims: list[Statement]) -> Grouping:
    """What a night's resolving does with the claims that pages make that night."""
    found = group_claims(claims, store.members(), store.collaborations(), store.statements(), store.origins())
    store.save_identity({}, [], claims, found)
    return found


def of_project(name: str, page: str, project: str, parties: str, at: datetime = NIGHT) -> Statement:
    return Statement(name, page, project, "Titel", frozenset(parties), at)


ALONE = of_project("c1", "d1", "Alfa", "ab")
OTHER, OTHER_PAGE = of_project("c2", "d2", "Beta", "cd", LATER), of_project("c3", "d3", "Beta", "ce", LATER)
OLD_PAGE = of_project("c4", "d4", "Beta", "cd", NIGHT - timedelta(days=3000))
BRIDGE = [of_project(f"c{n}", "d9", project, "ac", LATER) for n, project in enumerate(("", "Alfa", "Beta"), start=7)]


def test_what_a_bridging_page_joined_for_a_night_parts_with_its_decisions(store: Store) -> None:
    groups = night(store, [ALONE, OTHER, OTHER_PAGE]).groups
    one, two = groups["c1"], groups["c2"]
    store.add_decisions([decided("på-to", NIGHT, two)])
    night(store, [ALONE, OTHER])
    assert set(night(store, [ALONE, OTHER, *BRIDGE]).groups.values()) == {one}
    assert store.redirects() == {two: one}
    assert set(store.members().values()) == {one}
    assert store.latest_decisions().keys() == {one}
    for claims in ([ALONE, OTHER], [ALONE, OTHER, OTHER_PAGE]):
        found = night(store, claims).groups
        assert (found["c1"], found["c2"]) == (one, two)
        assert store.redirects() == {}
        assert store.latest_decisions().keys() == {two}


def test_a_merge_the_other_way_makes_no_circle(store: Store) -> None:
    groups = night(store, [ALONE, OTHER]).groups
    one, two = groups["c1"], groups["c2"]
    store.add_decisions([decided("på-et", NIGHT, one), decided("på-to", LATER, two)])
    night(store, [ALONE, OTHER, *BRIDGE])
    assert store.redirects() == {two: one}
    night(store, [ALONE, OTHER, OLD_PAGE])
    assert set(night(store, [ALONE, OTHER, OLD_PAGE, *BRIDGE]).groups.values()) == {two}
    assert store.redirects() == {one: two}
    assert {key: decision.id for key, decision in store.latest_decisions().items()} == {two: "på-to"}


POOL = [
    *(ALONE, OTHER, OTHER_PAGE, OLD_PAGE, *BRIDGE),
    of_project("k1", "d5", "Gamma", "ef", NIGHT - timedelta(days=10)),
    of_project("k2", "d6", "Gamma", "fg", LATER),
    of_project("k3", "d7", "Gamma", "cf", LATER),
    of_project("k4", "d7", "Beta", "cf", LATER),
]
NIGHTS = st.lists(st.sets(st.sampled_from(range(len(POOL)))), min_size=2, max_size=7)


@example([{0, 3, 5, 6}, {4}, {0}])
@given(NIGHTS)
@settings(max_examples=40)
def test_any_nights_leave_each_id_and_its_decisions_where_they_belong(nights: list[set[int]]) -> None:
    store = Store("sqlite://")
    bearers: dict[str, set[str]] = {}  # claims that ever were the collaboration of this id
    for number, present in enumerate(nights):
        claims = [POOL[index] for index in sorted(present)]
        known = store.members()
        groups = night(store, claims).groups
        in_use, moved = set(groups.values()), store.redirects()
        assert not moved.keys() & (in_use | set(moved.values()))
        assert parts(groups) == parts(group_claims(claims, {}, {}).groups)
        for key in in_use:
            mine = {claim for claim, name in groups.items() if name == key}
            again = [one for one in POOL if one.claim_id in mine | bearers.get(key, mine)]
            joined = parts(group_claims(again, {}, {}).groups)
            assert any(mine & part and part & bearers.get(key, mine) for part in joined), "an id was used for another"
            bearers[key] = bearers.get(key, set()) | mine
        for key in set(known.values()) - in_use:
            went = {groups[claim] for claim, name in known.items() if name == key and claim in groups}
            assert len(went) != 1 or {moved[key]} == went, "a collaboration left its id behind"
        for old, new in moved.items():  # what was merged into another is that from now on
            bearers[new] = bearers.get(new, set()) | bearers.get(old, set())
        at = NIGHT + timedelta(days=number)
        store.add_decisions([decided(f"{number}-{key}", at, key) for key in in_use])
        latest = store.latest_decisions()
        assert {key: latest[key].id for key in in_use} == {key: f"{number}-{key}" for key in in_use}
        assert latest.keys() == bearers.keys() - moved.keys()
    store.close()


def parts(groups: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(claim for claim in groups if groups[claim] == name) for name in groups.values()}


def test_chances_are_those_of_the_last_night_and_of_one_version(store: Store) -> None:
    def chances(*pairs: tuple[int, float]) -> Chances:
        return Chances(
            np.array([key for key, _ in pairs], np.int64), np.array([value for _, value in pairs], np.float64)
        )

    def kept(version: str) -> list[tuple[int, float]]:
        found = store.chances(version)
        return list(zip(found.keys.tolist(), found.values.tolist(), strict=True))

    assert kept("v1") == []
    first, second = chances((3, 0.25), (2**63 - 1, 1.0)), chances((3, 0.25), (7, 0.5))
    store.save_chances("v1", chances(), first)
    store.save_chances("v1", first, second)
    assert kept("v1") == [(3, 0.25), (7, 0.5)]
    assert kept("v2") == []
    store.save_chances("v2", chances(), chances((3, 0.75)))
    assert (kept("v1"), kept("v2")) == ([], [(3, 0.75)])


def test_meanings_are_kept_for_one_version(store: Store) -> None:
    known = {"Køge Kom.": Match("koege-kommune", 0.97, sure=True), "Blå Havn": None}
    store.save_meanings("v1", known)
    store.save_meanings("v1", known | {"Greve Kom.": Match("greve-kommune", 0.6, sure=False)})

    assert store.meanings("v1") == known | {"Greve Kom.": Match("greve-kommune", 0.6, sure=False)}
    assert store.meanings("v2") == {}
    store.save_meanings("v2", {"Blå Havn": None})
    assert (store.meanings("v1"), store.meanings("v2")) == ({}, {"Blå Havn": None})


def test_the_name_of_an_organisation_may_be_long(store: Store) -> None:
    name = "foreningen til fremme af " * 40
    store.save_identity({name: "o1"}, [], [], Grouping({}, {}, {}))
    assert store.organisation_names() == {name: "o1"}


# Decisions


def decided(key: str, at: datetime, collaboration: str, verdict: Verdict = Verdict.CORRECTED) -> Decision:
    return Decision(key, at, "læser", collaboration, verdict, (Theme.KLIMA_ENERGI,), "t1", "m1", "en note")


def test_decisions_are_kept_in_order_and_once(store: Store) -> None:
    later, earlier = decided("b", LATER, "c1"), decided("a", NIGHT, "c1", Verdict.REJECTED)
    for _ in range(2):
        store.add_decisions([later, earlier])
        assert store.decisions() == [earlier, later]


def test_the_last_decision_counts_also_under_an_id_that_was_merged_away(store: Store) -> None:
    store.add_decisions([decided("a", NIGHT, "c1"), decided("b", LATER, "c9"), decided("c", NIGHT, "c2")])
    moved = Grouping({}, {"c1": NIGHT}, {"c9": "c8", "c8": "c1"})
    store.save_identity({}, [], [], moved)
    latest = {key: one.id for key, one in store.latest_decisions().items()}
    assert latest == {"c1": "b", "c2": "c"}


# Predictions, failures, runs


def test_predictions_come_back_for_their_own_version(store: Store) -> None:
    values = {theme: 1 / (3 + at) for at, theme in enumerate(Theme)}
    given_ = {
        "t1": ThemePrediction(values, (Theme.KLIMA_ENERGI, Theme.KAPITAL_INVESTERING), True, "m1"),
        "t2": ThemePrediction(dict.fromkeys(Theme, 0.0), (), False, "m1"),
    }
    newer = {"t1": replace(given_["t1"], themes=(), model_version="m2")}
    for _ in range(2):
        store.add_predictions(given_)
        store.add_predictions(newer)
    store.add_predictions({})
    assert store.predictions("m1") == given_
    assert store.predictions("m2") == newer
    assert store.predictions("m3") == {}


def test_a_step_forgets_only_its_own_failures_at_its_own_source(store: Store) -> None:
    mine = Failure("kilde", ALFA, "fetch", "Siden findes ikke", NIGHT)
    others = [
        Failure("anden", ALFA, "fetch", "Siden findes ikke", NIGHT),
        Failure("kilde", ALFA, "extract", "Tom", NIGHT),
        Failure("kilde", BETA, "extract", "Tom", NIGHT),
    ]
    for failure in [*others[::-1], mine]:
        store.add_failure(failure)
    assert store.failures() == [others[0], others[1], mine, others[2]]
    store.begin_source("kilde", "fetch")
    assert store.failures() == others


def test_a_failure_is_replaced_by_the_next_of_the_same_page_and_step(store: Store) -> None:
    first = Failure("kilde", ALFA, "fetch", "Siden findes ikke", NIGHT)
    second = replace(first, reason="Serveren fejlede", at=LATER)
    store.add_failure(first)
    store.add_failure(second)
    assert store.failures() == [second]


def test_the_last_run_of_each_source_is_told(store: Store) -> None:
    assert store.last_runs() == []
    runs = [
        SourceRun("b", "B", NIGHT, 1, 0, 0, 0),
        SourceRun("a", "A", NIGHT, 5, 4, 3, 2),
        SourceRun("b", "B, omdøbt", LATER, 0, 0, 1, 9),
    ]
    for run in runs:
        store.add_run(run)
    assert store.last_runs() == [runs[1], runs[2]]
    assert store.counts()["run"] == 3


def test_documents_and_claims_are_counted_for_each_source(store: Store) -> None:
    assert store.source_counts() == {}
    old, of, other = page(ALFA, "0"), page(ALFA, "1"), page(BETA, "1", source="anden")
    add_pages(store, [(old, place()), (other, place())])
    store.add_extraction(old, [(document(old, "d0"), [claim("c0", "d0")])], "extract", "x1")
    add_pages(store, [(of, place())])
    store.add_extraction(of, [(document(of), [claim("c1"), claim("c2")]), (document(of, "d2"), [])], "extract", "x1")
    store.add_extraction(other, [(document(other, "d3"), [])], "extract", "x1")
    assert store.source_counts() == {"kilde": (2, 2), "anden": (1, 0)}


def test_an_empty_store_counts_nothing_in_every_table(store: Store) -> None:
    assert store.counts() == dict.fromkeys(metadata.tables, 0)


# Transactions, threads, processes


def test_a_transaction_that_fails_stores_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as connection:
        connection.execute(metadata.tables["redirect"].insert().values(old_id="a", new_id="b"))
        1 / 0  # noqa: B018
    assert store.redirects() == {}


def test_what_one_store_wrote_another_reads(store_url: str) -> None:
    first, second = Store(store_url), Store(store_url)
    add_pages(first, [(page(ALFA, "1"), place())])
    assert current(second, "kilde", ALFA) == (page(ALFA, "1"), place())
    first.close()
    second.close()


def test_threads_that_write_at_once_lose_nothing(store: Store) -> None:
    start = threading.Barrier(4)
    errors: list[Exception] = []

    def write(thread: int) -> None:
        try:
            start.wait()
            for number in range(15):
                one = page(f"https://a.dk/{thread}/{number}", "1", source=f"kilde-{thread}")
                name = f"{thread}-{number}"
                add_pages(store, [(one, place())])
                store.add_extraction(one, [(document(one, name), [claim(name, name)])], "extract", "x1")
                store.add_failure(Failure(one.source_id, one.url, "fetch", "Tom", NIGHT))
        except Exception as error:  # noqa: BLE001 - told below, in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    counts = store.counts()
    assert {name: counts[name] for name in ("page", "document", "claim", "ledger", "failure")} == dict.fromkeys(
        ("page", "document", "claim", "ledger", "failure"), 60
    )


OPENING = """
import sys
from models.store import Store
print("ready", flush=True)
sys.stdin.readline()
print(len(Store(sys.argv[1]).counts()))
"""


def test_all_that_open_a_new_database_at_once_get_it(store_url: str) -> None:
    command = [sys.executable, "-c", OPENING, store_url]
    pipe = subprocess.PIPE
    openers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    for one in openers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in openers:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate() for one in openers] == [(f"{len(metadata.tables)}\n", "")] * 3


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from models.store import Store
sys.path.insert(0, {tests!r})
from test_store import claim, document, page, place, ALFA

store, after = Store(sys.argv[1]), int(sys.argv[2])
of = page(ALFA, "1")
written = 0

@sa.event.listens_for(store.engine, "after_cursor_execute")
def count(connection, cursor, statement, parameters, context, many):
    global written
    written += statement.startswith(("INSERT", "DELETE"))
    if written == after:
        os.kill(os.getpid(), signal.SIGKILL)

store.add_extraction(of, [(document(of, "d2"), [claim("c2", "d2")])], "extract", "x2")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("after", [1, 3, 5, 99])
def test_a_process_killed_in_a_transaction_leaves_all_of_it_or_nothing(tmp_path: Path, after: int) -> None:
    url = f"sqlite:///{tmp_path / 'samspil.db'}"
    of = page(ALFA, "1")
    store = Store(url)
    add_pages(store, [(of, place())])
    store.add_extraction(of, [(document(of), [claim("c1")])], "extract", "x1")
    program = KILLED.format(tests=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", program, url, str(after)], check=False)
    assert done.returncode == -signal.SIGKILL
    finished = after == 99
    name, of_document = ("c2", "d2") if finished else ("c1", "d1")
    assert list(store.current_claims()) == [stored(claim(name, of_document), of)]
    assert store.finished("extract", "x2") == ({of.id} if finished else set())
    store.add_failure(Failure("kilde", ALFA, "fetch", "Tom", NIGHT))  # nothing is left locked
    store.close()


# Round trips

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
YEARS = st.none() | st.integers(1900, 2100)
OFFSETS = st.integers(0, 2**31 - 1)
CLAIMS = st.builds(
    Claim,
    id=st.just("c1"),
    document_id=st.just("d1"),
    source_id=TEXT,
    title=TEXT,
    project=TEXT,
    participants=st.lists(st.builds(Participant, TEXT, st.sampled_from(Role), TEXT), max_size=4).map(tuple),
    evidence=TEXT,
    start=OFFSETS,
    end=OFFSETS,
    page=st.none() | OFFSETS,
    context=TEXT,
    forums=st.lists(TEXT, max_size=3).map(tuple),
    regions=st.lists(TEXT, max_size=3).map(tuple),
    cross_regional=st.booleans(),
    international=st.booleans(),
    first_year=YEARS,
    last_year=YEARS,
    basis=st.sampled_from(Corroboration),
    confidence=st.floats(0, 1),
    extractor_version=TEXT,
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'samspil.db'}")
    add_pages(store, [(page(ALFA, "1"), place())])
    return store


@given(one=CLAIMS)
@settings(max_examples=60)
def test_any_claim_comes_back_as_it_was_given(filled: Store, one: Claim) -> None:
    of = page(ALFA, "1")
    filled.add_extraction(of, [(document(of), [one])], "extract", "x1")
    (found,) = filled.current_claims()
    assert asdict(found.claim) == asdict(one)
    assert found.claim == one


# Databases that cannot be opened


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:////nowhere/at/all.db", "sqlite:////nowhere/at/all.db"),
        ("postgresql+psycopg://me:hemmelig@127.0.0.1:9/x", "postgresql+psycopg://me:***@127.0.0.1:9/x"),
        ("postgresql://me:hemmelig@127.0.0.1/x", "postgresql://me:***@127.0.0.1/x"),
        ("delfi://me:hemmelig@127.0.0.1/x", "delfi://me:***@127.0.0.1/x"),
        ("mysql://me:hemmelig@127.0.0.1/x", "mysql://me:***@127.0.0.1/x"),
        ("hemmelig", "SAMSPIL_DATABASE"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_in_one_line_without_password(url: str, shown: str) -> None:
    with pytest.raises(DatabaseUnavailableError) as caught:
        Store(url)
    told = str(caught.value)
    assert told.startswith(f"{shown}: databasen kan ikke åbnes (")
    assert told.endswith("; se indstillingen SAMSPIL_DATABASE")
    assert "hemmelig" not in told
    assert "\n" not in told


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "samspil.db"
    path.write_bytes(b"Dagbog, " * 100)
    with pytest.raises(DatabaseUnavailableError, match="databasen kan ikke åbnes"):
        Store(f"sqlite:///{path}")
    assert path.read_bytes() == b"Dagbog, " * 100
