"""Training the identity model, and measuring it beside its baselines."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from extractors.claims import ClaimFinder
from extractors.cues import load_cues
from extractors.documents import load_mappings, read_documents
from extractors.parties import Parties
from extractors.privacy import load_privacy
from models.gazetteer import Gazetteer, load_gazetteer
from models.identity import training
from models.identity.collaborations import Statement, group_claims, project_key
from models.identity.evaluation import (
    Known,
    alone,
    by_name,
    decide,
    grouped,
    judged,
    known_kinds,
    like_names,
    same_names,
)
from models.identity.gold import TRAIN, GroupedClaim, Named, read_claims, read_kinds, read_pairs
from models.identity.homes import placed
from models.identity.likeness import Likeness
from models.identity.matcher import Matcher
from models.identity.model import IdentityModel, load_model
from models.identity.organisations import load_typing, resolve_organisations
from models.paths import DATA, IDENTITY
from models.records import ALL_REGIONS, Claim, Page, Participant, Role, Source, SourceKind, digest

UNDATED = date(2012, 1, 1)
SEEN = datetime(2012, 1, 1, tzinfo=UTC)
GAZETTEER = DATA / "gazetteer"
PAIRS, CLAIMS = DATA / "gold" / "organisations.jsonl", DATA / "gold" / "collaborations.jsonl"
KINDS = DATA / "gold" / "organisation-kinds.csv"


def train(register: Path | None, out: Path | None, *, json: bool) -> None:
    """Fit on the training parts, and on what the rows of a `register` tell apart."""
    gazetteer = load_gazetteer(GAZETTEER)
    typing = load_typing(GAZETTEER, gazetteer)
    claims = read_claims(CLAIMS)
    sides = {statement.claim_id: statement.side for statement in _statements(claims, gazetteer, None)}
    granted = _statements(list(_granted(register, gazetteer)), gazetteer, None) if register else []
    sources = [PAIRS, CLAIMS, *([register] if register else [])]
    card = {
        "name": "Samspils identitetsmodel",
        "licence": "MIT",
        "what": "whether two names are of one body, and two claims of one collaboration, by what tells them apart",
        "sources": {path.name: digest(path.read_bytes(), length=64) for path in sources},
    }
    told = training.train(
        read_pairs(PAIRS),
        [(claim, sides[claim.id]) for claim in claims],
        [statement.side for statement in granted],
        gazetteer,
        typing,
        out or IDENTITY,
        card,
    )
    sys.stdout.write(jsonlib.dumps(told if json else told["held_out"], ensure_ascii=False) + "\n")


def _granted(register: Path, gazetteer: Gazetteer) -> Iterator[GroupedClaim]:
    """The rows of a register of projects as claims, each a group of its own."""
    for claim in _rows(register, gazetteer):
        yield GroupedClaim(
            id=claim.id,
            group=claim.id,
            project=claim.project,
            title=claim.title,
            participants=tuple((party.role, party.name) for party in claim.participants),
            evidence=claim.evidence,
            on=date(claim.first_year, 7, 1) if claim.first_year else None,
            forums=claim.forums,
            split=TRAIN,
        )


def _rows(register: Path, gazetteer: Gazetteer) -> Iterator[Claim]:
    parties = Parties(gazetteer, load_cues(DATA / "cues.toml"), load_privacy(DATA / "privacy"))
    finder = ClaimFinder(parties, "training")
    source = Source("register", register.name, "", SourceKind.PROJECTS, (ALL_REGIONS,), ())
    page = Page("register", source.id, register.name, "text/csv", "utf-8", SEEN, SEEN, "register", "")
    for document in read_documents(page, register.read_bytes(), load_mappings(DATA / "tables")):
        yield from finder.find(source, document, ())


def evaluate(split: str, register: Path | None, *, json: bool) -> None:
    """Names and claims of one part of the gold; what its organisations are, also by the rows of a `register`."""
    gazetteer, model = load_gazetteer(GAZETTEER), load_model()
    kinds = known_kinds(read_kinds(KINDS), by_name(gazetteer, load_typing(GAZETTEER, gazetteer)))
    figures = {
        "organisations": _names(split, gazetteer, model),
        "collaborations": _claims(split, gazetteer, model),
        "kinds": kinds,
    }
    if register:
        figures["kinds_by_rows"] = known_kinds(read_kinds(KINDS), _by_rows(register, gazetteer, model))
    if json:
        sys.stdout.write(jsonlib.dumps(figures, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    table = Table(title=f"Organisationer: hvilke navne er én ({split})")
    for column in ("", "præcision", "genkaldelse", "F1"):
        table.add_column(column)
    for name, found in figures["organisations"].items():
        table.add_row(name, *(f"{found[part]:.3f}" for part in ("precision", "recall", "f1")))
    console.print(table)
    table = Table(title=f"Samarbejder: hvilke påstande er ét ({split})")
    for column in ("", "B³ præcision", "B³ genkaldelse", "B³ F1", "parvis F1"):
        table.add_column(column)
    for name, found in figures["collaborations"].items():
        cells = (found["b_cubed"]["precision"], found["b_cubed"]["recall"], found["b_cubed"]["f1"])
        table.add_row(name, *(f"{cell:.3f}" for cell in (*cells, found["pairwise"]["f1"])))
    console.print(table)
    for name, told in (("navnet alene", kinds), ("rækkerne", figures.get("kinds_by_rows"))):
        if told:
            console.print(
                f"Art og hjemregion efter {name}: {told['partner_type']:.3f}, {told['home']:.3f} "
                f"({told['home_precision']:.3f} af de hjem, der siges)"
            )


def _by_rows(register: Path, gazetteer: Gazetteer, model: IdentityModel) -> Known:
    """As a night of these rows alone would tell it."""
    typing, claims = load_typing(GAZETTEER, gazetteer), list(_rows(register, gazetteer))
    parties = [party for claim in claims for party in claim.participants]
    matcher = Matcher(gazetteer, typing, model.names)
    organisations = resolve_organisations(parties, gazetteer, typing, {}, matcher)
    at_home, otherwise = placed(organisations, typing, claims), by_name(gazetteer, typing)

    def known(name: str) -> tuple[str, str]:
        one = at_home.get(organisations.find(name))
        return (one.partner_type, one.area) if one else otherwise(name)

    return known


def _names(split: str, gazetteer: Gazetteer, model: IdentityModel) -> dict[str, Any]:
    matcher = Matcher(gazetteer, load_typing(GAZETTEER, gazetteer), model.names)
    pairs = [pair for pair in read_pairs(PAIRS) if pair.split == split]

    def by_model(left: Named, right: Named) -> bool:
        return decide(matcher, gazetteer, left, right, model.names.same)

    return {
        "model": judged(pairs, by_model),
        "exact": judged(pairs, lambda left, right: same_names(left.name, right.name)),
        "ratio": judged(pairs, lambda left, right: like_names(left.name, right.name)),
    }


def _claims(split: str, gazetteer: Gazetteer, model: IdentityModel) -> dict[str, Any]:
    claims = [claim for claim in read_claims(CLAIMS) if claim.split == split]
    gold = {claim.id: claim.group for claim in claims}
    statements = _statements(claims, gazetteer, model)
    return {
        "model": grouped(gold, group_claims(statements, {}, {}, likeness=Likeness(model.claims, model.rare)).groups),
        "rules": grouped(gold, group_claims(statements, {}, {}).groups),
        "exact": grouped(gold, {claim.id: alone(project_key(claim.project), claim.id) for claim in claims}),
    }


def _statements(claims: Sequence[GroupedClaim], gazetteer: Gazetteer, model: IdentityModel | None) -> list[Statement]:
    """As a night would make them, each claim in a document of its own."""
    typing = load_typing(GAZETTEER, gazetteer)
    matcher = Matcher(gazetteer, typing, model.names) if model else None
    named = {claim.id: list(_participants(claim, gazetteer)) for claim in claims}
    everyone = [party for parties in named.values() for party in parties]
    organisations = resolve_organisations(everyone, gazetteer, typing, {}, matcher)
    return [
        Statement(
            claim_id=claim.id,
            document_id=claim.id,
            project=claim.project,
            title=claim.title,
            parties=frozenset(organisations.of(one) for one in named[claim.id] if one.role is not Role.FUNDER),
            seen=datetime.combine(claim.on or UNDATED, time(), UTC),
            text=claim.evidence,
            year=claim.on.year if claim.on else 0,
            forums=frozenset(claim.forums),
        )
        for claim in claims
    ]


def _participants(claim: GroupedClaim, gazetteer: Gazetteer) -> Iterator[Participant]:
    for role, name in claim.participants:
        body = gazetteer.find(name, claim.on, claim.forums[0] if claim.forums else "")
        yield Participant(name, Role(role), body.id if body else "")
