"""Tables that plain text draws: cells between bars or tabs, or under each other, and keys that dots lead to values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.documents.reading import Item
from models.records import BlockKind

Way = Literal["", "bars", "tabs", "dots", "gaps"]
"""What a line draws its cells with."""
Cell = tuple[int, str]
"""Where it begins in its line, and what it says."""

SHORT = 5  # words of the name of a column, or of a key

_RULE = re.compile(r"[-=+|_*–—\s]{5,}")
_DOTS = re.compile(r"\s*([^\W\d_][^.:]{1,60}?)(?:[ ]?\.{3,}[ ]*|[ ]\.\.[ ])(\S.*)")
_PAGE = re.compile(r"(?:s\. ?)?[\d\s.–-]+")  # what dots lead to in a table of contents
_WORD = re.compile(r"[^\W\d_]{2}")
_SIGNS = {"bars": re.compile(r"\|"), "tabs": re.compile(r"\t+"), "gaps": re.compile(r"[ \xa0]{2,}")}

_FEWEST = {"bars": 2, "tabs": 2, "gaps": 3}  # rows
_PAIRS = 3  # rows of two cells
_MOST = 60  # columns
_MOVED = 3  # letters that cells under each other may be moved


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, and where it begins in that."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The place behind its last letter."""
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        """Letters of white space that it begins with."""
        return len(self.text) - len(self.text.lstrip())

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def is_header(cells: Sequence[str]) -> bool:
    """Whether all cells are short, as names of columns are."""
    return all(0 < len(cell.split()) <= SHORT for cell in cells)


class Columns:
    """Reads the tables of one text. One without a header goes on under that of the last, if it has as many columns."""

    def __init__(self) -> None:
        self._header: Sequence[str] = ()

    def cut(self, group: Sequence[Line]) -> Iterator[list[Item] | list[Line]]:
        """The lines of a group in order: the rows of a table as items, other lines as they are; rules part these."""
        plain: list[Line] = []
        for way, lines, ruled in _runs(group):
            rows = self._rows(way, lines, ruled=ruled)
            if plain and (rows or not lines):
                yield plain
                plain = []
            if rows:
                yield rows
            else:
                plain += lines
        if plain:
            yield plain

    def _rows(self, way: Way, lines: Sequence[Line], *, ruled: bool) -> list[Item]:
        """The rows that lines draw in one way; none where they are no table."""
        if way == "dots":
            items = [_led(line) for line in lines]
            return [] if all(_PAGE.fullmatch(value) for item in items for _, value in item.fields) else items
        told = [list(_cells(line.text, _SIGNS[way])) for line in lines] if way else [[]]
        widest = max(told, key=len)
        follows = way == "bars" and len(widest) == len(self._header)
        if not way or not _is_table(way, told, fewest=1 if follows else _FEWEST[way], ruled=ruled):
            return []
        rows = [_placed(cells, widest) if way == "gaps" else [cell for _, cell in cells] for cells in told]
        headed = len(rows) > 1 and len(widest) > 2 and is_header(rows[0]) and all(map(_WORD.search, rows[0]))
        if headed or not follows:
            self._header = rows[0] if headed else ()
        return [
            _row(line, () if headed and at == 0 else self._header, cells)
            for at, (line, cells) in enumerate(zip(lines, rows, strict=True))
        ]


def _is_table(way: Way, told: Sequence[Sequence[Cell]], *, fewest: int, ruled: bool) -> bool:
    """Whether cells are of a table: enough rows, most of them whole, cells that only stand apart under each other; and
    no list, whose marks stand apart from what they mark."""
    widest = max(told, key=len)
    if len(widest) > _MOST:
        return False
    enough = len(told) >= fewest and (len(widest) > 2 or ruled or len(told) >= _PAIRS)
    whole = sum(len(cells) == len(widest) for cells in told) >= len(told) / 2
    placed = way != "gaps" or all(_is_under(cells, widest) for cells in told)
    return enough and whole and placed and (len(widest) > 2 or all(_WORD.search(cells[0][1]) for cells in told))


def _runs(group: Sequence[Line]) -> Iterator[tuple[Way, list[Line], bool]]:
    """Lines that draw in one way, and whether a rule stands among them; no lines for a rule by itself."""
    way: Way = ""
    lines: list[Line] = []
    ruled = False
    for line in group:
        if _RULE.fullmatch(line.text):
            if way in ("bars", "gaps", "tabs"):
                ruled = True
                continue
            yield way, lines, ruled
            yield "", [], False
            way, lines, ruled = "", [], False
            continue
        if (new := _way(line.text)) != way:
            yield way, lines, ruled
            way, lines, ruled = new, [], False
        lines.append(line)
    yield way, lines, ruled


def _way(text: str) -> Way:
    inner = text.strip(" |")
    if "|" in inner:
        return "bars"
    if "\t" in inner:
        return "tabs"
    if _DOTS.fullmatch(text):
        return "dots"
    return "gaps" if _SIGNS["gaps"].search(inner) else ""


def _cells(text: str, sign: re.Pattern[str]) -> Iterator[Cell]:
    at, end = len(text) - len(text.lstrip(" |")), len(text.rstrip(" |"))
    for found in sign.finditer(text, at, end):
        yield _cell(text, at, found.start())
        at = found.end()
    yield _cell(text, at, end)


def _cell(text: str, start: int, end: int) -> Cell:
    cell = text[start:end]
    return start + len(cell) - len(cell.lstrip()), cell.strip()


def _is_under(cells: Sequence[Cell], widest: Sequence[Cell]) -> bool:
    """Whether each cell stands under one of the widest row, by its first or its last letter."""
    return all(min(_distance(cell, other) for other in widest) <= _MOVED for cell in cells)


def _placed(cells: Sequence[Cell], widest: Sequence[Cell]) -> list[str]:
    """What stands in each column of the widest row."""
    row = [""] * len(widest)
    for cell in cells:
        at = min(range(len(widest)), key=lambda place: _distance(cell, widest[place]))
        row[at] = f"{row[at]} {cell[1]}".strip()
    return row


def _distance(cell: Cell, other: Cell) -> int:
    (start, text), (first, told) = cell, other
    return min(abs(start - first), abs(start + len(text) - first - len(told)))


def _led(line: Line) -> Item:
    found = _DOTS.fullmatch(line.text)
    assert found is not None  # noqa: S101 - as `_way` has seen
    return _item(BlockKind.KEY_VALUE, line, ((found[1].strip(), found[2].strip()),))


def _row(line: Line, header: Sequence[str], cells: Sequence[str]) -> Item:
    names = dict(enumerate(header))
    fields = tuple((names.get(at, ""), cell) for at, cell in enumerate(cells) if cell)
    return _item(BlockKind.TABLE_ROW, line, fields)


def _item(kind: BlockKind, line: Line, fields: tuple[tuple[str, str], ...]) -> Item:
    raw = line.text.strip()
    return Item(kind, raw, start=line.start + line.text.index(raw), fields=fields)
