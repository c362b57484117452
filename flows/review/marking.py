"""A text in pieces, of which some are marked: names of participants, words that carried a theme."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

NAME, THEME, QUOTE = "navn", "tema", "citat"
"""Marks, as the style sheet knows them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text with its marks, in the order of their names; joined, the pieces are the text."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something is marked, as offsets in the text."""

    start: int
    end: int
    kind: str


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text cut wherever a mark begins or ends."""
    within = [one for one in marks if 0 <= one.start < one.end <= len(text)]
    cuts = sorted({0, len(text), *(one.start for one in within), *(one.end for one in within)})
    found = []
    for start, end in pairwise(cuts):
        kinds = {one.kind for one in within if one.start <= start and end <= one.end}
        found.append(Piece(text[start:end], tuple(sorted(kinds))))
    return found


def names_in(text: str, names: Iterable[str]) -> list[Mark]:
    """Where the names stand in a text, in any case, the longest first where they overlap."""
    wanted = sorted({name for name in names if name.strip()}, key=lambda name: (-len(name), name))
    if not wanted:
        return []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}" for name in wanted), re.IGNORECASE)
    return [Mark(match.start(), match.end(), NAME) for match in pattern.finditer(text)]


def quote_in(text: str, quote: str) -> list[Mark]:
    """Where a quote stands in its context; nothing where it is the whole, or not there."""
    at = text.find(quote)
    return [Mark(at, at + len(quote), QUOTE)] if at >= 0 and quote != text else []
