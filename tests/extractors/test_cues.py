"""What says that parties do something jointly, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.cues import load_cues
from models.records import Role

CUES = load_cues(Path(__file__).parents[2] / "data" / "cues.toml")


@pytest.mark.parametrize(
    ("sentence", "confidence"),
    [
        ("A og B har indgået en samarbejdsaftale om havet.", 0.8),
        ("A og B går sammen om Havets Hus.", 0.8),
        ("A er i tæt samarbejde med B.", 0.8),
        ("Aftalen, som er indgået mellem A og B, gælder til 2016.", 0.8),
        ("Parter: A / B / C.", 0.85),
        ("A, B og C er partnere i projektet.", 0.8),
        ("Bag projektet 'X' står A og B.", 0.75),
        ("A og B har dannet fødevarenetværket X.", 0.75),
        ("A deltager i mødet om X.", 0.6),
        ("A betaler regningen til B.", 0.0),
    ],
)
def test_the_surest_cue_lends_its_confidence(sentence: str, confidence: float) -> None:
    assert CUES.confidence(sentence) == confidence


@pytest.mark.parametrize(
    "sentence",
    [
        "A ønsker et samarbejde med B.",
        "A overvejer at indgå en aftale med B.",
        "Det foreslås, at A indgår i et partnerskab med B.",
        "Hvis A og B indgår en aftale, kan flere gæster komme.",
        "Ansøgere kan for eksempel være et konsortium bestående af A og B.",
        "A søger samarbejdspartnere sammen med B.",
        "Rapporten er udarbejdet af A i samarbejde med B.",
        "A evaluerer samarbejdet mellem B og C.",
        "Konferencen arrangeres af A i samarbejde med B.",
        "Samarbejdet mellem A og B er ophørt.",
        "De driver i fællesskab intet, men hver for sig.",
        "A og B har budt sammen med C.",
        "A og B konkurrerer i stedet for at samarbejde med C.",
        "A ser gerne et tættere samarbejde mellem B og C.",
        "Kender du en virksomhed, der vil samarbejde med A og B?",
        "Planen om et fælles projekt mellem A og B blev opgivet.",
        "Der er endnu ingen aftale mellem A og B.",
        "Ministeren opfordrede A til at indgå partnerskab med B.",
        "A er hyret af B til i samarbejde med C at kortlægge behovet.",
        "Læs mere om samarbejdet med A på B's hjemmeside.",
        "Vi har modtaget en ansøgning fra A i samarbejde med B.",
    ],
)
def test_wishes_calls_grants_and_evaluations_deny(sentence: str) -> None:
    assert CUES.denies(sentence)
    assert CUES.found(sentence) == []


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Partnere", "partner"),
        ("Hvem er med?", "partner"),
        ("De fem parter er", "partner"),
        ("Deltagere i projektet", "partner"),
        ("3. Øvrige partnere:", "partner"),
        ("Netværkspartner", "partner"),
        ("Medlemmer af netværket", "member"),
        ("Medlemmer pr. 1. januar 2015", "member"),
        ("Partnere: Grøn Havn", "partner"),
        ("Parter i Grøn Havn pr. 1. marts 2020", "partner"),
        ("Deltagere og roller", "partner"),
        ("Medansøgere", "partner"),
        ("Tidligere medlemmer", "neutral"),
        ("Lead partner", "lead"),
        ("Medfinansiering", "funder"),
        ("Projektperiode", "period"),
        ("Formål", "neutral"),
        ("§ 2. Parternes bidrag", "neutral"),
        ("§ 4 Hvem kan få lån", "neutral"),
        ("Krav til partnere", "neutral"),
        ("Nye parter", "neutral"),
        ("Sådan foregår det", "neutral"),
        ("Sag 3: Lærlingeløftet", ""),
        ("Spor 1: Energi", ""),
    ],
)
def test_headings_tell_what_stands_under_them(heading: str, section: str) -> None:
    assert CUES.section(heading) == section


@pytest.mark.parametrize(
    ("before", "after", "role"),
    [
        ("", " er projektejer.", Role.LEAD),
        ("", " er kontraktansvarlig, og", Role.LEAD),
        ("", " i Odense leder arbejdet.", Role.LEAD),
        ("Lead partner er ", ", mens B er partner.", Role.LEAD),
        ("Det ledes af ", ".", Role.LEAD),
        ("", " er operatør for den nordjyske del.", None),
        ("", " bevilger 4,2 mio. kr.", Role.FUNDER),
        ("", " har bevilget 7 mio. kr.", Role.FUNDER),
        ("", " betaler halvdelen.", Role.FUNDER),
        ("", " betaler bussen.", None),
        ("Projektet er medfinansieret af ", ".", Role.FUNDER),
        ("A har fået 5 mio. kr. fra ", " til at", Role.FUNDER),
        ("Projektet er støttet af EU's Regionalfond og ", ".", Role.FUNDER),
        ("", " er partner.", None),
    ],
)
def test_words_beside_a_name_state_its_role(before: str, after: str, role: Role | None) -> None:
    assert CUES.stated_role(before, after) is role


@pytest.mark.parametrize(
    ("words", "role"),
    [("projektleder", Role.LEAD), ("Økonomisk partner", Role.PARTNER), ("medlem", Role.MEMBER), ("Odense", None)],
)
def test_a_word_in_a_role_column_is_a_role(words: str, role: Role | None) -> None:
    assert CUES.role(words) is role


@pytest.mark.parametrize("name", ["kommunerne", "Partner", "en række virksomheder", "Beløb", "12 kommuner"])
def test_common_nouns_are_generic(name: str) -> None:
    assert CUES.is_generic(name)


@pytest.mark.parametrize(
    ("before", "after", "founded"),
    [
        ("", " er stiftet i 2010 af A og B.", True),
        ("", ", som ejes ligeligt af A og B.", True),
        ("", " er et fælles selskab for A og B.", True),
        ("Bag klyngen ", " står A og B.", True),
        ("A og B står fortsat bag ", ".", True),
        ("A har stiftet foreningen ", " sammen med B.", True),
        ("I et drivhus bag ", " fabrik står en tank.", False),
        ("A og B har dannet par med ", " om en skole.", False),
        ("", " er part i aftalen.", False),
    ],
)
def test_what_others_found_or_own_is_told_by_what_stands_beside_it(before: str, after: str, founded: bool) -> None:
    assert CUES.is_founded(before, after) is founded


@pytest.mark.parametrize(
    "sentence",
    [
        "A og B har reageret hver på deres måde.",
        "A følger arbejdet, uden at havnen er part i det.",
        "A meddelte i januar, at man træder ud.",
        "Sekretariatet har talt med A, B og C.",
        "Transporten klares af A mod betaling.",
        "A er ikke længere med i aftalen med B.",
    ],
)
def test_who_is_outside_is_denied(sentence: str) -> None:
    assert CUES.denies(sentence)
