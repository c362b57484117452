"""The entity component: what the tagger finds, joined with what the rulers before it have found.

Beside the names it tells what part a name plays in a collaboration that the text states, and in which: `played(doc)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans, minibatch

from models.danish.artefacts import load
from models.danish.bounds import mended
from models.danish.persons import Persons, signed
from models.danish.tagger import Found, Tagger
from models.danish.tags import PARTS, PLACE
from models.paths import DANISH

NAME = "samspil_entities"
BATCH = 64  # texts
KEY, FOLLOWS = "samspil_played", "samspil_follows"  # in a document's user data
HYPHENS = ("-", "\N{SOFT HYPHEN}")
JOINTS = frozenset(["og", "samt"])
NONE = np.eye(1, len(PARTS), dtype=np.float32)


Stretch = list[tuple[int, Token]]
"""Words, each with the place of its text in the batch."""


@Language.factory(NAME)
def make_entities(nlp: Language, name: str, artefact: str, together: int) -> Entities:  # noqa: ARG001 - as spaCy calls it
    """The component with a shipped tagger, which reads sentences of at most `together` words at once."""
    return Entities(load(DANISH[artefact]), together)


@dataclass(slots=True)
class Played:
    """What is told of a name that begins at a token: probabilities of its part (tokens, PARTS), its place (tokens,
    PLACE), and the number of the stretch that was read at once (tokens)."""

    parts: NDArray[np.float32]
    places: NDArray[np.float32]
    stretches: NDArray[np.int64]


def played(doc: Doc) -> Played | None:
    """None where no tagger has read."""
    told: Played | None = doc.user_data.get(KEY)
    return told


class Entities:
    """Sets `doc.ents`. All texts of a batch are read together, so a text may be read a hair otherwise beside others.

    A text that follows the one before it (`follow`) is read with it, as far as `together` goes.
    """

    def __init__(self, tagger: Tagger, together: int) -> None:
        self.tagger, self.together = tagger, together
        self._numbers = count()  # of stretches; one for all threads

    def __call__(self, doc: Doc) -> Doc:
        """One text."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH, **_options: Any) -> Iterator[Doc]:
        """Many texts."""
        persons = Persons()
        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            stretches = list(_stretches(docs, self.together))
            words = [[token.text for _, token in stretch] for stretch in stretches]
            told = self.tagger.read(words, [list(_begins(stretch)) for stretch in stretches])
            names: list[list[Span]] = [[] for _ in docs]
            playing = [_unread(doc) for doc in docs]
            for number, stretch, reading in zip(self._numbers, stretches, told, strict=False):
                for at, span in _spans(docs, stretch, reading.names):
                    names[at].append(span)
                for (at, token), part, place in zip(stretch, np.exp(reading.parts), reading.places, strict=True):
                    one = playing[at]
                    one.parts[token.i], one.places[token.i], one.stretches[token.i] = part, place, number
            for doc, found_in, one in zip(docs, names, playing, strict=True):
                if not doc.user_data.get(FOLLOWS):
                    persons = Persons()
                known = filter_spans([*signed(doc), *doc.ents])
                _set(doc, persons.among(joined(known, list(mended(found_in)))))
                doc.user_data[KEY] = one
                yield doc


def _unread(doc: Doc) -> Played:
    size = len(doc)
    return Played(np.tile(NONE, (size, 1)), np.zeros((size, PLACE), np.float32), np.full(size, -1))


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


def _begins(stretch: Stretch) -> Iterator[int]:
    """The words that a text, a line or a cell begins with, but for the second half of a word that a line end broke."""
    for at, ((of, token), (of_next, after)) in enumerate(pairwise(stretch), start=1):
        if of != of_next:
            yield at
        elif token.i + 1 < after.i and not token.text.endswith(HYPHENS):
            between = token.doc[token.i + 1 : after.i].text
            if "\n" in between or "\t" in between:
                yield at


def _spans(docs: Sequence[Doc], stretch: Stretch, found: Iterable[Found]) -> Iterator[tuple[int, Span]]:
    """The names, each in the text that it begins in."""
    for one in found:
        at, first = stretch[one.start]
        last = [token for of, token in stretch[one.start : one.end] if of == at][-1]
        yield at, Span(docs[at], first.i, last.i + 1, label=one.label)


def joined(known: Sequence[Span], found: Sequence[Span]) -> list[Span]:
    """Both, without overlaps: a longer name that takes in a known one stands, otherwise what is known does.

    A longer name that only joins a known body to another ("Danske Regioner og Byggeriets Arbejdsgivere") is two.
    """
    found = [part for span in found for part in _apart(span, known)]
    longer = [
        span
        for span in found
        if any(_inside(one, span) and one.label == span.label for one in known)
        and not any(_overlap(one, span) and not _inside(one, span) for one in known)
    ]
    kept = [one for one in known if not any(_inside(one, span) for span in longer)]
    free = [span for span in found if not any(_overlap(one, span) for one in kept)]
    return filter_spans([*kept, *free])


def _apart(span: Span, known: Sequence[Span]) -> Iterator[Span]:
    """What is left of a name beside a known one that it begins or ends with and "og" joins to it; else the name.

    One that is known by its shape alone may be half of a name ("Mel og Malt ApS"), unless another stands beside it.
    """
    doc = span.doc
    inside = [one for one in known if one.label == span.label and _inside(one, span)]
    for one in inside:
        if one.id or len(inside) > 1:
            if one.start == span.start and one.end + 1 < span.end and doc[one.end].lower_ in JOINTS:
                yield Span(doc, one.end + 1, span.end, label=span.label)
                return
            if one.end == span.end and span.start < one.start - 1 and doc[one.start - 1].lower_ in JOINTS:
                yield Span(doc, span.start, one.start - 1, label=span.label)
                return
    yield span


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
