"""Reading order of a page of placed text: lines, columns, rows of a table, paragraphs. Lengths in points, y upwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from extractors.documents.grid import read_grid
from extractors.documents.lines import is_agenda, looks_like_heading, read_lines
from extractors.documents.reading import BARE_HEADING, Item
from models.records import BlockKind


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line, the box around its glyphs, and its font."""

    left: float
    bottom: float
    right: float
    top: float
    size: float
    text: str
    bold: bool = False


_CELL_GAP = 2.0  # font sizes; a wider gap parts columns or cells
_WORD_GAP = 0.15
_LEADING = 0.9  # white between two lines; more parts paragraphs
_BAND_GAP = 1.5
_SAME_SIZE = 0.12
_INDENT = 3.0  # points for a space
_HEADING_SIZE = 1.15  # of the body's
_TITLE_SIZE = 1.5
_GUTTER = (0.3, 0.7)  # of the width of the text
_COLUMN_LINES = 4
_FILLED = 0.6  # of a column's width by its median line, else it is a table
_LINE_FILLED = 0.85  # of the widest line of the page
_LONG_LINE = 45  # characters
_MARK = re.compile(r"(?:[•·▪■●◦‣∙\uf0b7o–-]|\(?\w{1,2}[.)])\s*\Z")


def join_spans(spans: Sequence[Span]) -> list[Span]:
    """Spans that stand on one line close together, joined; top to bottom, left to right."""
    lines: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: (-span.top, span.left)):
        line = next((line for line in lines[-3:] if _on_one_line(line[0], span)), None)
        if line is None:
            lines.append([span])
        else:
            line.append(span)
    return [joined for line in lines for joined in _join_line(sorted(line, key=lambda span: span.left))]


def middle_size(spans: Sequence[Span]) -> float:
    """The font size of the middle character."""
    sizes = sorted((span.size, len(span.text)) for span in spans)
    half = sum(length for _, length in sizes) / 2
    for size, length in sizes:
        half -= length
        if half <= 0:
            return size
    return 0.0


def read_layout(spans: Sequence[Span], body: float, page: int) -> Iterator[Item]:
    """The items of a page whose joined spans these are; a part much larger than `body` is a heading."""
    widest = max((span.right - span.left for span in spans), default=0.0)
    block: list[Span] = []
    table: list[list[Span]] = []
    for row in (row for section, gutter in _sections(spans, body) for row in _rows(section, gutter)):
        if len(row) > 1 or not (block and _goes_on(block[-1], row[0])):
            yield from _read_block(block, body, page, widest)
            block = []
        if len(row) > 1:
            table.append(row)
        else:
            yield from _read_table(table, page)
            table = []
            block.append(row[0])
    yield from _read_block(block, body, page, widest)
    yield from _read_table(table, page)


def _on_one_line(one: Span, other: Span) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.5 * min(one.top - one.bottom, other.top - other.bottom)


def _join_line(line: Sequence[Span]) -> Iterator[Span]:
    current = line[0]
    for span in line[1:]:
        gap = span.left - current.right
        if gap > _CELL_GAP * max(current.size, span.size) and not _MARK.fullmatch(current.text.strip()):
            yield current
            current = span
            continue
        space = " " if gap > _WORD_GAP * current.size and not current.text.endswith(" ") else ""
        longer = max(current, span, key=lambda part: len(part.text))
        current = replace(
            longer,
            left=current.left,
            right=span.right,
            text=current.text + space + span.text,
            bold=current.bold and span.bold,
        )
    yield current


def _bands(spans: Sequence[Span], body: float) -> Iterator[list[Span]]:
    """The page from top to bottom, parted where it is white all across."""
    band: list[Span] = []
    floor = 0.0
    for span in spans:
        if band and floor - span.top > _BAND_GAP * body:
            yield band
            band = []
        floor = min(floor, span.bottom) if band else span.bottom
        band.append(span)
    if band:
        yield band


def _sections(spans: Sequence[Span], body: float) -> Iterator[tuple[list[Span], float | None]]:
    """Bands with their gutter; a band that keeps to the columns of the one above goes on with them."""
    section: list[Span] = []
    gutter: float | None = None
    for band in _bands(spans, body):
        if gutter is not None and _keeps_to(band, section, gutter):
            section += band
            continue
        if section:
            yield section, gutter
        section, gutter = band, _find_gutter(band)
    if section:
        yield section, gutter


def _keeps_to(band: Sequence[Span], section: Sequence[Span], gutter: float) -> bool:
    """Whether no line of the band crosses the gutter, and those on each side fill a column of the section."""
    left, right = min(span.left for span in section), max(span.right for span in section)
    middle = max(span.right for span in section if span.right <= gutter)
    before = [span for span in band if span.right <= gutter]
    after = [span for span in band if span.left >= gutter]
    return (
        len(before) + len(after) == len(band)
        and (not before or _filled(before, left, middle))
        and (not after or _filled(after, gutter, right))
    )


def _find_gutter(spans: Sequence[Span]) -> float | None:
    """Where two columns of running text part, if they do."""
    if len(spans) < 2 * _COLUMN_LINES:
        return None
    left, right = min(span.left for span in spans), max(span.right for span in spans)
    low, high = (left + share * (right - left) for share in _GUTTER)
    best: tuple[int, float] | None = None
    for place in sorted({int(span.left) for span in spans if low < span.left < high}):
        before = [span for span in spans if span.right <= place]
        after = [span for span in spans if span.left >= place]
        crossing = len(spans) - len(before) - len(after)
        if min(len(before), len(after)) < _COLUMN_LINES or crossing > 0.6 * len(spans):
            continue
        if not _filled(before, left, max(span.right for span in before)) or not _filled(after, place, right):
            continue
        if best is None or crossing < best[0]:
            best = crossing, place
    return best[1] if best else None


def _filled(spans: Sequence[Span], left: float, right: float) -> bool:
    return median(span.right - span.left for span in spans) >= _FILLED * (right - left)


def _rows(spans: Sequence[Span], gutter: float | None) -> Iterator[list[Span]]:
    """Spans in reading order; without a gutter, those on one line together."""
    if gutter is None:
        row: list[Span] = []
        for span in spans:
            if row and not _on_one_line(row[0], span):
                yield row
                row = []
            row.append(span)
        if row:
            yield row
        return
    columns: tuple[list[Span], list[Span]] = ([], [])
    for span in spans:
        if span.left < gutter < span.right:
            yield from ([one] for column in columns for one in column)
            columns = ([], [])
            yield [span]
        else:
            columns[span.left >= gutter].append(span)
    yield from ([one] for column in columns for one in column)


def _read_table(rows: Sequence[Sequence[Span]], page: int) -> Iterator[Item]:
    """A grid where the rows have the same number of cells, else each for itself; a bold first row names them."""
    cells = [[span.text.strip() for span in row] for row in rows]
    bold = [all(span.bold for span in row) for row in rows]
    same = len({len(row) for row in cells}) == 1
    has_header = same and len(rows) > 1 and bold[0] and not any(bold[1:])
    for item in read_grid(cells, has_header) if same else (item for row in cells for item in read_grid([row])):
        yield replace(item, page=page)


def _goes_on(before: Span, span: Span) -> bool:
    gap = before.bottom - span.top
    same_size = abs(before.size - span.size) <= _SAME_SIZE * before.size and before.bold == span.bold
    return same_size and -before.size < gap < _LEADING * before.size


def _read_block(block: Sequence[Span], body: float, page: int, widest: float) -> Iterator[Item]:
    """The items of lines that stand close together; a line as long as they get on the page is running text."""
    if not block:
        return
    left = min(span.left for span in block)
    text = "\n".join(" " * int((span.left - left) / _INDENT) + span.text.strip() for span in block)
    size = median(span.size for span in block)
    large = size > _HEADING_SIZE * body
    line = " ".join(text.split()).rstrip(": ")
    if (large or all(span.bold for span in block)) and looks_like_heading(line):
        level = BARE_HEADING if not large else 1 if size > _TITLE_SIZE * body else 2
        yield Item(BlockKind.HEADING, text.rstrip(": "), level, page)
        return
    is_full = len(block) == 1 and len(line) > _LONG_LINE and block[0].right - left >= _LINE_FILLED * widest
    for item in read_lines(text):
        if is_full and item.kind is BlockKind.HEADING and not is_agenda(item.raw):
            item = Item(BlockKind.PARAGRAPH, item.raw)  # noqa: PLW2901
        yield replace(item, page=page, start=None)
