"""Sources and the pages fetched from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from models.database import (
    insert_all,
    record_of,
    upsert,
)
from models.records import (
    Page,
    Source,
    SourceKind,
)
from models.store.base import (
    RESUMABLE,
    Base,
    done_in,
    forget_failures,
    revise,
)
from models.store.values import Fetched, Lead, LostCapture, Place
from models.tables import (
    UtcTime,
    archive_files,
    changes,
    claims,
    documents,
    failures,
    leads,
    ledger,
    lost_captures,
    pages,
    runs,
    sources,
)


class Pages(Base):
    """What was fetched, and where it lies."""

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
            forget_failures(connection, source.id, step)
        return started

    def add_source(self, source: Source) -> None:
        """Note what a source is that no run asked for."""
        with self.transaction() as connection:
            told = {name: getattr(source, name) for name in ("id", "name", "publisher", "kind", "regions")}
            insert_all(connection, sources, [told])

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
                revise(connection)
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
        return {(row.page_id, row.read_as): row.packed for row in self.stream(query)}

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
            query = query.where(~pages.c.id.in_(done_in(*unless)))
        for row in self.stream(query):
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
                revise(connection)
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
        return self.pairs(sa.select(archive_files.c.name, archive_files.c.length))

    def forget_archive(self, names: Iterable[str]) -> None:
        """Note that files of the archive are gone: their pages keep their claims, and are fetched anew."""
        with self.transaction() as connection:
            connection.execute(archive_files.delete().where(archive_files.c.name.in_(sorted(names))))

    def page(self, page_id: str) -> tuple[Page, Place] | None:
        """A page by its id."""
        for row in self.rows(sa.select(pages).where(pages.c.id == page_id)):
            place = Place(row.archive_file, row.archive_offset, row.archive_length, row.etag, row.last_modified)
            return record_of(Page, row), place
        return None


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
