"""The texts that the pipeline is trained on: corpora of others, which stay where they are, and our own gold."""

from __future__ import annotations

import lzma
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from spacy.language import Language

from models.danish.labels import ONTONOTES
from models.danish.tags import spans
from models.danish.training.material import (
    NORNE,
    Passage,
    Sentence,
    digest_of,
    read_columns,
    read_gold,
    read_register,
    tokenised,
)
from models.errors import SamspilError
from models.paths import DATA
from models.themes.gold import row_digest

GOLD, REGISTER_GOLD = DATA / "gold" / "mentions.jsonl", DATA / "gold" / "mentions-real.csv"
DOCUMENTS = (DATA / "gold" / "claims.jsonl", DATA / "gold" / "claims-real.jsonl")
"""Where the documents are from that a training is given besides."""
REGISTER = Path("real") / "eu-strukturfonde-2007-2013.csv"
"""In the folder of corpora."""
LONG, LONGER, LONGEST = 60, 100, 200
"""Words after which a passage, and a document for the fast and for the accurate tagger, is cut at the next end of a
sentence."""
TRAIN, DEV, TEST = "train", "dev", "test"

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ])|\n+")

LICENCES = {
    "danplus-news-train.tsv": "DaN+ (Plank, Nørgaard Jensen, van der Goot 2020), MIT; text CC BY-SA 4.0",
    "danplus-news-dev.tsv": "DaN+ (Plank, Nørgaard Jensen, van der Goot 2020), MIT; text CC BY-SA 4.0",
    "dansk-gold-train.tsv": "DANSK, a sample",
    "norne-nob-mt-da.tsv.xz": "NorNE, annotations CC0, machine-translated",
    "eu-strukturfonde-2007-2013.csv": "open data of the Danish business authority",
    "mentions.jsonl": "our own, CC0",
    "mentions-real.csv": "our own labels, CC0",
    "claims.jsonl": "our own, CC0",
    "claims-real.jsonl": "our own labels, CC0",
}


class MaterialError(SamspilError):
    """A corpus is missing."""


@dataclass(frozen=True, slots=True)
class Corpora:
    """All of it; `sources` maps names of files to digest and licence."""

    news: tuple[Sentence, ...]
    news_dev: tuple[Sentence, ...]
    web: tuple[Sentence, ...]
    silver: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    register: tuple[Passage, ...]
    texts: tuple[Path, ...]
    sources: dict[str, dict[str, str]]

    def of(self, split: str) -> list[Passage]:
        """Our own passages and annotated descriptions of one split."""
        return [one for one in (*self.passages, *self.register) if one.split == split]


def read_corpora(folder: Path) -> Corpora:
    """From a folder with `ner`, `text` and `real`; raises MaterialError."""
    ner, register = folder / "ner", folder / REGISTER
    named = {name: ner / name for name in LICENCES if name.endswith((".tsv", ".xz"))}
    files = [*named.values(), register, GOLD, REGISTER_GOLD, *DOCUMENTS]
    missing = [path for path in files if not path.is_file()]
    if missing:
        raise MaterialError(f"{missing[0]}: filen findes ikke; --material er en mappe med ner, text og real")
    return Corpora(
        news=tuple(read_columns(named["danplus-news-train.tsv"], "danplus")),
        news_dev=tuple(read_columns(named["danplus-news-dev.tsv"], "danplus")),
        web=tuple(read_columns(named["dansk-gold-train.tsv"], "dansk", ONTONOTES)),
        silver=tuple(read_columns(named["norne-nob-mt-da.tsv.xz"], "norne", NORNE)),
        passages=tuple(read_gold(GOLD)),
        register=tuple(read_register(register, REGISTER_GOLD, row_digest)),
        texts=tuple(sorted((folder / "text").glob("*.xz"))),
        sources={path.name: {"sha256": digest_of(path), "licence": LICENCES[path.name]} for path in files},
    )


def sentences_of(nlp: Language, passages: Sequence[Passage], long: int = LONG) -> list[Sentence]:
    """Passages as sentences, those of over `long` words in parts."""

    def words_of(text: str) -> list[tuple[int, int]]:
        return [(token.idx, token.idx + len(token)) for token in nlp.make_doc(text) if not token.is_space]

    return [part for one in passages for part in _parts(tokenised(one, words_of), long)]


def _parts(sentence: Sentence, long: int) -> Iterator[Sentence]:
    start, last, told = 0, len(sentence.words) - 1, iter(sentence.parts)
    for at, word in enumerate(sentence.words):
        goes_on = at < last and sentence.tags[at + 1].startswith("I")
        if at == last or (at - start >= long and word in ".!?:" and not goes_on):
            words, tags = sentence.words[start : at + 1], sentence.tags[start : at + 1]
            names = sum(1 for _ in spans(tags))
            yield replace(sentence, words=words, tags=tags, parts=tuple(islice(told, names)))
            start = at + 1


def count_words(corpora: Corpora, of_a_text: int) -> Counter[str]:
    """How often each word occurs, annotated texts more than raw ones, other spellings of it less."""
    counts = Counter[str]()
    for path in corpora.texts:
        counts.update(islice((word for line in lines(path) for word in _WORD.findall(line)), of_a_text))
    for sentences, weight in ((corpora.news + corpora.web, 20), (corpora.silver, 5)):
        for sentence in sentences:
            for word in sentence.words:
                counts[word] += weight
    for passage in corpora.of(TRAIN):
        for word in _WORD.findall(passage.text):
            counts[word] += 20
    respelt = Counter[str]()
    for word, count in counts.items():
        respelt[word.lower()] += max(1, count // 10)
        respelt[word.upper()] += count // 50
    return counts + respelt


def raw_sentences(nlp: Language, corpora: Corpora, words: int) -> Iterator[tuple[str, ...]]:
    """Sentences of raw text that may name something, an equal share of `words` from each file as far as it goes."""
    for path in corpora.texts:
        left = words // len(corpora.texts)
        for line in lines(path):
            for text in _SENTENCE.split(line):
                told = tuple(token.text for token in nlp.make_doc(text) if not token.is_space)
                if 3 < len(told) < 120 and any(word[0].isupper() for word in told[1:]):
                    yield told
                    left -= len(told)
            if left <= 0:
                break


def lines(path: Path) -> Iterator[str]:
    """The lines of a compressed text."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        yield from file
