"""Who is who: organisations, collaborations, and ids that became others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.database import (
    CHUNK,
    AnySelect,
    insert_all,
    record_of,
    row_of,
    upsert,
)
from models.identity.collaborations import Grouping, Statement, straightened
from models.records import (
    Organisation,
    PartnerType,
)
from models.store.base import (
    Base,
)
from models.tables import (
    chances,
    collaborations,
    marks,
    meanings,
    members,
    organisation_names,
    organisations,
    redirects,
)

if TYPE_CHECKING:
    from models.identity.likeness import Chances
    from models.identity.matcher import Match

PAIRS = 10_000  # written in one transaction, so that no reviewer waits for all of them
LIKENESS, MEANINGS = "likeness", "meanings"
"""The marks that tell by which version of what decides the chances of claims, and the meanings of names, are."""
COLLABORATION = sa.func.coalesce(redirects.c.new_id, members.c.collaboration_id)
"""The id that a member's collaboration goes by now, where redirects are joined."""


class Identity(Base):
    """What names and claims were made into."""

    def organisation_names(self) -> dict[str, str]:
        """Organisation ids by normalised name, as given in earlier nights."""
        return self.pairs(sa.select(organisation_names.c.key, organisation_names.c.organisation_id))

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
        return self.pairs(sa.select(members.c.claim_id, COLLABORATION).select_from(merged))

    def origins(self) -> dict[str, str]:
        """Collaboration ids by claim id, of what was merged the id that it had before: a split gives it back."""
        return self.pairs(sa.select(members.c.claim_id, members.c.collaboration_id))

    def statements(self) -> list[Statement]:
        """What the claims of all nights stated, also of those that no page makes any more, by their ids."""
        rows = self.rows(sa.select(members).order_by(members.c.claim_id))
        kept: dict[str, Any] = {"text": "", "year": 0, "forums": frozenset()}
        return [record_of(Statement, row, parties=frozenset(row.parties), **kept) for row in rows]

    def collaborations(self) -> dict[str, datetime]:
        """When each collaboration was first seen, by id."""
        return self.pairs(sa.select(collaborations.c.id, collaborations.c.first_seen))

    def redirects(self) -> dict[str, str]:
        """The ids that merged collaborations had, and the id each goes by now."""
        return self.pairs(sa.select(redirects.c.old_id, redirects.c.new_id).order_by(redirects.c.old_id))

    def chances(self, version: str) -> Chances:
        """How probably pairs of statements are one, as this version of the model said in earlier nights."""
        import numpy as np  # noqa: PLC0415 - most of what opens a store asks for none

        from models.identity.likeness import NONE, Chances  # noqa: PLC0415

        if self.mark(LIKENESS)[1] != version:
            return NONE
        kinds = np.dtype([("key", np.int64), ("value", np.float64)])
        query = sa.select(chances.c.key, chances.c.value).order_by(chances.c.key)
        found = np.fromiter(((row.key, row.value) for row in self.stream(query)), kinds)
        return Chances(found["key"], found["value"])

    def save_chances(self, version: str, before: Chances, now: Chances) -> None:
        """Put these in the place of those `before`, which are stored, in batches of which each is one transaction."""
        gone, new = before.but(now).keys.tolist(), now.but(before)
        self._begin_anew(LIKENESS, version, chances)
        for start in range(0, len(new.keys), PAIRS):
            some = slice(start, start + PAIRS)
            pairs = zip(new.keys[some].tolist(), new.values[some].tolist(), strict=True)
            with self.transaction() as connection:
                insert_all(connection, chances, [{"key": key, "value": value} for key, value in pairs])
        for start in range(0, len(gone), CHUNK):
            with self.transaction() as connection:
                connection.execute(chances.delete().where(chances.c.key.in_(gone[start : start + CHUNK])))

    def meanings(self, version: str) -> dict[str, Match | None]:
        """What names meant in earlier nights, by this version of model and gazetteer."""
        from models.identity.matcher import Match  # noqa: PLC0415 - most of what opens a store asks for none

        if self.mark(MEANINGS)[1] != version:
            return {}
        return {
            row.name: Match(row.body_id, row.chance, row.sure) if row.body_id else None
            for row in self.stream(sa.select(meanings))
        }

    def save_meanings(self, version: str, found: Mapping[str, Match | None]) -> None:
        """Add those that are not stored, in batches of which each is one transaction."""
        self._begin_anew(MEANINGS, version, meanings)
        stored = {row.name for row in self.stream(sa.select(meanings.c.name))}
        rows = [
            {
                "name": name,
                "body_id": told.body_id if told else "",
                "chance": told.chance if told else 0.0,
                "sure": bool(told and told.sure),
            }
            for name, told in sorted(found.items())
            if name not in stored
        ]
        for start in range(0, len(rows), PAIRS):
            with self.transaction() as connection:
                insert_all(connection, meanings, rows[start : start + PAIRS])

    def _begin_anew(self, mark: str, version: str, table: sa.Table) -> None:
        """Forget what another version of the model remembered."""
        if self.mark(mark)[1] != version:
            with self.transaction() as connection:
                connection.execute(table.delete())
                upsert(connection, marks, [{"name": mark, "number": 0, "told": version}])

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
