"""What people said of pairs decides on every later night, and what follows from it too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.gazetteer import load_gazetteer
from models.identity.collaborations import Statement, group_claims
from models.identity.judgements import Judged
from models.identity.matcher import Matcher
from models.identity.model import load_model
from models.identity.organisations import load_typing, resolve_organisations
from models.paths import DATA
from models.records import Judgement, Participant, Relation, Role

NIGHT = datetime(2026, 11, 1, tzinfo=UTC)


def said(left: str, right: str, relation: str, day: int = 0, kind: str = "organisation") -> Judgement:
    moment = NIGHT + timedelta(days=day)
    return Judgement(f"{left}{right}{day}", moment, "læser", kind, left, right, Relation(relation), "")


def test_what_is_one_with_a_is_apart_from_what_a_is_apart_from() -> None:
    judged = Judged([said("a", "b", "same"), said("b", "c", "different"), said("c", "d", "same")])

    assert judged("a", "b") is True
    assert judged("a", "c") is judged("d", "a") is False
    assert judged("a", "e") is None
    assert judged.groups() == [["a", "b"], ["c", "d"]]
    assert not judged.allows(["a", "e"], ["d"])
    assert judged.allows(["a"], ["e"])


def test_the_later_word_on_two_stands_and_unsure_takes_an_earlier_one_back() -> None:
    assert Judged([said("a", "b", "same"), said("b", "a", "different", 1)])("a", "b") is False
    assert Judged([said("a", "b", "same"), said("a", "b", "unsure", 1)])("a", "b") is None
    assert not Judged([said("a", "a", "same")])


def test_of_what_cannot_all_be_true_the_latest_stands() -> None:
    judged = Judged([said("a", "b", "same"), said("b", "c", "same", 1), said("a", "c", "different", 2)])

    assert judged("a", "c") is False
    assert judged("b", "c") is True
    assert judged("a", "b") is False


@given(st.lists(st.tuples(*(st.sampled_from("abcde"),) * 2, st.sampled_from(list(Relation))), max_size=12), st.data())
def test_judgements_decide_alike_in_whatever_order_they_are_told(
    told: list[tuple[str, str, Relation]], data: st.DataObject
) -> None:
    judgements = [said(left, right, relation, day) for day, (left, right, relation) in enumerate(told)]
    one, other = Judged(judgements), Judged(data.draw(st.permutations(judgements)))

    assert all(one(left, right) == other(left, right) == one(right, left) for left in "abcde" for right in "abcde")


@pytest.mark.parametrize(
    ("relation", "joined"), [(None, False), ("same", True), ("different", False), ("unsure", False)]
)
def test_names_are_one_where_people_say_so(relation: str | None, joined: bool) -> None:
    gazetteer = load_gazetteer(DATA / "gazetteer")
    typing = load_typing(DATA / "gazetteer", gazetteer)
    names = ["Lindtoft Robotics", "Lindtoft Automater", "Foreningen for Havets Børn"]
    parties = [Participant(name, Role.PARTNER) for name in names]
    judgements = [said(names[0], names[1], relation)] if relation else []
    first = resolve_organisations(parties, gazetteer, typing, {})

    found = resolve_organisations(parties, gazetteer, typing, first.names, None, judgements)

    ids = [found.of(party) for party in parties]
    assert (ids[0] == ids[1]) is joined
    assert ids[2] not in ids[:2]
    assert set(found.redirects) == ({first.of(one) for one in parties[:2]} - set(ids) if joined else set())
    again = resolve_organisations(parties, gazetteer, typing, found.names, None, judgements)
    assert [again.of(party) for party in parties] == ids


def test_a_name_is_the_body_that_people_say_and_never_the_one_they_deny() -> None:
    gazetteer = load_gazetteer(DATA / "gazetteer")
    typing = load_typing(DATA / "gazetteer", gazetteer)
    party = Participant("Skolen ved Søen", Role.PARTNER)
    region = gazetteer.find("Region Sjælland")
    assert region is not None

    same = resolve_organisations(
        [party], gazetteer, typing, {}, None, [said("Skolen ved Søen", "Region Sjælland", "same")]
    )

    assert same.by_id[same.of(party)].body_id == region.id
    matcher = Matcher(gazetteer, typing, load_model().names)
    slip, town = Participant("Hj0rring Kommune", Role.PARTNER), gazetteer.find("Hjørring Kommune")
    assert town is not None
    denied = [said("Hj0rring Kommune", "Hjørring Kommune", "different")]
    told = [resolve_organisations([slip], gazetteer, typing, {}, matcher, given) for given in ([], denied)]
    assert [one.by_id[one.of(slip)].body_id for one in told] == [town.id, ""]


def test_an_id_that_a_name_of_another_night_still_has_is_redirected_nowhere() -> None:
    gazetteer = load_gazetteer(DATA / "gazetteer")
    typing = load_typing(DATA / "gazetteer", gazetteer)
    parties = [Participant(name, Role.PARTNER) for name in ("Lindtoft Robotics", "Lindtoft Automater")]
    joined = resolve_organisations(
        parties, gazetteer, typing, {}, None, [said(parties[0].name, parties[1].name, "same")]
    )
    (kept,) = {joined.of(party) for party in parties}
    (lost,) = [party for party in parties if kept != resolve_organisations([party], gazetteer, typing, {}).of(party)]

    parted = resolve_organisations([lost], gazetteer, typing, joined.names)

    assert parted.of(lost) != kept
    assert parted.redirects == {}


def stated(claim: str, project: str, parties: str = "ab") -> Statement:
    return Statement(claim, f"d{claim}", project, "Titel", frozenset(parties), NIGHT)


def test_collaborations_are_joined_and_parted_as_people_say_and_keep_their_ids() -> None:
    claims = [stated("k1", "Alfa"), stated("k2", "Alfa"), stated("k3", "Beta", "cd")]
    first = group_claims(claims, {}, {})
    assert first.groups["k1"] == first.groups["k2"] != first.groups["k3"]
    one, other = first.groups["k1"], first.groups["k3"]

    joined = group_claims(
        claims, first.groups, first.first_seen, judgements=[said(one, other, "same", kind="collaboration")]
    )
    assert len(set(joined.groups.values())) == 1
    assert joined.redirects == {max(one, other): min(one, other)}

    apart = {"k1": "c1", "k2": "c2", "k3": "c3"}
    seen = dict.fromkeys(apart.values(), NIGHT)
    parted = group_claims(
        [*claims, stated("k4", "Alfa")], apart, seen, judgements=[said("c1", "c2", "different", kind="collaboration")]
    )
    assert {key: parted.groups[key] for key in apart} == apart
    assert parted.groups["k4"] in ("c1", "c2")
