"""Names of bodies that are known, in running text."""

from __future__ import annotations

import pytest

from models.danish.bodies import Bodies
from models.danish.tokens import danish

BODIES = Bodies()
for name, body_id, exact in (
    ("Region Sjælland", "region", False),
    ("Region Sjælland Erhverv", "branch", False),
    ("Havnens Hus", "house", False),
    ("KL", "kl", True),
    ("Coop", "coop", True),
    ("A/S Storebælt", "bridge", False),
):
    BODIES.add(name, body_id, exact=exact)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("REGION SJÆLLAND og region sjællands", [("REGION SJÆLLAND", "region"), ("region sjællands", "region")]),
        (
            "Region Sjælland Erhverv, KL's og Coops",
            [("Region Sjælland Erhverv", "branch"), ("KL's", "kl"), ("Coops", "coop")],
        ),
        ("Region Sjælland-projektet, kl. 9, coop og KLs-folk", []),
        ("I Havnens Hus (A/S Storebælt)", [("Havnens Hus", "house"), ("A/S Storebælt", "bridge")]),
        ("İ Region Sjælland", [("Region Sjælland", "region")]),
        ("", []),
    ],
)
def test_whole_names_are_found_with_their_bodies(text: str, found: list[tuple[str, str]]) -> None:
    doc = BODIES(danish()(text))

    assert [(one.text, one.ent_id_) for one in doc.ents] == found


def test_what_is_marked_already_stands() -> None:
    doc = danish()("Region Sjælland Erhverv og KL")
    doc.ents = [doc.char_span(7, 23, "PROJECT")]

    assert [one.text for one in BODIES(doc).ents] == ["Sjælland Erhverv", "KL"]
