"""The six tables and their columns: order, type and meaning. The one place where the published schema is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Types of columns, by their names in Frictionless Table Schema (frictionlessdata.io/specs/table-schema)."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "array"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `meaning` is in Danish, for the reader of the workbook."""

    name: str
    meaning: str
    kind: Kind = Kind.STRING


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table; `key` are the columns that tell its rows apart."""

    name: str
    danish: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[tuple[str, str], ...] = ()  # (column, table that has it as its key)


_COLLABORATION = Column("collaboration_id", "Samarbejdets varige id")
_TO_COLLABORATION = ("collaboration_id", "collaborations")

TABLES = (
    TableSchema(
        "collaborations",
        "Samarbejder",
        "Et samarbejde i hver række",
        (
            _COLLABORATION,
            Column("title", "Titel"),
            Column("project", "Projektets navn, hvis kilden nævner et"),
            Column("themes", "Temaer (id'er, adskilt af semikolon); tom når intet af de seks passer", Kind.LIST),
            Column("forums", "Vækstforaernes områder", Kind.LIST),
            Column("regions", "Områder, som samarbejdet eller dets deltagere hører hjemme i", Kind.LIST),
            Column(
                "cross_regional", "Tværregionalt: står i teksten, eller deltagerne er fra flere områder", Kind.BOOLEAN
            ),
            Column(
                "international", "Internationalt: udenlandsk deltager eller grænseoverskridende program", Kind.BOOLEAN
            ),
            Column("participant_count", "Antal deltagere", Kind.INTEGER),
            Column("claim_count", "Antal udsagn, som samarbejdet bygger på", Kind.INTEGER),
            Column("document_count", "Antal dokumenter, de står i", Kind.INTEGER),
            Column("source_count", "Antal kilder, de kommer fra", Kind.INTEGER),
            Column("corroboration", "Hvad samarbejdet bygger på: mentioned, both_parties, minutes eller funded"),
            Column("first_year", "Første år", Kind.INTEGER),
            Column("last_year", "Sidste år", Kind.INTEGER),
            Column("first_seen", "Dato, hvor Samspil først så samarbejdet"),
            Column("last_seen", "Dato, hvor Samspil sidst så det"),
            Column("review", "automatic, accepted eller corrected"),
        ),
        ("collaboration_id",),
    ),
    TableSchema(
        "participants",
        "Deltagere",
        "En deltager i et samarbejde i hver række",
        (
            _COLLABORATION,
            Column("organisation_id", "Organisationens varige id"),
            Column("name_as_written", "Navnet, som kilden skriver det"),
            Column("role", "Rolle: lead, partner, member eller funder"),
        ),
        ("collaboration_id", "organisation_id"),
        (_TO_COLLABORATION, ("organisation_id", "organisations")),
    ),
    TableSchema(
        "organisations",
        "Organisationer",
        "En organisation i hver række",
        (
            Column("organisation_id", "Organisationens varige id"),
            Column("name", "Navn"),
            Column("partner_type", "Slags partner"),
            Column("region", "Hjemregion; hvor ingen kilde siger den: regionen, som alle dens samarbejder er i"),
            Column("municipality", "Hjemkommune"),
            Column("country", "Land (ISO 3166)"),
            Column("cvr", "CVR-nummer"),
            Column("ror", "Id i Research Organization Registry"),
            Column("wikidata", "Id i Wikidata"),
            Column("aliases", "Andre navne og skrivemåder", Kind.LIST),
            Column("valid_from", "Findes fra"),
            Column("valid_to", "Findes til"),
            Column("successor_id", "Efterfølgerens id"),
        ),
        ("organisation_id",),
    ),
    TableSchema(
        "themes",
        "Temaer",
        "Seks rækker for hvert samarbejde: sandsynligheden for hvert tema",
        (
            _COLLABORATION,
            Column("theme", "Tema"),
            Column("probability", "Sandsynlighed", Kind.NUMBER),
            Column("decided_by", "model eller reviewer"),
            Column("model_version", "Modellens version"),
        ),
        ("collaboration_id", "theme"),
        (_TO_COLLABORATION,),
    ),
    TableSchema(
        "claims",
        "Udsagn",
        "Et udsagn med sit citat i hver række: beviset for samarbejdet",
        (
            Column("claim_id", "Udsagnets id"),
            _COLLABORATION,
            Column("source_id", "Kildens id"),
            Column("document_url", "Dokumentets adresse"),
            Column("document_title", "Dokumentets titel"),
            Column("published", "Dokumentets dato"),
            Column("fetched_at", "Hentet (UTC)"),
            Column("archive_record", "Siden i arkivet (WARC-Record-ID)"),
            Column("page", "Side i en PDF", Kind.INTEGER),
            Column("start", "Citatets begyndelse i teksten", Kind.INTEGER),
            Column("end", "Citatets slutning i teksten", Kind.INTEGER),
            Column("evidence", "Citatet; personer og kontaktoplysninger er erstattet af [person] og [kontakt]"),
            Column("confidence", "Hvor sikkert udsagnet er (0-1)", Kind.NUMBER),
            Column("extractor_version", "Udtrækkets version"),
        ),
        ("claim_id",),
        (_TO_COLLABORATION,),
    ),
    TableSchema(
        "redirects",
        "Omdirigeringer",
        "Et id, der ikke bruges mere, fordi to blev til ét, i hver række",
        (
            Column("old_id", "Det gamle id på et samarbejde eller en organisation"),
            Column("new_id", "Det id, som det gælder under nu"),
        ),
        ("old_id",),
    ),
)
