"""The entity component: what the tagger finds, joined with what the rulers before it have found.

Beside the names it tells what part a name plays in a collaboration that the text states: `parts(doc)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans, minibatch

from models.danish.artefacts import load
from models.danish.tagger import Found, Tagger
from models.danish.tags import PARTS
from models.paths import DANISH

NAME = "samspil_entities"
BATCH = 64  # texts
KEY, FOLLOWS = "samspil_parts", "samspil_follows"  # in a document's user data
NONE = np.eye(1, len(PARTS), dtype=np.float32)


Stretch = list[tuple[int, Token]]
"""Words, each with the place of its text in the batch."""


@Language.factory(NAME)
def make_entities(nlp: Language, name: str, artefact: str, together: int) -> Entities:  # noqa: ARG001 - as spaCy calls it
    """The component with a shipped tagger, which reads sentences of at most `together` words at once."""
    return Entities(load(DANISH[artefact]), together)


def parts(doc: Doc) -> NDArray[np.float32] | None:
    """(tokens, PARTS): probabilities of the part that a name beginning there plays; None where no tagger has read."""
    told: NDArray[np.float32] | None = doc.user_data.get(KEY)
    return told


class Entities:
    """Sets `doc.ents`. All texts of a batch are read together, so a text may be read a hair otherwise beside others.

    A text that follows the one before it (`follow`) is read with it, as far as `together` goes.
    """

    def __init__(self, tagger: Tagger, together: int) -> None:
        self.tagger, self.together = tagger, together

    def __call__(self, doc: Doc) -> Doc:
        """One text."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH, **_options: Any) -> Iterator[Doc]:
        """Many texts."""
        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            stretches = list(_stretches(docs, self.together))
            told = self.tagger.read([[token.text for _, token in stretch] for stretch in stretches])
            names: list[list[Span]] = [[] for _ in docs]
            played = [np.tile(NONE, (len(doc), 1)) for doc in docs]
            for stretch, reading in zip(stretches, told, strict=True):
                for at, span in _spans(docs, stretch, reading.names):
                    names[at].append(span)
                for (at, token), part in zip(stretch, np.exp(reading.parts), strict=True):
                    played[at][token.i] = part
            for doc, found_in, playing in zip(docs, names, played, strict=True):
                _set(doc, joined(doc.ents, found_in))
                doc.user_data[KEY] = playing
                yield doc


def follow(docs: Iterable[Doc]) -> Iterator[Doc]:
    """The texts of one document, in order, each told to follow the one before it."""
    for at, doc in enumerate(docs):
        doc.user_data[FOLLOWS] = at > 0
        yield doc


def _stretches(docs: Sequence[Doc], together: int) -> Iterator[Stretch]:
    """Sentences that follow each other, at most `together` words, for a name is told by what is said of it."""
    stretch: Stretch = []
    for at, doc in enumerate(docs):
        if stretch and not doc.user_data.get(FOLLOWS):
            yield stretch
            stretch = []
        for sentence in doc.sents:
            tokens = [(at, token) for token in sentence if not token.is_space]
            if stretch and len(stretch) + len(tokens) > together:
                yield stretch
                stretch = []
            stretch += tokens
    if stretch:
        yield stretch


def _spans(docs: Sequence[Doc], stretch: Stretch, found: Iterable[Found]) -> Iterator[tuple[int, Span]]:
    """The names, each in the text that it begins in."""
    for one in found:
        at, first = stretch[one.start]
        last = [token for of, token in stretch[one.start : one.end] if of == at][-1]
        yield at, Span(docs[at], first.i, last.i + 1, label=one.label)


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


def _inside(one: Span, other: Span) -> bool:
    return bool(other.start <= one.start and one.end <= other.end and len(one) < len(other))


def _overlap(left: Span, right: Span) -> bool:
    return bool(left.start < right.end and right.start < left.end)
