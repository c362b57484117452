from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import Theme
from models.themes import features
from models.themes.gold import Passage
from models.themes.keywords import load_keywords
from models.themes.model import KEYWORDS, ThemeModel
from models.themes.passages import MAX_CHARS


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Parterne mødes. Formålet er at spare vand. De skal ses igen.", "Formålet er at spare vand"),
        ("Det er oktober.Projektet skal spare vand.Slut.", "Projektet skal spare vand"),
        ("Baggrund\nMålet er nået\nSlut", "Målet er nået"),
        ("En sætning. En til.", "En sætning"),
        ("Ca. 10 mødte op. Slut.", "Ca. 10 mødte op"),
        ("Projektet udskaldes. Maling er sjovt.", "Projektet udskaldes"),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_the_purpose_is_the_first_sentence_that_states_one_else_the_first(text: str, sentence: str) -> None:
    assert features.purpose(text) == sentence


def test_the_model_reads_the_beginning_without_soft_hyphens() -> None:
    long = "a" * MAX_CHARS
    assert features.prepare(Passage("Grøn\u00ad vækst", long + "b")) == Passage("Grøn vækst", long)


def test_a_passage_is_one_row_of_each_look(model: ThemeModel) -> None:
    passages = [Passage("Biogas", "Formålet er biogas."), Passage("", "")]
    texts = features.columns(passages)
    rows = features.matrices(model.weights, features.keyword_rows(texts, model.keywords), texts)
    assert {name: one.shape for name, one in rows.items()} == {
        **{name: (2, size) for name, size in features.BUCKETS.items()},
        features.WHOLE: (2, sum(features.BUCKETS.values()) + 5 * len(Theme)),
    }
    assert [one[1].nnz for one in rows.values()] == [0, 0, 0, 0]
    assert rows["title"][0].power(2).sum() == pytest.approx(1.0, abs=1e-6)


def test_what_speaks_for_a_theme_is_told_beside_what_speaks_for_the_strongest_other() -> None:
    passages = [Passage("Biogas", "Formålet er biogas.")]
    scores = np.arange(24, dtype=float).reshape(1, len(Theme), len(features.LOOKS))
    hits = features.keyword_rows(features.columns(passages), load_keywords(KEYWORDS))
    told = features.evidence(scores, hits, passages)
    first, last = told[0, 0], told[0, -1]
    assert first[:4].tolist() == [0, 1, 2, 3]
    assert first[4:9] == pytest.approx(hits[0, :5] * 2)
    assert first[9:].tolist() == [1, 23, pytest.approx(np.log1p(len(passages[0].text)) / 7)]
    assert last[9:11].tolist() == [21, 19]


def test_keyword_features_say_where_a_theme_is_met() -> None:
    passage = Passage("Biogas", "Formålet er biogas.")
    (row,) = features.keyword_rows(features.columns([passage]), load_keywords(KEYWORDS))
    length = len(passage.text) / 500 + 1
    expected = np.zeros(5 * len(Theme), dtype=np.float32)
    expected[:5] = [1, 1 / 3, np.log1p(1) / 3, 1 / length / 3, 1 / 2]
    assert row == pytest.approx(expected)
    assert features.keyword_rows(features.columns([]), load_keywords(KEYWORDS)).shape == (0, 5 * len(Theme))


def test_a_word_that_was_read_before_counts_as_at_first() -> None:
    texts = {"title": ["biogas på havnen"], "purpose": ["biogas biogas"], "text": ["nyt om biogas", ""]}
    first, again = features.counts(texts), features.counts(texts)
    for name, counted in first.items():
        assert (counted != again[name]).nnz == 0
    assert first["purpose"].sum() == 2 * features.counts({"purpose": ["biogas"]})["purpose"].sum()
    assert first["text"][1].nnz == 0
    assert first["title"].data.dtype == np.float32


@given(st.text(max_size=200))
def test_any_text_has_a_purpose_that_stands_in_it(text: str) -> None:
    assert features.purpose(text) in text
