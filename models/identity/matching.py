"""Two names side by side: what speaks for and against their being names of one body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, log

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from models.identity.names import normalise
from models.identity.readings import is_acronym
from models.records import PartnerType

FEATURES = (
    "letters",  # likeness of the names without spaces
    "beginning",  # Jaro-Winkler
    "words",  # likeness of their words in any order
    "some_words",  # of the words that they share with the shorter one
    "shared",  # weight of the words that they share, of all
    "left_over",  # weight of what the one with more has besides
    "missing",  # weight of what the other has besides
    "each",  # each has words that the other lacks
    "none",  # neither has
    "only_places",  # what one has besides is only where it lies
    "places",  # each names another place
    "numbers",  # other numbers stand in them
    "acronym",  # one is made of the other's first letters
    "form",  # both write a legal form, and the same
    "other_form",  # both write one, and not the same
    "kind",  # their words tell of the same kind of body, and not of a firm
    "other_kind",  # of different kinds
    "short",  # the shorter has few letters
    "unlike",  # their letters and words are
)
"""What is told of a pair, in order; likenesses from 0 to 1."""

SHORT = 3  # letters; a name of no more tells too little
_LIKE = 84  # ratio from which two words are one
_NONE, _ONLY_PLACES = FEATURES.index("none"), FEATURES.index("only_places")
_UNLIKE = 72
_EMPTY = frozenset(["og", "i", "for", "af", "paa", "the", "of", "and", "in", "det", "den", "de", "dk"])
_ENDING = re.compile(r"(?:erne|ene|en|et|er|e|s)$")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How much a word of a name tells, the rarer the more; and which words are names of places."""

    counts: Mapping[str, int]
    places: frozenset[str]
    size: int

    def weight(self, words: Iterable[str]) -> float:
        """Of words together; 1 for one that is met nowhere else."""
        most = log(1 + self.size)
        return fsum(log(1 + self.size / (1 + self.counts.get(word, 0))) / most for word in words)


def may_be_sure(row: Sequence[float]) -> bool:
    """Whether nothing is in one name that the other lacks, but for where it lies: else only a person can be sure."""
    return bool(row[_NONE] or row[_ONLY_PLACES])


def lexicon(names: Iterable[str], places: Iterable[str]) -> Lexicon:
    """Counted over names."""
    told = [set(significant(name)) for name in names]
    told_places = frozenset(word for place in places for word in significant(place))
    return Lexicon(Counter(word for words in told for word in words), told_places, max(2, len(told)))


@lru_cache(maxsize=200_000)
def significant(name: str) -> tuple[str, ...]:
    """The words of a name in normal form, small ones left out and endings that only inflect."""
    told = (word for word in normalise(name).stem.split() if word not in _EMPTY)
    return tuple(_ENDING.sub("", word) if len(word) > 6 else word for word in told)


def features(left: str, right: str, lexicon: Lexicon, kinds: tuple[PartnerType, PartnerType]) -> list[float]:
    """A row of FEATURES; the same whichever of the two comes first. `kinds`: what their words tell them to be."""
    one, other = normalise(left), normalise(right)
    letters = one.stem.replace(" ", ""), other.stem.replace(" ", "")
    words = significant(left), significant(right)
    lacking = [_lacking(words[0], words[1]), _lacking(words[1], words[0])]
    lacking.sort(key=lexicon.weight, reverse=True)
    shared = [word for word in words[0] if word in words[1]]
    both = lexicon.weight({*words[0], *words[1]}) or 1.0
    places = [{word for word in some if word in lexicon.places} for some in lacking]
    firm = PartnerType.VIRKSOMHED in kinds
    return [
        fuzz.ratio(*letters) / 100,
        JaroWinkler.similarity(one.stem, other.stem),
        fuzz.token_sort_ratio(" ".join(words[0]), " ".join(words[1])) / 100,
        fuzz.token_set_ratio(" ".join(words[0]), " ".join(words[1])) / 100,
        lexicon.weight(shared) / both,
        lexicon.weight(lacking[0]),
        lexicon.weight(lacking[1]),
        float(bool(lacking[0] and lacking[1])),
        float(not lacking[0]),
        float(bool(lacking[0]) and not lacking[1] and places[0] == set(lacking[0])),
        float(bool(places[0] and places[1])),
        float(re.findall(r"\d+", one.stem) != re.findall(r"\d+", other.stem)),
        float(is_acronym(left, right) or is_acronym(right, left)),
        float(bool(one.form) and one.form == other.form),
        float(bool(one.form and other.form) and one.form != other.form),
        float(kinds[0] == kinds[1] and not firm),
        float(kinds[0] != kinds[1] and not firm),
        1 / max(1, min(map(len, letters))),
        float(max(fuzz.ratio(*letters), fuzz.token_sort_ratio(" ".join(words[0]), " ".join(words[1]))) < _UNLIKE),
    ]


def _lacking(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return [word for word in words if all(fuzz.ratio(word, other) < _LIKE for other in others)]
