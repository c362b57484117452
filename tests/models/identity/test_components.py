"""Sets that grow together by pairs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.identity.components import Components

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20)


def test_a_set_is_known_by_what_it_was_joined_to() -> None:
    found = Components[str]()
    assert not found
    found.join("a", "b")
    found.join("c", "a")

    assert [found.root(item) for item in "abcd"] == ["c", "c", "c", "d"]
    assert found.groups("dbca") == [["d"], ["b", "c", "a"]]


@given(PAIRS, st.randoms())
def test_sets_are_the_same_in_whatever_order_pairs_come(pairs: list[tuple[int, int]], chance: object) -> None:
    one, other = Components[int](), Components[int]()
    for left, right in pairs:
        one.join(left, right)
    chance.shuffle(pairs)  # type: ignore[attr-defined]
    for left, right in pairs:
        other.join(right, left)

    assert one.groups(range(10)) == other.groups(range(10))
