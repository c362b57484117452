"""Persons that one word names: by a given name, or by a name of somebody whom the document has named whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from models.danish.bounds import BODY, PERSON, TITLES, given_names
from models.identity.names import genitive_base

SHORTEST = 3  # letters of a name that is told again
_SPACE = r"\s{0,4}"
_INITIALS = rf"([A-ZÆØÅa-zæøå]{{2,4}})(?={_SPACE}(?:$|[,/.\n;)]))"
_WRITES = r"(?:[Rr]eferent|[Rr]ef\.|[Rr]eferat|[Ss]agsbehandler|[Nn]oter)"
_SIGNED = (
    re.compile(rf"\b{_WRITES}{_SPACE}(?:ved|af)?{_SPACE}:{_SPACE}/?{_INITIALS}"),
    re.compile(rf"(?:^|[\s(])/ ?{_INITIALS}(?={_SPACE}$)", re.MULTILINE),
)
"""Who wrote it down: "Referent: klh", or "/klh" that ends a line."""
PLACE = "LOC"


class Persons:
    """Those whom the texts of one document have named whole so far."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def among(self, names: Sequence[Span]) -> list[Span]:
        """The names of the document's next text, its persons as such; a known body and a place stay what they are."""
        for span in names:
            if len(span) == 1 and self._has_title(span):
                self._told.add(genitive_base(span.text))
            words = [token.text for token in span if not token.is_space]
            if span.label_ == PERSON and len(words) > 1:
                self._told.update(word for word in (words[0], genitive_base(words[-1])) if _is_told_again(word))
        return [_as_person(span) if self._is_person(span) else span for span in names]

    def _is_person(self, span: Span) -> bool:
        if len(span) > 1 or span.id_ or span.label_ in (PERSON, PLACE):
            return False
        forms = {span.text, genitive_base(span.text)}
        return not forms.isdisjoint(self._told) or (span.label_ == BODY and not forms.isdisjoint(given_names()))

    @staticmethod
    def _has_title(span: Span) -> bool:
        """Whether a title stands before a name ("frk. Lund")."""
        return span.start > 0 and not span.id_ and span.doc[span.start - 1].lower_ in TITLES


def signed(doc: Doc) -> Iterator[Span]:
    """Persons by their initials, where a text tells who wrote it down."""
    text = doc.text
    for match in (match for pattern in _SIGNED for match in pattern.finditer(text)):
        span = doc.char_span(*match.span(1), label=PERSON, alignment_mode="expand")
        if span is not None:
            yield span


def _is_told_again(word: str) -> bool:
    return len(word) >= SHORTEST and word[0].isupper() and "." not in word


def _as_person(span: Span) -> Span:
    return Span(span.doc, span.start, span.end, label=PERSON)
