"""The fast pipeline: a small convolutional network of spaCy's, taught by the accurate one.

It learns from text that the teacher has labelled, and from what people have. Where an annotation leaves a word open,
the teacher decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import minibatch
from thinc.api import Config, fix_random_seed

from models.danish.tagger import Tagger
from models.danish.tags import LABELS, spans, tags_of
from models.danish.training.material import Marked, Sentence

Tell = Callable[[str], None]
TAUGHT = 2000  # sentences that the teacher reads at once
BATCH = 128  # sentences of a step

NETWORK = """
[nlp]
lang = "da"
pipeline = ["ner"]

[components]

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true

[components.ner.model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = {width}
depth = {depth}
embed_size = {rows}
window_size = 1
maxout_pieces = 3
subword_features = true
"""


def labelled(tagger: Tagger, texts: Iterable[Sequence[str]]) -> Iterator[Sentence]:
    """Sentences with the teacher's tags."""
    for batch in minibatch(texts, TAUGHT):  # type: ignore[no-untyped-call]
        for words, found in zip(batch, tagger.find(batch), strict=True):
            names = [(one.start, one.end, one.label) for one in found]
            yield Sentence(tuple(words), tags_of(names, len(words)), Marked.CORPUS, "taught")


def completed(tagger: Tagger, sentences: Sequence[Sentence], labels: Collection[str] = ("MISC",)) -> list[Sentence]:
    """Annotated sentences with the names of these `labels` that the teacher finds besides."""
    told = []
    for sentence, found in zip(sentences, tagger.find([one.words for one in sentences]), strict=True):
        own = list(spans(sentence.tags))
        free = [
            (one.start, one.end, one.label)
            for one in found
            if one.label in labels and not any(start < one.end and one.start < end for start, end, _ in own)
        ]
        told.append(replace(sentence, tags=tags_of(sorted([*own, *free]), len(sentence.words))))
    return told


def blank_network(width: int, depth: int, rows: int) -> Language:
    """A Danish pipeline with an untrained entity recogniser."""
    config = Config().from_str(NETWORK.format(width=width, depth=depth, rows=rows))
    return spacy.util.load_model_from_config(config, auto_fill=True)


def teach(
    nlp: Language, material: Callable[[random.Random], Sequence[Sentence]], *, epochs: int, seed: int, tell: Tell
) -> Language:
    """Train in place on what `material` gives for each epoch; the weights are averaged over the steps."""
    fix_random_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - no secret
    drawn = material(chance)
    for label in LABELS:
        nlp.get_pipe("ner").add_label(label)  # type: ignore[attr-defined]
    optimiser = nlp.initialize(lambda: [_example(nlp, one) for one in drawn[:2000]])
    for epoch in range(epochs):
        losses: dict[str, float] = {}
        drawn = list(material(chance) if epoch else drawn)
        chance.shuffle(drawn)
        for batch in minibatch(drawn, BATCH):  # type: ignore[no-untyped-call]
            nlp.update([_example(nlp, one) for one in batch], sgd=optimiser, drop=0.1, losses=losses)
        tell(f"epoch {epoch + 1}/{epochs}: loss {losses['ner']:.0f} over {len(drawn)} sentences")
    with nlp.use_params(optimiser.averages):
        return nlp.from_bytes(nlp.to_bytes())


def _example(nlp: Language, sentence: Sentence) -> Example:
    words = list(sentence.words)
    told = Doc(nlp.vocab, words=words)
    told.set_ents([Span(told, start, end, label) for start, end, label in spans(sentence.tags)], default="outside")
    return Example(Doc(nlp.vocab, words=words), told)
