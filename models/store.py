"""The store: what was fetched, read, claimed, decided and done. SQLAlchemy Core on SQLite (WAL) or PostgreSQL.

Writers give whole batches; each batch is one transaction and ends with its line in the ledger, so that a process killed
anywhere leaves either all of a batch or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from models.database import CHUNK, AnyRow, AnySelect, insert_once, open_engine, record_of, row_of, upsert
from models.decisions import standing
from models.errors import SamspilError
from models.identity.collaborations import Grouping, Statement, straightened
from models.migrations import upgrade
from models.records import (
    Claim,
    Corroboration,
    Decision,
    Document,
    Failure,
    Judgement,
    Organisation,
    Page,
    Participant,
    PartnerType,
    Relation,
    Role,
    Source,
    SourceKind,
    Theme,
    ThemePrediction,
    Verdict,
)
from models.tables import (
    UtcTime,
    archive_files,
    changes,
    claims,
    collaborations,
    decisions,
    documents,
    failures,
    judgements,
    leads,
    ledger,
    lost_captures,
    marks,
    members,
    metadata,
    nights,
    organisation_names,
    organisations,
    pages,
    predictions,
    redirects,
    runs,
    sources,
)
from models.themes.drift import Night


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page's bytes lie in the archive, and what the server said to ask with next time."""

    file: str
    offset: int
    length: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page just archived; an older capture of an address is not its `current` version."""

    page: Page
    place: Place
    current: bool = True


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
    refused: int = 0  # not fetched because the site asks for that, or an address is not allowed
    vanished: int = 0  # had before, not found now


@dataclass(frozen=True, slots=True)
class Change:
    """How the claims of a page's new version compare with those of the version before."""

    page_id: str
    source_id: str
    at: datetime
    kept: int
    added: int
    removed: int


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
    page_id: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """What a page led to, packed, and the scope that this holds for."""

    page_id: str
    read_as: str
    scope: str
    packed: bytes


@dataclass(frozen=True, slots=True)
class LostCapture:
    """A capture of a web archive that cannot be had, known by the archive's digest of it, and why."""

    source_id: str
    digest: str
    url: str
    reason: str
    kind: str


REVISION, PUBLISHED = "revision", "published"
"""Marks: how often what the dataset is made from has changed, and what the published one was made from."""

RESUMABLE = timedelta(days=1)
"""A run broken off longer ago is not gone on with, but begun anew."""


class DatabaseUnavailableError(SamspilError):
    """The database cannot be opened; the text names no password."""


class Store:
    """One database, by its URL: `sqlite:///path` or `postgresql+psycopg://…`. Opening brings its schema up to date."""

    def __init__(self, url: str) -> None:
        try:
            with ExitStack() as opening:
                self.engine = open_engine(url)
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

    # Sources and pages

    def begin_run(self, source: Source, step: str, at: datetime) -> datetime:
        """Begin a run at a source, or go on with one that was broken off within a day: since when it runs.

        What the source is gets noted, so that its pages can be read again without the file that names it; the failures
        of this step in earlier runs are forgotten.
        """
        with self.transaction() as connection:
            begun = connection.execute(sa.select(sources.c.run_started).where(sources.c.id == source.id)).scalar()
            started = begun if begun is not None and at - begun < RESUMABLE else at
            told = {name: getattr(source, name) for name in ("id", "name", "publisher", "kind", "regions")}
            upsert(connection, sources, [told | {"run_started": started}])
            _forget_failures(connection, source.id, step)
        return started

    def add_source(self, source: Source) -> None:
        """Note what a source is that no run asked for."""
        with self.transaction() as connection:
            told = {name: getattr(source, name) for name in ("id", "name", "publisher", "kind", "regions")}
            insert_once(connection, sources, told)

    def sources(self) -> list[Source]:
        """The sources of all runs, without where they begin."""
        rows = self.rows(sa.select(sources).order_by(sources.c.id))
        return [
            Source(row.id, row.name, row.publisher, SourceKind(row.kind), tuple(row.regions), start=()) for row in rows
        ]

    def commit_fetch(
        self,
        batch: Sequence[Fetched],
        seen: Mapping[str, datetime],
        archived: Mapping[str, int],
        led: Sequence[Lead] = (),
    ) -> None:
        """Store pages just archived, when others were last `seen` by their id, how far archive files reach, and leads.

        Another version of the same address is no longer the current one. A page that returns after another version
        keeps the record of its first fetch, and is to be read again: what both versions say went over to the other.
        """
        with self.transaction() as connection:
            for fetched in batch:
                _add_page(connection, fetched)
            if batch:
                _revise(connection)
            if seen:
                moment = sa.bindparam("moment", type_=UtcTime)
                later = (pages.c.id == sa.bindparam("key", type_=sa.String)) & (pages.c.last_seen < moment)
                connection.execute(
                    pages.update().where(later).values(last_seen=moment),
                    [{"key": page, "moment": at} for page, at in seen.items()],
                )
            lengths = [{"name": name, "length": length} for name, length in sorted(archived.items())]
            upsert(connection, archive_files, lengths)
            upsert(connection, leads, [asdict(lead) for lead in led])

    def leads(self, source_id: str, scope: str) -> dict[tuple[str, str], bytes]:
        """What the current pages of a source led to in that scope, packed, by page id and how they were read."""
        query = (
            sa.select(leads)
            .join(pages, leads.c.page_id == pages.c.id)
            .where(pages.c.source_id == source_id, pages.c.current, leads.c.scope == scope)
        )
        return {(row.page_id, row.read_as): row.packed for row in self._stream(query)}

    def lost_captures(self, source_id: str) -> list[LostCapture]:
        """The captures of a source that are not to be asked for again."""
        query = sa.select(lost_captures).where(lost_captures.c.source_id == source_id)
        return [record_of(LostCapture, row) for row in self.rows(query)]

    def add_lost_capture(self, lost: LostCapture) -> None:
        """Note that a capture cannot be had."""
        with self.transaction() as connection:
            upsert(connection, lost_captures, [asdict(lost)])

    def current_pages(
        self, source_ids: Iterable[str] | None = None, unless: tuple[str, str] | None = None
    ) -> Iterator[tuple[Page, Place]]:
        """The newest version of each address, in the order of their ids; not those done in `unless`: step, version."""
        query = sa.select(pages).where(pages.c.current).order_by(pages.c.id)
        if source_ids is not None:
            query = query.where(pages.c.source_id.in_(sorted(source_ids)))
        if unless is not None:
            query = query.where(~pages.c.id.in_(_finished(*unless)))
        for row in self._stream(query):
            place = Place(row.archive_file, row.archive_offset, row.archive_length, row.etag, row.last_modified)
            yield record_of(Page, row), place

    def retire_unread(self, source_id: str, urls: Iterable[str]) -> None:
        """Take those of the current pages at `urls`, which are no more, out that nothing was ever read from."""
        read = sa.select(documents.c.page_id).where(documents.c.source_id == source_id)
        gone = (pages.c.source_id == source_id) & (pages.c.url == sa.bindparam("gone")) & pages.c.id.not_in(read)
        rows = [{"gone": url} for url in sorted(urls)]
        if rows:
            with self.transaction() as connection:
                connection.execute(pages.update().where(gone).values(current=False), rows)

    def drop_source(self, source_id: str) -> None:
        """Take a source out of the store with all that was read from it; the archive keeps its pages."""
        with self.transaction() as connection:
            mine = sa.select(documents.c.id).where(documents.c.source_id == source_id)
            connection.execute(claims.delete().where(claims.c.document_id.in_(mine)))
            done = sa.select(pages.c.id).where(pages.c.source_id == source_id)
            connection.execute(ledger.delete().where(ledger.c.key.in_(done)))
            connection.execute(leads.delete().where(leads.c.page_id.in_(done)))
            if connection.execute(sa.select(done.exists())).scalar():
                _revise(connection)
            for table in (documents, pages, failures, runs, changes, lost_captures):
                connection.execute(table.delete().where(table.c.source_id == source_id))
            connection.execute(sources.delete().where(sources.c.id == source_id))

    def has_page(self, page_id: str) -> bool:
        """Whether this version of a page was ever stored."""
        return bool(self.rows(sa.select(pages.c.id).where(pages.c.id == page_id)))

    def etags(self, source_id: str) -> set[str]:
        """What tells the versions of a source's pages apart to their servers, of all nights."""
        query = sa.select(pages.c.etag).where(pages.c.source_id == source_id, pages.c.etag != "").distinct()
        return {row.etag for row in self.rows(query)}

    def archive_ends(self) -> dict[str, int]:
        """How far each file of the archive reaches with its last stored record."""
        return self._pairs(sa.select(archive_files.c.name, archive_files.c.length))

    def forget_archive(self, names: Iterable[str]) -> None:
        """Note that files of the archive are gone: their pages keep their claims, and are fetched anew."""
        with self.transaction() as connection:
            connection.execute(archive_files.delete().where(archive_files.c.name.in_(sorted(names))))

    # Documents and claims

    def add_extraction(
        self, page: Page, found: Sequence[tuple[Document, Sequence[Claim]]], step: str, version: str
    ) -> None:
        """Replace all that was extracted from a page, and enter the step in the ledger: one transaction.

        The first time that a version of a page is read, its claims are compared with those of the version before.
        """
        with self.transaction() as connection:
            change = _compared(connection, page, [claim for _, of_document in found for claim in of_document])
            if change:
                insert_once(connection, changes, row_of(changes, change))
            old = sa.select(documents.c.id).where(documents.c.page_id == page.id)
            connection.execute(claims.delete().where(claims.c.document_id.in_(old)))
            connection.execute(documents.delete().where(documents.c.page_id == page.id))
            upsert(connection, documents, [row_of(documents, document) for document, _ in found])
            rows = [row_of(claims, claim) for _, of_document in found for claim in of_document]
            upsert(connection, claims, rows)
            upsert(connection, ledger, [{"step": step, "key": page.id, "version": version}])
            _revise(connection)

    def forget_step(self, step: str) -> None:
        """Let a step be done again for everything."""
        with self.transaction() as connection:
            connection.execute(ledger.delete().where(ledger.c.step == step))

    def changes(self, source_id: str) -> list[Change]:
        """How the claims of changed pages compared, the latest first."""
        query = (
            sa.select(changes).where(changes.c.source_id == source_id).order_by(changes.c.at.desc(), changes.c.page_id)
        )
        return [record_of(Change, row) for row in self.rows(query)]

    def signatures(self) -> dict[str, bytes]:
        """Signatures of the documents of current pages, by document id."""
        query = (
            sa.select(documents.c.id, documents.c.signature)
            .join(pages, documents.c.page_id == pages.c.id)
            .where(pages.c.current)
            .order_by(documents.c.id)
        )
        return {row.id: row.signature for row in self.rows(query) if row.signature}

    def current_claims(self) -> Iterator[StoredClaim]:
        """Claims of the newest version of each page, in the order of their ids."""
        return map(_stored_claim, self._stream(_CURRENT_CLAIMS))

    def claims_of(self, collaboration_id: str) -> list[StoredClaim]:
        """The current claims of one collaboration, also of those that were merged into it."""
        ids = [collaboration_id, *self.former_ids(collaboration_id)]
        its = sa.select(members.c.claim_id).where(members.c.collaboration_id.in_(ids))
        return [_stored_claim(row) for row in self.rows(_CURRENT_CLAIMS.where(claims.c.id.in_(its)))]

    def claim(self, claim_id: str) -> StoredClaim | None:
        """A current claim by its id."""
        return next(map(_stored_claim, self.rows(_CURRENT_CLAIMS.where(claims.c.id == claim_id))), None)

    def claims_of_source(self, source_id: str, size: int) -> list[tuple[StoredClaim, str]]:
        """Current claims of a source, each with the id of its collaboration; those of the newest pages first."""
        query = (
            _CURRENT_CLAIMS.join(members, members.c.claim_id == claims.c.id)
            .add_columns(_COLLABORATION.label("collaboration_id"))
            .outerjoin(redirects, redirects.c.old_id == members.c.collaboration_id)
            .where(pages.c.source_id == source_id)
            .order_by(None)
            .order_by(pages.c.fetched_at.desc(), claims.c.id)
            .limit(size)
        )
        return [(_stored_claim(row), str(row.collaboration_id)) for row in self.rows(query)]

    def page(self, page_id: str) -> tuple[Page, Place] | None:
        """A page by its id."""
        for row in self.rows(sa.select(pages).where(pages.c.id == page_id)):
            place = Place(row.archive_file, row.archive_offset, row.archive_length, row.etag, row.last_modified)
            return record_of(Page, row), place
        return None

    # Identity

    def organisation_names(self) -> dict[str, str]:
        """Organisation ids by normalised name, as given in earlier nights."""
        return self._pairs(sa.select(organisation_names.c.key, organisation_names.c.organisation_id))

    def organisations(self) -> dict[str, Organisation]:
        """Organisations by id."""
        return self._organisations(sa.select(organisations))

    def _organisations(self, query: AnySelect) -> dict[str, Organisation]:
        return {
            row.id: record_of(Organisation, row, aliases=tuple(row.aliases), partner_type=PartnerType(row.partner_type))
            for row in self.rows(query)
        }

    def some_organisations(self, ids: Iterable[str]) -> dict[str, Organisation]:
        """Those of these ids."""
        return self._organisations(sa.select(organisations).where(organisations.c.id.in_(sorted(ids))))

    def organisations_named(self, names: Iterable[str]) -> dict[str, Organisation]:
        """The organisations that bear these names, by name."""
        wanted = sorted(names)
        found = self._organisations(sa.select(organisations).where(organisations.c.name.in_(wanted)))
        return {one.name: one for one in found.values()}

    def former_ids(self, collaboration_id: str) -> list[str]:
        """The ids of what was merged into a collaboration."""
        query = sa.select(redirects.c.old_id).where(redirects.c.new_id == collaboration_id)
        return [str(row.old_id) for row in self.rows(query)]

    def current_id(self, old_id: str) -> str:
        """The id that something goes by now."""
        rows = self.rows(sa.select(redirects.c.new_id).where(redirects.c.old_id == old_id))
        return str(rows[0].new_id) if rows else old_id

    def members(self) -> dict[str, str]:
        """Collaboration ids by claim id, as given in earlier nights; of what was merged the id that it goes by now."""
        merged = members.outerjoin(redirects, redirects.c.old_id == members.c.collaboration_id)
        return self._pairs(sa.select(members.c.claim_id, _COLLABORATION).select_from(merged))

    def origins(self) -> dict[str, str]:
        """Collaboration ids by claim id, of what was merged the id that it had before: a split gives it back."""
        return self._pairs(sa.select(members.c.claim_id, members.c.collaboration_id))

    def statements(self) -> list[Statement]:
        """What the claims of all nights stated, also of those that no page makes any more, by their ids."""
        rows = self.rows(sa.select(members).order_by(members.c.claim_id))
        kept: dict[str, Any] = {"text": "", "year": 0, "forums": frozenset()}
        return [record_of(Statement, row, parties=frozenset(row.parties), **kept) for row in rows]

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
        """Store who is who: names to organisations, claims to collaborations, old ids to new ones.

        A claim that was merged with its collaboration keeps the id from before in its row, and goes by the redirect.
        """
        with self.transaction() as connection:
            name_rows = [{"key": key, "organisation_id": value} for key, value in sorted(names.items())]
            upsert(connection, organisation_names, name_rows)
            body_rows = [row_of(organisations, body) for body in bodies]
            upsert(connection, organisations, body_rows)
            seen = [{"id": key, "first_seen": value} for key, value in sorted(grouping.first_seen.items())]
            upsert(connection, collaborations, seen)
            before = {row.old_id: row.new_id for row in connection.execute(sa.select(redirects))}
            in_use = {*grouping.groups.values(), *(row["id"] for row in body_rows)}
            moved = straightened({**before, **grouping.redirects}, in_use)
            for old in sorted(before.keys() - moved.keys()):
                connection.execute(redirects.delete().where(redirects.c.old_id == old))
            upsert(connection, redirects, [{"old_id": old, "new_id": new} for old, new in sorted(moved.items())])
            origin = {
                row.claim_id: row.collaboration_id
                for row in connection.execute(sa.select(members.c.claim_id, members.c.collaboration_id))
            }
            rows = []
            for one in statements:
                name, had = grouping.groups[one.claim_id], origin.get(one.claim_id, "")
                kept = had if moved.get(had) == name else name
                told = {name: getattr(one, name) for name in ("claim_id", "document_id", "project", "title", "seen")}
                rows.append({**told, "parties": sorted(one.parties), "collaboration_id": kept})
            upsert(connection, members, rows)

    # Predictions

    def predictions(self, model_version: str) -> dict[str, ThemePrediction]:
        """What this version of the model said, by digest of the text."""
        query = sa.select(predictions).where(predictions.c.model_version == model_version)
        return {row.text_digest: _prediction(row) for row in self._stream(query)}

    def some_predictions(self, passages: Iterable[str], model_version: str) -> dict[str, ThemePrediction]:
        """The same of these texts alone, by their digests."""
        wanted, query = sorted(passages), sa.select(predictions).where(predictions.c.model_version == model_version)
        parts = (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
        found = (row for part in parts for row in self.rows(query.where(predictions.c.text_digest.in_(part))))
        return {row.text_digest: _prediction(row) for row in found}

    def prediction(self, passage: str, model_version: str) -> ThemePrediction | None:
        """What this version of the model said of a text, by its digest."""
        of_text = (predictions.c.text_digest == passage) & (predictions.c.model_version == model_version)
        return next(map(_prediction, self.rows(sa.select(predictions).where(of_text))), None)

    def add_predictions(self, batch: Mapping[str, ThemePrediction]) -> None:
        """Store predictions by digest of the text."""
        rows = [{"text_digest": key, **asdict(value)} for key, value in sorted(batch.items())]
        with self.transaction() as connection:
            upsert(connection, predictions, rows)

    def add_night(self, night: Night) -> None:
        """Store what the themes of a night look like; a later run of the same day stands in its place."""
        with self.transaction() as connection:
            upsert(connection, nights, [asdict(night)])

    def nights(self, size: int) -> list[Night]:
        """The last nights, the earliest first."""
        query = sa.select(nights).order_by(nights.c.day.desc()).limit(size)
        return [record_of(Night, row) for row in reversed(self.rows(query))]

    # Decisions

    def decisions(self, collaboration_ids: Iterable[str] | None = None) -> list[Decision]:
        """What reviewers decided, of all or of some collaborations, the earliest first."""
        query = sa.select(decisions).order_by(decisions.c.at, decisions.c.id)
        if collaboration_ids is not None:
            query = query.where(decisions.c.collaboration_id.in_(sorted(collaboration_ids)))
        return [_decision(row) for row in self.rows(query)]

    def decision(self, decision_id: str) -> Decision | None:
        """A decision by its id."""
        return next(map(_decision, self.rows(sa.select(decisions).where(decisions.c.id == decision_id))), None)

    def last_decisions(self, size: int, reviewer: str = "") -> list[Decision]:
        """The latest decisions, of one reviewer or all, the last first."""
        query = sa.select(decisions).order_by(decisions.c.at.desc(), decisions.c.id).limit(size)
        query = query.where(decisions.c.reviewer == reviewer) if reviewer else query
        return [_decision(row) for row in self.rows(query)]

    def count_decisions(self, reviewer: str, since: datetime) -> int:
        """How many decisions and judgements a reviewer has made since then."""
        counts = (
            sa.select(sa.func.count()).select_from(table).where(table.c.reviewer == reviewer, table.c.at >= since)
            for table in (decisions, judgements)
        )
        return sum(int(self.rows(query)[0][0]) for query in counts)

    def latest_decisions(self) -> dict[str, Decision]:
        """The last decision that stands on each collaboration, by the id that it goes by now."""
        moved = self.redirects()
        return {moved.get(one.collaboration_id, one.collaboration_id): one for one in standing(self.decisions())}

    def add_decisions(self, batch: Iterable[Decision]) -> None:
        """Add decisions; one that is there already stays as it is."""
        with self.transaction() as connection:
            upsert(connection, decisions, [row_of(decisions, one) for one in batch])
            _revise(connection)

    # What was published

    def judgements(self, kind: str = "") -> list[Judgement]:
        """What people said of pairs, of one kind or all, the earliest first."""
        query = sa.select(judgements).order_by(judgements.c.at, judgements.c.id)
        rows = self.rows(query.where(judgements.c.kind == kind) if kind else query)
        return [record_of(Judgement, row, relation=Relation(row.relation)) for row in rows]

    def last_judgements(self, size: int, reviewer: str = "") -> list[Judgement]:
        """The latest judgements, of one reviewer or all, the last first."""
        query = sa.select(judgements).order_by(judgements.c.at.desc(), judgements.c.id).limit(size)
        query = query.where(judgements.c.reviewer == reviewer) if reviewer else query
        return [record_of(Judgement, row, relation=Relation(row.relation)) for row in self.rows(query)]

    def judgement(self, judgement_id: str) -> Judgement | None:
        """A judgement by its id."""
        rows = self.rows(sa.select(judgements).where(judgements.c.id == judgement_id))
        return record_of(Judgement, rows[0], relation=Relation(rows[0].relation)) if rows else None

    def add_judgements(self, batch: Iterable[Judgement]) -> None:
        """Add judgements; one that is there already stays as it is."""
        with self.transaction() as connection:
            upsert(connection, judgements, [row_of(judgements, one) for one in batch])
            _revise(connection)

    def revision(self) -> int:
        """Grows with every change of what the dataset is made from, but for the days on which pages were last seen."""
        return self._mark(REVISION)[0]

    def days_seen(self) -> dict[str, int]:
        """How many claims there are of pages that were last seen on each day."""
        day = sa.func.substr(sa.type_coerce(pages.c.last_seen, sa.String), 1, 10)
        query = (
            sa.select(day, sa.func.count())
            .select_from(claims.join(documents, claims.c.document_id == documents.c.id))
            .join(pages, documents.c.page_id == pages.c.id)
            .where(pages.c.current)
            .group_by(day)
            .order_by(day)
        )
        return self._pairs(query)

    def published(self) -> str:
        """What was told of the dataset that was published last; "" when there is none."""
        return self._mark(PUBLISHED)[1]

    def set_published(self, told: str) -> None:
        """Note that a dataset is published."""
        with self.transaction() as connection:
            upsert(connection, marks, [{"name": PUBLISHED, "number": 0, "told": told}])

    # What was done, and what went wrong

    def finished(self, step: str, version: str) -> set[str]:
        """The keys for which this step is done in this version."""
        return {row.key for row in self.rows(_finished(step, version))}

    def begin_source(self, source_id: str, step: str) -> None:
        """Forget the failures of an earlier run of this step at this source."""
        with self.transaction() as connection:
            _forget_failures(connection, source_id, step)

    def add_failure(self, failure: Failure) -> None:
        """Store why one page, or one source, could not be harvested."""
        with self.transaction() as connection:
            upsert(connection, failures, [asdict(failure)])

    def failures(self) -> list[Failure]:
        """What stands open, by source and address."""
        query = sa.select(failures).order_by(failures.c.source_id, failures.c.url, failures.c.step)
        return [record_of(Failure, row) for row in self.rows(query)]

    def failures_of(self, source_id: str, size: int) -> list[Failure]:
        """What stands open at one source, by address."""
        query = sa.select(failures).where(failures.c.source_id == source_id).order_by(failures.c.url).limit(size)
        return [record_of(Failure, row) for row in self.rows(query)]

    def add_run(self, run: SourceRun) -> None:
        """Store what a run found at a source, and that it came to its end."""
        with self.transaction() as connection:
            connection.execute(runs.insert().values(asdict(run)))
            connection.execute(sources.update().where(sources.c.id == run.source_id).values(run_started=None))

    def last_runs(self) -> list[SourceRun]:
        """The newest run of each source, by source id."""
        newest = sa.select(sa.func.max(runs.c.id)).group_by(runs.c.source_id)
        query = sa.select(runs).where(runs.c.id.in_(newest)).order_by(runs.c.source_id)
        return [record_of(SourceRun, row) for row in self.rows(query)]

    def source_counts(self) -> dict[str, tuple[int, int]]:
        """For each source the documents and the claims of its current pages."""
        query = (
            sa.select(documents.c.source_id, sa.func.count(documents.c.id.distinct()), sa.func.count(claims.c.id))
            .join(pages, documents.c.page_id == pages.c.id)
            .outerjoin(claims, claims.c.document_id == documents.c.id)
            .where(pages.c.current)
            .group_by(documents.c.source_id)
        )
        return {row[0]: (int(row[1]), int(row[2])) for row in self.rows(query)}

    def counts(self) -> dict[str, int]:
        """How many rows each table has, by table name."""
        with self._reading.connect() as connection:
            return {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }

    def _mark(self, name: str) -> tuple[int, str]:
        rows = self.rows(sa.select(marks).where(marks.c.name == name))
        return (rows[0].number, rows[0].told) if rows else (0, "")

    def _pairs(self, query: AnySelect) -> dict[str, Any]:
        return {row[0]: row[1] for row in self.rows(query)}

    def rows(self, query: AnySelect) -> Sequence[AnyRow]:
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


_COLLABORATION = sa.func.coalesce(redirects.c.new_id, members.c.collaboration_id)
_CURRENT_CLAIMS = (
    sa.select(
        claims,
        documents.c.page_id,
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


def _prediction(row: AnyRow) -> ThemePrediction:
    return ThemePrediction(
        probabilities={Theme(theme): value for theme, value in row.probabilities.items()},
        themes=tuple(Theme(theme) for theme in row.themes),
        review=row.review,
        model_version=row.model_version,
    )


def _decision(row: AnyRow) -> Decision:
    return record_of(
        Decision,
        row,
        verdict=Verdict(row.verdict),
        themes=tuple(Theme(theme) for theme in row.themes),
        participants=None if row.participants is None else _participants(row.participants),
    )


def _stored_claim(row: AnyRow) -> StoredClaim:
    claim = record_of(
        Claim,
        row,
        participants=_participants(row.participants),
        forums=tuple(row.forums),
        regions=tuple(row.regions),
        basis=Corroboration(row.basis),
    )
    seen = row.fetched_at, row.last_seen
    return StoredClaim(claim, row.url, row.document_title, row.published, *seen, row.record, row.page_id)


def _participants(triples: Iterable[tuple[str, str, str]]) -> tuple[Participant, ...]:
    return tuple(Participant(name, Role(role), body) for name, role, body in triples)


def _revise(connection: Connection) -> None:
    """What the dataset is made from has changed."""
    insert = sqlite.insert(marks) if connection.dialect.name == "sqlite" else postgresql.insert(marks)
    more = {"number": marks.c.number + 1}
    first = insert.values(name=REVISION, number=1, told="")
    connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=more))


def _finished(step: str, version: str) -> AnySelect:
    return sa.select(ledger.c.key).where(ledger.c.step == step, ledger.c.version == version)


def _forget_failures(connection: Connection, source_id: str, step: str) -> None:
    mine = (failures.c.source_id == source_id) & (failures.c.step == step)
    connection.execute(failures.delete().where(mine))


_OF_FIRST_SIGHT = ("fetched_at",)
_OF_FIRST_FETCH = ("fetched_at", "record", "archive_file", "archive_offset", "archive_length")


def _add_page(connection: Connection, fetched: Fetched) -> None:
    page, place = fetched.page, fetched.place
    row = asdict(page) | {
        "etag": place.etag,
        "last_modified": place.last_modified,
        "archive_file": place.file,
        "archive_offset": place.offset,
        "archive_length": place.length,
        "current": fetched.current,
    }
    if fetched.current:
        same = (pages.c.source_id == page.source_id) & (pages.c.url == page.url)
        connection.execute(pages.update().where(same & (pages.c.id != page.id)).values(current=False))
        returned = (pages.c.id == page.id) & ~pages.c.current
        if connection.execute(pages.update().where(returned).values(current=True)).rowcount:
            connection.execute(ledger.delete().where(ledger.c.key == page.id))
    where = sa.select(archive_files.c.name).join(pages, pages.c.archive_file == archive_files.c.name)
    proved = connection.execute(where.where(pages.c.id == page.id)).first()
    upsert(connection, pages, [row], keep=_OF_FIRST_FETCH if proved else _OF_FIRST_SIGHT)


def _compared(connection: Connection, page: Page, fresh: Sequence[Claim]) -> Change | None:
    """The claims of a page beside those of the version before it; None when it is the first."""
    before = sa.select(pages.c.id).where(
        pages.c.source_id == page.source_id, pages.c.url == page.url, ~pages.c.current, pages.c.id != page.id
    )
    previous = connection.execute(before.order_by(pages.c.last_seen.desc(), pages.c.id).limit(1)).scalar()
    if previous is None:
        return None
    query = (
        sa.select(claims.c.project, claims.c.participants)
        .join(documents, claims.c.document_id == documents.c.id)
        .where(documents.c.page_id == previous)
    )
    old = {(row.project, tuple(sorted(one[0] for one in row.participants))) for row in connection.execute(query)}
    new = {(claim.project, tuple(sorted(party.name for party in claim.participants))) for claim in fresh}
    return Change(page.id, page.source_id, page.last_seen, len(old & new), len(new - old), len(old - new))
