"""The entity component: what the tagger finds, joined with what the rulers before it have found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans, minibatch

from models.danish.artefacts import load_accurate
from models.danish.tagger import Found, Tagger

NAME = "samspil_entities"
BATCH = 64  # texts
TOGETHER = 120  # words


@Language.factory(NAME)
def make_entities(nlp: Language, name: str) -> Entities:  # noqa: ARG001 - as spaCy calls it
    """The component with the shipped tagger."""
    return Entities(load_accurate())


class Entities:
    """Sets `doc.ents`. All texts of a batch are read together, so a text may be read a hair otherwise beside others."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    def __call__(self, doc: Doc) -> Doc:
        """One text."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH, **_options: Any) -> Iterator[Doc]:
        """Many texts."""
        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            stretches = [(at, stretch) for at, doc in enumerate(docs) for stretch in _stretches(doc)]
            told = self.tagger.find([[token.text for token in stretch] for _, stretch in stretches])
            names: list[list[Span]] = [[] for _ in docs]
            for (at, stretch), found in zip(stretches, told, strict=True):
                names[at] += [_span(docs[at], one, stretch) for one in found]
            for doc, found_in in zip(docs, names, strict=True):
                _set(doc, joined(doc.ents, found_in))
                yield doc


def _stretches(doc: Doc) -> Iterator[list[Token]]:
    """Sentences that follow each other, together at most TOGETHER words, for a name is told by what is said of it."""
    stretch: list[Token] = []
    for sentence in doc.sents:
        tokens = [token for token in sentence if not token.is_space]
        if stretch and len(stretch) + len(tokens) > TOGETHER:
            yield stretch
            stretch = []
        stretch += tokens
    if stretch:
        yield stretch


def joined(known: Sequence[Span], found: Sequence[Span]) -> list[Span]:
    """Both, without overlaps: a longer name that takes in a known one stands, otherwise what is known does."""
    longer = [
        span
        for span in found
        if any(_inside(one, span) and one.label == span.label for one in known)
        and not any(_overlap(one, span) and not _inside(one, span) for one in known)
    ]
    kept = [one for one in known if not any(_inside(one, span) for span in longer)]
    free = [span for span in found if not any(_overlap(one, span) for one in kept)]
    return filter_spans([*kept, *free])


def _set(doc: Doc, names: Sequence[Span]) -> None:
    """A longer name is none of the body that a part of it names."""
    for span in names:
        for token in span:
            token.ent_id_ = span.id_
    doc.ents = names


def _span(doc: Doc, found: Found, tokens: Sequence[Token]) -> Span:
    return Span(doc, tokens[found.start].i, tokens[found.end - 1].i + 1, label=found.label)


def _inside(one: Span, other: Span) -> bool:
    return bool(other.start <= one.start and one.end <= other.end and len(one) < len(other))


def _overlap(left: Span, right: Span) -> bool:
    return bool(left.start < right.end and right.start < left.end)
