"""What was extracted: documents and claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from models.database import (
    AnyRow,
    insert_all,
    participants_of,
    record_of,
    row_of,
    upsert,
)
from models.records import (
    Claim,
    Corroboration,
    Document,
    Page,
)
from models.store.base import (
    revise,
)
from models.store.identity import COLLABORATION, Identity
from models.store.values import Change, StoredClaim
from models.tables import (
    changes,
    claims,
    documents,
    ledger,
    members,
    pages,
    redirects,
)


class Claims(Identity):
    """What pages say."""

    def add_extraction(
        self, page: Page, found: Sequence[tuple[Document, Sequence[Claim]]], step: str, version: str
    ) -> None:
        """Replace all that was extracted from a page, and enter the step in the ledger: one transaction.

        The first time that a version of a page is read, its claims are compared with those of the version before.
        """
        with self.transaction() as connection:
            change = _compared(connection, page, [claim for _, of_document in found for claim in of_document])
            if change:
                insert_all(connection, changes, [row_of(changes, change)])
            old = sa.select(documents.c.id).where(documents.c.page_id == page.id)
            connection.execute(claims.delete().where(claims.c.document_id.in_(old)))
            connection.execute(documents.delete().where(documents.c.page_id == page.id))
            upsert(connection, documents, [row_of(documents, document) for document, _ in found])
            rows = [row_of(claims, claim) for _, of_document in found for claim in of_document]
            upsert(connection, claims, rows)
            upsert(connection, ledger, [{"step": step, "key": page.id, "version": version}])
            revise(connection)

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
        return map(_stored_claim, self.stream(_CURRENT_CLAIMS))

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
            .add_columns(COLLABORATION.label("collaboration_id"))
            .outerjoin(redirects, redirects.c.old_id == members.c.collaboration_id)
            .where(pages.c.source_id == source_id)
            .order_by(None)
            .order_by(pages.c.fetched_at.desc(), claims.c.id)
            .limit(size)
        )
        return [(_stored_claim(row), str(row.collaboration_id)) for row in self.rows(query)]


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


def _stored_claim(row: AnyRow) -> StoredClaim:
    claim = record_of(
        Claim,
        row,
        participants=participants_of(row.participants),
        forums=tuple(row.forums),
        regions=tuple(row.regions),
        basis=Corroboration(row.basis),
    )
    seen = row.fetched_at, row.last_seen
    return StoredClaim(claim, row.url, row.document_title, row.published, *seen, row.record, row.page_id)


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
