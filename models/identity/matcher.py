"""Which body of the gazetteer a name means that no entry writes so: by its readings, else by likeness, else none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from models.gazetteer import Body, Gazetteer
from models.identity.matching import Lexicon, features, lexicon, may_be_sure, significant
from models.identity.model import Decider
from models.identity.names import clean, normalise
from models.identity.readings import readings
from models.records import PartnerType

if TYPE_CHECKING:
    from models.identity.organisations import Typing

LIKE = 70  # ratio of letters from which a name is a candidate
MOST = 6  # candidates by letters
RARE = 12  # names that hold a word, at most, for it to bring up candidates
CHUNK = 4_000  # names compared with all at once: 4,000 x 19,000 bytes
REMEMBERED = 200_000  # names of which it is known what their words say that they are
SHORTEST = 4  # letters of a name that likeness can tell of
BRANCHED = frozenset([PartnerType.ARBEJDSMARKEDSPART])
"""Bodies that with the name of a place behind theirs are others: a union's branches."""
VERSION = "2"
"""Changes whenever a name may mean another body with the same gazetteer and model."""
ALMOST = 0.001
TIED = 0.05  # of probability, between two bodies that a name may mean alike

_AT = re.compile(r"(.+)(?:,| i| -| –)\s(\S+(?: \S+){0,2})")


@dataclass(frozen=True, slots=True)
class Match:
    """The body that a name means most probably; `sure` when it counts as the same, otherwise a person is asked."""

    body_id: str
    chance: float
    sure: bool


class Matcher:
    """Matches names against a gazetteer; `meanings` keeps what was found of each, None where it is nothing."""

    def __init__(
        self, gazetteer: Gazetteer, typing: Typing, decider: Decider, meanings: Mapping[str, Match | None] | None = None
    ) -> None:
        """`typing` tells what a name's words say that it is, and where; `meanings` are those of earlier nights."""
        self.meanings = dict(meanings or {})
        self._gazetteer, self._typing, self._decider = gazetteer, typing, decider
        self.lexicon = lexicon_of(gazetteer)
        self._kind = lru_cache(REMEMBERED)(typing.partner_type)
        self._names = [(name, body.id) for body in gazetteer for name in body.names if len(name) >= SHORTEST]
        self._letters = [_letters(name) for name, _ in self._names]
        self._loose: dict[str, set[str]] = defaultdict(set)
        for name, body_id in self._names:
            for key in _loosely(name):
                self._loose[key].add(body_id)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for at, (name, _) in enumerate(self._names):
            for word in set(significant(name)):
                self._by_word[word].append(at)

    def read(self, name: str, on: date | None = None, area: str = "") -> Body | None:
        """The one body that the readings of a name name, on that day and in that area; None where they name several."""
        told = readings(name)
        found = {body.id: body for one in told if (body := self._gazetteer.find(one, on, area)) is not None}
        if not found:
            ids = {id_ for one in told for key in _loosely(one) for id_ in self._loose.get(key, ())}
            found = {id_: self._gazetteer.bodies[id_] for id_ in ids}
        if not found and (at := _AT.fullmatch(clean(name))):
            body = self._gazetteer.find(at[1], on, area)
            return body if body is not None and self._lies_in(body, at[2]) else None
        return next(iter(found.values())) if len(found) == 1 else None

    def _lies_in(self, body: Body, place: str) -> bool:
        municipality, _ = self._typing.places.get(place.casefold(), ("", ""))
        return bool(municipality) and municipality == body.municipality and body.partner_type not in BRANCHED

    def match(self, names: Iterable[str]) -> dict[str, Match]:
        """The bodies of those names that mean one, or may."""
        wanted = sorted(set(names))
        unread = []
        for name in wanted:
            if name not in self.meanings:
                body = self.read(name)
                if body is None and sum(map(str.isalpha, name)) >= SHORTEST:
                    unread.append(name)
                else:
                    self.meanings[name] = Match(body.id, 1.0, sure=True) if body else None
        for start in range(0, len(unread), CHUNK):
            some = unread[start : start + CHUNK]
            self.meanings |= dict.fromkeys(some) | self._liken(some)
        return {name: match for name in wanted if (match := self.meanings[name])}

    def chance(self, left: Sequence[str], right: Sequence[str]) -> float:
        """How probably two bodies are one, by the likest of their names."""
        rows = [self._row(one, other) for one in _read(left) for other in _read(right)]
        return float(self._chances(rows).max(initial=0.0))

    def alike(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Pairs of names that surely are of one body which is not known, out of those with a rare word in common."""
        ordered = sorted(set(names))
        by_word: dict[str, list[str]] = defaultdict(list)
        for name in ordered:
            for word in {*significant(name), _letters(name)}:
                by_word[word].append(name)
        compared = {
            pair
            for word, held in by_word.items()
            if len(held) <= RARE and len(self._by_word.get(word, [])) <= RARE
            for pair in combinations(held, 2)
        }
        found = sorted(compared)
        rows = [self._row(left, right) for left, right in found]
        chances = self._chances(rows)
        return [pair for pair, chance in zip(found, chances, strict=True) if chance >= self._decider.same]

    def _liken(self, names: Sequence[str]) -> dict[str, Match]:
        scores = cdist(
            [_letters(name) for name in names],
            self._letters,
            scorer=fuzz.ratio,
            score_cutoff=LIKE,
            dtype=np.uint8,
            workers=-1,
        )
        places = [(row, at) for row, name in enumerate(names) for at in self._candidates(name, scores[row])]
        rows = [self._row(names[row], self._names[at][0]) for row, at in places]
        best: dict[str, dict[str, float]] = defaultdict(dict)
        for (row, at), chance in zip(places, self._chances(rows), strict=True):
            of_body, body = best[names[row]], self._names[at][1]
            of_body[body] = max(of_body.get(body, 0.0), float(chance))
        told = {}
        for name, chances in best.items():
            (body, chance), *others = sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))
            if chance >= self._decider.ask:
                alone = not others or others[0][1] < chance - TIED
                told[name] = Match(body, chance, sure=alone and chance >= self._decider.same)
        return told

    def _chances(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """How probably each pair is of one body; never surely where one name has words that the other lacks."""
        chances = self._decider.probabilities(rows)
        open_ = np.array([not may_be_sure(row) for row in rows], np.bool_)
        return np.where(open_, np.minimum(chances, self._decider.same - ALMOST), chances)

    def _candidates(self, name: str, scores: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> list[int]:
        like = np.flatnonzero(scores)
        found = like[np.argsort(-scores[like].astype(np.int16), kind="stable")][:MOST].tolist()
        for word in significant(name):
            held = self._by_word.get(word, [])
            found += held if len(held) <= RARE else []
        return list(dict.fromkeys(found))

    def _row(self, left: str, right: str) -> list[float]:
        return features(left, right, self.lexicon, (self._kind(left), self._kind(right)))


def lexicon_of(gazetteer: Gazetteer) -> Lexicon:
    """The words of a gazetteer's names, and of its places."""
    places = {place for body in gazetteer for place in (body.municipality, body.region) if place}
    return lexicon((name for body in gazetteer for name in body.names), places)


def _loosely(name: str) -> list[str]:
    """Keys under which a name falls together with one in another order of words, or with other spaces."""
    words = sorted(significant(name))
    return [f"letters {_letters(name)}", *([" ".join(words)] if len(words) > 1 else [])]


def _letters(name: str) -> str:
    return normalise(name).stem.replace(" ", "")


def _read(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one for name in names for one in readings(name)[:3]))
