"""Two statements side by side: what speaks for and against their being of one collaboration."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import fsum, log

from rapidfuzz import fuzz

from models.identity.names import normalise
from models.identity.readings import is_acronym
from models.records import digest

FEATURES = (
    "named",  # both name a project
    "letters",  # likeness of the projects' names without kinds and spaces
    "words",  # of their words in any order
    "part",  # of the shorter with the part of the longer that is most like it
    "acronym",  # one is made of the other's first letters, or stands in it
    "within",  # one is a part of the other
    "nameless",  # neither names a project
    "half_named",  # just one does
    "told",  # one's project stands in the other's words
    "parties",  # shared of all
    "fewer",  # shared of the fewer
    "shared",  # how many, at most five
    "rarity",  # of those shared
    "equal",  # all the same
    "title",  # likeness of the titles' words
    "text",  # of the evidences' words
    "content",  # weight of the words that both use, of all that they use
    "topic",  # weight of the three rarest words that both use
    "project_topic",  # of the words of one's project that the other uses anywhere, of all of its words
    "years",  # between them
    "left_over",  # weight of the words of the longer name that the other lacks
    "missing",  # of the shorter name
    "part_of",  # just one is a part, a number, or about skills
    "forums",  # the same
)
"""What is told of a pair, in order; likenesses from 0 to 1."""

BLOCK = 120  # statements under one key that are all compared with each other; of more, neighbours
_KINDS = re.compile(
    r"(?:projekt|program|samarbejd|partnerskab|initiativ|aftale|netvaerk|kontrakt)(?:e|et|ets|met|en|n|s)?$|"
    r"^(?:del|den|det|de|i|for|paa|til|og|om|af|med|the|of|in|a|an)$"
)
_TAIL = re.compile(r"(?<=[a-z]{3}) ?(?:projekt(?:et)?|programmet|samarbejdet)$")
_PART = re.compile(r"delprojekt|kompetence|uddannelse|\d")
_ACRONYM = re.compile(r"[A-ZÆØÅ][A-ZÆØÅa-z0-9]{0,2}[A-ZÆØÅ][A-ZÆØÅ0-9]{0,4}")
_SHORT = 4  # letters of a name that may stand in any other by chance
_LIKE = 80  # ratio from which two words are one
_MORE = 0.6  # weight of the words that a name may have besides
_LETTERS, _WORDS = 0.75, 0.85  # likeness from which two names of projects may be of one


@dataclass(frozen=True)
class Side:
    """One statement as pairs are made of it."""

    claim_id: str
    project: str
    title: str
    text: str
    parties: frozenset[str]
    year: int  # 0 where it is not known
    forums: frozenset[str] = field(default=frozenset())

    @cached_property
    def key(self) -> int:
        """A number of 64 bits that stands for all that is compared."""
        lists = (sorted(self.parties), sorted(self.forums))
        told = (self.claim_id, self.project, self.title, self.text, str(self.year), *(" ".join(one) for one in lists))
        return int(digest("side", *told, length=16), 16)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Of the project's name, without kinds of undertakings and small words."""
        stem = _TAIL.sub("", normalise(self.project).stem) if self.project else ""
        whole = tuple(stem.split())
        return tuple(word for word in whole if not _KINDS.search(word)) or whole

    @cached_property
    def letters(self) -> str:
        """The project's name without kinds and spaces."""
        return "".join(self.words)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Words of the project's name in capitals."""
        return frozenset(found.casefold() for found in _ACRONYM.findall(self.project))

    @cached_property
    def content(self) -> frozenset[str]:
        """The beginnings of the words that it uses, but for small ones."""
        words = normalise(f"{self.project} {self.title} {self.text}").stem.split()
        return frozenset(word[:7] for word in words if len(word) > 3)

    @cached_property
    def named_by(self) -> frozenset[str]:
        """The beginnings of the words of its project."""
        return frozenset(word[:7] for word in self.words if len(word) > 2)

    @cached_property
    def told(self) -> str:
        """Title and text in normal form, without the project's own name."""
        told = f" {normalise(self.title).stem} {normalise(self.text).stem} "
        return told.replace(f" {normalise(self.project).stem} ", " | ") if self.project else told


def keys(side: Side) -> Iterator[tuple[str, ...]]:
    """Under which statements are compared that may be of one collaboration: a party beside a word, or two parties."""
    initials = "".join(word[0] for word in side.words)
    words = {word[:4] for word in side.words} | side.acronyms | ({initials} if len(initials) > 1 else set())
    if not words:
        words = {word[:5] for word in normalise(side.title).stem.split() if len(word) > 4}
    for party in side.parties:
        yield from ((party, word) for word in words)
    yield from combinations(sorted(side.parties), 2)
    if side.letters:
        yield (side.letters[:6],)


def candidates(sides: Sequence[Side]) -> Iterator[tuple[Side, Side]]:
    """Pairs that are worth comparing, each once."""
    blocks: dict[tuple[str, ...], list[int]] = {}
    for at, side in enumerate(sides):
        for key in set(keys(side)):
            blocks.setdefault(key, []).append(at)
    seen = set[tuple[int, int]]()
    for key in sorted(blocks):
        block = blocks[key]
        near = len(block) if len(block) <= BLOCK else BLOCK // 4
        if near < len(block):
            block = sorted(block, key=lambda at: (sides[at].letters, sides[at].title, sides[at].claim_id))
        for place, at in enumerate(block):
            for other in block[place + 1 : place + near]:
                pair = (at, other) if at < other else (other, at)
                if pair not in seen:
                    seen.add(pair)
                    yield sides[pair[0]], sides[pair[1]]


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much a word of a project's name, and a party, tell: the rarer, the more. Counted once, when the model learns:
    what two statements have in common is to mean the same every night."""

    words: Mapping[str, int]
    content: Mapping[str, int]
    parties: Mapping[str, int]
    size: int

    def of_words(self, words: Iterable[str]) -> float:
        """Together."""
        return fsum(log(1 + self.size / (1 + self.words.get(word, 0))) for word in words) / log(1 + self.size)

    def of_content(self, words: Iterable[str]) -> list[float]:
        """Of each word of a text, the greatest first."""
        most = log(1 + self.size)
        return sorted((log(1 + self.size / (1 + self.content.get(word, 0))) / most for word in words), reverse=True)

    def of_parties(self, parties: Iterable[str]) -> float:
        """Together."""
        return fsum(1 / log(2.7 + self.parties.get(party, 0)) for party in parties)


def rarity(sides: Sequence[Side]) -> Rarity:
    """Counted over statements."""
    words = Counter(word for side in sides for word in set(side.words))
    content = Counter(word for side in sides for word in side.content)
    return Rarity(words, content, Counter(party for side in sides for party in side.parties), max(2, len(sides)))


def features(left: Side, right: Side, rare: Rarity) -> list[float]:
    """A row of FEATURES; the same whichever of the two comes first."""
    named = bool(left.letters and right.letters)
    shared, all_parties = left.parties & right.parties, left.parties | right.parties
    lacking = [_lacking(left.words, right.words), _lacking(right.words, left.words)] if named else [[], []]
    weights = sorted(map(rare.of_words, lacking))
    both = rare.of_content(left.content & right.content)
    title = fuzz.token_set_ratio(left.title, right.title) / 100 if left.title and right.title else 0.0
    return [
        float(named),
        fuzz.ratio(left.letters, right.letters) / 100 if named else 0.0,
        fuzz.token_set_ratio(" ".join(left.words), " ".join(right.words)) / 100 if named else 0.0,
        fuzz.partial_ratio(left.letters, right.letters) / 100 if named else 0.0,
        float(named and _abbreviates(left, right)),
        float(
            named and min(map(len, (left.letters, right.letters))) > _SHORT and _is_within(left.letters, right.letters)
        ),
        float(not left.letters and not right.letters),
        float(bool(left.letters) != bool(right.letters)),
        float(_tells(left, right) or _tells(right, left)),
        len(shared) / max(1, len(all_parties)),
        len(shared) / max(1, min(len(left.parties), len(right.parties))),
        float(min(len(shared), 5)),
        rare.of_parties(shared),
        float(left.parties == right.parties),
        title,
        fuzz.token_set_ratio(left.text, right.text) / 100 if left.text and right.text else 0.0,
        sum(both) / (sum(rare.of_content(left.content | right.content)) or 1.0),
        sum(both[:3]),
        max(_used(left, right, rare), _used(right, left, rare)),
        float(min(abs(left.year - right.year), 10) if left.year and right.year else 1),
        weights[1],
        weights[0],
        float(bool(_PART.search(left.project.casefold())) != bool(_PART.search(right.project.casefold()))),
        float(left.forums == right.forums),
    ]


def are_tied(row: Sequence[float]) -> bool:
    """Whether the names of two projects leave it open that they are one.

    A name that says more than the other is a part of it, but for its training (twins of two funds).
    """
    told = dict(zip(FEATURES, row, strict=True))
    alike = told["within"] or told["letters"] >= _LETTERS or told["words"] >= _WORDS
    no_part = told["left_over"] <= _MORE or told["part_of"]
    return bool(told["acronym"] or told["told"] or (alike and no_part))


def _lacking(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that have none like them among the others."""
    return [word for word in words if all(fuzz.ratio(word, other) < _LIKE for other in others)]


def _abbreviates(left: Side, right: Side) -> bool:
    if left.acronyms & right.acronyms and left.letters != right.letters:
        return True
    return any(is_acronym(one.project.replace("-", ""), other.project) for one, other in ((left, right), (right, left)))


def _used(side: Side, other: Side, rare: Rarity) -> float:
    """The share of the words of a project, by weight, that the other statement uses."""
    whole = sum(rare.of_content(side.named_by))
    return sum(rare.of_content(side.named_by & other.content)) / whole if whole else 0.0


def _is_within(left: str, right: str) -> bool:
    return left in right or right in left


def _tells(side: Side, other: Side) -> bool:
    """Whether the words of one state the project of the other, which is no plain word."""
    return len(side.letters) > 5 and f" {normalise(side.project).stem} " in other.told
