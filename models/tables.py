"""The tables of the store, defined here once; models/migrations brings an older database forward to them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment with time zone, kept as ISO text in UTC: the same bytes in both databases."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds")

    def process_result_value(self, value: str | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class HexBytes(sa.TypeDecorator[bytes]):
    """Bytes as hexadecimal text: the same in both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> str:
        return (value or b"").hex()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> bytes:
        return bytes.fromhex(value or "")


PairKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""A number of 63 bits, which SQLite finds a row by where its type is called so."""

metadata = sa.MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_name)s"},
)
pages = sa.Table(
    "page",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("source_id", sa.String(100), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("charset", sa.Text, nullable=False),
    sa.Column("fetched_at", UtcTime, nullable=False),
    sa.Column("last_seen", UtcTime, nullable=False),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("last_modified", sa.Text, nullable=False),
    sa.Column("archive_file", sa.Text, nullable=False),
    sa.Column("archive_offset", sa.BigInteger, nullable=False),
    sa.Column("archive_length", sa.BigInteger, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False),
    sa.Index("ix_page_newest", "source_id", "fetched_at"),
)
documents = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("source_id", sa.String(100), nullable=False),
    sa.Column("page_id", sa.String(64), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("published", sa.Date),
    sa.Column("updated", sa.Date),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("signature", HexBytes, nullable=False, server_default=sa.text("''")),
)
claims = sa.Table(
    "claim",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("document_id", sa.String(64), nullable=False, index=True),
    sa.Column("source_id", sa.String(100), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("participants", sa.JSON, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("context", sa.Text, nullable=False),
    sa.Column("forums", sa.JSON, nullable=False),
    sa.Column("regions", sa.JSON, nullable=False),
    sa.Column("cross_regional", sa.Boolean, nullable=False),
    sa.Column("international", sa.Boolean, nullable=False),
    sa.Column("first_year", sa.Integer),
    sa.Column("last_year", sa.Integer),
    sa.Column("basis", sa.String(20), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("extractor_version", sa.String(64), nullable=False),
)
organisations = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False, index=True),
    sa.Column("partner_type", sa.String(30), nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("municipality", sa.Text, nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("cvr", sa.String(8), nullable=False),
    sa.Column("ror", sa.Text, nullable=False),
    sa.Column("wikidata", sa.Text, nullable=False),
    sa.Column("aliases", sa.JSON, nullable=False),
    sa.Column("valid_from", sa.String(10), nullable=False),
    sa.Column("valid_to", sa.String(10), nullable=False),
    sa.Column("successor_id", sa.String(64), nullable=False),
    sa.Column("body_id", sa.Text, nullable=False),
)
organisation_names = sa.Table(
    "organisation_name",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.String(64), nullable=False),
)
collaborations = sa.Table(
    "collaboration",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("first_seen", UtcTime, nullable=False),
)
members = sa.Table(
    "member",
    metadata,
    sa.Column("claim_id", sa.String(64), primary_key=True),
    sa.Column("collaboration_id", sa.String(64), nullable=False, index=True),
    sa.Column("document_id", sa.String(64), nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("parties", sa.JSON, nullable=False),
    sa.Column("seen", UtcTime, nullable=False),
)
chances = sa.Table(
    "chance",
    metadata,
    sa.Column("key", PairKey, primary_key=True, autoincrement=False),
    sa.Column("value", sa.Float, nullable=False),
)
meanings = sa.Table(
    "meaning",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body_id", sa.String(64), nullable=False),
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("sure", sa.Boolean, nullable=False),
)
redirects = sa.Table(
    "redirect",
    metadata,
    sa.Column("old_id", sa.String(64), primary_key=True),
    sa.Column("new_id", sa.String(64), nullable=False, index=True),
)
predictions = sa.Table(
    "prediction",
    metadata,
    sa.Column("text_digest", sa.String(64), primary_key=True),
    sa.Column("model_version", sa.String(64), primary_key=True),
    sa.Column("probabilities", sa.JSON, nullable=False),
    sa.Column("themes", sa.JSON, nullable=False),
    sa.Column("review", sa.Boolean, nullable=False),
)
judgements = sa.Table(
    "judgement",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("left", sa.Text, nullable=False),
    sa.Column("right", sa.Text, nullable=False),
    sa.Column("relation", sa.String(20), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index(None, "reviewer", "at"),
)
decisions = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("collaboration_id", sa.String(64), nullable=False, index=True),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("themes", sa.JSON, nullable=False),
    sa.Column("passage", sa.String(64), nullable=False),
    sa.Column("model_version", sa.String(64), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("project", sa.Text),
    sa.Column("participants", sa.JSON(none_as_null=True)),
    sa.Column("before", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("undoes", sa.String(64), nullable=False, server_default=sa.text("''")),
    sa.Index(None, "reviewer", "at"),
    sa.Index(None, "at"),
)
listings = sa.Table(
    "listing",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("parties", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("themes", sa.Text, nullable=False),
    sa.Column("forums", sa.Text, nullable=False),
    sa.Column("regions", sa.Text, nullable=False),
    sa.Column("sources", sa.Text, nullable=False),
    sa.Column("corroboration", sa.String(20), nullable=False),
    sa.Column("cross_regional", sa.Boolean, nullable=False),
    sa.Column("international", sa.Boolean, nullable=False),
    sa.Column("participant_count", sa.Integer, nullable=False),
    sa.Column("claim_count", sa.Integer, nullable=False),
    sa.Column("first_year", sa.Integer),
    sa.Column("last_year", sa.Integer),
    sa.Column("first_seen", sa.String(32), nullable=False),
    sa.Column("last_seen", sa.String(32), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("passage", sa.String(64), nullable=False),
    sa.Column("extraction", sa.String(64), nullable=False),
    sa.Column("review", sa.String(20), nullable=False),
    sa.Column("reviewers", sa.Text, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("worth", sa.Float, nullable=False),
    sa.Column("changed", sa.Text, nullable=False),
    sa.Index(None, "title", "id"),
    sa.Index(None, "participant_count", "id"),
    sa.Index(None, "claim_count", "id"),
    sa.Index(None, "last_year", "id"),
    sa.Index(None, "first_seen", "id"),
    sa.Index(None, "reason", "worth"),
    sa.Index(None, "worth", "id"),
)
listed_parties = sa.Table(
    "listed_party",
    metadata,
    sa.Column("collaboration_id", sa.String(64), primary_key=True),
    sa.Column("organisation_id", sa.String(64), primary_key=True, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
)
words = sa.Table("word", metadata, sa.Column("word", sa.Text, primary_key=True))
listed_words = sa.Table(
    "listed_word",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("collaboration_id", sa.String(64), primary_key=True, index=True),
)
questions = sa.Table(
    "question",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("left", sa.Text, nullable=False),
    sa.Column("right", sa.Text, nullable=False),
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("worth", sa.Float, nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
)
reviewers = sa.Table(
    "reviewer",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("password", sa.Text, nullable=False),
)
audits = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("told", sa.Text, nullable=False),
)
failures = sa.Table(
    "failure",
    metadata,
    sa.Column("source_id", sa.String(100), primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("step", sa.String(20), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False, server_default=sa.text("''")),
)
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("step", sa.String(20), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("version", sa.String(64), primary_key=True),
)
runs = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source_id", sa.String(100), nullable=False, index=True),
    sa.Column("source_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("fresh", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("vanished", sa.Integer, nullable=False, server_default=sa.text("0")),
)
archive_files = sa.Table(
    "archive_file",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("length", sa.BigInteger, nullable=False),
)
sources = sa.Table(
    "source",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("regions", sa.JSON, nullable=False),
    sa.Column("run_started", UtcTime),
)
changes = sa.Table(
    "change",
    metadata,
    sa.Column("page_id", sa.String(64), primary_key=True),
    sa.Column("source_id", sa.String(100), nullable=False, index=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("kept", sa.Integer, nullable=False),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("removed", sa.Integer, nullable=False),
)
leads = sa.Table(
    "lead",
    metadata,
    sa.Column("page_id", sa.String(64), primary_key=True),
    sa.Column("read_as", sa.String(20), primary_key=True),
    sa.Column("scope", sa.String(64), nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)
lost_captures = sa.Table(
    "lost_capture",
    metadata,
    sa.Column("source_id", sa.String(100), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
)
marks = sa.Table(
    "mark",
    metadata,
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
)
nights = sa.Table(
    "night",
    metadata,
    sa.Column("day", sa.String(32), primary_key=True),
    sa.Column("figures", sa.JSON, nullable=False),
)
