"""HTML to a reading: main text as trafilatura finds it, with the lists, tables and key-value lines that it drops."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import htmldate
import trafilatura
from bs4 import BeautifulSoup, Tag
from resiliparse.extract.html2text import extract_plain_text

from extractors.documents.dates import dates_of, find_date, read_stamp
from extractors.documents.furniture import leads_elsewhere, names_parties, take_stamps, without_furniture
from extractors.documents.language import declared_language, guess_language
from extractors.documents.lines import is_agenda, looks_like_heading
from extractors.documents.markup import Leaf, names_of, parse_markup, read_markup
from extractors.documents.reading import Item, Reading, compose
from models.records import BlockKind

_FEWEST_WORDS = 25  # of trafilatura; with fewer, resiliparse is asked (DEPENDENCIES.md)
_LONGEST = 1_000_000  # characters of markup, for trafilatura and htmldate; five times as many take ten seconds
_MOST_TAGS = 20_000  # for the same: justext, which trafilatura asks, takes time by the square of the paragraphs
_GRAM = 4  # words
_MATCH = 0.6  # of a part's runs of four words that stand in the main text
_CONTAINER = 0.9  # of the matched words that stand in the container of the main content
_LINKED = 0.5
_MENU = 0.8
_SEPARATORS = re.compile(r" [·|•] ")
_PARAGRAPH_WORDS = 4
_SENTENCE_WORDS = 12
_BYLINE_WORDS = 8
_NAME_WORDS = 6
_WORD = re.compile(r"\w+")
_TITLE_CUT = re.compile(r"\s+[|–—·»:-]+\s+")
_PUBLISHED = (
    *("article:published_time", "dcterms.issued", "dcterms.date", "dcterms.created", "dc.date", "dc.date.issued"),
    *("datepublished", "publishdate", "pubdate", "date", "created"),
)
_UPDATED = (
    *("article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "datemodified"),
    *("last-modified", "revised", "modified"),
)
_SITE = ("og:site_name", "dcterms.publisher", "dc.publisher")
_JSON_LD = re.compile(r'"date(Published|Modified)"\s*:\s*"(\d{4}-\d{2}-\d{2})')


def read_html(text: str) -> Reading:
    """The main content of a page; no blocks where it holds only a title, menus, contacts or pictures.

    Raises EmptyDocument where there is no element at all, UnreadableDocument or TooLarge.
    """
    soup, page = parse_markup(text)
    head = _read_head(soup)
    stamps = [stamp for line in _foot_lines(soup) if (stamp := read_stamp(line))]
    every = list(read_markup(soup))
    content = {id(item) for item in take_stamps((leaf.item for leaf in every), stamps)}
    leaves = [leaf for leaf in every if id(leaf.item) in content]
    title, site = _title([leaf.item for leaf in leaves if leaf.item.kind is BlockKind.HEADING], head)
    lines = [leaf.item.raw for leaf in leaves]
    top = lines.index(title) if title in lines else 0
    kept = _main_leaves(leaves, _main_text(page), title)
    items = list(_without_idle_headings(without_furniture(leaf.item for leaf in kept)))
    if any(item.kind is not BlockKind.HEADING or is_agenda(item.raw) for item in items):
        read, blocks = compose([*_masthead(leaves[:top], title, site), *items])
    else:
        read, blocks = compose(())
    written, changed = dates_of(stamps)
    published, updated = head.published or written, head.updated or changed
    if published is None and updated is None:
        published = _byline_date(lines[top:]) or _guessed_date(page)
    title = title or next((item.raw for item in items), "")
    return Reading(read, blocks, title, published, updated, head.language or guess_language(read))


@dataclass(frozen=True, slots=True)
class _Head:
    """What a page says of itself: the title element, og:title, the name of the site, dates, language."""

    whole: str
    title: str
    site: str
    published: date | None
    updated: date | None
    language: str


def _read_head(soup: BeautifulSoup) -> _Head:
    found: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        names = (meta.get(key) for key in ("property", "name", "itemprop", "http-equiv"))
        found.setdefault(str(next(filter(None, names), "")).lower(), " ".join(str(meta.get("content", "")).split()))

    def first(names: Sequence[str]) -> str:
        return next((found[name] for name in names if found.get(name)), "")

    scripts = [script for script in soup.find_all("script") if "ld+json" in str(script.get("type"))]
    structured = dict(_JSON_LD.findall(" ".join(script.string or "" for script in scripts)))
    root = soup.html
    language = str(root.get("lang") or root.get("xml:lang") or "") if root else ""
    return _Head(
        whole=" ".join(soup.title.get_text().split()) if soup.title else "",
        title=first(("og:title",)),
        site=first(_SITE),
        published=find_date(first(_PUBLISHED)) or find_date(structured.get("Published", "")),
        updated=find_date(first(_UPDATED)) or find_date(structured.get("Modified", "")),
        language=declared_language(language),
    )


def _foot_lines(soup: BeautifulSoup) -> Iterator[str]:
    """The lines of footers, which are read for their dates alone."""
    feet: set[int] = set()
    for foot in soup.find_all(True):
        is_foot = foot.name == "footer" or "foot" in names_of(foot).lower()
        if is_foot and feet.isdisjoint(map(id, foot.parents)):
            feet.add(id(foot))
            yield from (leaf.item.raw for leaf in read_markup(foot))


def _main_text(page: str) -> str:
    found = ("" if _is_large(page) else trafilatura.extract(page)) or ""
    if len(found.split()) >= _FEWEST_WORDS:
        return found
    return extract_plain_text(page, main_content=True)


def _is_large(page: str) -> bool:
    return len(page) > _LONGEST or page.count("<") > _MOST_TAGS


def _main_leaves(leaves: Sequence[Leaf], main: str, title: str) -> list[Leaf]:
    """The leaves of the main text, and the lists, tables and keys that stand among or below them in its container.

    What stands above the title is the head of the page, and links under 'Læs også' are other pages.
    """
    lines = [_words(line) for line in main.splitlines()]
    known = {gram for words in lines for length in range(1, _GRAM + 1) for gram in _grams(words, length)}
    matched = [_share(leaf.item.raw, known) >= _MATCH for leaf in leaves]
    top = _place_of_title(leaves, matched, title)
    leaves, matched = leaves[top:], matched[top:]
    container = _container([leaf for leaf, found in zip(leaves, matched, strict=True) if found])
    inside = [container is None or any(part is container for part in _line_of(leaf.element)) for leaf in leaves]
    places = [place for place, leaf in enumerate(leaves) if matched[place] and inside[place]]
    first, last = (places[0], places[-1]) if places else (0, len(leaves))
    telling = {id(leaf.element) for leaf in leaves if any(names_parties(key) for key, _ in leaf.item.fields)}
    kept: list[Leaf] = []
    heading = ""
    for place, leaf in enumerate(leaves):
        item = leaf.item
        if item.kind is BlockKind.HEADING:
            heading = item.raw
            wanted = (inside[place] and not leads_elsewhere(heading)) or (heading == title and not kept)
        elif not inside[place] or _is_menu(leaf, heading):
            wanted = False
        elif matched[place]:
            wanted = True
        elif item.kind is BlockKind.PARAGRAPH:
            wanted = first < place < last and leaf.linked < _LINKED and len(item.raw.split()) >= _PARAGRAPH_WORDS
        else:
            told = names_parties(heading) or id(leaf.element) in telling
            wanted = told or (place > first and leaf.linked < _LINKED)
        if wanted:
            kept.append(leaf)
    return kept


def _is_menu(leaf: Leaf, heading: str) -> bool:
    """Whether a leaf is links to other pages: under such a heading, or links in a row."""
    in_a_row = leaf.item.kind is BlockKind.PARAGRAPH and leaf.linked >= _MENU and _SEPARATORS.search(leaf.item.raw)
    return leaf.linked >= _LINKED and bool(in_a_row or leads_elsewhere(heading))


def _place_of_title(leaves: Sequence[Leaf], matched: Sequence[bool], title: str) -> int:
    """Where the title stands as a heading, if most of the main text stands below it; else 0."""
    words = [len(leaf.item.raw.split()) * found for leaf, found in zip(leaves, matched, strict=True)]
    place = next(
        (place for place, leaf in enumerate(leaves) if leaf.item.kind is BlockKind.HEADING and leaf.item.raw == title),
        0,
    )
    return place if 2 * sum(words[place:]) >= sum(words) else 0


def _share(text: str, known: set[tuple[str, ...]]) -> float:
    """How much of a text stands in the main text, by its runs of four words, or of as many as it has."""
    words = _words(text)
    grams = list(_grams(words, min(_GRAM, len(words))))
    return sum(gram in known for gram in grams) / len(grams) if grams else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _grams(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[shift:] for shift in range(length)), strict=False)


def _container(leaves: Iterable[Leaf]) -> Tag | None:
    """The innermost element that holds nearly all words of the leaves; None without any."""
    weights: dict[int, int] = {}  # by id: Beautiful Soup hashes and compares an element by all of its markup
    elements: dict[int, Tag] = {}
    total = 0
    for leaf in leaves:
        words = len(leaf.item.raw.split())
        if words < _GRAM:
            continue
        total += words
        for element in _line_of(leaf.element):
            elements[id(element)] = element
            weights[id(element)] = weights.get(id(element), 0) + words
    holding = [elements[key] for key, weight in weights.items() if weight >= _CONTAINER * total]
    return max(holding, key=lambda element: sum(1 for _ in element.parents), default=None)


def _line_of(element: Tag) -> Iterator[Tag]:
    """The element and those around it."""
    yield element
    yield from element.parents


def _without_idle_headings(items: Iterable[Item]) -> Iterator[Item]:
    """The items without headings that nothing stands under; an item of an agenda says enough by itself."""
    waiting: list[Item] = []
    for item in items:
        if item.kind is BlockKind.HEADING:
            while waiting and waiting[-1].level >= item.level and not _stands_alone(waiting[-1]):
                waiting.pop()
            waiting.append(item)
        else:
            yield from waiting
            waiting = []
            yield item
    while waiting and not is_agenda(waiting[-1].raw):
        waiting.pop()
    yield from waiting


def _stands_alone(heading: Item) -> bool:
    return heading.level == 1 or is_agenda(heading.raw)


def _title(headings: Sequence[Item], head: _Head) -> tuple[str, str]:
    """The title and, where it is told, the name of the site.

    The title is the first h1 that is not that name, else og:title, else the title element without that name.
    """
    names = [item.raw for item in headings if item.level == 1 and item.raw != head.site]
    marks = list(_TITLE_CUT.finditer(head.whole))
    ends = []  # (title, site): `Klynge for værfter - Sandvig Kommune` and the other way round
    if marks:
        ends.append((head.whole[: marks[-1].start()], head.whole[marks[-1].end() :]))
        ends.append((head.whole[marks[0].end() :], head.whole[: marks[0].start()]))
    below = names[1:] or [item.raw for item in headings if item.level == 2]
    for name, site in ends if len(names) > 1 else ends[:1]:
        if names and names[0] == site and name in below:
            return name, site
    title = names[0] if names else head.title
    if not title and ends:
        others = [item.raw for item in headings]
        is_first = ends[1][1] == head.site or (ends[1][0] in others and ends[1][1] not in others)
        title = ends[is_first][0]
    title = title or head.whole
    told = (site for name, site in ends if name.startswith(title) or name.endswith(title))
    return title, head.site or next(told, "")


def _masthead(above: Sequence[Leaf], title: str, site: str) -> Iterator[Item]:
    """Whose page it is: the name of the site, else the first line above the title that reads like a name.

    It goes before everything else as a paragraph, for a `Document` has no other place for it.
    """
    lines = (
        leaf.item.raw
        for leaf in above
        if leaf.item.kind is BlockKind.PARAGRAPH and not leaf.linked and looks_like_heading(leaf.item.raw)
    )
    name = site or next((line for line in lines if 1 < len(line.split()) <= _NAME_WORDS), "")
    if name and name != title:
        yield Item(BlockKind.PARAGRAPH, name)


def _byline_date(lines: Sequence[str]) -> date | None:
    """Of a line of a few words between the title and the first sentence: `Af redaktionen, 23. marts 2021`."""
    above = takewhile(lambda line: len(line.split()) <= _SENTENCE_WORDS, lines)
    return next(filter(None, (find_date(line) for line in above if len(line.split()) <= _BYLINE_WORDS)), None)


def _guessed_date(page: str) -> date | None:
    """As htmldate finds it; the first of January is its word for a year alone."""
    if _is_large(page):
        return None
    found = find_date(htmldate.find_date(page, extensive_search=False, original_date=True) or "")
    return found if found and (found.month, found.day) != (1, 1) else None
