"""Structure of text that has nothing but lines: headings, list items, key and value, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.documents.columns import Columns, Line
from extractors.documents.dates import read_stamp
from extractors.documents.reading import BARE_HEADING, Item
from models.records import BlockKind

_BREAK = re.compile(r"[\r\n\f\v\x85\u2028\u2029]")
_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_BULLET = re.compile(
    r"[ \t\xa0]*(?:[•·▪■●◦‣∙\uf0b7*]|¿(?!\w[^¿\n]*\w¿)|o(?=[ \t\xa0]+[A-ZÆØÅ]))[ \t\xa0]*(?=\S)"  # ¿…¿ is a quote
)
_DASH = re.compile(r"[ \t\xa0]*[-–—][ \t\xa0]+(?=\S)")
_NUMBER = re.compile(r"[ \t\xa0]*(?:\(?[0-9]{1,2}[.)]|[a-h]\))[ \t\xa0]+(?=\S)")
_SECTION = re.compile(r"[ \t\xa0]*[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?[ \t\xa0]+(?=[A-ZÆØÅ])")
_KEY_VALUE = re.compile(r"[ \t\xa0]*[A-ZÆØÅ][^:.!?;,•\n]{0,38}[^\s:.!?;,]:[ \t\xa0]+\S")
_CLAUSE = re.compile(r"\s*(?:alle|det|der|her|vi|jeg|man|han|hun|hvis|når|som)\s", re.IGNORECASE)  # begins no key
_NEXT_KEY = re.compile(r"(?<=[^\W\d]{2}[.;)])[ \t\xa0]+(?=[A-ZÆØÅ][^\s:.!?;,]*(?: [^\s:.!?;,]+){0,3}:[ \t\xa0]+\S)")
_AGENDA = re.compile(
    r"[ \t\xa0]*(?:sag|punkt|pkt\.?|dagsordenspunkt|ad)[ \t\xa0]+(?:nr\.?[ \t\xa0]+)?\d{1,2}[a-z]?[.:)]?"
    r"[ \t\xa0]+(?:[–-][ \t\xa0]+)?(?=[\"”»']?[A-ZÆØÅ])",
    re.IGNORECASE,
)
_NEXT_AGENDA = re.compile(r"[ \t\xa0]+(?=(?:Sag|Punkt|Pkt\.?) \d{1,2}[a-z]?[.:)] [A-ZÆØÅ])")
_NEXT_IN_ORDER = re.compile(r"(?<![\d.,(-])(?=(\d{1,2})\.[ \t\xa0]+[\"”»'¿]?[A-ZÆØÅ])")
_PART_OF_ITEM = re.compile(
    r"[ \t\xa0]+(?=(?:Baggrund|Sagsfremstilling|Resumé|Indstilling|Beslutning|Økonomi|Konklusion)\b"
    r":?[ \t\xa0]+[A-ZÆØÅ])"
)
_RUN_ON = re.compile(
    r"(?<=[a-zæøå])(?=(?:Resum[eé]|Sagsfremstilling|Indstilling|Beslutning|Baggrund|Økonomi):)"  # "livResume:"
    r"|[ \t\xa0]+(?=(?:Journal ?nr|Sags ?nr|J\. ?nr)\.?:)"
)
_END_STOP = re.compile(r"[.!?:;,…][\"”»')]?\s*\Z")
_DATED_LINE = re.compile(r"\d")

_KEY_WORDS = 4
_DASH_WORDS = 12
_HEADING_WORDS = 12
_HEADING_LENGTH = 110
_AGENDA_WORDS = 25
_ITEMS = 3  # in one line, that make it an agenda
_TEXT_WORDS = 7  # of a line of running text
_OPENING_WORDS = 2
_WRAP = 45  # a line much shorter than this was ended on purpose
_FULL = 0.6


def read_lines(text: str) -> Iterator[Item]:
    """The parts of `text`, each with its offset in it. Bullets and numbers of list items are left out of their part.

    A dash begins a list item where others follow or the line is a few words; before a longer one it is a speaker's.
    """
    columns = Columns()
    parts = [part for group in _groups(text) for part in columns.cut(group)]
    around = [[line for line in part if isinstance(line, Line)] for part in ([], *parts, [])]
    for part, before, group, after in zip(parts, around, around[1:], around[2:], strict=False):
        if not group:
            yield from (item for item in part if isinstance(item, Item))
        elif len(group) == 1 and _is_heading(group[0], before, after):
            yield _item(text, BlockKind.HEADING, group[0].start, group[0].end)
        else:
            yield from _read_group(text, group)


def read_paragraph(text: str) -> Iterator[Item]:
    """As `read_lines`, of one paragraph outside of any text: a single line is no heading for being short.

    It is one when it opens a list by a word or two (`Partnere:`) or is an item of an agenda.
    """
    for item in read_lines(text):
        alone = item.kind is BlockKind.HEADING and "\n" not in text
        named = is_agenda(item.raw) or (text.rstrip().endswith(":") and len(text.split()) <= _OPENING_WORDS)
        yield Item(BlockKind.PARAGRAPH, item.raw) if alone and not named else replace(item, start=None)


def looks_like_heading(text: str) -> bool:
    """Few words, no stop at the end, beginning with a capital or a number."""
    stripped = text.strip()
    return (
        0 < len(stripped) <= _HEADING_LENGTH
        and len(stripped.split()) <= _HEADING_WORDS
        and (stripped[0].isupper() or stripped[0].isdigit() or stripped[0] in "\"”»'§")
        and any(character.isalpha() for character in stripped)
        and not _END_STOP.search(stripped)
    )


def is_key_value(text: str) -> bool:
    """Whether a line reads `Key: value` with a key of a few words."""
    if not _KEY_VALUE.match(text) or is_agenda(text) or _CLAUSE.match(text):
        return False
    return len(text[: text.index(":")].split()) <= _KEY_WORDS


def is_agenda(text: str) -> bool:
    """Whether a line is the heading of an item of an agenda, with or without text under it: `Sag 3: Havnen`."""
    return bool(_AGENDA.match(text)) and len(text.split()) <= _AGENDA_WORDS and not _END_STOP.search(text)


def strip_bullet(text: str) -> str:
    """The text of a list item without its mark or number."""
    found = _BULLET.match(text) or _DASH.match(text) or _NUMBER.match(text)
    return text[found.end() :] if found else text


def _groups(text: str) -> Iterator[Sequence[Line]]:
    """Lines that no blank line parts."""
    group: list[Line] = []
    end = 0
    for found in _LINE.finditer(text):
        between = text[end : found.start()]
        if group and (between.count("\n") > 1 or between.count("\r") > 1 or "\f" in between):
            yield group
            group = []
        end = found.end()
        if found.group().strip():
            group += _cut(Line(found.start(), found.group().rstrip()))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _cut(line: Line) -> Iterator[Line]:
    """A line of several keys (`Sted: Havnen. Til stede: …`) or items of an agenda, as a line for each of them."""
    pattern = _NEXT_AGENDA if _AGENDA.match(line.text) else _NEXT_KEY if is_key_value(line.text) else None
    ends = [found.span() for found in pattern.finditer(line.text)] if pattern else _in_order(line.text)
    ends += [found.span() for found in _RUN_ON.finditer(line.text)]
    start = 0
    for end, begin in [*sorted(set(ends)), (len(line.text), 0)]:
        yield Line(line.start + start, line.text[start:end].rstrip())
        start = begin


def _in_order(text: str) -> list[tuple[int, int]]:
    """Where the items of an agenda without line breaks, and their parts, end and begin: `1. Havnen 2. Broen 3. …`."""
    places = list[int]()
    for found in _NEXT_IN_ORDER.finditer(text):
        if int(found[1]) == len(places) + 1:
            places.append(found.start())
    if len(places) < _ITEMS:
        return []
    parts = [found.end() for found in _PART_OF_ITEM.finditer(text) if found.end() > places[0]]
    return [(place, place) for place in sorted({*places, *parts} - {0})]


def _is_heading(line: Line, before: Sequence[Line], after: Sequence[Line]) -> bool:
    if _is_stamp(line):
        return False
    if _SECTION.match(line.text) or is_agenda(line.text):
        return is_agenda(line.text) or looks_like_heading(line.text)
    if _NUMBER.match(line.text):
        numbered = [*before[-1:], *after[:1]]
        return looks_like_heading(line.text) and not any(_NUMBER.match(other.text) for other in numbered)
    marked = _BULLET.match(line.text) or _DASH.match(line.text) or is_key_value(line.text)
    return not marked and looks_like_heading(line.text)


def _read_group(text: str, group: Sequence[Line]) -> Iterator[Item]:
    kind: BlockKind | None = None
    start = end = indent = 0
    wrap = max(_WRAP, *(len(line.text) for line in group))
    dashes = sum(bool(_DASH.match(line.text)) for line in group)
    for place, line in enumerate(group):
        stamp = _is_stamp(line)
        mark = None if stamp else _mark(line, dashes)
        alone = stamp or _opens_list(line)
        agenda = is_agenda(line.text) or _stands_over(group, place, wrap)
        mark = None if agenda else mark
        cut = place > 0 and not _BREAK.search(text, group[place - 1].end, line.start)
        begins = mark or alone or agenda or cut or kind is None or is_key_value(line.text)
        if not begins and kind and _goes_on(group[place - 1], line, kind, indent, wrap):
            end = line.end
            continue
        if kind is not None:
            yield _item(text, kind, start, end)
        kind, start, end, indent = BlockKind.PARAGRAPH, line.start, line.end, line.indent
        if mark:
            kind, start = BlockKind.LIST_ITEM, line.start + mark.end()
        elif agenda:
            kind = BlockKind.HEADING
        elif _opens_list(line):
            yield _item(text, BlockKind.HEADING, start, line.start + len(line.text.rstrip(": \xa0")))
            kind = None
        elif alone:
            yield _item(text, kind, start, end)
            kind = None
        elif is_key_value(line.text):
            kind = BlockKind.KEY_VALUE
    if kind is not None:
        yield _item(text, kind, start, end)


def _stands_over(group: Sequence[Line], place: int, wrap: int) -> bool:
    """Whether a line is the heading of the running text right under it; but for the first, one with a number."""
    line, under = group[place], group[place + 1] if place + 1 < len(group) else None
    number = _SECTION.match(line.text) or _NUMBER.match(line.text)
    if (
        under is None
        or not (number or place == 0)
        or len(line.text) >= _FULL * wrap
        or not looks_like_heading(line.text)
    ):
        return False
    if _is_stamp(line) or is_key_value(line.text) or not under.text.lstrip()[:1].isupper():
        return False
    if _is_marked(under):
        return bool(number and _SECTION.match(under.text)) or (place == 0 and is_key_value(under.text))
    if under.words >= _TEXT_WORDS and len(under.text) >= _WRAP:
        return True
    return bool(_END_STOP.search(under.text)) and (bool(number) or under.words >= _TEXT_WORDS)


def _is_marked(line: Line) -> bool:
    patterns = (_BULLET, _DASH, _NUMBER, _SECTION)
    return any(pattern.match(line.text) for pattern in patterns) or is_key_value(line.text)


def _mark(line: Line, dashes: int) -> re.Match[str] | None:
    """The bullet or number that begins a list item."""
    if dash := _DASH.match(line.text):
        return dash if dashes > 1 or (line.words <= _DASH_WORDS and not _END_STOP.search(line.text)) else None
    return _BULLET.match(line.text) or _NUMBER.match(line.text)


def _goes_on(before: Line, line: Line, kind: BlockKind, indent: int, wrap: int) -> bool:
    """Whether `line` continues the part that the line before it belongs to."""
    if line.text.lstrip()[:1].islower():
        return True
    if kind in (BlockKind.LIST_ITEM, BlockKind.HEADING):
        return kind is BlockKind.LIST_ITEM and line.indent > indent
    return len(before.text) >= _FULL * wrap or before.text.endswith(",")


def _opens_list(line: Line) -> bool:
    """`Partnere:` on a line of its own."""
    return line.text.endswith(":") and line.words <= _KEY_WORDS and line.text.lstrip()[:1].isupper()


def _is_stamp(line: Line) -> bool:
    return bool(_DATED_LINE.search(line.text)) and read_stamp(line.text) is not None


def _item(text: str, kind: BlockKind, start: int, end: int) -> Item:
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    return Item(kind, raw.strip(), BARE_HEADING if kind is BlockKind.HEADING else 0, start=start)
