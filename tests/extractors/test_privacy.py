"""Persons, addresses and numbers are masked; bodies and firms are left as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.privacy import load_privacy

PRIVACY = load_privacy(Path(__file__).parents[2] / "data" / "privacy")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("siger Erasmus Montanus, kontorchef i Region Sjælland", "siger [person], kontorchef i Region Sjælland"),
        ("Spørg projektleder Pernille Leandersdatter.", "Spørg projektleder [person]."),
        ("landmand Hans Jensens firma er med", "landmand [person] firma er med"),
        ("HANS JENSEN, tlf. 70 00 00 01", "[person], [kontakt]"),
        ("Anne-Mette Lund-Petersen og Peer Degnsen", "[person] og [person]"),
        ("Aftalen er tegnet af J. P. Sørensen.", "Aftalen er tegnet af [person]."),
        ("H.C. Andersen", "[person]"),
        ("Herman von Bremen fra sekretariatet", "[person] fra sekretariatet"),
        ("Referent: Geske Kandestøber.", "Referent: [person]."),
        ("Deltagere: Bodil (Ærø Kommune), Jens (DTU)", "Deltagere: [person] (Ærø Kommune), [person] (DTU)"),
        ("Udarbejdet af: ABN", "Udarbejdet af: [person]"),
        ("Ref.: KLJ/MB", "Ref.: [person]"),
        ("Afbud: Jean de France, Zerline Oldfux.", "Afbud: [person], [person]."),
        (
            "Underskrevet for Region Midtjylland af Zerline Oldfux.",
            "Underskrevet for Region Midtjylland af [person].",
        ),
        ("Skriv til per.degn@example.org eller +45 70 00 00 16.", "Skriv til [kontakt] eller [kontakt]."),
        ("CPR 010100-0000", "CPR [kontakt]"),
        (
            "DTU | Lead Partner | Magdelone Vielgeschrey\nCLEAN | Oldfux von Lakaj",
            "DTU | Lead Partner | [person]\nCLEAN | [person]",
        ),
        ("Ring 7000 0016", "Ring [kontakt]"),
        # What stands beside an unfamiliar name
        ("Ledet blev det, men nu ledes af Kvistrup Überhøj-Ask.", "Ledet blev det, men nu ledes af [person]."),
        ("Direktør Vielgeschrey Al-Oldfux underskrev.", "Direktør [person] underskrev."),
        ("Køge Kommune v/ Leonard Oldfux deltager.", "Køge Kommune v/ [person] deltager."),
        ("Køge Kommune v/Magdelone Oldfux deltager.", "Køge Kommune v/[person] deltager."),
        ("Region Sjælland (v. Pernille Oldfux) er med.", "Region Sjælland (v. [person]) er med."),
        ("Med venlig hilsen\nVielgeschrey Oldfux\nKonsulent", "Med venlig hilsen\n[person]\nKonsulent"),
        ("Mvh. Oldfux", "Mvh. [person]"),
        ("Foto: Vielgeschrey Oldfux", "Foto: [person]"),
        ("Skrevet af Vielgeschrey Oldfux", "Skrevet af [person]"),
        ("Kontaktpersoner: Vielgeschrey Oldfux, Magdelone Ask", "Kontaktpersoner: [person], [person]"),
        ("Bestyrelsesmedlemmer: Özgyl Çekla, Ćorda Šimla", "Bestyrelsesmedlemmer: [person], [person]"),
        (
            "Bestyrelsen består af Vulla Ask, Xo Wi og Ible Ask.",
            "Bestyrelsen består af [person], [person] og [person].",
        ),
        ("Underskrevet den 3. maj af Vulla Ask og Magdelone Ask", "Underskrevet den 3. maj af [person] og [person]"),
        ("Deltagere:\nVulla Tornask\nMagdelone Ask", "Deltagere:\n[person]\n[person]"),
        ("Dr. Wulfhard Schäubling og Frau Mülling kom.", "Dr. [person] og Frau [person] kom."),
        ("Hr. Mülling og fru Oldfux underskrev", "Hr. [person] og fru [person] underskrev"),
        ("borgmester Jeronimus underskrev", "borgmester [person] underskrev"),
        ("Formanden, Vielgeschrey Oldfux, bød velkommen.", "Formanden, [person], bød velkommen."),
        ("Vielgeschrey Oldfux, projektleder", "[person], projektleder"),
        ("Aftalt med Wulfhard Oldfux fra Aarhus Universitet.", "Aftalt med [person] fra Aarhus Universitet."),
        ("Jens siger, at det går", "[person] siger, at det går"),
        # Shapes of known names
        ("jens leandersen, projektleder", "[person], projektleder"),
        ("jens leander, projektleder", "[person], projektleder"),
        ("Oldfux, Henrik", "[person]"),
        ("Henrik Leander/Region Sjælland", "[person]/Region Sjælland"),
        ("Region Sjælland/Henrik Leander", "Region Sjælland/[person]"),
        ("Henrik\u00a0Leander og Henrik\nLeander og Henrik  Leander", "[person] og [person] og [person]"),
        ("Henrik\tLeander", "[person]"),
        ("Henrik Lean\u00adder", "[person]"),
        ("He\u200bnrik Leander", "[person]"),
        ("Henrik\u2011Ole Leander", "[person]"),
        ("Ge\u0301ske Leandersen", "[person]"),
        ("Łukasz Wiśling og José Márla Aznask", "[person] og [person]"),
        ("Henrik L. og Henrik J Leander", "[person] og [person]"),
        ("Henrik Ćorda-Ask kom", "[person] kom"),
        ("Abdul-Rahman ibn Oldfux", "[person]"),
        ("Nu samarbejder de.Henrik Leander", "Nu samarbejder de.[person]"),
        # Telephone numbers
        ("tlf.nr.: 70000001", "[kontakt]"),
        ("telefonnummer 70000001", "[kontakt]"),
        ("T: 70 00 00 01 M: 70000002", "T: [kontakt] M: [kontakt]"),
        ("Direkte 70000001", "Direkte [kontakt]"),
        ("Mobil 70000001", "[kontakt]"),
        ("(70000001)", "([kontakt])"),
        ("Nummeret er 70 102 030 og 701 02 030.", "Nummeret er [kontakt] og [kontakt]."),
        ("Tlf +46 70 123 45 67 i Malmø", "[kontakt] i Malmø"),
        ("Ring +49 461 123456 eller 0047 70 00 00 01", "Ring [kontakt] eller [kontakt]"),
        ("eller (+45) 70 00 00 01.", "eller [kontakt]."),
        ("70 00 00 01 (lok. 1234)", "[kontakt] ([kontakt])"),
        ("5400 1000 / 5400 1001", "[kontakt] / [kontakt]"),
        ("70 00 00 01/70 00 00 02", "[kontakt]/[kontakt]"),
        ("70\u00a000\u00a000\u00a001, 70\u200900\u200900\u200901", "[kontakt], [kontakt]"),
        ("70\u201100\u201100\u201101", "[kontakt]"),
        ("70.00.00.01.", "[kontakt]."),
        # E-mail addresses
        ("per.degn (at) example.org", "[kontakt]"),
        ("per.degn[at]example.org", "[kontakt]"),
        ("per.degn(a)example.org", "[kontakt]"),
        ("per.degn at example dot org", "[kontakt]"),
        ("per . degn @ example . org", "[kontakt]"),
        ("per.degn@example .org", "[kontakt]"),
        ("per.degn＠example.org", "[kontakt]"),
        ("?mail=per%40example.org", "?mail=[kontakt]"),
        ("per@rs", "[kontakt]"),
        # CPR numbers; none of these was ever given out
        ("CPR 0101000000", "CPR [kontakt]"),
        ("010100 0000", "[kontakt]"),
        ("0101000000", "[kontakt]"),
        ("01.01.00-0000", "[kontakt]"),
        ("010100\u20110000 og 010100 - 0000", "[kontakt] og [kontakt]"),
    ],
)
def test_persons_and_contacts_are_masked(text: str, masked: str) -> None:
    assert PRIVACY.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Jens Hansen A/S",
        "Claus Sørensen A/S leverer.",
        "Carl Hansen & Søn",
        "Tømrermester Jens Hansen",
        "Mads Clausens Fond",
        "Anna Klindt Sørensen Museet",
        "C.F. Møller Architects",
        "Danmarks Tekniske Universitet og Region Sachsen",
        "skriver Region Midtjylland i en meddelelse",
        "Deltagere: Region Sjælland, Roskilde Universitet",
        "12.000.000 kr. i 2012-2014, sag 2012-104",
        "EAN 5798000000000",
        "DTU | Business Kolding | Forår 2013 | Økonomisk partner",
        "CVR-nr. 12 34 56 78 og CVR 12345678",
        "12 34 56 78 kr. og beløb 12345678",
        "Bevilling til 1500 2000 personer",
        "Projektnummer 0801 2345 og j.nr. 12-34-56-78",
        "sagsnr. 12345678, P-nr. 1012345678",
        "Niels Bohr Institutet og Marie Curie-programmet",
        "2007-2013, 2009 2011 og 20110831",
        "Perioden 01-02-2013 til 31.12.2014",
        "12.345.678 kr. og 1.234,50",
        "Peter Leander Consult og Henrik Leanders Vej 3",
        "ledes af Region Sjælland, skrevet af Danske Regioner",
        "Foto: Colourbox",
    ],
)
def test_bodies_firms_and_sums_are_left(text: str) -> None:
    assert PRIVACY.mask(text) == text


def test_the_span_of_a_known_body_is_left() -> None:
    text = "Peter Madsens Rederi og Peter Madsen"
    assert PRIVACY.mask(text, [(0, 20)]) == "Peter Madsens Rederi og [person]"


def test_a_person_beside_a_known_body_ends_where_it_begins() -> None:
    text = "Henrik Leander Region Sjælland"
    assert PRIVACY.mask(text, [(15, 30)]) == "[person]Region Sjælland"


def test_a_name_that_is_known_to_be_a_bodys_is_left() -> None:
    text = "Niels Brock og Henrik Leander"
    assert PRIVACY.mask(text, is_body=lambda name: name == "Niels Brock") == "Niels Brock og [person]"


def test_private_values_are_masked_as_words() -> None:
    text = "Xo Wi, Xo Winther, 123, 1234"
    assert PRIVACY.mask(text, private=["Xo Wi", "123"]) == "[person], Xo Winther, [kontakt], 1234"


def test_a_person_beside_a_body_without_a_comma_is_masked() -> None:
    assert "Jens" not in PRIVACY.mask("Lejre Kommune Jens Hansen Region Sjælland")


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jens Hansen", True),
        ("Zerline Jeronimusdatter", True),
        ("J. Hansen", True),
        ("Oldfux, Henrik", True),
        ("Leandersen Henrik", True),
        ("Køge Kommune, Henrik Leander", False),
        ("Jens Hansen ApS", False),
        ("Bager Hansen", False),
        ("Samsø Energiakademi", False),
        ("Jens", False),
    ],
)
def test_a_party_is_told_from_a_person(name: str, person: bool) -> None:
    assert PRIVACY.is_person(name) is person


@given(st.text(alphabet="abcæøåABCÆØÅ .,:@-0123456789\n", max_size=80))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = PRIVACY.mask(text)
    assert PRIVACY.mask(once) == once


@given(
    st.sampled_from(["Henrik", "Pernille", "Anne-Mette", "Łukasz"]),
    st.sampled_from(["Hansen", "Holm-Nielsen", "Oldfux"]),
    st.sampled_from(["{}", "Mødet med {} er holdt.", "Kontakt {}, tlf. 70 00 00 01", "{} skriver"]),
)
def test_a_given_name_and_a_surname_never_pass(first: str, last: str, frame: str) -> None:
    assert last not in PRIVACY.mask(frame.format(f"{first} {last}"))


@pytest.mark.parametrize(
    ("url", "start", "end"),
    [
        ("https://x.dk/ansatte/henrik-leandersen?a=1", "https://x.dk/ansatte/", "?a=1"),
        ("https://x.dk/Henrik%20Leander.pdf", "https://x.dk/", ".pdf"),
        ("https://x.dk/Henrik+Leander/b%C3%A6k", "https://x.dk/", "/b%C3%A6k"),
        ("mailto:per@example.org", "mailto:", ""),
        ("https://x.dk/?mail=per%40example.org&x=1", "https://x.dk/?mail=", "&x=1"),
        ("https://per:degn@x.dk/a", "https://", "@x.dk/a"),
        ("https://x.dk/cpr/010100-0000", "https://x.dk/cpr/", ""),
    ],
)
def test_of_a_url_only_a_digest_is_told(url: str, start: str, end: str) -> None:
    masked = PRIVACY.mask_url(url)
    assert masked[: len(start)] == start
    assert masked.endswith(end)
    mark = masked[len(start) : len(masked) - len(end)]
    assert len(mark) == 6
    assert int(mark, 16) >= 0


def test_masked_urls_stay_distinct() -> None:
    urls = [f"https://x.dk/{name}%20Leander" for name in ("Henrik", "Peter", "Pernille")]
    assert len(set(map(PRIVACY.mask_url, urls))) == 3


@given(
    st.lists(st.sampled_from(["sag", "b%C3%A6k", "Mark-og-Skov", "20123456", "a+b", "Odense%20Kommune", "%2f", "x_y"])),
    st.sampled_from(["https://x.dk", "file:", "http://[bad", ""]),
    st.sampled_from(["", "?", "?a=%41&b=2;c", "#top", "?q=a%20b#"]),
)
def test_a_url_without_person_or_contact_is_unchanged(parts: list[str], head: str, tail: str) -> None:
    url = "/".join([head, *parts]) + tail
    assert PRIVACY.mask_url(url) == url


def test_a_legal_form_and_the_next_name_of_a_list_are_no_initial_and_surname() -> None:
    told = "Parter: Havnens Is A/S. Bjerget Kommune. Gaasebroen Fjernvarme A.M.B.A. Klokkeby Kommune."
    assert PRIVACY.mask(told) == told
    bodies = [(told.index(name), told.index(name) + len(name)) for name in ("Havnens Is A/S", "Bjerget Kommune")]
    assert PRIVACY.mask(told, bodies) == told


def test_an_abbreviation_before_a_place_is_no_given_name() -> None:
    assert PRIVACY.mask("IDA Østjylland er med.") == "IDA Østjylland er med."
    assert PRIVACY.mask("Ida Østjylland er med.") == "[person] er med."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Nummer 120 hedder Zeynep og vil være smed.", "Nummer 120 hedder [person] og vil være smed."),
        ("Det var Clara og Ebbe, der ringede.", "Det var Clara og [person], der ringede."),
        ("Vi låner Zeyneps værksted.", "Vi låner [person] værksted."),
        ("Ringen hos Bitten og Mads Clausens Fond", None),
        ("Huset ligger ved Ruths Hotel og Thors Bakke.", "Huset ligger ved Ruths Hotel og Thors Bakke."),
        ("Vi sejler med Color Line til Kaj og kan leve det gode Liv.", None),
        ("Sejl selv, Harald!", None),
    ],
)
def test_a_given_name_alone_within_a_sentence_is_a_persons(text: str, masked: str | None) -> None:
    assert PRIVACY.mask(text) == (masked or text)
