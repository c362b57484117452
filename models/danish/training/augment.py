"""Sentences varied by chance: in other letters, with other names, with the noise of real pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.danish.tags import spans, tags_of
from models.danish.training.material import Sentence, parts_of

Chance = np.random.Generator
Name = tuple[str, ...]

REPLACED = 0.7  # of the names of a sentence that is renamed
TRANSCRIBED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
MISREAD = (("ø", "0"), ("l", "1"), ("rn", "m"), ("i", "l"), ("e", "c"), ("å", "a"), ("ø", "o"))


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each variation is made, as a share of all sentences."""

    lower: float = 0.08
    upper: float = 0.04
    transcribed: float = 0.03
    misread: float = 0.03
    renamed: float = 0.15
    joined: float = 0.3


def names_of(sentences: Sequence[Sentence]) -> dict[str, list[Name]]:
    """All names of each label, as written."""
    found = defaultdict(list)
    for sentence in sentences:
        for start, end, label in spans(sentence.tags):
            found[label].append(sentence.words[start:end])
    return dict(found)


def varied(
    sentences: Sequence[Sentence], names: Mapping[str, Sequence[Name]], shares: Shares, chance: Chance
) -> list[Sentence]:
    """Each sentence once, some varied, some joined with the next one of their kind as in running text."""
    return [_varied(one, names, shares, chance) for one in _joined(sentences, shares.joined, chance)]


def _joined(sentences: Sequence[Sentence], share: float, chance: Chance) -> list[Sentence]:
    joined: list[Sentence] = []
    for one in sentences:
        last = joined[-1] if joined else None
        fits = last is not None and (last.kind, last.marked) == (one.kind, one.marked)
        if last is not None and fits and len(last.words) + len(one.words) <= 100 and chance.random() < share:
            parts = parts_of(last) + parts_of(one) if last.parts or one.parts else ()
            joined[-1] = replace(last, words=last.words + one.words, tags=last.tags + one.tags, parts=parts)
        else:
            joined.append(one)
    return joined


def _varied(sentence: Sentence, names: Mapping[str, Sequence[Name]], shares: Shares, chance: Chance) -> Sentence:
    if chance.random() < shares.renamed:
        sentence = renamed(sentence, names, chance)
    drawn = chance.random()
    for share, change in (
        (shares.lower, str.lower),
        (shares.upper, str.upper),
        (shares.transcribed, lambda word: word.translate(TRANSCRIBED)),
        (shares.misread, lambda word: misread(word, chance)),
    ):
        if drawn < share:
            return respelt(sentence, change)
        drawn -= share
    return sentence


def respelt(sentence: Sentence, change: Callable[[str], str]) -> Sentence:
    """The sentence with each word changed."""
    return replace(sentence, words=tuple(change(word) or word for word in sentence.words))


def misread(word: str, chance: Chance, share: float = 0.15) -> str:
    """A word as a scanner may read it."""
    if len(word) < 3 or chance.random() >= share:
        return word
    right, wrong = MISREAD[chance.integers(len(MISREAD))]
    return word.replace(right, wrong, 1)


def renamed(sentence: Sentence, names: Mapping[str, Sequence[Name]], chance: Chance) -> Sentence:
    """The sentence with most names replaced by others of their label."""
    words: list[str] = []
    found, at = [], 0
    for start, end, label in spans(sentence.tags):
        words += sentence.words[at:start]
        others = names.get(label, ())
        other = bool(others) and chance.random() < REPLACED
        name = others[int(chance.integers(len(others)))] if other else sentence.words[start:end]
        found.append((len(words), len(words) + len(name), label))
        words += name
        at = end
    words += sentence.words[at:]
    return replace(sentence, words=tuple(words), tags=tags_of(found, len(words)))
