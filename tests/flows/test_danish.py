"""What the Danish pipeline learns of documents: every name that a reader noted, with the part that it plays."""

from __future__ import annotations

from extractors.evaluation import GoldCollaboration, GoldDocument, GoldParticipant
from flows.danish import played_names
from models.danish.training.material import UNTOLD, Part

NAMED = (
    ("Aalborg Universitets Institut for Energi", "ORG"),
    ("Lemvig Kommuner", "ORG"),
    ("Struer Kommunes", "ORG"),
    ("KL", "ORG"),
    ("Grøn Havn", "PROJECT"),
    ("Ane Vig", "PER"),
)


def test_a_name_plays_the_part_of_its_body_and_every_other_body_none() -> None:
    parties = tuple(
        GoldParticipant(role, (name,))
        for role, name in (
            ("lead", "Aalborg Universitet"),
            ("partner", "Lemvig Kommune"),
            ("partner", "Struer Kommune"),
        )
    )
    stated = GoldCollaboration(("Blå Havn",), parties, (), cross_regional=False, international=False)
    document = GoldDocument("d", "nyhed", "text", "KL", "alle", "train", "…", (stated,), ())
    lead, party = Part("lead", frozenset({"d/0"})), Part("party", frozenset({"d/0"}))

    assert played_names(document, NAMED) == {
        ("Blå Havn", "PROJECT"): party,
        ("Aalborg Universitet", "ORG"): lead,
        ("Lemvig Kommune", "ORG"): party,
        ("Struer Kommune", "ORG"): party,
        ("Aalborg Universitets Institut for Energi", "ORG"): lead,
        ("Lemvig Kommuner", "ORG"): party,
        ("KL", "ORG"): Part("none"),
        ("Grøn Havn", "PROJECT"): Part("none"),
        ("Ane Vig", "PER"): UNTOLD,
    }
