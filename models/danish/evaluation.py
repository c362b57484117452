"""How well a pipeline finds names: strict and partial, by label and kind of text, in bad spelling, and how fast."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from models.danish.tags import Span, spans
from models.danish.training.augment import TRANSCRIBED
from models.danish.training.corpora import GOLD, Corpora
from models.danish.training.material import Passage, Sentence, read_gold
from models.scoring import Score, interval, total

CORPUS_LABELS = ("ORG", "LOC", "PER", "MISC")
GOLD_LABELS = ("ORG", "LOC", "PER", "PROJECT")

SEED = 2011
MISREAD = str.maketrans({"ø": "0", "l": "1", "å": "a", "e": "c", "O": "0", "m": "rn", "i": "l"})
SPELLINGS: dict[str, Callable[[int, str], str]] = {
    "small letters": lambda _at, letter: letter.lower(),
    "capitals": lambda _at, letter: letter.upper(),
    "ae oe aa": lambda _at, letter: letter.translate(TRANSCRIBED),
    "misread": lambda at, letter: letter.translate(MISREAD) if at * 7919 % 25 == 0 else letter,
}
"""What becomes of each letter, which may be two."""

Spans = set[Span]


@dataclass(frozen=True, slots=True)
class Judged:
    """The names of one text: its kind, those of the annotation, those of the pipeline."""

    kind: str
    gold: frozenset[Span]
    found: frozenset[Span]


def report(nlp: Language, corpora: Corpora | None, split: str) -> dict[str, Any]:
    """All figures of one pipeline: on the own passages, on real descriptions and news where `corpora` are there."""
    own = [one for one in (corpora.passages if corpora else read_gold(GOLD)) if one.split == split]
    sets = {"own": _figures(judge_passages(nlp, own), GOLD_LABELS)}
    if corpora:
        real = [one for one in corpora.register if one.split == split]
        sets["real"] = _figures(judge_passages(nlp, real), GOLD_LABELS)
        sets["news"] = _figures(judge_sentences(nlp, corpora.news_dev), CORPUS_LABELS)
    for name, change in SPELLINGS.items():
        sets[f"own, {name}"] = _figures(judge_passages(nlp, [respelt(one, change) for one in own]), GOLD_LABELS)
    kinds = {kind: round(score.f1, 4) for kind, score in by_kind(judge_passages(nlp, own)).items()}
    return {"sets": sets, "kinds": kinds, "words_a_second": words_a_second(nlp, [one.text for one in own])}


def words_a_second(nlp: Language, texts: Sequence[str]) -> float:
    """By the processor's time, over texts that are read for the second time."""
    list(nlp.pipe(texts))
    words = 0
    started = time.process_time()
    for doc in nlp.pipe(texts):
        words += len(doc)
    return words / (time.process_time() - started)


def _figures(judged: Sequence[Judged], labels: Sequence[str]) -> dict[str, dict[str, float]]:
    figures = {}
    for label in ("", *labels):
        scores, loose = strict(judged, label or None), total(partial(judged, label or None))
        whole, (low, high) = total(scores), interval(scores, SEED)
        figures[label or "all"] = {
            "f1": round(whole.f1, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "precision": round(whole.precision, 4),
            "recall": round(whole.recall, 4),
            "partial_f1": round(loose.f1, 4),
            "partial_recall": round(loose.recall, 4),
        }
    return figures


def judge_sentences(nlp: Language, sentences: Sequence[Sentence]) -> list[Judged]:
    """Over given words; a PROJECT counts as MISC, for the corpora know no projects."""
    docs = nlp.pipe(Doc(nlp.vocab, words=list(one.words)) for one in sentences)
    judged = []
    for doc, sentence in zip(docs, sentences, strict=True):
        found = {(ent.start, ent.end, "MISC" if ent.label_ == "PROJECT" else ent.label_) for ent in doc.ents}
        judged.append(Judged(sentence.kind, frozenset(spans(sentence.tags)), frozenset(found)))
    return judged


def judge_passages(nlp: Language, passages: Sequence[Passage]) -> list[Judged]:
    """Over texts as written; MISC is not annotated and not counted."""
    docs = nlp.pipe(one.text for one in passages)
    judged = []
    for doc, passage in zip(docs, passages, strict=True):
        found = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents if ent.label_ in GOLD_LABELS}
        judged.append(Judged(passage.kind, frozenset(passage.spans), frozenset(found)))
    return judged


def respelt(passage: Passage, change: Callable[[int, str], str]) -> Passage:
    """The passage in other letters, its spans where they now are."""
    letters = [change(at, letter) for at, letter in enumerate(passage.text)]
    places = [0, *accumulate(map(len, letters))]
    spans_now = tuple((places[start], places[end], label) for start, end, label in passage.spans)
    return replace(passage, text="".join(letters), spans=spans_now)


def strict(judged: Sequence[Judged], label: str | None = None) -> list[Score]:
    """A score for each text: right is what agrees in first and last letter and label."""
    scores = []
    for one in judged:
        gold, found = _labelled(one.gold, label), _labelled(one.found, label)
        scores.append(Score(len(gold & found), len(found - gold), len(gold - found)))
    return scores


def partial(judged: Sequence[Judged], label: str | None = None) -> list[Score]:
    """A score for each text: right is what overlaps with a name of the same label."""
    scores = []
    for one in judged:
        gold, found = _labelled(one.gold, label), _labelled(one.found, label)
        hit = sum(any(_overlap(span, other) for other in found) for span in gold)
        wrong = sum(not any(_overlap(span, other) for other in gold) for span in found)
        scores.append(Score(hit, wrong, len(gold) - hit))
    return scores


def by_kind(judged: Sequence[Judged], label: str | None = None) -> dict[str, Score]:
    """Strict scores of each kind of text."""
    kinds = defaultdict(list)
    for one in judged:
        kinds[one.kind].append(one)
    return {kind: total(strict(some, label)) for kind, some in sorted(kinds.items())}


def _labelled(found: frozenset[Span], label: str | None) -> Spans:
    return {span for span in found if label in (None, span[2])}


def _overlap(left: Span, right: Span) -> bool:
    return left[2] == right[2] and left[0] < right[1] and right[0] < left[1]
