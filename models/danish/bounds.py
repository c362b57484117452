"""The bounds of names as the tagger finds them: no comma around one; a person's without title, on one line, whole; a
firm's without what kind of firm it is; and no name that is only a field of policy, as headings are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache

from spacy.tokens import Span

from models.identity.names import KIND_OF_FIRM
from models.paths import DATA

PERSON, BODY, PROJECT = "PER", "ORG", "PROJECT"
TITLES = frozenset(["hr.", "hr", "fru", "frk.", "frk", "dr.", "dr", "mr.", "mr", "mrs.", "ms.", "prof.", "prof"])
SHORTEST = 3  # letters of a given name that no list need hold
BROKEN = 2  # words of a name that may go on in the next line
AROUND = frozenset(',;:–-·•|/+"“”»«')  # no part of a name that they stand before or behind
BEHIND = AROUND | frozenset("?!")
PREPOSITIONS = frozenset(["i", "på", "for", "til", "med", "mod", "over"])
BETWEEN = frozenset(["+", "&", "og", "¿", "|", "/"])  # that persons are told side by side with
OPEN = frozenset(["v", "i", "ved", "hos", "fra"])  # what a body's name does not end in
CLAUSE = frozenset(["har", "er", "vil", "kan", "blev", "bliver", "skal", "som", "der"])  # what a name never has
QUOTES = frozenset('"“”»«')
INITIAL = re.compile(r"[A-ZÆØÅ]\.")
KIND = re.compile(KIND_OF_FIRM)
PLACE_IN_LIST = re.compile(r"(?:LP|P[PL]?\d*|WP\s?\d+|Sag|Pkt\.?)")  # of a partner, before its name


def mended(found: Iterable[Span]) -> Iterator[Span]:
    """The names in order."""
    return (span for span in _whole(found) if not (len(span) == 1 and span.text.casefold() in _words("fields")))


def _whole(found: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in (part for one in found for part in _apart(one)):
        if last is not None and _goes_on(last, span):
            last = _bare(Span(span.doc, last.start, span.end, label=last.label))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _apart(span: Span) -> Iterator[Span]:
    """Each person of those that one name takes in, by itself: told side by side, or on two lines unless it is short."""
    start = span.start
    if span.label_ == PERSON:
        long = sum(not token.is_space for token in span) > BROKEN
        between = BETWEEN if sum(token.text in QUOTES for token in span) % 2 == 0 else BETWEEN | QUOTES
        for token in span[1:-1]:
            if token.lower_ in between or (long and token.is_space and "\n" in token.text):
                yield _bare(Span(span.doc, start, token.i, label=PERSON))
                start = token.i + 1
    yield _bare(Span(span.doc, start, span.end, label=span.label))


def _goes_on(last: Span, span: Span) -> bool:
    """Whether two names are halves of one: side by side, a word that a line end breaks, a project's on both sides of a
    preposition, and in a directory a surname, a comma and a given name."""
    if last.label != span.label or last.doc is not span.doc:
        return False
    between = span.doc[last.end : span.start].text
    if not between or (last.label_ == PROJECT and between in PREPOSITIONS):
        return True
    if between.isspace():
        return last.text.endswith("-") and span.text[0].islower()
    return last.label_ == PERSON and between == "," and _is_turned(last, span)


def _is_turned(last: Span, span: Span) -> bool:
    """Whether a line begins with a surname that its given name follows ("Juhl, Karen – bogholder")."""
    before = last.start - 1
    if before >= 0 and last.doc[before].text == last.text[0]:  # its letter in the directory
        before -= 1
    begins = before < 0 or "\n" in last.doc[before].text
    word = span[0].text
    given = word in given_names() or (len(word) <= SHORTEST and word.istitle())
    return begins and len(span) == 1 and " " not in last.text and given and last.text not in given_names()


def _bare(span: Span) -> Span:
    doc, start, end = span.doc, _behind_firm(span), _before_clause(span)
    while start < end - 1 and (doc[start].text in AROUND or _tells_of(span, start)):
        start += 1
    while start < end - 1 and (doc[end - 1].text in BEHIND or _comes_behind(span, end - 1)):
        end -= 1
    while span.label_ == PERSON and start and INITIAL.fullmatch(doc[start - 1].text) and not doc[start - 1].ent_id_:
        start -= 1
    return Span(doc, start, end, label=span.label)


def _tells_of(span: Span, at: int) -> bool:
    """Whether a word only tells what the name is: a person's title, its letter in a register, a firm's kind."""
    word, after = span.doc[at].text, span.doc[at + 1].text
    if span.label_ == PERSON:
        return word.lower() in TITLES or (len(word) == 1 and word.isupper() and after[0] == word and len(after) > 1)
    return span.label_ == BODY and PLACE_IN_LIST.fullmatch(word) is not None


def _comes_behind(span: Span, at: int) -> bool:
    """Whether a word goes on after the name: in small letters behind a person's, "v" or "i" behind a body's."""
    word = span.doc[at].text
    if span.label_ == PERSON:
        return word.islower() and not span.text.islower() and not span.doc[at - 1].is_space
    return span.label_ == BODY and word in OPEN


def _behind_firm(span: Span) -> int:
    """Where a body's name begins behind the word that tells what kind of firm it is ("Dansk Stål-leverandøren X")."""
    told = (
        token.i
        for token in span[:-1]
        if token.text.rpartition("-")[2] in _words("firms") or (token.i == span.start and KIND.fullmatch(token.text))
    )
    return next(told, span.start - 1) + 1 if span.label_ == BODY else span.start


def _before_clause(span: Span) -> int:
    """Where a body's name ends before a word that only the sentence has ("Trygfonden har ydet")."""
    told = (token.i for token in span[1:] if token.text in CLAUSE)
    return next(told, span.end) if span.label_ == BODY else span.end


@cache
def given_names() -> frozenset[str]:
    """Given names in use in Denmark."""
    return frozenset((DATA / "privacy" / "given_names.txt").read_text(encoding="utf-8").split())


@cache
def _words(of: str) -> frozenset[str]:
    return frozenset(tomllib.loads((DATA / "gazetteer" / "words.toml").read_text(encoding="utf-8"))[of])
