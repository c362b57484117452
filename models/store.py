"""The store: what was fetched, read, claimed, decided and done. SQLAlchemy Core on SQLite (WAL) or PostgreSQL.

Writers give whole batches; each batch is one transaction and ends with its line in the ledger, so that a process killed
anywhere leaves either all of a batch or nothing. The tables are defined here once; models/migrations brings an older
database forward to them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine

from models.errors import SamspilError
from models.identity.collaborations import Grouping, Statement
from models.migrations import upgrade
from models.records import (
    Claim,
    Corroboration,
    Decision,
    Document,
    Failure,
    Organisation,
    Page,
    Participant,
    PartnerType,
    Role,
    Theme,
    ThemePrediction,
    Verdict,
)

R = TypeVar("R")
AnyRow = sa.Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]
CHUNK = 500  # rows a statement; SQLite takes at most 32,766 parameters in one


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment with time zone, kept as ISO text in UTC: the same bytes in both databases."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds")

    def process_result_value(self, value: str | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


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
    sa.Column("name", sa.Text, nullable=False),
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
redirects = sa.Table(
    "redirect",
    metadata,
    sa.Column("old_id", sa.String(64), primary_key=True),
    sa.Column("new_id", sa.String(64), nullable=False),
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
)
failures = sa.Table(
    "failure",
    metadata,
    sa.Column("source_id", sa.String(100), primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("step", sa.String(20), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
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
)

_OF_FIRST_FETCH = ("fetched_at", "record", "archive_file", "archive_offset", "archive_length")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page's bytes lie in the archive, and what the server said to ask with next time."""

    file: str
    offset: int
    length: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class SourceRun:
    """What one run found at one source: counts of pages."""

    source_id: str
    source_name: str
    at: datetime
    fresh: int
    changed: int
    unchanged: int
    failed: int


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim with the document and the page that prove it."""

    claim: Claim
    document_url: str
    document_title: str
    published: date | None
    fetched_at: datetime
    last_seen: datetime
    record: str


class DatabaseUnavailableError(SamspilError):
    """The database cannot be opened; the text names no password."""


class Store:
    """One database, by its URL: `sqlite:///path` or `postgresql+psycopg://…`. Opening brings its schema up to date."""

    def __init__(self, url: str) -> None:
        try:
            with ExitStack() as opening:
                self.engine = _engine(url)
                opening.callback(self.engine.dispose)
                with self.engine.begin() as connection:
                    upgrade(connection)
                opening.pop_all()
        except (ImportError, sa.exc.ArgumentError, sa.exc.DatabaseError) as error:
            raise DatabaseUnavailableError(_reason(url, error)) from error
        self._reading = self.engine.execution_options(begin="BEGIN")

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: everything in it is stored, or nothing."""
        with self.engine.begin() as connection:
            yield connection

    # Pages

    def add_pages(self, batch: Sequence[tuple[Page, Place]]) -> None:
        """Store pages just archived; an older version of the same address is no longer the current one.

        A page that returns after another version keeps the record of its first fetch, and is to be read again: what
        both versions say went over to the other one.
        """
        rows = [
            {**asdict(page), **{f"archive_{name}": value for name, value in _place(place).items()}, "current": True}
            | {"etag": place.etag, "last_modified": place.last_modified}
            for page, place in batch
        ]
        with self.transaction() as connection:
            for row in rows:
                same = (pages.c.source_id == row["source_id"]) & (pages.c.url == row["url"])
                connection.execute(pages.update().where(same & (pages.c.id != row["id"])).values(current=False))
                returned = (pages.c.id == row["id"]) & ~pages.c.current
                if connection.execute(pages.update().where(returned).values(current=True)).rowcount:
                    connection.execute(ledger.delete().where(ledger.c.key == row["id"]))
                _upsert(connection, pages, [row], keep=_OF_FIRST_FETCH)

    def touch_pages(self, seen: Mapping[str, datetime]) -> None:
        """Note when pages were last found unchanged, by page id; an earlier moment than the known one is ignored."""
        with self.transaction() as connection:
            for page_id, moment in seen.items():
                later = (pages.c.id == page_id) & (pages.c.last_seen < moment)
                connection.execute(pages.update().where(later).values(last_seen=moment))

    def current_pages(self, source_ids: Iterable[str] | None = None) -> Iterator[tuple[Page, Place]]:
        """The newest version of each address, in the order of their ids."""
        query = sa.select(pages).where(pages.c.current).order_by(pages.c.id)
        if source_ids is not None:
            query = query.where(pages.c.source_id.in_(sorted(source_ids)))
        for row in self._stream(query):
            place = Place(row.archive_file, row.archive_offset, row.archive_length, row.etag, row.last_modified)
            yield _record(Page, row), place

    def current_page(self, source_id: str, url: str) -> tuple[Page, Place] | None:
        """The newest version of one address, or None when it was never fetched."""
        query = sa.select(pages).where(pages.c.current, pages.c.source_id == source_id, pages.c.url == url)
        for row in self._all(query):
            place = Place(row.archive_file, row.archive_offset, row.archive_length, row.etag, row.last_modified)
            return _record(Page, row), place
        return None

    def archive_ends(self) -> dict[str, int]:
        """For each archive file, the offset behind its last stored record."""
        end = sa.func.max(pages.c.archive_offset + pages.c.archive_length)
        query = sa.select(pages.c.archive_file, end).group_by(pages.c.archive_file)
        return {row[0]: int(row[1]) for row in self._all(query)}

    # Documents and claims

    def add_extraction(
        self, page: Page, found: Sequence[tuple[Document, Sequence[Claim]]], step: str, version: str
    ) -> None:
        """Replace all that was extracted from a page, and enter the step in the ledger: one transaction."""
        with self.transaction() as connection:
            old = sa.select(documents.c.id).where(documents.c.page_id == page.id)
            connection.execute(claims.delete().where(claims.c.document_id.in_(old)))
            connection.execute(documents.delete().where(documents.c.page_id == page.id))
            _upsert(connection, documents, [_row(documents, document) for document, _ in found])
            rows = [_row(claims, claim) for _, of_document in found for claim in of_document]
            _upsert(connection, claims, rows)
            _upsert(connection, ledger, [{"step": step, "key": page.id, "version": version}])

    def current_claims(self) -> Iterator[StoredClaim]:
        """Claims of the newest version of each page, in the order of their ids."""
        query = (
            sa.select(
                claims,
                documents.c.url,
                documents.c.title.label("document_title"),
                documents.c.published,
                pages.c.fetched_at,
                pages.c.last_seen,
                pages.c.record,
            )
            .join(documents, claims.c.document_id == documents.c.id)
            .join(pages, documents.c.page_id == pages.c.id)
            .where(pages.c.current)
            .order_by(claims.c.id)
        )
        for row in self._stream(query):
            claim = _record(
                Claim,
                row,
                participants=tuple(Participant(name, Role(role), body) for name, role, body in row.participants),
                forums=tuple(row.forums),
                regions=tuple(row.regions),
                basis=Corroboration(row.basis),
            )
            yield StoredClaim(
                claim, row.url, row.document_title, row.published, row.fetched_at, row.last_seen, row.record
            )

    # Identity

    def organisation_names(self) -> dict[str, str]:
        """Organisation ids by normalised name, as given in earlier nights."""
        return self._pairs(sa.select(organisation_names.c.key, organisation_names.c.organisation_id))

    def organisations(self) -> dict[str, Organisation]:
        """Organisations by id."""
        rows = self._all(sa.select(organisations))
        return {
            row.id: _record(Organisation, row, aliases=tuple(row.aliases), partner_type=PartnerType(row.partner_type))
            for row in rows
        }

    def members(self) -> dict[str, str]:
        """Collaboration ids by claim id, as given in earlier nights."""
        return self._pairs(sa.select(members.c.claim_id, members.c.collaboration_id))

    def statements(self) -> list[Statement]:
        """What the claims of all nights stated, also of those that no page makes any more, by their ids."""
        rows = self._all(sa.select(members).order_by(members.c.claim_id))
        return [_record(Statement, row, parties=frozenset(row.parties)) for row in rows]

    def collaborations(self) -> dict[str, datetime]:
        """When each collaboration was first seen, by id."""
        return self._pairs(sa.select(collaborations.c.id, collaborations.c.first_seen))

    def redirects(self) -> dict[str, str]:
        """The ids that merged collaborations had, and the id each goes by now."""
        return self._pairs(sa.select(redirects.c.old_id, redirects.c.new_id).order_by(redirects.c.old_id))

    def save_identity(
        self,
        names: Mapping[str, str],
        bodies: Iterable[Organisation],
        statements: Iterable[Statement],
        grouping: Grouping,
    ) -> None:
        """Store who is who: names to organisations, claims to collaborations, old ids to new ones."""
        with self.transaction() as connection:
            name_rows = [{"key": key, "organisation_id": value} for key, value in sorted(names.items())]
            _upsert(connection, organisation_names, name_rows)
            _upsert(connection, organisations, [_row(organisations, body) for body in bodies])
            seen = [{"id": key, "first_seen": value} for key, value in sorted(grouping.first_seen.items())]
            _upsert(connection, collaborations, seen)
            rows = [
                {**asdict(one), "parties": sorted(one.parties), "collaboration_id": grouping.groups[one.claim_id]}
                for one in statements
            ]
            _upsert(connection, members, rows)
            moved = [{"old_id": old, "new_id": new} for old, new in sorted(grouping.redirects.items())]
            _upsert(connection, redirects, moved)

    # Predictions

    def predictions(self, model_version: str) -> dict[str, ThemePrediction]:
        """What this version of the model said, by digest of the text."""
        query = sa.select(predictions).where(predictions.c.model_version == model_version)
        return {
            row.text_digest: ThemePrediction(
                probabilities={Theme(theme): value for theme, value in row.probabilities.items()},
                themes=tuple(Theme(theme) for theme in row.themes),
                review=row.review,
                model_version=row.model_version,
            )
            for row in self._stream(query)
        }

    def add_predictions(self, batch: Mapping[str, ThemePrediction]) -> None:
        """Store predictions by digest of the text."""
        rows = [{"text_digest": key, **asdict(value)} for key, value in sorted(batch.items())]
        with self.transaction() as connection:
            _upsert(connection, predictions, rows)

    # Decisions

    def decisions(self) -> list[Decision]:
        """What reviewers decided, the earliest first."""
        rows = self._all(sa.select(decisions).order_by(decisions.c.at, decisions.c.id))
        return [
            _record(Decision, row, verdict=Verdict(row.verdict), themes=tuple(Theme(theme) for theme in row.themes))
            for row in rows
        ]

    def latest_decisions(self) -> dict[str, Decision]:
        """The last decision on each collaboration, by the id that it goes by now."""
        moved = self.redirects()
        latest: dict[str, Decision] = {}
        for one in self.decisions():
            key = one.collaboration_id
            while key in moved:
                key = moved[key]
            latest[key] = one
        return latest

    def add_decisions(self, batch: Iterable[Decision]) -> None:
        """Add decisions; one that is there already stays as it is."""
        with self.transaction() as connection:
            _upsert(connection, decisions, [_row(decisions, one) for one in batch])

    # What was done, and what went wrong

    def finished(self, step: str, version: str) -> set[str]:
        """The keys for which this step is done in this version."""
        query = sa.select(ledger.c.key).where(ledger.c.step == step, ledger.c.version == version)
        return {row.key for row in self._all(query)}

    def begin_source(self, source_id: str, step: str) -> None:
        """Forget the failures of an earlier run of this step at this source."""
        with self.transaction() as connection:
            mine = (failures.c.source_id == source_id) & (failures.c.step == step)
            connection.execute(failures.delete().where(mine))

    def add_failure(self, failure: Failure) -> None:
        """Store why one page, or one source, could not be harvested."""
        with self.transaction() as connection:
            _upsert(connection, failures, [asdict(failure)])

    def failures(self) -> list[Failure]:
        """What stands open, by source and address."""
        query = sa.select(failures).order_by(failures.c.source_id, failures.c.url, failures.c.step)
        return [_record(Failure, row) for row in self._all(query)]

    def add_run(self, run: SourceRun) -> None:
        """Store what a run found at a source."""
        with self.transaction() as connection:
            connection.execute(runs.insert().values(asdict(run)))

    def last_runs(self) -> list[SourceRun]:
        """The newest run of each source, by source id."""
        newest = sa.select(sa.func.max(runs.c.id)).group_by(runs.c.source_id)
        query = sa.select(runs).where(runs.c.id.in_(newest)).order_by(runs.c.source_id)
        return [_record(SourceRun, row) for row in self._all(query)]

    def source_counts(self) -> dict[str, tuple[int, int]]:
        """For each source the documents and the claims of its current pages."""
        query = (
            sa.select(documents.c.source_id, sa.func.count(documents.c.id.distinct()), sa.func.count(claims.c.id))
            .join(pages, documents.c.page_id == pages.c.id)
            .outerjoin(claims, claims.c.document_id == documents.c.id)
            .where(pages.c.current)
            .group_by(documents.c.source_id)
        )
        return {row[0]: (int(row[1]), int(row[2])) for row in self._all(query)}

    def counts(self) -> dict[str, int]:
        """How many rows each table has, by table name."""
        with self._reading.connect() as connection:
            return {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }

    def _pairs(self, query: AnySelect) -> dict[str, Any]:
        return {row[0]: row[1] for row in self._all(query)}

    def _all(self, query: AnySelect) -> Sequence[AnyRow]:
        with self._reading.connect() as connection:
            return connection.execute(query).all()

    def _stream(self, query: AnySelect) -> Iterator[AnyRow]:
        """Rows in batches, so that memory does not grow with the table."""
        with (
            self._reading.connect() as connection,
            connection.execution_options(yield_per=CHUNK).execute(query) as result,
        ):
            yield from result


def _reason(url: str, error: Exception) -> str:
    try:
        shown = sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        shown = "SAMSPIL_DATABASE"
    return f"{shown}: databasen kan ikke åbnes ({type(error).__name__}); se indstillingen SAMSPIL_DATABASE"


def _engine(url: str) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the beginning, for none can wait once it has read; readers wait for nobody."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Let transactions hold schema changes too (sqlite3 would commit before them), and read while another writes."""
    connection.isolation_level = None
    for pragma in ("busy_timeout = 30000", "synchronous = NORMAL", "foreign_keys = ON", "journal_mode = WAL"):
        try:
            connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:  # another that opens the new file is just setting WAL
                raise


def _upsert(
    connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], keep: Collection[str] = ()
) -> None:
    """Insert rows, or replace those of the same key but for the columns to keep."""
    insert = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in {*keys, *keep}}
    statement = (
        insert.on_conflict_do_update(index_elements=keys, set_=rest) if rest else insert.on_conflict_do_nothing()
    )
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, list(rows[start : start + CHUNK]))


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "offset": place.offset, "length": place.length}


def _row(table: sa.Table, record: Any) -> dict[str, Any]:
    """The columns of `table` out of a record; participants become (name, role, body) triples."""
    row = {column.name: getattr(record, column.name) for column in table.columns}
    if "participants" in row:
        row["participants"] = [[one.name, one.role, one.body_id] for one in row["participants"]]
    return row


def _record(kind: type[R], row: AnyRow, **converted: Any) -> R:
    """A record out of the columns of a row that bear its fields' names."""
    names = {field.name for field in fields(kind)} - converted.keys()  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names}, **converted)
