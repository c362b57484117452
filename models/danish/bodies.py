"""Thousands of known names found in texts, looked up by their first words: a pattern for each takes seconds to make.

A name counts where whole tokens bear it, with or without the genitive's -s; of names that overlap the longest stands,
of two bodies of one name the one that was added first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

NAME = "samspil_bodies"
LABEL = "ORG"

_WORD = re.compile(r"\w+")
_GENITIVES = ("'s", "’s", "s")

First = tuple[str, ...]
"""The first word of a name, or its first two."""


class Bodies:
    """Marks the names of bodies in a text that nothing else has marked before."""

    def __init__(self) -> None:
        self._any_case: dict[First, list[tuple[str, str]]] = defaultdict(list)
        self._exact: dict[First, list[tuple[str, str]]] = defaultdict(list)

    def add(self, name: str, body_id: str, *, exact: bool) -> None:
        """Know a name: `exact` as it is written, else in any case, and then sooner than exact ones."""
        written = name if exact else _lower(name)
        (self._exact if exact else self._any_case)[tuple(_WORD.findall(written)[:2])].append((written, body_id))

    def __call__(self, doc: Doc) -> Doc:
        """Add to `doc.ents`."""
        for names, text in ((self._any_case, _lower(doc.text)), (self._exact, doc.text)):
            taken = {at for one in doc.ents for at in range(one.start, one.end)}
            found = [span for span in _found(doc, names, text) if taken.isdisjoint(range(span.start, span.end))]
            if found:
                doc.ents = (*doc.ents, *filter_spans(found))
        return doc


@Language.factory(NAME)
def make_bodies(nlp: Language, name: str) -> Bodies:  # noqa: ARG001 - as spaCy calls it
    """The component, which knows no names yet."""
    return Bodies()


def _found(doc: Doc, names: dict[First, list[tuple[str, str]]], text: str) -> Iterator[Span]:
    """The names in a text, which is the document's, in small letters or not; the last letter of a word may be the
    genitive's."""
    words = [(word.start(), word[0]) for word in _WORD.finditer(text)]
    for (start, first), (_, second) in zip(words, [*words, (0, "")][1:], strict=True):
        keys = ((first,), (first, second), (first[:-1],), (first, second[:-1]))
        for written, body_id in (one for key in keys if key in names for one in names[key]):
            if text.startswith(written, start) and (span := _span(doc, text, start, written)):
                yield Span(doc, span.start, span.end, label=LABEL, span_id=body_id)


def _span(doc: Doc, text: str, start: int, written: str) -> Span | None:
    """The tokens that a name fills, its genitive too."""
    end = start + len(written)
    for ending in () if written.endswith("s") else _GENITIVES:
        if text.startswith(ending, end) and (span := doc.char_span(start, end + len(ending))):
            return span
    return doc.char_span(start, end)


def _lower(text: str) -> str:
    """In small letters, each where it was."""
    whole = text.lower()
    if len(whole) == len(text):
        return whole
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
