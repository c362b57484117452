"""The parts of an HTML page in document order: headings, paragraphs, list items, tables, definition lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree
from lxml.html import HTMLParser, document_fromstring, tostring

from extractors.documents.errors import EmptyDocument, TooLarge, UnreadableDocument
from extractors.documents.grid import key_value, read_grid
from extractors.documents.lines import is_key_value, looks_like_heading, read_paragraph, strip_bullet
from extractors.documents.reading import BARE_HEADING, Item
from models.records import BlockKind

MOST_ELEMENTS = 200_000
"""On one page; as many take half a gigabyte and ten seconds."""
MOST_SPREAD = 200_000
"""Letters of a table that are told again in rows that their cells reach over; more is no table that anyone reads."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An item, the element that it stands in, and how much of its text is links (0 to 1)."""

    item: Item
    element: Tag
    linked: float = 0.0


class _Piece(NamedTuple):  # of which a page has thousands
    text: str
    bold: bool = False
    link: bool = False
    marked: bool = False  # set off from the text around it


_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "nav", "footer", "iframe", "object", "embed", "svg", "canvas"}
    | {"audio", "video", "map", "figcaption", "button", "select", "option", "input", "textarea"}
)
_BLOCKS = frozenset(
    {"html", "body", "main", "article", "section", "aside", "header", "address", "div", "center", "blockquote", "p"}
    | {"pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "figure", "form"}
    | {"fieldset", "legend", "details", "dialog", "summary", "table", "caption", "thead", "tbody", "tfoot", "tr"}
    | {"th", "td"}
)
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset({"b", "strong"})
_MARKS = _BOLD | {"em", "i", "q", "cite", "u", "dfn"}
_CELLS = frozenset({"td", "th"})
_NOT_IN_DATA = frozenset({"table", "h1", "h2", "h3"})
_BREAKS = frozenset({"p", "br"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar"})
_MARKED = frozenset({"div", "section", "ul", "ol", "aside", "header", "p", "table", "td", "form", "span", "a"})
_BOILERPLATE = re.compile(
    r"(?:^|[\s_-])(?:cookie\w*|breadcrumbs?|br(?:ø|oe)dkrummer?|(?:top|side|venstre|main)?menu|navbar|navigation|nav|footer"
    r"|sidefod|sidebar|share|social[_-]?(?:media|share|icons|links)|skip\w*|banner|search|s(?:ø|oe)gning|pager|pagination|toolbar|login)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_DEEPEST = 200
_LAYOUT_CELL = 400  # characters; where many cells have more, or one many breaks, the table is there for the layout
_LAYOUT_BREAKS = 8


def parse_markup(text: str) -> tuple[BeautifulSoup, str]:
    """The tree of a page, and the page as the parser mended it: without comments, no deeper than libxml2 allows (256).

    Beautiful Soup alone would follow any depth. Raises EmptyDocument, UnreadableDocument, or
    TooLarge over MOST_ELEMENTS.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text.encode(errors="replace"), parser=parser)
    except etree.ParserError as error:
        raise EmptyDocument("HTML-siden er tom") from error
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableDocument("HTML-siden kan ikke læses") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise UnreadableDocument("HTML-siden er for dybt indlejret til at blive læst")
    if (elements := sum(1 for _ in root.iter())) > MOST_ELEMENTS:
        raise TooLarge(f"HTML-siden har {elements} elementer; højst {MOST_ELEMENTS} læses")
    mended = tostring(root, encoding="unicode")
    return BeautifulSoup(mended, "lxml", multi_valued_attributes=None), mended


def read_markup(root: Tag) -> Iterator[Leaf]:
    """The parts of `root`, without menus, footers, cookie bars, hidden and interactive elements."""
    return _walk(root, BlockKind.PARAGRAPH, 0)


def names_of(element: Tag) -> str:
    """Class and id."""
    return f"{element.attrs.get('class', '')} {element.attrs.get('id', '')}"


def _is_boilerplate(element: Tag) -> bool:
    """Whether an element holds no text of the page, by its tag, role, class or id."""
    if element.name in _SKIPPED:
        return True
    attributes = element.attrs
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return True
    if _HIDDEN.search(str(attributes.get("style", ""))):
        return True
    return element.name in _MARKED and bool(_BOILERPLATE.search(names_of(element))) and not element.find_all("h1")


def _walk(element: Tag, kind: BlockKind, depth: int) -> Iterator[Leaf]:
    """The leaves of a block: its own text as `kind`, and the blocks inside it, in order."""
    run: list[_Piece] = []
    for part in _inline(element):
        if isinstance(part, _Piece):
            run.append(part)
        else:
            yield from _flush(run, element, kind)
            run = []
            yield from _block(part, kind, depth + 1)
    yield from _flush(run, element, kind)


def _inline(element: Tag) -> Iterator[_Piece | Tag]:
    """The inline text of a block, white space folded and line breaks as \\n, with the blocks in it as they are."""
    keeps_lines = element.name == "pre"
    stack = [(child, False, False, False) for child in reversed(element.contents)]
    while stack:
        node, bold, link, marked = stack.pop()
        if isinstance(node, NavigableString):
            yield _Piece(node if keeps_lines else _SPACE.sub(" ", node), bold, link, marked)
        elif not isinstance(node, Tag) or _is_boilerplate(node):
            continue
        elif node.name in _BLOCKS:
            yield node
        elif node.name == "br":
            yield _Piece("\n", bold, link)
        else:
            bold, link = bold or node.name in _BOLD, link or node.name == "a"
            marked = marked or node.name in _MARKS
            stack.extend((child, bold, link, marked) for child in reversed(node.contents))


def _block(element: Tag, kind: BlockKind, depth: int) -> Iterator[Leaf]:
    if depth > _DEEPEST:
        yield from _flush([_Piece(_SPACE.sub(" ", element.get_text()))], element, kind)
    elif element.name in _LEVELS:
        yield from _heading(_text(element, depth), element, _LEVELS[element.name])
    elif element.name == "table" and (rows := _data_rows(element)):
        yield from _table(rows, element, depth)
    elif element.name == "dl":
        yield from _definitions(element, depth)
    elif element.name in {"ul", "ol", "table"}:
        yield from _walk(element, BlockKind.PARAGRAPH, depth)
    else:
        yield from _walk(element, BlockKind.LIST_ITEM if element.name == "li" else kind, depth)


def _heading(text: str, element: Tag, level: int) -> Iterator[Leaf]:
    if text:
        yield Leaf(Item(BlockKind.HEADING, text, level), element)


def _flush(run: Sequence[_Piece], element: Tag, kind: BlockKind) -> Iterator[Leaf]:
    """The leaves of a run of inline text; a line all in bold that reads like a heading is one."""
    if not any(piece.text.strip() for piece in run):
        return
    chunk: list[_Piece] = []
    for line in _split_lines(run):
        text = "".join(piece.text for piece in line).strip()
        is_bold = all(piece.bold for piece in line if piece.text.strip(" \xa0:"))
        if is_bold and kind is BlockKind.PARAGRAPH and looks_like_heading(text.rstrip(": ")):
            yield from _chunk(chunk, element, kind)
            chunk = []
            yield from _heading(text.rstrip(": "), element, BARE_HEADING)
        else:
            chunk += (*line, _Piece("\n"))
    yield from _chunk(chunk, element, kind)


def _split_lines(run: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    line: list[_Piece] = []
    for piece in run:
        first, *others = piece.text.split("\n")
        line.append(piece._replace(text=first) if others else piece)
        for other in others:
            yield line
            line = [piece._replace(text=other)]
    yield line


def _chunk(pieces: Sequence[_Piece], element: Tag, kind: BlockKind) -> Iterator[Leaf]:
    text = "".join(piece.text for piece in pieces).strip()
    if not text:
        return
    linked = sum(len(piece.text) for piece in pieces if piece.link) / len(text)
    marked = tuple(told for piece in pieces if piece.marked and (told := piece.text.strip()) and told != text)
    if kind is BlockKind.LIST_ITEM:
        line = strip_bullet(" ".join(text.split()))
        begins_linked = next(piece.link for piece in pieces if piece.text.strip())  # a title, whatever colon it has
        is_key = is_key_value(line) and not begins_linked
        yield Leaf(Item(BlockKind.KEY_VALUE if is_key else kind, line, marked=marked), element, linked)
        return
    for item in read_paragraph(text):
        yield Leaf(replace(item, marked=tuple(one for one in marked if one in item.raw)), element, linked)


def _text(element: Tag, depth: int) -> str:
    """The text of an element on one line."""
    return " ".join(_parts(element, BlockKind.LIST_ITEM, depth))


def _list(element: Tag, depth: int) -> str:
    """The text of a cell on one line, its lines and list items parted by semicolons."""
    return "; ".join(_parts(element, BlockKind.PARAGRAPH, depth))


def _parts(element: Tag, kind: BlockKind, depth: int) -> Iterator[str]:
    return (" ".join(leaf.item.raw.split()) for leaf in _walk(element, kind, depth))


def _definitions(element: Tag, depth: int) -> Iterator[Leaf]:
    """A key-value leaf for each dt with its dd's."""
    key: str = ""
    values: list[str] = []
    for child in [*_own(element, ["dt", "dd"]), None]:
        if child is not None and child.name == "dd":
            values += filter(None, [_list(child, depth)])
            continue
        if key and values:
            yield Leaf(key_value(key, "; ".join(values)), element)
        key, values = (_text(child, depth) if child is not None else ""), []


def _own(element: Tag, names: str | list[str]) -> list[Tag]:
    """The elements of these names that belong to this list or table, and to none inside it."""
    return [found for found in element.find_all(names) if found.find_parent(element.name) is element]


def _data_rows(table: Tag) -> list[list[Tag]]:
    """The rows of cells of a table of data; none for one that only lays out the page."""
    inner = {element.name for element in table.find_all(True)}
    if table.get("role") == "presentation" or inner & _NOT_IN_DATA:
        return []
    rows = [_children(row, _CELLS) for row in table.find_all("tr")]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return []
    cells = [cell for row in rows for cell in row]
    long = sum(len(cell.get_text()) > _LAYOUT_CELL for cell in cells)
    broken = inner & _BREAKS and any(
        len(cell.find_all("p")) > 3 or len(cell.find_all("br")) > _LAYOUT_BREAKS for cell in cells
    )
    return [] if broken or long > len(cells) // 4 else rows


def _children(element: Tag, names: frozenset[str]) -> list[Tag]:
    return [child for child in element.contents if isinstance(child, Tag) and child.name in names]


def _table(rows: Sequence[Sequence[Tag]], table: Tag, depth: int) -> Iterator[Leaf]:
    for caption in _children(table, frozenset({"caption"})):
        yield from _heading(_text(caption, depth), caption, BARE_HEADING)
    has_header = len(rows[0]) > 1 and all(cell.name == "th" or cell.find(["b", "strong"]) for cell in rows[0])
    for item in read_grid(list(_spread(rows, depth)), has_header):
        yield Leaf(item, table)


def _spread(rows: Sequence[Sequence[Tag]], depth: int) -> Iterator[list[str]]:
    """The texts of the cells; one that reaches over several rows stands in each of them, up to MOST_SPREAD letters."""
    spare = MOST_SPREAD
    reaching: dict[int, tuple[str, int]] = {}  # by column, a text and the rows that it still reaches over
    for row in rows:
        told: list[str] = []
        own = iter(row)
        while True:
            text, left = reaching.get(len(told), ("", 0))
            if left and spare > 0:
                spare -= len(text) + 1
            else:
                cell = next(own, None)
                if cell is None:
                    break
                text, left = _list(cell, depth), _rows_of(cell)
            reaching[len(told)] = text, left - 1
            told.append(text)
        yield told


def _rows_of(cell: Tag) -> int:
    """How many rows a cell reaches over."""
    told = str(cell.get("rowspan", ""))
    return int(told) if re.fullmatch(r"[1-9]\d{0,3}", told) else 1
