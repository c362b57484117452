"""One collaboration as a reviewer sees it: all that a judgement needs on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.engines import Engines
from flows.review.marking import THEME, Mark, Piece, names_in, pieces, quote_in
from models.decisions import upheld
from models.listing import Listed, Listings
from models.records import Decision, Organisation, Theme, ThemePrediction, Verdict
from models.store import StoredClaim
from models.themes.explanation import explain
from models.themes.gold import Passage
from models.themes.passages import passage_of

SHOWN_CLAIMS = 12  # at once; the rest on demand
SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Bar:
    """A theme with its probability, and whether it stands now."""

    theme: Theme
    probability: float
    stands: bool


@dataclass(frozen=True, slots=True)
class Party:
    """A participant as written, and what is known of the organisation."""

    name: str
    role: str
    organisation: Organisation | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A claim's evidence in its context, both with marks."""

    stored: StoredClaim
    evidence: list[Piece]
    context: list[Piece]


@dataclass(frozen=True, slots=True)
class Told:
    """A decision of the history, and whether it stands."""

    decision: Decision
    stands: bool


@dataclass(frozen=True, slots=True)
class Item:
    """The whole screen."""

    row: Listed
    bars: list[Bar]
    parties: list[Party]
    quotes: list[Quote]
    more: int  # claims not shown
    history: list[Told]  # the last first
    model_version: str
    disagreement: list[Decision]  # the last words of reviewers who differ; none where they agree
    latest: str  # id of the last decision: one made since the screen was shown is told of


def item_of(engines: Engines, row: Listed, shown: int = SHOWN_CLAIMS) -> Item:
    """Put together from a handful of indexed queries."""
    store = engines.store
    claims = sorted(store.claims_of(row.id), key=lambda one: (-one.claim.confidence, one.claim.id))
    said = store.prediction(row.passage, engines.themes_version) or _predicted(engines, claims)
    decisions = store.decisions([row.id, *store.former_ids(row.id)])
    standing = upheld(decisions)
    bars = [Bar(theme, said.probabilities[theme] if said else 0.0, str(theme) in row.themes) for theme in Theme]
    return Item(
        row=row,
        bars=bars,
        parties=_parties(engines, row),
        quotes=_quotes(engines, row, claims[:shown], said),
        more=max(0, len(claims) - shown),
        history=[Told(one, one in standing) for one in reversed(decisions)],
        model_version=engines.themes_version,
        disagreement=disagreement(standing),
        latest=decisions[-1].id if decisions else "",
    )


def _predicted(engines: Engines, claims: Sequence[StoredClaim]) -> ThemePrediction | None:
    """What a model says that was put in place since the last dataset."""
    ordered = sorted(claims, key=lambda one: one.claim.id)
    return engines.themes.predict([passage_of(one.claim for one in ordered)])[0] if ordered else None


def disagreement(standing: Sequence[Decision]) -> list[Decision]:
    """The last word of each reviewer where they are not the same: on the collaboration itself, or on its themes."""
    last = {one.reviewer: one for one in standing if one.verdict is not Verdict.UNSURE}
    words = {(one.verdict is Verdict.REJECTED, one.themes) for one in last.values()}
    return list(last.values()) if len(words) > 1 else []


def _parties(engines: Engines, row: Listed) -> list[Party]:
    listed = Listings(engines.store).parties(row.id)
    known = engines.store.some_organisations([one.organisation_id for one in listed])
    return [Party(one.name, one.role, known.get(one.organisation_id)) for one in listed]


def _quotes(engines: Engines, row: Listed, claims: Sequence[StoredClaim], said: ThemePrediction | None) -> list[Quote]:
    themes = [theme for theme in Theme if str(theme) in row.themes]
    if not themes and said:
        themes = [max(Theme, key=lambda theme: said.probabilities[theme])]
    whole = SEPARATOR.join(one.claim.context or one.claim.evidence for one in claims)
    reasons = explain(engines.themes, Passage(row.title, whole), themes)
    carried = sorted({(one.start, one.end) for found in reasons.values() for one in found})
    found, at = [], 0
    for one in claims:
        context = one.claim.context or one.claim.evidence
        marks = [
            Mark(start - at, end - at, THEME) for start, end in carried if at <= start and end <= at + len(context)
        ]
        marks += names_in(context, [party.name for party in one.claim.participants])
        quoted = quote_in(context, one.claim.evidence)
        evidence = names_in(one.claim.evidence, [party.name for party in one.claim.participants])
        words = {context[mark.start : mark.end] for mark in marks if mark.kind == THEME}
        evidence += [Mark(mark.start, mark.end, THEME) for mark in names_in(one.claim.evidence, words)]
        found.append(Quote(one, pieces(one.claim.evidence, evidence), pieces(context, [*marks, *quoted])))
        at += len(context) + len(SEPARATOR)
    return found


@dataclass(frozen=True, slots=True)
class Since:
    """How many decisions a reviewer has made, in this sitting and an hour."""

    count: int
    hourly: int


def progress(engines: Engines, reviewer: str, since: datetime) -> Since:
    """What a sitting has brought so far."""
    count = engines.store.count_decisions(reviewer, since)
    hours = max((engines.clock() - since).total_seconds() / 3600, 1 / 60)
    return Since(count, round(count / hours))
