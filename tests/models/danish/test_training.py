"""What the Danish pipeline learns from: corpora, gold, and the variations that are made of them. No torch is needed."""

from __future__ import annotations

import lzma
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.danish.artefacts import ACCURATE, load
from models.danish.labels import ONTONOTES
from models.danish.tags import PLACE, TAGS, begin, spans, tags_of
from models.danish.tokens import danish
from models.danish.training.augment import Shares, names_of, renamed, varied
from models.danish.training.corpora import GOLD, REGISTER_GOLD, MaterialError, read_corpora, sentences_of
from models.danish.training.distilling import taught, unmarked
from models.danish.training.material import (
    NORNE,
    UNTOLD,
    Marked,
    Part,
    Passage,
    Sentence,
    marked,
    parts_of,
    read_columns,
    read_gold,
)

SENTENCE = Sentence(
    ("Havneby", "Kommune", "og", "Ane", "Vig", "mødes"),
    ("B-ORG", "I-ORG", "O", "B-PER", "I-PER", "O"),
    Marked.CORPUS,
    "x",
)


def test_columns_are_read_with_their_types_as_ours(tmp_path: Path) -> None:
    path = tmp_path / "corpus.tsv"
    path.write_text("Bodø\tB-GPE_ORG\tO\nbyg\tO\tO\n\n\nNord\tB-DRV\tO\n", encoding="utf-8")
    packed = tmp_path / "corpus.tsv.xz"
    packed.write_bytes(lzma.compress(path.read_bytes()))
    told = [
        Sentence(("Bodø", "byg"), ("B-ORG", "O"), Marked.CORPUS, "n"),
        Sentence(("Nord",), ("O",), Marked.CORPUS, "n"),
    ]

    assert list(read_columns(path, "n", NORNE)) == list(read_columns(packed, "n", NORNE)) == told


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match=r"danplus-news-train\.tsv.*--material"):
        read_corpora(tmp_path)


def test_a_passage_becomes_sentences_with_its_names(  # a name may end within a word
) -> None:
    passage = Passage("p", "nyhed", "train", "Ane Vigs hus. Region Nord-plan", ((0, 8, "PER"), (14, 25, "ORG")))

    (sentence,) = sentences_of(danish(), [passage])

    assert [(" ".join(sentence.words[start:end]), label) for start, end, label in spans(sentence.tags)] == [
        ("Ane Vigs", "PER"),
        ("Region Nord-plan", "ORG"),
    ]


def test_a_long_passage_is_cut_at_ends_of_sentences_and_not_in_names() -> None:
    text = "Det er en sag . " * 40
    passage = Passage("p", "nyhed", "train", text + "Ane Vig", ((len(text), len(text) + 7, "PER"),))

    parts = sentences_of(danish(), [passage])

    assert [len(part.words) for part in parts] == [65, 65, 65, 7]
    assert sum(len(list(spans(part.tags))) for part in parts) == 1


@given(st.integers(0, 500))
def test_a_sentence_with_other_names_keeps_their_labels_in_order(seed: int) -> None:
    names = {"ORG": [("Fonden", "Tang"), ("Lyng", "A/S", "Nord")], "PER": [("Bo",)]}
    told = renamed(SENTENCE, names, np.random.default_rng(seed))

    found = [(told.words[start:end], label) for start, end, label in spans(told.tags)]
    assert [label for _, label in found] == ["ORG", "PER"]
    assert found[0][0] in [("Havneby", "Kommune"), *names["ORG"]]
    assert (told.words[-1], told.tags[-1]) == ("mødes", "O")


@given(st.integers(0, 200))
def test_variation_loses_no_sentence_and_no_name(seed: int) -> None:
    shares = Shares(lower=0.2, upper=0.2, transcribed=0.2, misread=0.2, renamed=0.5, joined=0.5)
    told = varied([SENTENCE] * 9, names_of([SENTENCE]), shares, np.random.default_rng(seed))

    assert sum(len(list(spans(one.tags))) for one in told) == 18
    assert all(len(one.words) == len(one.tags) for one in told)


def test_names_are_marked_wherever_they_stand_the_longest_first() -> None:
    project, lead, party = Part("party", frozenset("1")), Part("lead", frozenset("1")), Part("party", frozenset("2"))
    names = {("Blå Havn", "PROJECT"): project, ("Blå Havns A/S", "ORG"): lead, ("Køge Kommune", "ORG"): party}
    text = "Blå Havns A/S og Blå Havn. Blå Havne i Køge og Greve Kommuner. Blå Havn-folk"

    passage = marked(text, names, [(39, 43, "Køge Kommune"), (47, 61, "Greve Kommune")], "i", "k")

    assert passage.spans == ((0, 13, "ORG"), (17, 25, "PROJECT"), (39, 43, "ORG"))
    assert passage.parts == (lead, project, party)


def test_what_part_a_name_plays_stays_with_it_in_every_variation() -> None:
    text = "Det er en sag . " * 20 + "Ane Vig og Lyng A/S. " + "Det er en sag . " * 20 + "Fonden Tang"
    spans_there = [(320, 327, "PER"), (331, 339, "ORG"), (len(text) - 11, len(text), "ORG")]
    lead, funder = Part("lead", frozenset("1")), Part("funder", frozenset("12"))
    passage = Passage("p", "k", "train", text, tuple(spans_there), (UNTOLD, lead, funder))
    shares = Shares(renamed=1.0, joined=1.0)

    sentences = sentences_of(danish(), [passage])
    told = varied([*sentences, SENTENCE], names_of([SENTENCE]), shares, np.random.default_rng(1))

    assert [part for one in sentences for part in one.parts] == [UNTOLD, lead, funder]
    assert [part for one in told for part in parts_of(one)] == [UNTOLD, lead, funder, UNTOLD, UNTOLD]


def test_a_teacher_tells_how_sure_it_is_and_only_of_what_the_annotation_allows() -> None:
    tagger = load(ACCURATE)
    words = ("Lindtoft", "Robotics", "ApS", ",", "siger", "direktør", "Hanne", "Kirk", ".")
    excluded = Sentence(words, tags_of([(6, 8, "PER")], len(words)), Marked.CORPUS, "k")

    (free,) = taught(tagger, unmarked([words], "k"), annotated=False)
    (bound,) = taught(tagger, [excluded], annotated=True)

    assert free.shares is not None
    assert bound.shares is not None
    assert np.allclose(free.shares[:, : len(TAGS)].sum(axis=1), 1, atol=0.01)
    assert free.shares[0, begin("ORG")] > 0.5 > bound.shares[0, begin("ORG")] == 0
    parts = slice(len(TAGS), -PLACE)
    assert free.shares[0, parts].sum() > 0.9 > free.shares[6, parts].sum() == 0


def test_the_gold_is_whole() -> None:
    passages = read_gold(GOLD)
    labels = {label for passage in passages for _, _, label in passage.spans}

    assert len(passages) == len({passage.id for passage in passages}) == 1082
    assert labels == {"ORG", "LOC", "PER", "PROJECT"}
    for passage in passages:
        ends = [(start, end) for start, end, _ in sorted(passage.spans)]
        assert all(passage.text[start:end].strip() == passage.text[start:end] != "" for start, end in ends)
        assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_the_spans_of_the_register_hold_no_text() -> None:
    header, *lines = REGISTER_GOLD.read_text(encoding="utf-8").splitlines()

    assert header == "digest,start,end,label,split"
    assert len({line.partition(",")[0] for line in lines}) == 464
    assert all(len(line.split(",")) == 5 for line in lines)


def test_types_of_other_corpora_map_to_ours() -> None:
    assert set(ONTONOTES.values()) | set(NORNE.values()) == {"ORG", "LOC", "PER", "MISC"}
