"""The bounds of names as the tagger finds them: no comma around one; a person's without title, on one line, whole; a
firm's without what kind of firm it is; and no name that is only a field of policy, as headings are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache

from spacy.tokens import Span

from models.paths import DATA

PERSON, BODY = "PER", "ORG"
TITLES = frozenset(["hr.", "hr", "fru", "frk.", "frk", "dr.", "dr", "mr.", "mr", "mrs.", "ms.", "prof.", "prof"])
BROKEN = 2  # words of a name that may go on in the next line
AROUND = frozenset(",;:–-·•|")  # no part of a name that they stand before or behind


def mended(found: Iterable[Span]) -> Iterator[Span]:
    """The names in order."""
    return (span for span in _whole(found) if not (len(span) == 1 and span.text.casefold() in _words("fields")))


def _whole(found: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in (part for one in found for part in _lines(one)):
        if last is not None and _goes_on(last, span):
            last = Span(span.doc, last.start, span.end, label=PERSON)
            continue
        if last is not None:
            yield _bare(last)
        last = span
    if last is not None:
        yield _bare(last)


def _lines(span: Span) -> Iterator[Span]:
    """A person's name that runs over a line end is two, unless it is short."""
    start = span.start
    if span.label_ == PERSON and sum(not token.is_space for token in span) > BROKEN:
        for token in span[1:-1]:
            if token.is_space and "\n" in token.text:
                yield Span(span.doc, start, token.i, label=PERSON)
                start = token.i + 1
    yield Span(span.doc, start, span.end, label=span.label)


def _goes_on(last: Span, span: Span) -> bool:
    """Whether two names of persons stand side by side, so that they are halves of one."""
    return last.label_ == span.label_ == PERSON and last.doc is span.doc and last.end == span.start


def _bare(span: Span) -> Span:
    start, end = span.start, span.end
    while start < end - 1 and (span.doc[start].text in AROUND or _tells_of(span, start)):
        start += 1
    while start < end - 1 and span.doc[end - 1].text in AROUND:
        end -= 1
    return Span(span.doc, start, end, label=span.label)


def _tells_of(span: Span, at: int) -> bool:
    """Whether a word only tells what the name is: a person's title, a firm's kind."""
    if span.label_ == PERSON:
        return span.doc[at].lower_ in TITLES
    return span.label_ == BODY and tells_of_firm(span.doc[at].text)


def tells_of_firm(word: str) -> bool:
    """Whether a word tells before a name what kind of firm it is ("Odense-firmaet")."""
    before, _, kind = word.rpartition("-")
    return bool(before) and kind in _words("firms")


@cache
def _words(of: str) -> frozenset[str]:
    return frozenset(tomllib.loads((DATA / "gazetteer" / "words.toml").read_text(encoding="utf-8"))[of])
