"""The Danish pipeline: bodies by name and by shape, projects by quotes and announcing words, sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from models.danish import PipelineError, load_pipeline

Named = list[tuple[str, str]]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline("rulers")


def named(nlp: Language, text: str) -> Named:
    return [(entity.text, entity.label_) for entity in nlp(text).ents]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Her er region syddanmark.", "region-syddanmark"),
        ("Det er DTU's målere.", "danmarks-tekniske-universitet"),
        ("Danfoss' fabrik ligger der.", "danfoss-a-s"),
        ("Region Skånes bidrag er lille.", "region-skaane"),
        ("Også 3F er med.", "fagligt-faelles-forbund"),
    ],
)
def test_bodies_of_the_gazetteer_bear_their_id(nlp: Language, text: str, body: str) -> None:
    assert [(entity.label_, entity.ent_id_) for entity in nlp(text).ents] == [("ORG", body)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Aftalen med Trompet Audio A/S. Projektet", "Trompet Audio A/S"),
        ("Nu er Kornmark Maskiner ApS. med", "Kornmark Maskiner ApS"),
        ("Legestrøget F.M.B.A. åbner.", "Legestrøget F.M.B.A."),
        ("I Fiskby Havn er der ro.", "Fiskby Havn"),
        ("Tømrer Hansen & Holm A/S er med.", "Tømrer Hansen & Holm A/S"),
        ("Foreningen Kystfolk er med.", "Foreningen Kystfolk"),
    ],
)
def test_other_bodies_are_known_by_their_shape(nlp: Language, text: str, name: str) -> None:
    assert named(nlp, text) == [(name, "ORG")]


def test_a_firm_on_each_side_of_and_is_two(nlp: Language) -> None:
    assert named(nlp, "Blåvand Kutter A/S og Ole Fisk A/S sejler.") == [
        ("Blåvand Kutter A/S", "ORG"),
        ("Ole Fisk A/S", "ORG"),
    ]


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("De er sammen om 'Unge Hænder', der skal virke.", "Unge Hænder"),
        ("Vi kalder den 'Havets Hus'.", "Havets Hus"),
        ("Partnerskabsaftalen »Kyst og By« gælder.", "Kyst og By"),
        ("lånepuljen “Kapital-til-kanten”.", "Kapital-til-kanten"),
        ("Projektet ¿Sund Vej¿ løber.", "Sund Vej"),
        ("De deler vækstforløbet Scale-Up-Kattegat nu.", "Scale-Up-Kattegat"),
        ("Aftalen hedder Femern Fodfæste.", "Femern Fodfæste"),
        ("Første Ordre er et program for nye.", "Første Ordre"),
        ("Velfærds-Broen sluttede i december.", "Velfærds-Broen"),
        ("Om Offshore Kompetence-Vest hedder det, at det går.", "Offshore Kompetence-Vest"),
        ("Når Femern-projektet går i gang, sker det.", "Femern-projektet"),
        ("Eksemplet Kurs mod Havnen viser det.", "Kurs mod Havnen"),
        ("Folk er enige om Filmvækst Jylland 2012-2015.", "Filmvækst Jylland"),
    ],
)
def test_projects_are_quoted_announced_or_introduced(nlp: Language, text: str, project: str) -> None:
    assert named(nlp, text) == [(project, "PROJECT")]


@pytest.mark.parametrize(
    "text",
    [
        "»Man skal kunne lide at stå højt,« siger han.",
        '"Det er ikke nok at få en god idé. Man skal kunne tåle den," siger hun.',
        "Projektet er et samarbejde.",
        "Det er et projekt om vand.",
        "Når det går, går det.",
    ],
)
def test_speech_and_common_nouns_are_no_projects(nlp: Language, text: str) -> None:
    assert named(nlp, text) == []


def test_a_quoted_name_wins_over_the_body_in_it_and_an_announced_one_does_not(nlp: Language) -> None:
    assert named(nlp, "Det hedder »Aarhus Kommune for Alle«.") == [("Aarhus Kommune for Alle", "PROJECT")]
    assert named(nlp, "I partnerskabet Region Skåne er der ro.") == [("Region Skåne", "ORG")]


def test_legal_forms_end_no_sentence_and_their_full_stop_does(nlp: Language) -> None:
    text = "Varmen F.M.B.A. er med. Det er Trompet Audio A/S. Også DTU."
    assert [sentence.text for sentence in nlp(text).sents] == [
        "Varmen F.M.B.A. er med.",
        "Det er Trompet Audio A/S.",
        "Også DTU.",
    ]


def test_an_installed_pipeline_that_is_missing_is_an_error() -> None:
    with pytest.raises(PipelineError, match="da_findes_ikke"):
        load_pipeline("da_findes_ikke")


@given(st.text(alphabet="AaØø'»«“”¿ .,-DTU/S\n", max_size=60))
def test_entities_lie_in_the_text_and_never_overlap(text: str) -> None:
    entities = PIPELINE(text).ents
    assert [entity.text for entity in entities] == [text[one.start_char : one.end_char] for one in entities]
    assert all(left.end_char <= right.start_char for left, right in pairwise(entities))


PIPELINE = load_pipeline("rulers")
