from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.publish.dataset import Dataset, build_dataset
from flows.publish.schema import TABLES, Kind
from models.gazetteer import Gazetteer
from models.identity.organisations import Organisations
from models.records import Corroboration, Decision, Theme, Verdict
from tests.flows.publish.conftest import Case

CONTRACT = {
    "collaborations": "collaboration_id, title, project, themes, forums, regions, cross_regional, international, "
    "participant_count, claim_count, document_count, source_count, corroboration, first_year, last_year, first_seen, "
    "last_seen, review",
    "participants": "collaboration_id, organisation_id, name_as_written, role",
    "organisations": "organisation_id, name, partner_type, region, municipality, country, cvr, ror, wikidata, aliases, "
    "valid_from, valid_to, successor_id",
    "themes": "collaboration_id, theme, probability, decided_by, model_version",
    "claims": "claim_id, collaboration_id, source_id, document_url, document_title, published, fetched_at, "
    "archive_record, page, start, end, evidence, confidence, extractor_version",
    "redirects": "old_id, new_id",
}


def test_tables_and_columns_are_those_of_the_contract() -> None:
    assert {schema.name: ", ".join(column.name for column in schema.columns) for schema in TABLES} == CONTRACT


def test_a_collaboration_is_told_from_all_its_claims(dataset: Dataset) -> None:
    assert dataset.tables["collaborations"] == [
        {
            "collaboration_id": "c1",
            "title": "NAKUWA",
            "project": "NAKUWA",
            "themes": ["klima_energi", "kompetenceudvikling"],
            "forums": ["Sjælland", "Bornholm"],
            "regions": ["Sjælland", "Bornholm"],
            "cross_regional": False,  # the funder's home does not count
            "international": False,
            "participant_count": 3,
            "claim_count": 3,
            "document_count": 2,
            "source_count": 2,
            "corroboration": "minutes",
            "first_year": 2010,
            "last_year": 2013,
            "first_seen": "2026-11-20",
            "last_seen": "2026-11-24",
            "review": "automatic",
        },
        {
            "collaboration_id": "c2",
            "title": "@Aftale",
            "project": "",
            "themes": [],
            "forums": [],
            "regions": ["Bornholm"],
            "cross_regional": False,
            "international": True,
            "participant_count": 2,
            "claim_count": 2,
            "document_count": 1,
            "source_count": 1,
            "corroboration": "funded",
            "first_year": None,
            "last_year": None,
            "first_seen": "2026-11-24",
            "last_seen": "2026-11-24",
            "review": "automatic",
        },
        {
            "collaboration_id": "c3",
            "title": "-kontrakt",
            "project": "",
            "themes": ["turisme_oplevelser"],
            "forums": [],
            "regions": ["Sjælland"],
            "cross_regional": False,
            "international": True,
            "participant_count": 1,
            "claim_count": 1,
            "document_count": 1,
            "source_count": 1,
            "corroboration": "mentioned",
            "first_year": None,
            "last_year": None,
            "first_seen": "2026-11-24",
            "last_seen": "2026-11-24",
            "review": "automatic",
        },
    ]
    assert len(dataset) == 3


@pytest.mark.parametrize(
    ("publishers", "witnesses", "told"),
    [
        ({"sj": "o1", "bh": "o3"}, {}, "both_parties"),
        ({"sj": "o1", "bh": "o1"}, {}, "mentioned"),  # two sites of one party
        ({"sj": "o1", "bh": "o2"}, {}, "mentioned"),  # a site of someone else
        ({"sj": "o1", "bh": "o5"}, {}, "mentioned"),  # who only pays is no party
        ({"sj": "o1", "bh": "o3"}, {"d2": "d1"}, "mentioned"),  # one text on both sites
    ],
)
def test_two_parties_that_tell_of_it_on_pages_of_their_own_support_each_other(
    case: Case, publishers: dict[str, str], witnesses: dict[str, str], told: str
) -> None:
    claims = [replace(one, claim=replace(one.claim, basis=Corroboration.MENTIONED)) for one in case.claims]
    known = replace(case.known, publishers=publishers, witnesses=witnesses)

    rows = build_dataset(claims, case.organisations, known).tables["collaborations"]

    assert rows[0]["corroboration"] == told


def test_a_participant_has_its_strongest_role_and_its_commonest_name(dataset: Dataset) -> None:
    columns = ("collaboration_id", "organisation_id", "name_as_written", "role")
    assert [tuple(row[column] for column in columns) for row in dataset.tables["participants"]] == [
        ("c1", "o1", "Region Sjælland", "lead"),
        ("c1", "o3", "=Alfa", "partner"),
        ("c1", "o5", "Vækstfonden", "funder"),
        ("c2", "o2", "Bornholms Vækstforum", "partner"),
        ("c2", "o4", "Region Skåne", "partner"),
        ("c3", "o3", "=Alfa", "partner"),
    ]


def test_each_collaboration_has_a_row_for_each_theme(dataset: Dataset) -> None:
    met = {("c1", "klima_energi"), ("c1", "kompetenceudvikling"), ("c3", "turisme_oplevelser")}
    assert dataset.tables["themes"] == [
        {
            "collaboration_id": key,
            "theme": str(theme),
            "probability": 0.9 if (key, theme) in met else 0.0625,
            "decided_by": "model",
            "model_version": "themes-1",
        }
        for key in ("c1", "c2", "c3")
        for theme in Theme
    ]


def test_organisations_are_those_that_take_part_and_their_successors(dataset: Dataset) -> None:
    rows = dataset.tables["organisations"]
    assert [row["organisation_id"] for row in rows] == ["o1", "o2", "o3", "o4", "o5", "o8", "o9"]
    assert rows[0] == {
        "organisation_id": "o1",
        "name": "Region Sjælland",
        "partner_type": "region",
        "region": "Sjælland",
        "municipality": "Sorø",
        "country": "DK",
        "cvr": "29190658",
        "ror": "https://ror.org/01dtyv127",
        "wikidata": "Q1",
        "aliases": ["RSJ", "Zealand; Region"],
        "valid_from": "2007-01-01",
        "valid_to": "2026-12-31",
        "successor_id": "o8",
    }


def test_a_claim_leads_to_its_quote_its_page_and_its_record(dataset: Dataset) -> None:
    rows = dataset.tables["claims"]
    assert [(row["claim_id"], row["collaboration_id"]) for row in rows] == [
        ("k0", "c1"),
        ("k1", "c1"),
        ("k2", "c1"),
        ("k3", "c2"),
        ("k4", "c2"),
        ("k5", "c3"),
    ]
    assert rows[2] == {
        "claim_id": "k2",
        "collaboration_id": "c1",
        "source_id": "sj",
        "document_url": "https://sj.dk/d1",
        "document_title": "Referat",
        "published": "2011-08-31",
        "fetched_at": "2026-11-23T02:00:01+00:00",
        "archive_record": "urn:uuid:k2",
        "page": 3,
        "start": 7,
        "end": 70,
        "evidence": '=HYPERLINK("x"); "citat"\nmed linjeskift',
        "confidence": 0.75,
        "extractor_version": "x1",
    }
    assert (rows[0]["published"], rows[0]["page"]) == ("", None)


def test_every_row_leads_to_a_claim_and_every_reference_to_a_row(dataset: Dataset) -> None:
    for schema in TABLES:
        rows = dataset.tables[schema.name]
        keys = [tuple(row[column] for column in schema.key) for row in rows]
        assert len(set(keys)) == len(keys) > 0
        for column, table in schema.references:
            assert {row[column] for row in rows} <= {row[column] for row in dataset.tables[table]}
    proven = {row["collaboration_id"] for row in dataset.tables["claims"]}
    assert proven == {row["collaboration_id"] for row in dataset.tables["collaborations"]}


def test_an_id_that_is_gone_leads_to_what_is_published(dataset: Dataset) -> None:
    assert dataset.tables["redirects"] == [{"old_id": "c0", "new_id": "c1"}, {"old_id": "o0", "new_id": "o1"}]


def test_values_are_of_their_column_s_kind(dataset: Dataset) -> None:
    kinds = {Kind.STRING: str, Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: bool, Kind.LIST: list}
    wrong = [
        (schema.name, column.name, row[column.name])
        for schema in TABLES
        for row in dataset.tables[schema.name]
        for column in schema.columns
        if row[column.name] is not None and type(row[column.name]) is not kinds[column.kind]
    ]
    assert wrong == []
    assert all(
        row.keys() == {c.name for c in schema.columns} for schema in TABLES for row in dataset.tables[schema.name]
    )


@given(st.data())
def test_the_order_of_claims_does_not_matter(case: Any, dataset: Dataset, data: st.DataObject) -> None:
    claims = data.draw(st.permutations(case.claims))
    assert build_dataset(claims, case.organisations, case.known) == dataset


def test_parties_from_two_areas_make_a_collaboration_cross_regional(case: Any) -> None:
    """Bornholm lies in Region Hovedstaden, and is an area of its own."""
    organisations = Organisations(
        case.organisations.by_id | {"o4": replace(case.organisations.by_id["o4"], region="Hovedstaden", country="DK")},
        case.organisations.names,
        Gazetteer(()),
    )
    built = build_dataset(case.claims, organisations, case.known)
    row = built.tables["collaborations"][1]
    assert (row["cross_regional"], row["regions"]) == (True, ["Hovedstaden", "Bornholm"])


def test_no_claims_make_an_empty_dataset(case: Any) -> None:
    empty = build_dataset([], case.organisations, case.known)
    assert empty.tables == {schema.name: [] for schema in TABLES}
    assert len(empty) == 0


def decided(verdict: Verdict, *themes: Theme) -> Decision:
    return Decision("d", datetime(2026, 11, 24, tzinfo=UTC), "læser", "c1", verdict, themes, "t", "themes-1", "")


def test_what_a_reviewer_decided_stands_before_what_the_model_said(case: Any) -> None:
    known = replace(case.known, decisions={"c1": decided(Verdict.CORRECTED, Theme.TURISME_OPLEVELSER)})
    tables = build_dataset(case.claims, case.organisations, known).tables
    row = tables["collaborations"][0]
    assert (row["themes"], row["review"]) == (["turisme_oplevelser"], "corrected")
    told = [(one["theme"], one["probability"], one["decided_by"]) for one in tables["themes"][:6]]
    assert told == [(str(theme), float(theme is Theme.TURISME_OPLEVELSER), "reviewer") for theme in Theme]
    assert {one["decided_by"] for one in tables["themes"][6:]} == {"model"}


def test_what_a_reviewer_rejected_is_left_out_of_every_table(case: Any) -> None:
    known = replace(case.known, decisions={"c1": decided(Verdict.REJECTED)})
    tables = build_dataset(case.claims, case.organisations, known).tables
    for name in ("collaborations", "participants", "themes", "claims"):
        assert "c1" not in {row["collaboration_id"] for row in tables[name]}
    assert "o5" not in {row["organisation_id"] for row in tables["organisations"]}
