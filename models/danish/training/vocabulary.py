"""Which pieces of the base's vocabulary Danish needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from models.danish.pieces import PAD, SPECIAL, START, Pieces
from models.danish.training.base import Base


def all_pieces(base: Base) -> Pieces:
    """The base's own vocabulary, the special pieces under our names."""
    first = len(SPECIAL)
    return Pieces([(name, 0.0) for name in SPECIAL] + list(zip(base.pieces, base.scores, strict=True))[first:])


def choose(base: Base, words: Counter[str], size: int) -> tuple[list[int], Pieces]:
    """The places of `size` pieces in the base, in order, and the vocabulary they make.

    All single characters are kept, so that no word is unknown for lack of a letter, then the pieces that `words` (with
    how often each occurs) need most.
    """
    whole = all_pieces(base)
    needed = Counter[int]()
    order = sorted(words)
    for word, pieces in zip(order, whole.of_words(order), strict=True):
        for piece in pieces:
            needed[piece] += words[word]
    kept = {*range(len(SPECIAL)), *_single(base.pieces)}
    for piece, _count in sorted(needed.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(kept) >= size:
            break
        kept.add(piece)
    places = sorted(kept)
    return places, Pieces([whole.vocabulary[place] for place in places])


def _single(pieces: Iterable[str]) -> list[int]:
    return [place for place, piece in enumerate(pieces) if place > PAD and len(piece.removeprefix(START)) <= 1]
