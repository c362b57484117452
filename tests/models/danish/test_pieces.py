"""Words cut into pieces."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.danish.pieces import LONGEST, SPECIAL, UNKNOWN, Pieces, load_pieces, save_pieces

VOCABULARY = [
    *((name, 0.0) for name in SPECIAL),
    *(("▁Vækst", -3.0), ("forum", -4.0), ("▁", -6.0), ("s", -5.0), ("a", -5.5), (".", -2.0), ("fi", -5.0)),
]


@pytest.fixture
def pieces() -> Pieces:
    return Pieces(VOCABULARY)


def names(pieces: Pieces, word: str) -> list[str]:
    return [pieces.vocabulary[piece][0] for piece in pieces.of_words([word])[0]]


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("Vækstforums", ["▁Vækst", "forum", "s"]),
        ("Vækst\u00adforum", ["▁Vækst", "forum"]),  # a soft hyphen says nothing
        (".", ["."]),  # a sign has no space before it
        ("ﬁ", ["▁", "fi"]),  # a ligature is its letters
    ],
)
def test_a_word_is_cut_into_its_likeliest_pieces(pieces: Pieces, word: str, cut: list[str]) -> None:
    assert names(pieces, word) == cut


def test_every_word_has_a_piece(pieces: Pieces) -> None:
    assert pieces.of_words(["\u200b", "漢", "a" * 50]) == [(UNKNOWN,), (6, UNKNOWN), (6, *[8] * (LONGEST - 1))]


def test_pieces_survive_being_stored(pieces: Pieces, tmp_path: Path) -> None:
    save_pieces(tmp_path / "pieces.json", pieces)

    assert load_pieces(tmp_path / "pieces.json").vocabulary == pieces.vocabulary
