"""Tags of words and the spans that they make."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.danish.tags import LABELS, TAGS, best_path, spans, tags_of

PATHS = st.lists(st.sampled_from(range(len(TAGS))), min_size=1, max_size=12)


def scores_for(path: list[int]) -> np.ndarray:
    rows = np.full((len(path), len(TAGS)), -5.0, np.float32)
    rows[np.arange(len(path)), path] = -0.1
    return rows


@given(PATHS)
def test_the_best_path_is_valid_whatever_the_scores_say(path: list[int]) -> None:
    tags = [TAGS[tag] for tag in best_path(scores_for(path))]

    assert tags_of(list(spans(tags)), len(tags)) == tuple(tags)


@given(st.integers(0, 10_000))
def test_no_valid_path_is_likelier_than_the_best(seed: int) -> None:
    chance = np.random.default_rng(seed)
    scores = np.log(chance.dirichlet(np.ones(len(TAGS)), size=3)).astype(np.float32)
    likely = {
        (one, two, three): float(scores[0, one] + scores[1, two] + scores[2, three])
        for one in range(len(TAGS))
        for two in range(len(TAGS))
        for three in range(len(TAGS))
        if tags_of(list(spans([TAGS[one], TAGS[two], TAGS[three]])), 3) == (TAGS[one], TAGS[two], TAGS[three])
    }

    assert np.isclose(likely[tuple(best_path(scores))], max(likely.values()))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from(LABELS)), max_size=5))
def test_spans_survive_being_written_as_tags(parts: list[tuple[int, int, str]]) -> None:
    found, at = [], 0
    for length, gap, label in parts:
        found.append((at + gap, at + gap + length, label))
        at += gap + length

    assert list(spans(tags_of(found, at))) == found


def test_an_inside_that_continues_nothing_begins_a_name() -> None:
    assert list(spans(["I-ORG", "O", "B-PER", "I-LOC"])) == [(0, 1, "ORG"), (2, 3, "PER"), (3, 4, "LOC")]


def test_no_words_have_no_tags() -> None:
    assert best_path(np.zeros((0, len(TAGS)), np.float32)) == []
