"""What a document states before it is made a claim: parties, the words that join them, and the project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from extractors.blocks import ReadBlock, Sentence
from extractors.parties import Run, distinct
from models.records import Mention, Participant, Role


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a block; `at` is the block's place in the document."""

    at: int
    read: ReadBlock
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.read.block.text[self.start : self.end]

    @property
    def mentions(self) -> list[Mention]:
        """The names in it."""
        return [one for one in self.read.mentions if self.start <= one.start < self.end]


@dataclass(slots=True)
class Statement:
    """Parties joined by a sentence or a list, with the words that prove it; one that `adds` tells more of another."""

    parties: list[Participant]
    quotes: list[Quote]
    confidence: float
    adds: bool = False
    project: str = ""
    names: list[str] = field(default_factory=list)  # of projects in its own words


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with its names."""

    quote: Quote
    sentence: Sentence
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Taken:
    """Names that are taken for parties, how probably they are; `besides` are those that their sentence means."""

    quote: Quote
    run: Run
    chance: float
    besides: list[Participant]


def count(parties: Iterable[Participant]) -> int:
    """How many do something: who only pays does not."""
    return sum(party.role is not Role.FUNDER for party in parties)


def share(left: Statement, right: Statement) -> bool:
    """Whether a party is in both."""
    return bool(bodies(left) & bodies(right))


def add_to(one: Statement, added: Statement) -> None:
    """More parties and the words that name them."""
    parties = distinct([*one.parties, *added.parties])
    if parties != one.parties:
        one.parties = parties
        one.quotes = sorted([*one.quotes, *added.quotes], key=lambda quote: (quote.at, quote.start))


def bodies(one: Statement) -> set[str]:
    """Its parties, each by its id or its name."""
    return {party.body_id or party.name for party in one.parties}
