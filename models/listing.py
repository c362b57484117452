"""The published collaborations as rows that a review can search, sort and take up one by one: one query a page.

Written anew when a dataset is published, and row by row when a person decides, so that the queue is always as it is.
Lists stand in a column as ";a;b;", so that one of them is found by ";a;".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from models import wording
from models.database import AnySelect, record_of, row_of, upsert
from models.identity.judgements import ORGANISATION
from models.records import Role
from models.store import Store
from models.tables import listed_parties, listings, questions
from models.wording import contains

BATCH = 2000  # rows a transaction, so that nobody waits long for a whole listing to be written
COUNTED = 1000  # rows that match a search are counted up to here
LONGEST_SEARCH = 100  # letters
"""Of what is looked for."""

ORDERS = ("title", "participant_count", "claim_count", "last_year", "first_seen", "worth")
"""Columns that a listing can be sorted by; each has an index."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A collaboration as it is listed; `worth` is 0 where nobody need look at it, else `reason` says why."""

    id: str
    title: str
    project: str
    parties: str  # names, in their order
    folded: str  # title, project and parties, as they are searched
    themes: tuple[str, ...]
    forums: tuple[str, ...]
    regions: tuple[str, ...]
    sources: tuple[str, ...]
    corroboration: str
    cross_regional: bool
    international: bool
    participant_count: int
    claim_count: int
    first_year: int | None
    last_year: int | None
    first_seen: str
    last_seen: str
    confidence: float
    passage: str  # digest of the text that its themes are decided by
    extraction: str  # digest of its project and parties, before any correction
    review: str
    reviewers: tuple[str, ...]  # who decided on this text
    reason: str
    worth: float
    changed: str  # what is another since it was decided, for a reader


@dataclass(frozen=True, slots=True)
class ListedParty:
    """An organisation in a collaboration."""

    collaboration_id: str
    organisation_id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Question:
    """Two names that may be of one organisation, or two collaborations (ids) that may be one, waiting for an answer."""

    id: str
    left: str
    right: str
    chance: float
    worth: float
    kind: str = ORGANISATION


@dataclass(frozen=True, slots=True)
class Search:
    """What of the listing is asked for; empty: all."""

    text: str = ""
    region: str = ""
    theme: str = ""
    source: str = ""
    review: str = ""
    since: str = ""  # ISO date of first sight
    order: str = "title"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and how many there are, counted up to COUNTED."""

    rows: list[Listed]
    count: int


class Listings:
    """The listing in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, rows: Sequence[Listed], parties: Iterable[ListedParty]) -> None:
        """Put these in the place of all that are there, in batches of which each is one transaction."""
        by_id: dict[str, list[ListedParty]] = {row.id: [] for row in rows}
        for party in parties:
            by_id[party.collaboration_id].append(party)
        had = {row.id: row.folded for row in self._store.rows(sa.select(listings.c.id, listings.c.folded))}
        gone = sorted(had.keys() - by_id.keys())
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            with self._store.transaction() as connection:
                self._write(connection, batch, [party for row in batch for party in by_id[row.id]])
                wording.write(connection, {row.id: row.folded for row in batch if row.folded != had.get(row.id)})
        for start in range(0, len(gone), BATCH):
            some = gone[start : start + BATCH]
            with self._store.transaction() as connection:
                connection.execute(listings.delete().where(listings.c.id.in_(some)))
                connection.execute(listed_parties.delete().where(listed_parties.c.collaboration_id.in_(some)))
                wording.forget(connection, some)

    def save_questions(self, kind: str, asked: Iterable[Question]) -> None:
        """Put these in the place of all of their kind."""
        with self._store.transaction() as connection:
            connection.execute(questions.delete().where(questions.c.kind == kind))
            upsert(connection, questions, [row_of(questions, one) for one in asked])

    @staticmethod
    def _write(connection: Connection, rows: Sequence[Listed], parties: Sequence[ListedParty]) -> None:
        ids = [row.id for row in rows]
        connection.execute(listed_parties.delete().where(listed_parties.c.collaboration_id.in_(ids)))
        upsert(connection, listings, [_row(row) for row in rows])
        upsert(connection, listed_parties, [row_of(listed_parties, party) for party in parties])

    def put(self, row: Listed) -> None:
        """Write what a decision changes of a row, unless a night has changed what was decided on."""
        same = (listings.c.id == row.id) & (listings.c.passage == row.passage)
        told = {name: value for name, value in _row(row).items() if name in _OF_REVIEW}
        with self._store.transaction() as connection:
            connection.execute(listings.update().where(same).values(told))

    def one(self, collaboration_id: str) -> Listed | None:
        """A row by its id."""
        return next(self._listed(sa.select(listings).where(listings.c.id == collaboration_id)), None)

    def some(self, collaboration_ids: Collection[str]) -> list[Listed]:
        """Rows by their ids, those there are."""
        ids = sorted(collaboration_ids)
        parts = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
        return [row for part in parts for row in self._listed(sa.select(listings).where(listings.c.id.in_(part)))]

    def find(self, search: Search, size: int) -> Found:
        """A page of `size` rows of those that match, in their order."""
        query, before = self._matching(search), (max(search.page, 1) - 1) * size
        column = listings.c[search.order if search.order in ORDERS else "title"]
        first = column.desc().nulls_last() if search.descending else column.asc().nulls_first()
        order = first, (listings.c.id.desc() if search.descending else listings.c.id)
        rows = list(self._listed(query.order_by(*order).limit(size).offset(before)))
        if len(rows) < size and (rows or not before):
            return Found(rows, before + len(rows))  # the last page: nothing need be counted
        count = sa.select(sa.func.count()).select_from(query.with_only_columns(listings.c.id).limit(COUNTED).subquery())
        return Found(rows, int(self._store.rows(count)[0][0]))

    def every(self, search: Search) -> Iterator[Listed]:
        """All rows that match, by title."""
        return self._listed(self._matching(search).order_by(listings.c.title, listings.c.id))

    def waiting(self, search: Search, reviewer: str, size: int, skipped: Collection[str] = ()) -> list[Listed]:
        """What is worth most that this reviewer has neither decided nor skipped."""
        query = self._matching(search).where(listings.c.worth > 0, ~self._holds(listings.c.reviewers, reviewer))
        if skipped:
            query = query.where(listings.c.id.not_in(sorted(skipped)))
        return list(self._listed(query.order_by(listings.c.worth.desc(), listings.c.id.desc()).limit(size)))

    def count_waiting(self, search: Search, reviewer: str) -> int:
        """How many those are, counted up to COUNTED."""
        query = self._matching(search).where(listings.c.worth > 0, ~self._holds(listings.c.reviewers, reviewer))
        counted = query.with_only_columns(listings.c.id).limit(COUNTED).subquery()
        return int(self._store.rows(sa.select(sa.func.count()).select_from(counted))[0][0])

    def questions(self, size: int, skipped: Collection[str] = ()) -> list[Question]:
        """Pairs of names, the worthiest first."""
        query = sa.select(questions).order_by(questions.c.worth.desc(), questions.c.id).limit(size)
        if skipped:
            query = query.where(questions.c.id.not_in(sorted(skipped)))
        return [record_of(Question, row) for row in self._store.rows(query)]

    def question(self, question_id: str) -> Question | None:
        """A pair by its id."""
        rows = self._store.rows(sa.select(questions).where(questions.c.id == question_id))
        return record_of(Question, rows[0]) if rows else None

    def answered(self, question_id: str) -> None:
        """Take a pair out."""
        with self._store.transaction() as connection:
            connection.execute(questions.delete().where(questions.c.id == question_id))

    def ask(self, question: Question) -> None:
        """Put a pair in, or back."""
        with self._store.transaction() as connection:
            upsert(connection, questions, [row_of(questions, question)])

    def parties(self, collaboration_id: str) -> list[ListedParty]:
        """The organisations of a collaboration: leads first, funders last, by name."""
        query = sa.select(listed_parties).where(listed_parties.c.collaboration_id == collaboration_id)
        found = [record_of(ListedParty, row) for row in self._store.rows(query)]
        return sorted(found, key=lambda one: (list(Role).index(Role(one.role)), one.name))

    def of_organisation(self, organisation_id: str, size: int) -> list[tuple[Listed, str]]:
        """The collaborations that an organisation is in, with its role, the newest first."""
        query = (
            sa.select(listings, listed_parties.c.role)
            .join(listed_parties, listed_parties.c.collaboration_id == listings.c.id)
            .where(listed_parties.c.organisation_id == organisation_id)
            .order_by(listings.c.last_year.desc().nulls_last(), listings.c.id)
            .limit(size)
        )
        return [(_of_row(row), str(row.role)) for row in self._store.rows(query)]

    def beside(self, organisation_id: str, size: int) -> list[tuple[str, str, int]]:
        """The organisations it works with most: id, name, in how many collaborations."""
        mine, other = listed_parties.alias("mine"), listed_parties.alias("other")
        times = sa.func.count()
        query = (
            sa.select(other.c.organisation_id, sa.func.min(other.c.name), times)
            .join(mine, mine.c.collaboration_id == other.c.collaboration_id)
            .where(mine.c.organisation_id == organisation_id, other.c.organisation_id != organisation_id)
            .group_by(other.c.organisation_id)
            .order_by(times.desc(), other.c.organisation_id)
            .limit(size)
        )
        return [(str(row[0]), str(row[1]), int(row[2])) for row in self._store.rows(query)]

    def titles(self, ids: Collection[str]) -> dict[str, str]:
        """Titles by id, of those that are listed."""
        return {one.id: one.title for one in self.some(ids)}

    def days(self, size: int) -> list[tuple[str, int]]:
        """The last days on which collaborations were first seen, and how many."""
        column = listings.c.first_seen
        query = sa.select(column, sa.func.count()).group_by(column).order_by(column.desc()).limit(size)
        return [(str(row[0]), int(row[1])) for row in self._store.rows(query)]

    def first_seen(self, day: str, size: int) -> list[Listed]:
        """What was first seen on a day, by title."""
        query = sa.select(listings).where(listings.c.first_seen == day).order_by(listings.c.title).limit(size)
        return list(self._listed(query))

    def extractions(self) -> dict[str, str]:
        """What was extracted, by collaboration: digests."""
        return {row.id: row.extraction for row in self._store.rows(sa.select(listings.c.id, listings.c.extraction))}

    def reasons(self) -> dict[str, int]:
        """How many wait for each reason."""
        query = sa.select(listings.c.reason, sa.func.count()).where(listings.c.worth > 0).group_by(listings.c.reason)
        return {str(row[0]): int(row[1]) for row in self._store.rows(query)}

    def _matching(self, search: Search) -> AnySelect:
        query = sa.select(listings)
        held = (("regions", search.region), ("themes", search.theme), ("sources", search.source))
        for column, value in held:
            if value:
                query = query.where(self._holds(listings.c[column], value))
        if search.review:
            query = query.where(listings.c.review == search.review)
        if search.since:
            query = query.where(listings.c.first_seen >= search.since)
        sought = list(dict.fromkeys(search.text.casefold()[:LONGEST_SEARCH].split()))
        where, left = wording.standing_in(self._store, sought)
        if where is not None:
            query = query.where(listings.c.id.in_(where))
        return query.where(*(contains(self._store, listings.c.folded, letters) for letters in left))

    def _holds(self, column: sa.Column[Any], value: str) -> sa.ColumnElement[bool]:
        return contains(self._store, column, f";{value};")

    def _listed(self, query: AnySelect) -> Iterator[Listed]:
        return (_of_row(row) for row in self._store.rows(query))


_OF_REVIEW = ("review", "reviewers", "reason", "worth", "changed")


def _row(one: Listed) -> dict[str, Any]:
    row = row_of(listings, one)
    return {name: _joined(value) if isinstance(value, tuple) else value for name, value in row.items()}


def _of_row(row: Any) -> Listed:
    lists = {name: _parted(getattr(row, name)) for name in ("themes", "forums", "regions", "sources", "reviewers")}
    return record_of(Listed, row, **lists)


def _joined(values: Sequence[str]) -> str:
    return f";{';'.join(values)};" if values else ""


def _parted(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))
