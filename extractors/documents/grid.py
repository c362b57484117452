"""A table of texts to items: rows under the headers of their columns, or keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.documents.columns import SHORT, is_header
from extractors.documents.lines import looks_like_heading
from extractors.documents.reading import BARE_HEADING, Item
from models.records import BlockKind


def read_grid(rows: Sequence[Sequence[str]], has_header: bool = False) -> Iterator[Item]:
    """An item for each row that is not empty.

    A first row of short cells over three or more columns names the columns also when `has_header` is not said, but is
    kept as a row, for it may be none. Two columns without header and with a short first cell are a key and its value. A
    row of one cell is a heading when it reads like one.
    """
    rows = [cells for cells in rows if any(cells)]
    if not rows:
        return
    implied = len(rows) > 1 and len(rows[0]) > 2 and is_header(rows[0])
    header = rows[0] if has_header or implied else ()
    for cells in rows[has_header:]:
        if len(cells) == 1:
            level = BARE_HEADING if looks_like_heading(cells[0]) else 0
            yield Item(BlockKind.HEADING if level else BlockKind.PARAGRAPH, cells[0], level)
        elif not header and len(cells) == 2 and 0 < len(cells[0].split()) <= SHORT:
            if cells[1]:
                yield key_value(cells[0], cells[1])
        else:
            columns = dict(enumerate(header if cells is not rows[0] else ()))
            named = tuple((columns.get(place, ""), cell) for place, cell in enumerate(cells) if cell)
            yield Item(BlockKind.TABLE_ROW, " | ".join(cell for _, cell in named), fields=named)


def key_value(key: str, value: str) -> Item:
    """`Key: value`, whatever the key ended in."""
    key = key.rstrip(": \xa0")
    return Item(BlockKind.KEY_VALUE, f"{key}: {value}", fields=((key, value),))
