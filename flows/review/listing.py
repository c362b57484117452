"""What the review lists of a dataset, and how much a look at each is worth."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flows.engines import Engines
from flows.waiting import Alike, alike, outdated
from models.decisions import upheld
from models.identity.judgements import ORGANISATION
from models.listing import Listed, ListedParty, Listings, Question
from models.records import Decision, Relation, ThemePrediction, Verdict, digest

if TYPE_CHECKING:
    from flows.publish.dataset import Dataset, Row

CHANGED, DISAGREED, UNCERTAIN, WEAK, TWICE, NEW = "changed", "disagreed", "uncertain", "weak", "twice", "new"
"""Why a collaboration waits: decided on another text; two reviewers differ; a theme near its threshold; claims of low
confidence; drawn to be judged by two; first seen lately."""

WEAK_BELOW = 0.65  # confidence of the best claim
FRESH = timedelta(days=7)
DRAWN = 10  # one of so many is judged by two reviewers, for their agreement
MOST_QUESTIONS = 2000
LAST = 50  # decisions and answers, more than reviewers ever give at once


def drawn_twice(collaboration_id: str) -> bool:
    """Whether a collaboration is of the sample that two reviewers judge."""
    return int(digest("twice", collaboration_id, length=8), 16) % DRAWN == 0


def list_dataset(engines: Engines, dataset: Dataset) -> None:
    """Write the listing of a dataset that is being published; what reviewers rejected stays in it, marked so."""
    listings, store = Listings(engines.store), engines.store
    moved = store.redirects()
    decided: dict[str, list[Decision]] = defaultdict(list)
    made = store.decisions()
    for one in upheld(made):
        decided[moved.get(one.collaboration_id, one.collaboration_id)].append(one)
    predictions = store.predictions(engines.themes_version)
    confidence: dict[str, float] = defaultdict(float)
    sources: dict[str, set[str]] = defaultdict(set)
    for row in dataset.tables["claims"]:
        key = str(row["collaboration_id"])
        confidence[key] = max(confidence[key], float(row["confidence"]))  # type: ignore[arg-type]
        sources[key].add(str(row["source_id"]))
    parties: dict[str, list[Row]] = defaultdict(list)
    for row in dataset.tables["participants"]:
        parties[str(row["collaboration_id"])].append(row)
    rows = []
    for row in dataset.tables["collaborations"]:
        key = str(row["collaboration_id"])
        passage = dataset.passages[key]
        names = [str(one["name_as_written"]) for one in parties[key]]
        bare = _listed(row, names, sorted(sources[key]), passage, dataset.extractions[key])
        rows.append(weighed(engines, bare, confidence[key], predictions.get(passage), decided[key]))
    rejected = listings.some(dataset.passages.keys() - {row.id for row in rows})
    now = [replace(one, passage=dataset.passages[one.id], extraction=dataset.extractions[one.id]) for one in rejected]
    rows += [weighed(engines, one, one.confidence, None, decided[one.id]) for one in now]
    listed = [party for one in rejected for party in listings.parties(one.id)]
    listed += [
        ListedParty(key, str(one["organisation_id"]), str(one["name_as_written"]), str(one["role"]))
        for key, found in parties.items()
        for one in found
    ]
    listings.save(rows, listed)
    ask(engines, ORGANISATION, alike(engines))
    known = {one.id for one in made}
    for one in store.decisions():
        if one.id not in known:  # made while the rows were being written
            refresh(engines, moved.get(one.collaboration_id, one.collaboration_id))


def refresh(engines: Engines, collaboration_id: str) -> None:
    """Write one row again after a decision."""
    listings, store = Listings(engines.store), engines.store
    row = listings.one(collaboration_id)
    if row is not None:
        ids = [collaboration_id, *store.former_ids(collaboration_id)]
        said = store.prediction(row.passage, engines.themes_version)
        listings.put(weighed(engines, row, row.confidence, said, upheld(store.decisions(ids))))


def catch_up(engines: Engines) -> None:
    """Write again what follows from the last decisions and answers: a kill may have come between them and it."""
    store, listings = engines.store, Listings(engines.store)
    for key in {one.collaboration_id for one in store.last_decisions(LAST)}:
        refresh(engines, store.current_id(key))
    last = {question_id(one.left, one.right): one.relation for one in reversed(store.last_judgements(LAST))}
    for key, relation in last.items():
        if relation is not Relation.WITHDRAWN:
            listings.answered(key)


def weighed(
    engines: Engines, row: Listed, confidence: float, said: ThemePrediction | None, decided: Sequence[Decision]
) -> Listed:
    """A row with its review state, and what a look at it is worth: 1 at most, 0 where none is needed."""
    now = [one for one in decided if not outdated(one, row.passage, row.extraction)]
    deciding = [one for one in decided if one.verdict is not Verdict.UNSURE]
    last = deciding[-1] if deciding else None
    reason, worth = _reason(engines, row, confidence, said, decided)
    values = {name: getattr(row, name) for name in Listed.__slots__}
    values |= {
        "confidence": confidence,
        "review": str(last.verdict) if last else "automatic",
        "reviewers": tuple(dict.fromkeys(one.reviewer for one in now)),
        "reason": reason,
        "worth": round(worth + (math.log1p(row.claim_count) / 1000 if worth else 0), 6),
        "changed": _difference(row, last) if last and reason == CHANGED else "",
    }
    return Listed(**values)


def _reason(
    engines: Engines, row: Listed, confidence: float, said: ThemePrediction | None, decided: Sequence[Decision]
) -> tuple[str, float]:
    deciding = [one for one in decided if one.verdict is not Verdict.UNSURE]
    if deciding:
        return _reason_again(row, deciding)
    if said is not None and said.review:
        margin = min(engines.themes.distance(theme, value) for theme, value in said.probabilities.items())
        return UNCERTAIN, 0.5 + 0.4 * (1 - min(margin / engines.themes.unsure, 1))
    if confidence < WEAK_BELOW:
        return WEAK, 0.4 + 0.1 * (1 - confidence / WEAK_BELOW)
    fresh = row.first_seen >= (engines.clock() - FRESH).date().isoformat()
    return (NEW, 0.3) if fresh else ("", 0.0)


def _reason_again(row: Listed, deciding: Sequence[Decision]) -> tuple[str, float]:
    if outdated(deciding[-1], row.passage, row.extraction):
        return CHANGED, 0.95
    by_reviewer = {one.reviewer: (one.verdict is Verdict.REJECTED, one.themes) for one in deciding}
    if len(set(by_reviewer.values())) > 1:
        return DISAGREED, 0.9
    return (TWICE, 0.35) if drawn_twice(row.id) and len(by_reviewer) == 1 else ("", 0.0)


def _listed(row: Row, parties: Sequence[str], sources: Sequence[str], passage: str, extraction: str) -> Listed:
    title, project, shown = str(row["title"]), str(row["project"]), ", ".join(parties)
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    same |= {name: tuple(row[name]) for name in _LISTS}  # type: ignore[arg-type]
    return Listed(
        id=str(row["collaboration_id"]),
        title=title,
        project=project,
        parties=shown,
        folded=f"{title} {project} {shown}".casefold(),
        sources=tuple(sources),
        confidence=0.0,
        passage=passage,
        extraction=extraction,
        review="automatic",
        reviewers=(),
        reason="",
        worth=0.0,
        changed="",
        **same,
    )


_LISTS = ("themes", "forums", "regions")
_SAME = (
    "corroboration",
    "cross_regional",
    "international",
    "participant_count",
    "claim_count",
    "first_year",
    "last_year",
    "first_seen",
    "last_seen",
)


def ask(engines: Engines, kind: str, pairs: Sequence[Alike]) -> None:
    """Put pairs into the queue; worth most where the chance is even."""
    asked = [
        Question(
            id=question_id(one.left, one.right),
            left=one.left,
            right=one.right,
            chance=one.chance,
            worth=round(0.45 + 0.4 * (1 - abs(one.chance - 0.5) * 2), 6),
            kind=kind,
        )
        for one in pairs[:MOST_QUESTIONS]
    ]
    Listings(engines.store).save_questions(kind, asked)


def question_id(left: str, right: str) -> str:
    """Names a pair."""
    return digest("question", *sorted((left, right)), length=16)


def shown(row: Listed) -> dict[str, object]:
    """What a reviewer sees of a row and decides on, as a decision remembers it."""
    return {
        "title": row.title,
        "project": row.project,
        "parties": row.parties,
        "themes": list(row.themes),
        "extraction": row.extraction,
    }


_NAMES = {"title": "titel", "project": "projekt", "parties": "deltagere", "themes": "temaer"}


def _difference(row: Listed, last: Decision) -> str:
    """What is another than when it was decided, in Danish."""
    before, now = json.loads(last.before or "{}"), shown(row)
    told = [
        f"{danish}: {_plain(before[name])} → {_plain(now[name])}"
        for name, danish in _NAMES.items()
        if name in before and before[name] != now[name]
    ]
    return "; ".join(told) or "læst anderledes, eller sider er kommet til eller faldet bort"


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
