"""Claims grouped into collaborations, and the ids that these keep."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import token_set_ratio

from models.identity.collaborations import (
    WHOLE,
    Grouping,
    Statement,
    group_claims,
    like_titles,
    project_key,
    straightened,
)

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def statement(name: str, project: str, parties: str, title: str = "Titel", page: str = "") -> Statement:
    """A claim of its own page unless one is named; each letter of `parties` is a party."""
    return Statement(name, page or f"side-{name}", project, title, frozenset(parties), DAY)


def together(*statements: Statement) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for claim, collaboration in group_claims(statements, {}, {}).groups.items():
        groups.setdefault(collaboration, []).append(claim)
    return sorted(sorted(group) for group in groups.values())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Scale-up Kattegat", "Scale-Up-Kattegat"),
        ("VelfærdsBroen", "Velfærds-Broen"),
        ("Energiø Øst", "Energi-Ø Øst"),
        ("projektet »Sund Vej«", "Sund Vej"),
        ("Femern-projektet", "Femern"),
        ("Århus Øst", "Aarhus Øst"),
    ],
)
def test_spellings_of_a_project_have_one_key(left: str, right: str) -> None:
    assert project_key(left) == project_key(right)


def test_other_projects_have_other_keys() -> None:
    assert len({project_key(name) for name in ("Sund Vej", "Sund Bro", "Vej", "3ST")}) == 4


def test_one_project_with_a_shared_party_is_one() -> None:
    assert together(statement("1", "Sund Vej", "ab"), statement("2", "Sund-Vej", "bc")) == [["1", "2"]]


def test_one_name_without_a_shared_party_is_two() -> None:
    assert together(statement("1", "Vækst", "ab"), statement("2", "Vækst", "cd")) == [["1"], ["2"]]


def test_one_name_in_one_document_is_one() -> None:
    claims = statement("1", "Vækst", "ab", page="p"), statement("2", "Vækst", "cd", page="p")
    assert together(*claims) == [["1", "2"]]


def test_a_title_may_be_the_project_of_another_claim() -> None:
    assert together(statement("1", "Sund Vej", "ab"), statement("2", "", "bc", "Sund Vej")) == [["1", "2"]]
    assert together(statement("1", "", "ab", "Energi"), statement("2", "", "bc", "Energi")) == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ("Aftale om vand og vind", "Aftale om vind og vand", True),
        ("Resultatkontrakt 2013: X", "Resultatkontrakten mellem X og Y", True),
        ("Aftale om vand", "Plan for handel", False),
    ],
)
def test_the_same_parties_are_one_under_a_like_title(left: str, right: str, one: bool) -> None:
    found = together(statement("1", "", "ab", left), statement("2", "", "ab", right))
    assert found == ([["1", "2"]] if one else [["1"], ["2"]])


def test_two_projects_under_one_heading_stay_two() -> None:
    claims = statement("1", "Sund Vej", "ab", page="p"), statement("2", "Sund Bro", "ab", page="p")
    assert together(*claims) == [["1"], ["2"]]


def test_an_id_lasts_and_a_merge_keeps_the_oldest() -> None:
    first = group_claims([statement("1", "A", "ab"), statement("2", "B", "cd")], {}, {})
    known, seen = first.groups, {first.groups["1"]: DAY, first.groups["2"]: datetime(2019, 1, 1, tzinfo=UTC)}
    merged = group_claims([statement("1", "A", "ab"), statement("2", "A", "bc")], known, seen)
    assert merged == Grouping(
        groups={"1": known["2"], "2": known["2"]},
        first_seen={known["2"]: datetime(2019, 1, 1, tzinfo=UTC)},
        redirects={known["1"]: known["2"]},
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "A", "B"]), st.sampled_from(["ab", "bc", "cd"]), st.sampled_from("pq")),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_claims_does_not_matter(told: list[tuple[str, str, str]], chance: object) -> None:
    claims = [
        statement(str(number), project, parties, page=page) for number, (project, parties, page) in enumerate(told)
    ]
    shuffled = list(claims)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group_claims(claims, {}, {}) == group_claims(shuffled, {}, {})


def test_a_claim_that_restates_a_vanished_one_takes_its_id() -> None:
    before = [statement("1", "Sund Vej", "ab"), statement("2", "Blå Bro", "cd")]
    first = group_claims(before, {}, {})
    rewritten = [statement("3", "Sund-Vej", "ae"), statement("2", "Blå Bro", "cd"), statement("4", "Ny Sti", "xy")]
    second = group_claims(rewritten, first.groups, first.first_seen, before)
    assert second.groups["3"] == first.groups["1"]
    assert second.groups["2"] == first.groups["2"]
    assert second.groups["4"] not in first.groups.values()
    assert second.redirects == {}


def test_a_vanished_claim_does_not_join_what_is_apart() -> None:
    """Two that were one while a third claim joined them are two without it; one keeps the id."""
    before = [statement("1", "Vækst", "ab"), statement("2", "Vækst", "cd"), statement("3", "Vækst", "bc")]
    first = group_claims(before, {}, {})
    assert len(set(first.groups.values())) == 1
    second = group_claims(before[:2], first.groups, first.first_seen, before)
    assert second.groups["1"] == first.groups["1"]
    assert second.groups["2"] != second.groups["1"]


def test_two_that_restate_one_share_its_id_out_to_the_first() -> None:
    before = [statement("1", "Vækst", "abcd")]
    first = group_claims(before, {}, {})
    second = group_claims(
        [statement("5", "Vækst", "ax"), statement("6", "Vækst", "cy")], first.groups, first.first_seen, before
    )
    assert second.groups["5"] == first.groups["1"]
    assert second.groups["6"] != second.groups["5"]


def test_what_was_merged_gets_its_id_back_when_it_parts_again() -> None:
    """The bridge "3" held "1" and "2" together for a night; the id of "1" goes on with most of what had it before."""
    first = group_claims([statement("1", "A", "ab"), statement("2", "B", "cd"), statement("4", "B", "ce")], {}, {})
    one, two = first.groups["1"], first.groups["2"]
    merged = {"1": one, "2": one, "3": one, "4": one}
    seen = {one: DAY, two: DAY}
    apart = [statement("1", "A", "ab"), statement("2", "B", "cd"), statement("4", "B", "ce")]
    origins = {"1": one, "2": two, "3": one, "4": two}
    found = group_claims(apart, merged, seen, apart, origins)
    assert found == Grouping({"1": one, "2": two, "4": two}, seen, {})
    rewritten = [statement("1", "A", "ab"), statement("5", "B", "cd")]
    assert group_claims(rewritten, merged, seen, apart, origins).groups == {"1": one, "5": two}


def test_an_id_lasts_when_only_what_was_merged_into_it_is_left() -> None:
    seen = {"ca": DAY, "cb": DAY}
    found = group_claims([statement("2", "B", "cd")], {"1": "ca", "2": "ca"}, seen, (), {"1": "ca", "2": "cb"})
    assert found.groups == {"2": "ca"}


REDIRECTS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef"))


@given(REDIRECTS, st.sets(st.sampled_from("abcdef")))
def test_redirects_lead_straight_and_never_round(redirects: dict[str, str], in_use: set[str]) -> None:
    found = straightened(redirects, in_use)
    assert not found.keys() & (in_use | set(found.values()))
    for old, new in redirects.items():
        if old not in in_use and new in in_use:
            assert found[old] == new
    assert straightened(found, in_use) == found


def hang_together(names: list[str], pairs: set[tuple[str, str]]) -> set[frozenset[str]]:
    groups = {name: frozenset({name}) for name in names}
    for left, right in pairs:
        both = groups[left] | groups[right]
        groups |= dict.fromkeys(both, both)
    return set(groups.values())


WORDS = st.sampled_from(["Aftale", "aftalen", "om", "vand", "vind", "på", "Øen"])
TITLES = st.lists(st.lists(WORDS, max_size=4).map(" ".join))


@given(TITLES)
def test_titles_hang_together_as_each_compared_with_each(titles: list[str]) -> None:
    each = {(left, right) for left in titles for right in titles if token_set_ratio(left, right) >= 85}
    assert hang_together(titles, set(like_titles(titles))) == hang_together(titles, each)


def test_many_titles_hang_together_where_their_words_are_alike() -> None:
    numbered = [f"Dagsorden punkt {number} om erhverv og vækst i regionen" for number in range(WHOLE)]
    rare = ["Aftale med Ærø Færgefart om havnen", "Resultatet: aftale med Ærø Færgefart om havnen"]
    others = ["Plan for handel", "Ny bro"]
    found = hang_together([*numbered, *rare, *others], set(like_titles([*numbered, *rare, *others])))
    assert found == {frozenset(numbered), frozenset(rare), *(frozenset({one}) for one in others)}


def test_one_heading_joins_who_shares_two_parties_unless_they_name_two_projects() -> None:
    under_one = [
        statement("1", "", "abc", page="p"),
        statement("2", "", "bcd", page="p"),
        statement("3", "Sund Vej", "cde", page="p"),
        statement("4", "Sund Bro", "dex", page="p"),
        statement("5", "", "ax", page="p"),
    ]
    assert together(*under_one) == [["1", "2", "3"], ["4"], ["5"]]
