"""What models and people said: predictions, decisions, judgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from models.database import (
    CHUNK,
    AnyRow,
    participants_of,
    record_of,
    row_of,
    upsert,
)
from models.decisions import standing
from models.records import (
    Decision,
    Judgement,
    Relation,
    Theme,
    ThemePrediction,
    Verdict,
)
from models.store.base import (
    revise,
)
from models.store.identity import Identity
from models.tables import (
    decisions,
    judgements,
    nights,
    predictions,
)
from models.themes.drift import Night


class Review(Identity):
    """What was said of what was found."""

    def predictions(self, model_version: str) -> dict[str, ThemePrediction]:
        """What this version of the model said, by digest of the text."""
        query = sa.select(predictions).where(predictions.c.model_version == model_version)
        return {row.text_digest: _prediction(row) for row in self.stream(query)}

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
            revise(connection)

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
            revise(connection)


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
        participants=None if row.participants is None else participants_of(row.participants),
    )
