"""What the theme model looks at: title, purpose sentence and text apart, and the hits of the keyword baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from models.records import Theme
from models.themes.gold import Passage
from models.themes.keywords import OPENING, REMEMBERED, Keywords
from models.themes.passages import MAX_CHARS

VERSION = "4"
"""Changes with every change of what the features mean; an artefact of another version is refused."""

KEYWORD_WEIGHT = 2.0  # against TF-IDF rows of length 1, chosen by cross-validation on the training parts

_SOFT = re.compile("[\u00ad\u200b\ud800-\udfff]")  # soft hyphens, and halves of characters that JSON lets through
_SENTENCE = re.compile(r"(?<=[a-zæøå0-9)»”\"])[.!?:]\s*(?=[A-ZÆØÅ¿•\-])|\n+")
_PURPOSE = re.compile(r"formål|\bmål(?:et|sætning|gruppe)?\b|\bsigter|\bskal\b", re.IGNORECASE)


def prepare(passage: Passage) -> Passage:
    """Without soft hyphens, and no longer than the model reads."""
    return Passage(_SOFT.sub("", passage.title), _SOFT.sub("", passage.text[:MAX_CHARS]))


def purpose(text: str) -> str:
    """The sentence that states the purpose: the first with one of its words, else the first."""
    sentences = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    return next((sentence for sentence in sentences if _PURPOSE.search(sentence)), sentences[0] if sentences else "")


Texts = Mapping[str, Sequence[str]]


def columns(passages: Sequence[Passage]) -> Texts:
    """The texts that are looked at apart, by name: title, purpose, text."""
    return {
        "title": [passage.title for passage in passages],
        "purpose": [purpose(passage.text) for passage in passages],
        "text": [passage.text for passage in passages],
    }


BUCKETS = {"title": 2**14, "purpose": 2**15, "text": 2**16}
"""Hashed n-grams for each column: the artefact holds weights and no words, so no text can be read back from it."""


Hits = np.ndarray[Any, np.dtype[np.float32]]

WHOLE = "whole"
LOOKS = (*BUCKETS, WHOLE)
"""What a theme's log odds are told by: title, purpose and text alone, and all of it with the key words."""


def counts(texts: Texts) -> dict[str, csr_matrix]:
    """Counts of hashed character n-grams inside words, which Danish compounds ask for, by column: (n, buckets).

    Each different word is taken apart once, however often it stands in the texts.
    """
    places: dict[str, int] = {}
    told = {
        name: [[places.setdefault(word, len(places)) for word in text.lower().split()] for text in of_column]
        for name, of_column in texts.items()
    }
    grams = _GRAMS.of(list(places))
    return {
        name: (_indicator(rows, len(places)) @ _folded(grams, BUCKETS[name])).tocsr() for name, rows in told.items()
    }


class _Grams:
    """Hashed n-grams of words, remembered, for most words are common ones. One for all threads."""

    def __init__(self) -> None:
        self._hashing = HashingVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            n_features=max(BUCKETS.values()),
            norm=None,
            alternate_sign=False,
            dtype=np.float32,
        )
        self._told: dict[str, NDArray[np.int32]] = {}

    def of(self, words: Sequence[str]) -> csr_matrix:
        """(words, buckets)."""
        known = self._told
        unknown = [word for word in words if word not in known]
        if unknown:
            found = self._hashing.transform(unknown)
            ends = np.asarray(found.sum(axis=1), int).ravel().cumsum()
            buckets = np.split(np.repeat(found.indices, found.data.astype(int)), ends[:-1])
            if len(known) + len(unknown) > REMEMBERED:
                self._told = known = {word: known[word] for word in words if word in known}
            known.update(zip(unknown, buckets, strict=True))
        rows = [known[word] for word in words]
        ends = np.cumsum([0, *map(len, rows)])
        joined = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        return csr_matrix((np.ones(ends[-1], np.float32), joined, ends), (len(rows), max(BUCKETS.values())))


_GRAMS = _Grams()


def _indicator(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    """How often each word stands in each text."""
    ends = np.cumsum([0, *map(len, rows)])
    words = np.fromiter((word for row in rows for word in row), np.int32, ends[-1])
    return csr_matrix((np.ones(len(words), np.float32), words, ends), (len(rows), width))


def _folded(grams: csr_matrix, buckets: int) -> csr_matrix:
    """The same in fewer buckets; both numbers are powers of two, so that is how they would have been hashed."""
    return csr_matrix((grams.data, grams.indices % buckets, grams.indptr), (grams.shape[0], buckets))


def keyword_rows(texts: Texts, keywords: Keywords) -> Hits:
    """For each theme the hits in title, opening, purpose and text, each scaled to about 0..1; (n, 30)."""
    rows = []
    for title, sentence, text in zip(texts["title"], texts["purpose"], texts["text"], strict=True):
        row: list[float] = []
        begins = text.find(sentence)
        length = len(text) / 500 + 1
        titled, met = keywords.places(title.lower()), keywords.places(text.lower())
        for theme in Theme:
            places = met[theme]
            opening = sum(at < OPENING for at in places)
            stated = sum(begins <= at < begins + len(sentence) for at in places)
            row += [
                min(len(titled[theme]), 1),
                min(opening, 3) / 3,
                min(log1p(len(places)), 3) / 3,
                len(places) / length / 3,
                min(stated, 2) / 2,
            ]
        rows.append(row)
    return np.array(rows, dtype=np.float32).reshape(len(rows), 5 * len(Theme))


def matrices(weights: Mapping[str, TfidfTransformer], hits: Hits, texts: Texts) -> dict[str, csr_matrix]:
    """For each of LOOKS the features of the texts, n-grams weighted by rarity: (n, features)."""
    found = {name: weights[name].transform(one) for name, one in counts(texts).items()}
    return {**found, WHOLE: hstack([*found.values(), csr_matrix(hits * KEYWORD_WEIGHT)]).tocsr()}


def evidence(
    scores: np.ndarray[Any, np.dtype[np.float64]], hits: Hits, passages: Sequence[Passage]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What speaks for each theme on the whole: (n, 6, EVIDENCE).

    `scores` (n, 6, LOOKS) are log odds of the theme by each look. Beside them the hits of its key words; the better of
    title and purpose, for one that states it is enough; how strongly the strongest other theme speaks, for most texts
    have one; and the length, for a long text mentions much.
    """
    met = hits.reshape(len(passages), len(Theme), -1) * 2
    stated = scores[:, :, :2].max(axis=2, keepdims=True)
    whole = scores[:, :, -1]
    others = np.stack([np.delete(whole, at, axis=1).max(axis=1) for at in range(len(Theme))], axis=1)[:, :, None]
    lengths = np.log1p([len(passage.text) for passage in passages])[:, None, None] / 7
    return np.concatenate([scores, met, stated, others, np.broadcast_to(lengths, stated.shape)], axis=2)
