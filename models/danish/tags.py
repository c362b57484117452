"""The tags that the tagger gives to words (IOB2), and how a row of scores becomes spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LABELS = ("ORG", "LOC", "PER", "MISC", "PROJECT")
TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in "BI"))
OUTSIDE = 0
WITHIN_LINES = tuple(at for at, tag in enumerate(TAGS) if tag[0] == "I" and tag != "I-PER")
"""Tags that no line begins with."""
PARTS = ("none", "party", "lead", "funder")
"""What a body, or a project, that a text names has to do with a collaboration that the text states."""
PLAYING = ("ORG", "PROJECT")
"""The labels of names that play a part."""
PLACE = 32
"""Coordinates of a name: those of one collaboration lie near each other, in the text that is read at once."""
NEAR = 3.0  # log odds that two names of the same place are of one collaboration

Span = tuple[int, int, str]
"""First word, word after the last, label."""

Scores = NDArray[np.floating[Any]]


def nearness(left: NDArray[np.floating[Any]], right: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """(names, PLACE) and (others, PLACE) to (names, others): how probably two names are of one collaboration."""
    apart = ((left[:, None] - right[None]) ** 2).sum(-1)
    told: NDArray[np.floating[Any]] = 1 / (1 + np.exp(apart - NEAR))
    return told


def begin(label: str) -> int:
    """The index of a label's B tag; its I tag is the next."""
    return 1 + 2 * LABELS.index(label)


def _follows() -> NDArray[np.float32]:
    """What a tag (row) may be followed by (column): 0, or minus infinity for an I without its B."""
    allowed = np.zeros((len(TAGS), len(TAGS)), np.float32)
    for column, tag in enumerate(TAGS):
        if tag[0] == "I":
            allowed[:, column] = -np.inf
            allowed[[column - 1, column], column] = 0
    return allowed


FOLLOWS = _follows()


def best_path(scores: Scores) -> list[int]:
    """The likeliest valid tags of a sentence; `scores` (words, tags) are log probabilities (Viterbi)."""
    if not len(scores):
        return []
    best = scores.argmax(axis=1)
    if not np.isinf(FOLLOWS[np.concatenate(([OUTSIDE], best[:-1])), best]).any():
        return [int(tag) for tag in best]
    reached = scores[0] + FOLLOWS[OUTSIDE]
    steps = []
    for row in scores[1:]:
        ways = reached[:, None] + FOLLOWS
        steps.append(ways.argmax(axis=0))
        reached = ways.max(axis=0) + row
    path = [int(reached.argmax())]
    for step in reversed(steps):
        path.append(int(step[path[-1]]))
    return path[::-1]


def spans(tags: Sequence[str]) -> Iterator[Span]:
    """The spans of valid IOB2 tags; an I that continues nothing begins a span."""
    start, label = 0, ""
    for at, tag in enumerate((*tags, "O")):
        if label and tag != f"I-{label}":
            yield start, at, label
            label = ""
        if tag != "O" and not label:
            start, label = at, tag[2:]


def tags_of(found: Sequence[Span], length: int) -> tuple[str, ...]:
    """IOB2 tags for `length` words."""
    tags = ["O"] * length
    for start, end, label in found:
        tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tuple(tags)
