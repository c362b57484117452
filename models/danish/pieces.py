"""Words cut into pieces of the encoder's vocabulary (unigram model; Kudo 2018)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import Unigram

START = "▁"  # stands for the space before a word
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
BOS, PAD, EOS, UNKNOWN = range(len(SPECIAL))
REMEMBERED = 200_000  # words
LONGEST = 12  # pieces of a word; the rest of a longer one adds nothing


class Pieces:
    """Cuts words, and remembers those that it has cut."""

    def __init__(self, vocabulary: Sequence[tuple[str, float]]) -> None:
        """`vocabulary`: pieces with log probabilities; the special ones come first."""
        self.vocabulary = tuple(vocabulary)
        self._tokenizer = Tokenizer(Unigram(list(self.vocabulary), unk_id=UNKNOWN, byte_fallback=False))
        self._known: dict[str, tuple[int, ...]] = {}

    def of_words(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """The ids of each word's pieces, at least one a word."""
        if len(self._known) > REMEMBERED:
            self._known = {}
        known = self._known
        missing = sorted({word for word in words if word not in known})
        cut = self._tokenizer.encode_batch([_written(word) for word in missing], add_special_tokens=False)
        known |= {word: tuple(found.ids[:LONGEST]) or (UNKNOWN,) for word, found in zip(missing, cut, strict=True)}
        return [known[word] for word in words]


def _written(word: str) -> str:
    """As the vocabulary spells it: compatibility forms folded, invisible characters gone, a space before a word."""
    plain = unicodedata.normalize("NFKC", word)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C" and not letter.isspace())
    return START + plain if any(letter.isalnum() for letter in plain) else plain


def load_pieces(path: Path) -> Pieces:
    """From a JSON list of pieces and log probabilities."""
    return Pieces([(piece, score) for piece, score in json.loads(path.read_text(encoding="utf-8"))])


def save_pieces(path: Path, pieces: Pieces) -> None:
    """One line, the same bytes for the same pieces."""
    rows = [[piece, round(score, 4)] for piece, score in pieces.vocabulary]
    path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
