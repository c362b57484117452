"""What the pipeline learns from: sentences of words with tags, from corpora of others and from our own gold.

Corpora differ in what they mark. `Marked` says what a sentence's tags leave open, and the training then asks only that
the model chooses among what they allow.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.danish.tags import LABELS, OUTSIDE, TAGS, Span, begin, spans, tags_of


class Marked(Enum):
    """What the annotators of a sentence marked."""

    CORPUS = "corpus"  # ORG, LOC, PER, MISC
    GOLD = "gold"  # ORG, LOC, PER, PROJECT; what is unmarked may be MISC


class Part(NamedTuple):
    """What a name has to do with collaborations: a kind of PARTS, "" where nothing is told; and with which of them."""

    kind: str = ""
    of: frozenset[str] = frozenset()


UNTOLD = Part()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with a tag each; `kind` is the kind of text, or the corpus.

    `parts`: of each name, in the order of the names; none at all for a sentence of which no part is told. `shares`
    (words, tags, parts and place): the probabilities and places that a teacher gives, if one has read it.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    marked: Marked
    kind: str
    parts: tuple[Part, ...] = ()
    shares: NDArray[np.float16] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its spans (first character, character after the last, label) as annotated, and the part of each."""

    id: str
    kind: str
    split: str
    text: str
    spans: tuple[Span, ...]
    parts: tuple[Part, ...] = ()


NORNE = {
    "ORG": "ORG",
    "GPE_ORG": "ORG",
    "LOC": "LOC",
    "GPE_LOC": "LOC",
    "PER": "PER",
    "PROD": "MISC",
    "EVT": "MISC",
    "MISC": "MISC",
}
"""NorNE's types by ours; what is derived from a name (DRV) is none."""
PLAIN = {label: label for label in LABELS}


def read_columns(path: Path, kind: str, types: Mapping[str, str] = PLAIN) -> Iterator[Sentence]:
    """Sentences of a tab-separated file: a word and its IOB2 tag a line, an empty line between sentences."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        words: list[str] = []
        tags: list[str] = []
        for line in (*file, ""):
            if line.strip():
                word, tag = line.rstrip("\n").split("\t")[:2]
                words.append(word)
                tags.append(_typed(tag, types))
            elif words:
                yield Sentence(tuple(words), tuple(tags), Marked.CORPUS, kind)
                words, tags = [], []


def _typed(tag: str, types: Mapping[str, str]) -> str:
    label = types.get(tag[2:])
    return f"{tag[0]}-{label}" if label else "O"


def read_gold(path: Path) -> list[Passage]:
    """The passages of data/gold/mentions.jsonl."""
    with path.open(encoding="utf-8") as lines:
        return [_passage(json.loads(line)) for line in lines]


def read_register(register: Path, labels: Path, digest: Callable[[str, str, str], str]) -> list[Passage]:
    """The descriptions of a register whose spans data/gold/mentions-real.csv keeps, found by digest."""
    found: dict[str, list[Span]] = {}
    splits = {}
    with labels.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            splits[row["digest"]] = row["split"]
            spans = found.setdefault(row["digest"], [])
            spans += [(int(row["start"]), int(row["end"]), row["label"])] if row["label"] else []
    with register.open(encoding="utf-8", newline="") as file:
        rows = {digest(row["projekttitel"], row["navn"], row["start_dato"]): row for row in csv.DictReader(file)}
    return [
        Passage(key, "register", splits[key], rows[key]["tas_projekt_besk"], tuple(sorted(spans)))
        for key, spans in found.items()
        if key in rows
    ]


def _passage(entry: Mapping[str, object]) -> Passage:
    spans = tuple((start, end, label) for start, end, label in entry["spans"])  # type: ignore[attr-defined]
    return Passage(str(entry["id"]), str(entry["kind"]), str(entry["split"]), str(entry["text"]), spans)


def marked(
    text: str, names: Mapping[tuple[str, str], Part], hidden: Sequence[tuple[int, int, str]], identity: str, kind: str
) -> Passage:
    """A text with every occurrence of names marked, by name and label; the longest stands, and none within a compound.

    `hidden` are bodies whose names ellipsis shortens: start, end and whole name.
    """
    found: dict[Span, Part] = {}
    for (name, label), part in sorted(names.items(), key=lambda told: (-len(told[0][0]), told[0])):
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?:['’]?s)?(?!-?\w)", text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found[match.start(), match.end(), label] = part
    for start, end, name in hidden:
        part = names.get((name, "ORG"), UNTOLD)
        if part.kind and not any(first < end and start < last for first, last, _ in found):
            found[start, end, "ORG"] = part
    order = tuple(sorted(found))
    return Passage(identity, kind, "train", text, order, tuple(found[span] for span in order))


def tokenised(passage: Passage, words_of: Callable[[str], Sequence[tuple[int, int]]]) -> Sentence:
    """A passage as words, of which `words_of` tells first and last characters; a word half in a span belongs to it."""
    places = words_of(passage.text)
    found: list[Span] = []
    parts: list[Part] = []
    told = passage.parts or (UNTOLD,) * len(passage.spans)
    for (start, end, label), part in zip(passage.spans, told, strict=True):
        inside = [at for at, (first, last) in enumerate(places) if first < end and start < last]
        if inside and (not found or found[-1][1] <= inside[0]):
            found.append((inside[0], inside[-1] + 1, label))
            parts.append(part)
    words = tuple(passage.text[first:last] for first, last in places)
    return Sentence(words, tags_of(found, len(words)), Marked.GOLD, passage.kind, tuple(parts) if passage.parts else ())


def parts_of(sentence: Sentence) -> tuple[Part, ...]:
    """What part each of its names plays."""
    return sentence.parts or (UNTOLD,) * sum(1 for _ in spans(sentence.tags))


def allowed_tags(sentence: Sentence) -> NDArray[np.bool_]:
    """(words, tags): the tags that the annotation leaves open."""
    allowed = np.zeros((len(sentence.words), len(TAGS)), np.bool_)
    misc = begin("MISC")
    for at, tag in enumerate(sentence.tags):
        if tag == "O":
            allowed[at, OUTSIDE] = True
            allowed[at, misc : misc + 2] = sentence.marked is Marked.GOLD
        else:
            allowed[at, begin(tag[2:]) + (tag[0] == "I")] = True
    return allowed


def digest_of(path: Path) -> str:
    """SHA-256 of a file, for the card."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
