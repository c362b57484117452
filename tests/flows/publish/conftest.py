"""A small dataset: three collaborations by hand, of claims from four documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from flows.publish.dataset import Dataset, Known, build_dataset
from models.gazetteer import Gazetteer
from models.identity.organisations import Organisations
from models.records import (
    Claim,
    Corroboration,
    Organisation,
    Participant,
    PartnerType,
    Role,
    Theme,
    ThemePrediction,
)
from models.store import StoredClaim
from models.themes.passages import passage_digest, passage_of

NIGHT = datetime(2026, 11, 24, 2, 0, 1, tzinfo=UTC)


def _participant(name: str, role: Role = Role.PARTNER) -> Participant:
    return Participant(name, role)


def _claim(key: str, of: str, source: str, *parties: Participant, **facts: object) -> Claim:
    known: dict[str, object] = {
        "title": "Et møde",
        "project": "",
        "evidence": f"Citat {key}",
        "start": 0,
        "end": 10,
        "page": None,
        "context": f"Tekst {key}",
        "forums": (),
        "regions": (),
        "cross_regional": False,
        "international": False,
        "first_year": None,
        "last_year": None,
        "basis": Corroboration.MENTIONED,
        "confidence": 0.5,
        "extractor_version": "x1",
    }
    return Claim(id=key, document_id=of, source_id=source, participants=parties, **(known | facts))  # type: ignore[arg-type]


def _stored(claim: Claim, day: int = 24, published: date | None = None) -> StoredClaim:
    fetched = NIGHT.replace(day=day)
    url = f"https://{claim.source_id}.dk/{claim.document_id}"
    return StoredClaim(claim, url, "Referat", published, fetched, fetched.replace(hour=5), f"urn:uuid:{claim.id}")


def _prediction(*themes: Theme) -> ThemePrediction:
    values = {theme: 0.9 if theme in themes else 0.0625 for theme in Theme}
    return ThemePrediction(values, themes, False, "themes-1")


SJAELLAND = Organisation("o1", "Region Sjælland", PartnerType.REGION, "Sjælland", "Sorø", "DK", "29190658",
                         "https://ror.org/01dtyv127", "Q1", ("RSJ", "Zealand; Region"), "2007-01-01", "2026-12-31",
                         "o8", "region-sjaelland")  # fmt: skip
BORNHOLM = Organisation("o2", "Bornholms Vækstforum", PartnerType.VAEKSTFORUM, "Hovedstaden", "Bornholm", "DK")
FIRM = Organisation("o3", "=Alfa A/S", PartnerType.VIRKSOMHED, "Sjælland", "", "DK", aliases=("+Alfa", "Alfa"))
SKAANE = Organisation("o4", "Region Skåne", PartnerType.UDENLANDSK, country="SE")
FUNDER = Organisation("o5", "Vækstfonden", PartnerType.STAT, "Hovedstaden", country="DK")
EAST = Organisation("o8", "Region Østdanmark", PartnerType.REGION, country="DK", successor_id="o9")
NORTH = Organisation("o9", "Region Nord for Alting", PartnerType.REGION, country="DK")
UNUSED = Organisation("o7", "Ingen", PartnerType.ANDET)


@dataclass(frozen=True, slots=True)
class Case:
    """What a dataset is made of."""

    claims: tuple[StoredClaim, ...]
    organisations: Organisations
    known: Known


@pytest.fixture(scope="session")
def case() -> Case:
    """Three collaborations: a project told twice, an agreement without project, a contract with one firm."""
    project = (
        _stored(
            _claim(
                "k2", "d1", "sj", _participant("Region Sjælland"), _participant("Vækstfonden", Role.FUNDER),
                _participant("=Alfa"),
                title="Grøn", project="NAKUWA", forums=("Sjælland",), regions=("Sjælland", "Bornholm"),
                first_year=2010, basis=Corroboration.MINUTES, confidence=0.75, page=3, start=7, end=70,
                evidence='=HYPERLINK("x"); "citat"\nmed linjeskift',
            ),
            day=23, published=date(2011, 8, 31),
        ),
        _stored(
            _claim(
                "k1", "d2", "bh", _participant("Region Sjællands", Role.LEAD), _participant("=Alfa"),
                _participant("Alfa A/S"), _participant("=Alfa", Role.MEMBER),
                title="Grøn vækst", project="Nakuwa", forums=("Bornholm", "Sjælland"), last_year=2013,
                first_year=2011, confidence=0.875,
            ),
        ),
        _stored(_claim("k0", "d2", "bh", _participant("Region Sjælland"), project="NAKUWA")),
    )  # fmt: skip
    agreement = (
        _stored(
            _claim(
                "k4", "d3", "bh", _participant("Bornholms Vækstforum"), _participant("Region Skåne"),
                title="@Aftale", basis=Corroboration.FUNDED, confidence=0.9,
            )
        ),
        _stored(_claim("k3", "d3", "bh", _participant("Bornholms Vækstforum"), title="Længere titel", confidence=0.9)),
    )  # fmt: skip
    contract = (_stored(_claim("k5", "d4", "sj", _participant("=Alfa"), title="-kontrakt", international=True)),)
    names = {
        "region sjaelland": "o1", "region sjaellands": "o1", "bornholms vaekstforum": "o2", "alfa": "o3",
        "alfa|a/s": "o3", "region skaane": "o4", "vaekstfonden": "o5",
    }  # fmt: skip
    by_id = {one.id: one for one in (SJAELLAND, BORNHOLM, FIRM, SKAANE, FUNDER, UNUSED, EAST, NORTH)}
    said = {
        project: _prediction(Theme.KLIMA_ENERGI, Theme.KOMPETENCEUDVIKLING),
        agreement: _prediction(),
        contract: _prediction(Theme.TURISME_OPLEVELSER),
    }
    ordered = {group: sorted((one.claim for one in group), key=lambda claim: claim.id) for group in said}
    return Case(
        claims=(*contract, *project, *agreement),
        organisations=Organisations(by_id, names, Gazetteer(())),
        known=Known(
            members={"k0": "c1", "k1": "c1", "k2": "c1", "k3": "c2", "k4": "c2", "k5": "c3", "gone": "c9"},
            redirects={"c0": "c1", "c8": "c7", "o0": "o1"},
            first_seen={"c1": NIGHT.replace(day=20), "c2": NIGHT, "c3": NIGHT, "c9": NIGHT.replace(day=1)},
            predictions={passage_digest(passage_of(ordered[group])): one for group, one in said.items()},
            decisions={},
        ),
    )


@pytest.fixture(scope="session")
def dataset(case: Case) -> Dataset:
    """The dataset of the three collaborations."""
    return build_dataset(case.claims, case.organisations, case.known)
