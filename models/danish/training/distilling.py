"""The fast tagger: the lowest layers of the accurate one, taught by the whole.

It learns how sure the teacher is of each tag (Hinton et al. 2015), on raw text and on annotated sentences whose
spelling and names are varied; what an annotation excludes, the teacher may not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spacy.util import minibatch

from models.danish.tagger import Tagger
from models.danish.tags import PARTS, PLAYING, TAGS, begin
from models.danish.training.material import Marked, Sentence, allowed_tags

READ = 2000  # sentences that the teacher reads at once


def taught(tagger: Tagger, sentences: Iterable[Sentence], *, annotated: bool) -> Iterator[Sentence]:
    """The sentences with the teacher's probabilities, of what the annotation allows when they are `annotated`."""
    for some in minibatch(sentences, READ):  # type: ignore[no-untyped-call]
        for sentence, scores in zip(some, tagger.scores([one.words for one in some]), strict=True):
            tags, parts, places = np.split(scores, [len(TAGS), len(TAGS) + len(PARTS)], axis=1)
            parts = np.exp(parts)
            if annotated:
                tags = _allowed(tags, allowed_tags(sentence))
            parts[~np.isin(tags.argmax(axis=1), [begin(label) for label in PLAYING])] = 0
            yield replace(sentence, shares=np.concatenate([np.exp(tags), parts, places], axis=1).astype(np.float16))


def _allowed(scores: NDArray[np.float32], allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
    left = np.where(allowed, scores, -np.inf)
    told: NDArray[np.float32] = left - np.logaddexp.reduce(left, axis=1, keepdims=True)
    return told


def unmarked(texts: Iterable[Sequence[str]], kind: str) -> Iterator[Sentence]:
    """Raw sentences of which no name is known."""
    for words in texts:
        yield Sentence(tuple(words), ("O",) * len(words), Marked.CORPUS, kind)
