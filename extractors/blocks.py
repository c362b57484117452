"""Blocks of a document with what they name, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

from models.records import Block, Mention

LIKELY = 0.2  # chosen on the dev part: few projects that a text names are of nothing


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block; `start` and `end` are offsets in the block's text, as are those of its mentions."""

    start: int
    end: int
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block with what it names."""

    block: Block
    sentences: tuple[Sentence, ...]

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The mentions of all sentences, in order."""
        return tuple(mention for sentence in self.sentences for mention in sentence.mentions)


def plays(mention: Mention, least: float = LIKELY) -> bool:
    """Whether a project is likely to be one of a collaboration that the text states, with at least this probability."""
    return not mention.parts or mention.parts[0] <= 1 - least
