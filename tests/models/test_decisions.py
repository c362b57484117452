"""Which decisions stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from models.decisions import decision, standing, upheld
from models.records import Decision, Participant, Role, Theme, Verdict
from models.store import Store

MOMENT = datetime(2026, 11, 24, 2, tzinfo=UTC)


def made(verdict: Verdict, at: int = 0, undoes: str = "", **said: object) -> Decision:
    moment = MOMENT + timedelta(seconds=at)
    return decision(moment, "Anna", "c1", verdict, (), "p1", "v1", "", undoes=undoes, **said)  # type: ignore[arg-type]


def withdrawn(one: Decision, at: int) -> Decision:
    return made(Verdict.WITHDRAWN, at, one.id)


ACCEPTED, REJECTED, UNSURE = made(Verdict.ACCEPTED), made(Verdict.REJECTED, 1), made(Verdict.UNSURE, 2)


def test_all_stand_that_nobody_took_back_and_some_decide() -> None:
    assert upheld([ACCEPTED, REJECTED, UNSURE]) == [ACCEPTED, REJECTED, UNSURE]
    assert standing([ACCEPTED, REJECTED, UNSURE]) == [ACCEPTED, REJECTED]
    assert upheld([]) == []


def test_what_was_taken_back_stands_again_when_that_is_taken_back() -> None:
    first = withdrawn(REJECTED, 3)
    second = withdrawn(first, 4)
    third = withdrawn(second, 5)
    told = [ACCEPTED, REJECTED, first, second, third]
    assert [upheld(told[:count]) for count in (2, 3, 4, 5)] == [
        [ACCEPTED, REJECTED], [ACCEPTED], [ACCEPTED, REJECTED], [ACCEPTED],
    ]  # fmt: skip


def test_what_two_took_back_stands_when_both_are_taken_back() -> None:
    one, other = withdrawn(ACCEPTED, 1), withdrawn(ACCEPTED, 2)
    assert upheld([ACCEPTED, one, other, withdrawn(one, 3)]) == []
    assert upheld([ACCEPTED, one, other, withdrawn(one, 3), withdrawn(other, 4)]) == [ACCEPTED]


def test_the_order_in_which_they_are_told_decides_nothing() -> None:
    first = withdrawn(REJECTED, 3)
    told = [ACCEPTED, REJECTED, first, withdrawn(first, 4)]
    assert {frozenset(one.id for one in upheld(order)) for order in permutations(told)} == {
        frozenset([ACCEPTED.id, REJECTED.id])
    }


def test_taking_back_what_is_not_there_takes_nothing_back() -> None:
    assert upheld([ACCEPTED, made(Verdict.WITHDRAWN, 1, "ukendt")]) == [ACCEPTED]


def test_each_thing_a_decision_says_makes_it_another() -> None:
    parties = (Participant("KL", Role.LEAD),)
    told = [
        made(Verdict.ACCEPTED),
        made(Verdict.ACCEPTED, 1),
        made(Verdict.ACCEPTED, title=""),
        made(Verdict.ACCEPTED, title="x"),
        made(Verdict.ACCEPTED, project="x"),
        made(Verdict.ACCEPTED, participants=()),
        made(Verdict.ACCEPTED, participants=parties),
        made(Verdict.ACCEPTED, before="{}"),
        made(Verdict.ACCEPTED, undoes="x"),
    ]
    assert len({one.id for one in told}) == len(told)
    assert made(Verdict.ACCEPTED).id == told[0].id


def test_the_last_that_stands_counts_in_the_store(store: Store) -> None:
    corrected = decision(
        MOMENT + timedelta(seconds=3), "Bent", "c1", Verdict.CORRECTED, (Theme.KLIMA_ENERGI,), "p1", "v1", "set",
        title="T", project="", participants=(Participant("KL", Role.LEAD),), before="{}",
    )  # fmt: skip
    undone = withdrawn(corrected, 4)
    store.add_decisions([undone, corrected, UNSURE, REJECTED, ACCEPTED])
    assert store.decisions() == [ACCEPTED, REJECTED, UNSURE, corrected, undone]
    assert store.decision(corrected.id) == corrected
    assert store.decision("ukendt") is None
    assert store.latest_decisions() == {"c1": REJECTED}
    store.add_decisions([withdrawn(undone, 5)])
    assert store.latest_decisions() == {"c1": corrected}
    assert [one.id for one in store.last_decisions(1, "Bent")] == [corrected.id]
    assert [store.count_decisions(who, MOMENT + timedelta(seconds=2)) for who in ("Anna", "Bent", "Carl")] == [3, 1, 0]
