from __future__ import annotations

import pytest

from models.paths import DATA
from models.records import Theme
from models.themes.gold import Passage, own_passages
from models.themes.keywords import OPENING, Keywords, load_keywords
from models.themes.model import KEYWORDS

FILLER = "Parterne mødes hvert kvartal. " * 20


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    return load_keywords(KEYWORDS)


@pytest.mark.parametrize(
    ("title", "text", "themes"),
    [
        ("Fjernvarme på tværs", "", {Theme.KLIMA_ENERGI}),
        ("KLIMA", "", {Theme.KLIMA_ENERGI}),
        ("Hjælpemidler til ældre", "", {Theme.SUNDHED_VELFAERD}),
        ("Iværksættere i Vestjylland", "", {Theme.IVAERKSAETTERI_VAEKST}),
        ("Kystturisme", "", {Theme.TURISME_OPLEVELSER}),
        ("Praktikpladser for alle", "", {Theme.KOMPETENCEUDVIKLING}),
        ("Risikovillig kapital", "", {Theme.KAPITAL_INVESTERING}),
        ("Turisme og efteruddannelse", "", {Theme.TURISME_OPLEVELSER, Theme.KOMPETENCEUDVIKLING}),
        ("Robotter i støberier", "En maskine støber.", set()),
        ("Hovedstaden og Kapitalisme", "", set()),  # not capital
        ("", "Et biogasanlæg.", set()),  # once in the opening is too little
        ("", "Et biogasanlæg og en vindmølle.", {Theme.KLIMA_ENERGI}),
        ("", FILLER + "Biogas, vindkraft og solceller.", set()),  # three times behind the opening too
        ("", FILLER + "Biogas, vindkraft, solceller og varmepumper.", {Theme.KLIMA_ENERGI}),
        ("", "", set()),
    ],
)
def test_a_theme_is_met_in_title_opening_or_text(keywords: Keywords, title: str, text: str, themes: set[Theme]) -> None:
    assert keywords.themes(Passage(title, text)) == themes


def test_hits_are_counted_in_title_opening_and_text(keywords: Keywords) -> None:
    passage = Passage("Biogas", "Biogas. " + FILLER + "Biogas og vindkraft.")
    assert len(FILLER) > OPENING
    assert keywords.counts(passage, Theme.KLIMA_ENERGI) == (1, 1, 3)
    assert keywords.counts(passage, Theme.KAPITAL_INVESTERING) == (0, 0, 0)


def test_words_and_phrases_are_found_where_they_begin() -> None:
    keywords = load_keywords(KEYWORDS)
    text = "grøn energi og spildevand til en start-up, som låner energisk"
    places = keywords.places(text)
    assert sorted(places[Theme.KLIMA_ENERGI]) == [0, 5, 15]
    assert places[Theme.IVAERKSAETTERI_VAEKST] == [text.index("start-up")]
    assert keywords.places(text) == places  # what is remembered says the same
    assert keywords.places("") == {theme: [] for theme in Theme}


def test_every_phrase_is_found_wherever_the_own_passages_have_it(keywords: Keywords) -> None:
    met = 0
    for passage in (one.passage for one in own_passages(DATA / "gold" / "themes.jsonl")):
        text = passage.text.lower()
        found = keywords.places(text)
        for theme, phrase in keywords.phrases.items():
            places = [match.start() for match in phrase.finditer(text)]
            assert found[theme][len(found[theme]) - len(places) :] == places
            met += len(places)
    assert met > 50
