"""Repair of Danish text, and the way back to what was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.repair import repair
from models.records import Block, BlockKind

_INSERTED = " –•\"'-…"
_noise = st.text(alphabet=st.sampled_from("aæBØ1 \n\r\t\xad¬¿\ufffe\x02-.!?,:;()\"'•\xa0\u200b@/og"), max_size=40)
_texts = st.text(max_size=60) | _noise


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("en ud\xadvik\xadlings\xadplan", "en udviklingsplan"),
        ("havnen \xad og byen", "havnen – og byen"),
        ("havnens ret-\ntet mod øst", "havnens rettet mod øst"),
        ("havnens ret\ufffetet mod øst", "havnens rettet mod øst"),
        ("små-\nog mellemstore skibe", "små- og mellemstore skibe"),
        ("små- og mellemstore skibe", "små- og mellemstore skibe"),
        ("EU-\nretten", "EU-retten"),
        ("Ringsø-\nSkovby", "Ringsø-Skovby"),
        ("it-\nstøtte", "it-støtte"),
        ("2011-\n2014", "2011-2014"),
        ("en mole -\nog en kaj", "en mole - og en kaj"),
        ("i ¿Havnens Venner¿ er der", 'i "Havnens Venner" er der'),
        ("kaldet ¿Fisk ¿ fra hav til bord¿, er", 'kaldet "Fisk – fra hav til bord", er'),
        ("molen ¿ og kajen", "molen – og kajen"),
        ("¿ Kurser\n¿ Besøg", "• Kurser • Besøg"),
        ("opgaver:¿ Kurser¿ Besøg", "opgaver: • Kurser • Besøg"),
        ("SMV¿er i EU¿s havne", "SMV'er i EU's havne"),
        ("på øen.Projektet går", "på øen. Projektet går"),
        ("bl.a.Der er", "bl.a. Der er"),
        ("se regioner.dk og kl.12 om 2.5 mio.", "se regioner.dk og kl.12 om 2.5 mio."),
        ("Fiskernes F.M.B.A. og A/S", "Fiskernes F.M.B.A. og A/S"),
        ("http://www.havn.dk/Om.Os lars@havn.Dk", "http://www.havn.dk/Om.Os lars@havn.Dk"),
        (" en\xa0kaj \n\t to ", "en kaj to"),
        ("", ""),
    ],
)
def test_noise_is_repaired(raw: str, text: str) -> None:
    assert repair(raw).text == text


def test_shifts_say_where_the_texts_get_out_of_step() -> None:
    assert repair("  ud\xadvikling.Her").shifts == ((0, 2), (2, 5), (11, 13))


@given(_texts)
def test_repairing_twice_changes_nothing_more(raw: str) -> None:
    once = repair(raw).text
    assert repair(once).text == once


@given(_texts)
def test_offsets_rise_within_bounds_and_lead_to_the_same_characters(raw: str) -> None:
    repaired = repair(raw)
    origins = [repaired.as_read(at) for at in range(len(repaired.text) + 1)]
    assert origins == sorted(origins)
    assert all(0 <= origin <= len(raw) for origin in origins)
    assert all(raw[at] == sign or sign in _INSERTED for sign, at in zip(repaired.text, origins, strict=False))


@given(_texts, st.integers(0, 1000))
def test_a_block_finds_the_same_places(raw: str, start: int) -> None:
    repaired = repair(raw)
    block = Block(BlockKind.PARAGRAPH, repaired.text, start, start + len(raw), shifts=repaired.shifts)
    places = range(len(repaired.text) + 1)
    assert [block.as_read(at) for at in places] == [start + repaired.as_read(at) for at in places]
