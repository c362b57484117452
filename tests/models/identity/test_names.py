from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.identity.names import LEGAL_FORM, NameKey, clean, genitive_base, normalise

SAME = [
    ["Aalborg Kommune", "Ålborg Kommune", "AALBORG KOMMUNE", "Aalborg kommune,", "Aalborg\u00a0Kommune"],
    ["Erhvervsrådet", "Erhvervs\u00adrådet", "ERHVERVSRÅDET."],
    ["Sund & Bælt Holding A/S", "Sund og Bælt Holding a/s.", "SUND & BÆLT HOLDING A/S", "Sund&Bælt Holding A/S"],
    ["Welfare Tech F.M.B.A.", "Welfare Tech f.m.b.a", "Welfare Tech FMBA", "WELFARE TECH Fmba,"],
    ["Arla Foods a.m.b.a.", "Arla Foods AmbA", "ARLA FOODS A.M.B.A"],
    ["A/S Storebælt", "Storebælt A/S", "Aktieselskabet Storebælt", "Storebælt Aktieselskab"],
    ["Fonden for Entreprenørskab", "Fonden Entreprenørskab", "Entreprenørskab"],
    ["Foreningen Nydanske", "Nydanske", "foreningen nydanske"],
    ["Den selvejende institution Fjord&Bælt", "Fjord & Bælt", "Fjord og Bælt"],
    ["CLEAN", "CLEAN (herefter CLEAN)", "Clean (i det følgende klyngen)", "• Clean"],
    ["DONG Energy A/S (tidligere Elsam)", "Dong Energy A/S", "DONG Energy  a/s"],
    ["Center for Vækst", "Center for Vækst v/Jens Jensen", "Center for Vækst c/o Aarhus Universitet"],
    ["Hansen Byg ApS", "v/ Hansen Byg ApS", "HANSEN BYG APS", "Hansen Byg Anpartsselskab"],
    ["Brdr. Hansen", "Brdr Hansen", "BRDR. HANSEN"],
    ["Café Ærø", "Cafe Ærø", "CAFÉ ÆRØ", "Cafe\u0301 Ærø"],
    ["Region Syddanmark", '"Region Syddanmark', "Region Syddanmark.", "* Region Syddanmark;"],
    ["Malmö Högskola", "Malmø Høgskola"],
]  # fmt: skip


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_have_one_key(spellings: list[str]) -> None:
    assert {normalise(name) for name in spellings} == {normalise(spellings[0])}


def test_other_names_have_other_keys() -> None:
    keys = [normalise(spellings[0]) for spellings in SAME]
    assert len(set(keys)) == len(SAME)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ålborg Kommune", "aalborg kommune"),
        ("Sund & Bælt Holding A/S", "sund og baelt holding|a/s"),
        ("Welfare Tech F.M.B.A.", "welfare tech|fmba"),
        ("A/S Storebælt", "storebaelt|a/s"),
        ("Fonden", "fonden"),
        ("Foreningen", "foreningen"),
        ("A/S", "a s"),
        ("ApS", "aps"),
        ("Hansens Is", "hansens is"),
        ("Hansen I/S", "hansen|i/s"),
        ("Skovbo S/I", "skovbo|s/i"),
        ("Nupark Innovation A/S, Struer", "nupark innovation a s struer"),
        ("3F", "3f"),
        ("B.I.D.", "bid"),
        ("DI (Dansk Industri)", "di dansk industri"),
        ("Universität zu Kiel", "universitaet zu kiel"),
        ("東京", "東京"),
        ("", ""),
        (" ;,. ", ""),
    ],
)
def test_a_key_is_the_stem_and_the_legal_form(name: str, key: str) -> None:
    assert str(normalise(name)) == key


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        ("  Region\n Sjælland , ", "Region Sjælland"),
        ("Copenhagen Capacity (herefter CopCap)", "Copenhagen Capacity"),
        ("CAT (DTU)", "CAT (DTU)"),
        ("Center for Vækst v/Jens Jensen", "Center for Vækst"),
        ("Center for Vækst, att. Jens Jensen", "Center for Vækst"),
        ("v/ Hansen Byg ApS", "Hansen Byg ApS"),
        ("Welfare Tech F.M.B.A.", "Welfare Tech F.M.B.A."),
        ("Arla Foods a.m.b.a.", "Arla Foods a.m.b.a."),
        ("Danfoss.", "Danfoss"),
        ("Danfoss...", "Danfoss"),
        ("Danfoss, .", "Danfoss"),
        ("B.I.D.", "B.I.D."),
        ('"Danfoss', "Danfoss"),
        ('"Danfoss"', '"Danfoss"'),
        ("Region Midt´s", "Region Midt's"),
        ("Region Midt’s", "Region Midt's"),
        ("Erhvervs\u00adrådet", "Erhvervsrådet"),
        ("A\u030alborg", "Ålborg"),
        ("v/", ""),
        ("...", ""),
    ],
)
def test_a_name_is_cleaned_of_what_is_not_part_of_it(name: str, alone: str) -> None:
    assert clean(name) == alone


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("Region Syddanmarks", "Region Syddanmark"),
        ("Sjællands", "Sjælland"),
        ("DTU's", "DTU"),
        ("DTU’s", "DTU"),
        ("Aarhus’", "Aarhus"),
        ("Randers'", "Randers"),
        ("Aarhus", "Aarhus"),
        ("Danfoss", "Danfoss"),
        ("Midtjylland", "Midtjylland"),
        ("SDUs", "SDUs"),  # too short to tell from a name that ends so
        ("Fors", "Fors"),
        ("", ""),
    ],
)
def test_the_genitive_ending_is_taken_off(written: str, base: str) -> None:
    assert genitive_base(written) == base


def test_a_legal_form_is_a_word_of_its_own() -> None:
    text = "Grundfos A/S, CLEAN f.m.b.a. og Hansen ApS; men ikke KaPSel, A/Sx, is eller Isabel"
    assert [found.group() for found in LEGAL_FORM.finditer(text)] == ["A/S", "f.m.b.a.", "ApS"]


# Properties

WORD = st.text("abcdefghijklmnoprstuvxyzæøå", min_size=3, max_size=8).filter(
    lambda word: word not in ("amba", "fmba", "smba", "vmba", "gmbh", "aps", "ivs", "ltd", "att", "den", "det")
)
NAMES = st.lists(WORD, min_size=1, max_size=4).map(lambda words: " ".join(word.capitalize() for word in words))
FORMS = ["A/S", "ApS", "I/S", "K/S", "P/S", "IVS", "A.M.B.A.", "F.M.B.A.", "S.M.B.A."]


@given(st.text(max_size=40) | st.text("ab .,;:()\"'vc/o´’•*\u00ad\u0301\u030aA/Stt", max_size=20))
def test_cleaning_twice_is_cleaning_once(name: str) -> None:
    assert clean(clean(name)) == clean(name)


@given(st.text(max_size=40))
def test_a_clean_name_has_the_key_of_the_name(name: str) -> None:
    assert normalise(clean(name)) == normalise(name)


@given(NAMES, st.sampled_from(["", *FORMS]))
def test_case_does_not_matter(name: str, form: str) -> None:
    written = f"{name} {form}".strip()
    assert normalise(written.upper()) == normalise(written.lower()) == normalise(written)


@given(NAMES, st.sampled_from(["", *FORMS]))
def test_dots_blanks_and_decomposed_letters_do_not_matter(name: str, form: str) -> None:
    written = f"{name} {form}".strip()
    assert normalise(written.replace(".", "")) == normalise(written)
    assert normalise(f"{name}. {form}") == normalise(written)
    assert normalise("  " + written.replace(" ", "\n ")) == normalise(written)
    assert normalise(unicodedata.normalize("NFD", written)) == normalise(written)


@given(NAMES)
def test_two_letters_for_one_do_not_matter(name: str) -> None:
    for letter, pair in (("å", "aa"), ("æ", "ae"), ("ø", "oe")):
        assert normalise(name.casefold().replace(letter, pair)) == normalise(name)


@given(NAMES)
def test_legal_forms_keep_two_firms_apart_and_share_the_stem(name: str) -> None:
    keys = [normalise(name), *(normalise(f"{name} {form}") for form in FORMS)]
    assert {key.stem for key in keys} == {normalise(name).stem}
    assert all(one != other and str(one) != str(other) for one, other in combinations(keys, 2))


@given(NAMES, NAMES)
def test_names_of_other_letters_have_other_keys(one: str, other: str) -> None:
    assume(one.casefold().translate(SPELT) != other.casefold().translate(SPELT))
    assume(not any(name.lower().startswith(("fonden", "foreningen")) for name in (one, other)))
    assert normalise(one) != normalise(other)


SPELT = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe"})


@given(st.text(max_size=40), st.text(max_size=40))
def test_keys_are_equal_when_their_texts_are(one: str, other: str) -> None:
    first, second = normalise(one), normalise(other)
    assert (first == second) == (str(first) == str(second))
    assert first == NameKey(first.stem, first.form)
