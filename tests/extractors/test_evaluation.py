"""Scores of claims on documents read by people: who counts as found, what agrees, what must not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractors.evaluation import (
    Found,
    GoldCollaboration,
    GoldDocument,
    GoldParticipant,
    Judge,
    read_gold,
    summary,
)
from models.gazetteer import load_gazetteer
from models.paths import DATA
from models.records import Claim, Corroboration, Participant, Role
from models.scoring import Score

JUDGE = Judge(load_gazetteer(DATA / "gazetteer"))
GOLD = GoldCollaboration(
    ("Blå Havn", "BH"),
    tuple(GoldParticipant("partner", names) for names in (("Køge Kommune",), ("Danmarks Tekniske Universitet", "DTU"))),
    (),
    cross_regional=False,
    international=False,
)
DOCUMENT = GoldDocument("d", "nyhed", "text", "KL", "alle", "train", "…", (GOLD,), ("Ane Vig", "ane@vig.example"))


def claim(project: str, *names: str, evidence: str = "Citat.") -> Claim:
    parties = tuple(Participant(name, Role.PARTNER) for name in names)
    told = ("c", "d", "s", "Titel", project, parties, evidence, 0, 5, None, "", (), (), False, False, None, None)
    return Claim(*told, Corroboration.MENTIONED, 0.8, "1")


def found(*claims: Claim) -> Found:
    return Found(DOCUMENT, claims)


@pytest.mark.parametrize(
    ("claims", "participants", "claimed"),
    [
        ([claim("BH", "DTU", "Køge kommune")], Score(2, 0, 0), Score(1, 0, 0)),  # other spellings, the same body
        ([claim("Blå Havn", "DTU")], Score(1, 0, 1), Score(1, 0, 0)),  # half of the parties are enough
        ([claim("Rød Havn", "DTU", "Køge Kommune")], Score(2, 0, 0), Score(0, 1, 1)),  # another project is not
        ([claim("", "DTU", "Køge Kommune")], Score(2, 0, 0), Score(0, 1, 1)),
        ([claim("BH", "DTU", "SDU", "KL", "Køge Havn")], Score(1, 3, 1), Score(0, 1, 1)),
        ([claim("BH", "DTU", "Køge Kommune")] * 2, Score(2, 0, 0), Score(1, 0, 0)),  # saying it twice is no error
        ([], Score(0, 0, 2), Score(0, 0, 1)),
    ],
)
def test_claims_and_their_parties_are_judged(claims: Sequence[Claim], participants: Score, claimed: Score) -> None:
    assert (JUDGE.participants(found(*claims)), JUDGE.claims(found(*claims))) == (participants, claimed)


def test_a_head_is_enough_for_a_looser_score() -> None:
    assert (
        JUDGE.participants(found(claim("BH", "Køge Kommune, Havnen"))).right,
        JUDGE.heads(found(claim("BH", "Køge Kommune, Havnen"))).right,
    ) == (0, 1)


def test_what_must_not_pass_is_told_wherever_it_stands() -> None:
    assert JUDGE.leaked(found(claim("BH", "DTU", evidence="Siger Ane Vig."))) == ["Ane Vig"]


def test_claims_of_documents_without_any_are_false() -> None:
    negative = Found(replace(DOCUMENT, collaborations=()), (claim("BH", "DTU", "KL"), claim("", "DTU", "KL")))

    assert summary(JUDGE, [negative, found(claim("BH", "DTU", "Køge Kommune"))])["false_claims_per_negative"] == 2.0


def test_the_gold_is_whole() -> None:
    documents = read_gold(DATA / "gold" / "claims.jsonl")

    assert len({one.id for one in documents}) == len(documents) == 3173
    assert sum(not one.collaborations for one in documents) == 685
    assert all(
        sum(party.role != "funder" for party in one.participants) > 1
        for document in documents
        for one in document.collaborations
    )
