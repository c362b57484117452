"""What was done, what went wrong, and what was published."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from models.database import (
    record_of,
    upsert,
)
from models.records import (
    Failure,
)
from models.store.base import (
    PUBLISHED,
    REVISION,
    Base,
    done_in,
    forget_failures,
)
from models.store.values import SourceRun
from models.tables import (
    claims,
    documents,
    failures,
    ledger,
    marks,
    metadata,
    pages,
    runs,
    sources,
)


class Runs(Base):
    """The ledger, and all that is told of runs."""

    def revision(self) -> int:
        """Grows with every change of what the dataset is made from, but for the days on which pages were last seen."""
        return self.mark(REVISION)[0]

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
        return self.pairs(query)

    def published(self) -> str:
        """What was told of the dataset that was published last; "" when there is none."""
        return self.mark(PUBLISHED)[1]

    def set_published(self, told: str) -> None:
        """Note that a dataset is published."""
        with self.transaction() as connection:
            upsert(connection, marks, [{"name": PUBLISHED, "number": 0, "told": told}])

    def finished(self, step: str, version: str) -> set[str]:
        """The keys for which this step is done in this version."""
        return {row.key for row in self.rows(done_in(step, version))}

    def begin_source(self, source_id: str, step: str) -> None:
        """Forget the failures of an earlier run of this step at this source."""
        with self.transaction() as connection:
            forget_failures(connection, source_id, step)

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

    def forget_step(self, step: str) -> None:
        """Let a step be done again for everything."""
        with self.transaction() as connection:
            connection.execute(ledger.delete().where(ledger.c.step == step))
