"""Persons that one word names: by a given name, or by a name of somebody whom the document has named whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Span

from models.danish.bounds import BODY, PERSON
from models.identity.names import genitive_base
from models.paths import DATA

SHORTEST = 3  # letters of a name that is told again
PLACE = "LOC"


class Persons:
    """Those whom the texts of one document have named whole so far."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def among(self, names: Sequence[Span]) -> list[Span]:
        """The names of the document's next text, its persons as such; a known body and a place stay what they are."""
        for span in names:
            words = [token.text for token in span if not token.is_space]
            if span.label_ == PERSON and len(words) > 1:
                self._told.update(word for word in (words[0], genitive_base(words[-1])) if _is_told_again(word))
        return [_as_person(span) if self._is_person(span) else span for span in names]

    def _is_person(self, span: Span) -> bool:
        if len(span) > 1 or span.id_ or span.label_ in (PERSON, PLACE):
            return False
        forms = {span.text, genitive_base(span.text)}
        return not forms.isdisjoint(self._told) or (span.label_ == BODY and not forms.isdisjoint(_given()))


def _is_told_again(word: str) -> bool:
    return len(word) >= SHORTEST and word[0].isupper() and "." not in word


def _as_person(span: Span) -> Span:
    return Span(span.doc, span.start, span.end, label=PERSON)


@cache
def _given() -> frozenset[str]:
    return frozenset((DATA / "privacy" / "given_names.txt").read_text(encoding="utf-8").split())
