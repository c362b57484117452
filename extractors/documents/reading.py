"""What every reader makes: a text as it was read, and the blocks found in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from extractors.documents.repair import repair
from models.records import Block, BlockKind

BARE_HEADING = 7
"""The level of a heading that is none by its markup: a short line, a line in bold. Those of h1 to h6 are 1 to 6."""


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a file, before repair. `start` is its offset in a text that exists already, None where none does."""

    kind: BlockKind
    raw: str
    level: int = 0  # of a heading
    page: int | None = None
    start: int | None = None
    fields: tuple[tuple[str, str], ...] = ()
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what was read: repairing `text[block.start:block.end]` gives `block.text`, for each block."""

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    published: date | None = None
    updated: date | None = None
    language: str = ""


def compose(items: Iterable[Item], text: str | None = None) -> tuple[str, tuple[Block, ...]]:
    """The text as read and its blocks. Without `text`, items are put one on a line; with it, they lie in it."""
    lines: list[str] = []
    blocks: list[Block] = []
    length = 0
    heading = ""
    for item in items:
        repaired = repair(item.raw)
        if not repaired.text:
            continue
        start = length if item.start is None else item.start
        end = start + len(item.raw)
        fields = tuple((repair(key).text, repair(value).text) for key, value in item.fields)
        marked = tuple(repair(one).text for one in item.marked)
        block = Block(item.kind, repaired.text, start, end, heading, item.page, fields, repaired.shifts, marked)
        if item.kind is BlockKind.KEY_VALUE and not fields:
            key, _, value = repaired.text.partition(":")
            block = replace(block, fields=((key.strip(), value.strip()),))
        if item.kind is BlockKind.HEADING:
            heading = repaired.text
        blocks.append(block)
        lines.append(item.raw)
        length = end + 1
    return "\n".join(lines) if text is None else text, tuple(blocks)
