"""The trained component beside the rulers: what it finds, what it leaves, and how both are joined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from spacy.language import Language
from spacy.tokens import Doc, Span

from models.danish import load_pipeline
from models.danish.artefacts import ACCURATE, load
from models.danish.entities import follow, joined, played
from models.danish.tagger import Tagger, load_tagger
from models.danish.tags import PARTS, PLACE, TAGS
from models.danish.tokens import danish

WORDS = ["Region", "Syddanmark", "og", "Fonden", "Blå", "Havn", "Esbjerg", "er", "med"]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load(ACCURATE)


def join(known: Sequence[tuple[int, int, str]], found: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    doc = Doc(danish().vocab, words=WORDS)
    both = joined([Span(doc, *one, span_id="known") for one in known], [Span(doc, *one) for one in found])
    return [(one.start, one.end, one.id_ or "found") for one in sorted(both, key=lambda span: span.start)]


def test_a_name_that_joins_a_known_one_to_another_is_two() -> None:
    assert join([(0, 2, "ORG")], [(0, 6, "ORG")]) == [(0, 2, "known"), (3, 6, "found")]
    assert join([(3, 6, "ORG")], [(0, 6, "ORG")]) == [(0, 2, "found"), (3, 6, "known")]
    assert join([(0, 2, "ORG")], [(0, 3, "ORG")]) == [(0, 3, "found")]


def test_a_name_whose_half_looks_like_one_is_whole() -> None:
    doc = Doc(danish().vocab, words=["Brundby", "Mel", "og", "Malt", "ApS"])

    both = joined([Span(doc, 3, 5, label="ORG")], [Span(doc, 0, 5, label="ORG")])

    assert [one.text for one in both] == ["Brundby Mel og Malt ApS"]


@pytest.mark.parametrize(
    ("known", "found", "told"),
    [
        ([(0, 2, "ORG")], [(1, 2, "LOC")], [(0, 2, "known")]),  # what is known stands
        ([(0, 2, "ORG")], [(0, 2, "ORG")], [(0, 2, "known")]),
        ([(4, 6, "ORG")], [(3, 7, "ORG")], [(3, 7, "found")]),  # a longer name takes it in
        ([(4, 6, "ORG")], [(3, 7, "PER")], [(4, 6, "known")]),  # but not one of another kind
        ([(0, 2, "ORG"), (4, 6, "ORG")], [(1, 5, "ORG")], [(0, 2, "known"), (4, 6, "known")]),
        ([(0, 2, "ORG")], [(3, 6, "ORG")], [(0, 2, "known"), (3, 6, "found")]),
    ],
)
def test_names_of_both_are_joined_without_overlap(
    known: list[tuple[int, int, str]], found: list[tuple[int, int, str]], told: list[tuple[int, int, str]]
) -> None:
    assert join(known, found) == told


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Formand Lisbet Kragh bød velkommen i Thyborøn.", [("Lisbet Kragh", "PER"), ("Thyborøn", "LOC")]),
        ("Virksomheden Lindtoft Robotics flytter til Hadsund.", [("Lindtoft Robotics", "ORG"), ("Hadsund", "LOC")]),
    ],
)
def test_names_that_no_list_holds_are_found(nlp: Language, text: str, names: list[tuple[str, str]]) -> None:
    assert [(one.text, one.label_) for one in nlp(text).ents] == names


def test_the_fast_pipeline_finds_names_of_every_kind() -> None:
    text = "Region Sjælland og Lindtoft Robotics er sammen om projektet Grøn Havn i Køge, siger Hanne Kirk."

    assert {one.label_ for one in load_pipeline("fast")(text).ents} == {"ORG", "PROJECT", "PER"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Partner\tNordby Havnelaug\tVisit Vesterø", ["Nordby Havnelaug", "Visit Vesterø"]),
        ("Partnere:\nGlastoft Værft\nHolmegårdens Venner", ["Glastoft Værft", "Holmegårdens Venner"]),
    ],
)
def test_a_name_ends_with_its_line_and_cell(nlp: Language, text: str, names: list[str]) -> None:
    assert [one.text for one in nlp(text).ents] == names


def test_a_word_that_a_line_end_breaks_is_one(nlp: Language) -> None:
    assert [one.text for one in nlp("Det støtter Region Nord-\njylland, og Vækst-\nforum er med.").ents][:1] == [
        "Region Nord-\njylland"
    ]


def test_given_words_are_read_as_a_text_is(nlp: Language) -> None:
    doc = nlp(Doc(nlp.vocab, words=["Formand", "Lisbet", "Kragh", "bor", "i", "Thyborøn", "."]))

    assert [(one.start, one.end, one.label_) for one in doc.ents] == [(1, 3, "PER"), (5, 6, "LOC")]


def test_a_text_is_read_with_those_that_it_follows(nlp: Language, tagger: Tagger) -> None:
    texts = ["Partnere i Blå Havn:", "Lindtoft Robotics og Grundfos deltager.", "Hanne Kirk leder mødet."]
    told = [[token.text for token in nlp.make_doc(text)] for text in texts]
    together, apart = tagger.read([[word for words in told for word in words]]), tagger.read(told)

    docs = list(nlp.pipe(follow(map(nlp.make_doc, texts))))

    read = [told for doc in docs if (told := played(doc)) is not None]
    told_parts, told_places = (np.concatenate([getattr(one, what) for one in read]) for what in ("parts", "places"))
    assert np.allclose(told_parts, np.exp(together[0].parts), atol=1e-5)
    assert np.allclose(told_places, together[0].places, atol=1e-4)
    assert not np.allclose(told_parts, np.exp(np.concatenate([one.parts for one in apart])), atol=1e-5)
    assert len({number for one in read for number in one.stretches}) == 1
    assert [(one.text, one.label_) for one in docs[2].ents] == [("Hanne Kirk", "PER")]


def test_what_part_a_name_plays_is_told(nlp: Language) -> None:
    doc = nlp(
        "Lindtoft Robotics, VIA University College og Horsens Kommune går sammen om Robotter i Skolen. "
        "Banedanmark skriver, at konferencen holdes på Rosborg Gymnasium."
    )

    told = played(doc)
    assert told is not None
    assert [bool(told.parts[one.start, 0] < 0.5) for one in doc.ents] == [True, True, True, True, False, False]


def test_without_a_tagger_no_part_is_told() -> None:
    assert played(load_pipeline("rulers")("Vordingborg Kommune og Guldborgsund Kommune samarbejder.")) is None


def test_a_text_without_words_has_no_names(nlp: Language) -> None:
    assert [list(doc.ents) for doc in nlp.pipe(["", "  \n ", "..."])] == [[], [], []]


def test_the_processor_adds_bytes_without_overflow(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.danish.tagger._sums_in_32_bits", lambda: False)
    exact = load_tagger(ACCURATE)

    assert np.array_equal(tagger.scores([WORDS * 5])[0], exact.scores([WORDS * 5])[0])


def test_a_sentence_longer_than_the_encoder_reads_is_read_in_parts(tagger: Tagger) -> None:
    words = ["Formand", "Lisbet", "Kragh", "bor", "i", "Thyborøn", "og"] * 80

    (scores,) = tagger.scores([words])

    assert scores.shape == (560, len(TAGS) + len(PARTS) + PLACE)


def test_each_sentence_keeps_its_place_among_sentences_of_other_lengths(tagger: Tagger) -> None:
    sentences = [["Lisbet", "Kragh", "bor", "i", "Thyborøn", "."] * times for times in (3, 1, 2)]

    assert [len(found) for found in tagger.find([*sentences, []])] == [6, 2, 4, 0]
