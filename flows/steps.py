"""The steps after extraction, as plain functions: resolve, classify, publish.

Each step asks the store what is done, does the rest in batches, and stores every batch in one transaction; so a step
that was killed is done again where it stopped, and doing a step twice changes nothing. Nothing here knows Prefect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from extractors.duplicates import groups
from flows.engines import Engines
from flows.progress import CLASSIFY, Progress, silent
from flows.publish.dataset import Dataset, Known, build_dataset
from flows.publish.files import publish_files
from flows.review.listing import ask, list_dataset
from flows.waiting import alike_collaborations
from models.identity.collaborations import Statement, group_claims
from models.identity.homes import placed
from models.identity.judgements import COLLABORATION, ORGANISATION
from models.identity.likeness import Likeness
from models.identity.organisations import Organisations, resolve_organisations
from models.records import Claim, Role
from models.store import StoredClaim
from models.themes.drift import night_of
from models.themes.gold import Passage
from models.themes.passages import passage_digest, passage_of

BATCH_TEXTS = 1000  # that the theme model answers at once


# Resolve


def resolve(engines: Engines) -> int:
    """Decide who is who and which claims are one collaboration; gives back how many collaborations there are."""
    store = engines.store
    claims = list(store.current_claims())
    organisations = _organisations(engines, claims)
    statements = list(_statements(claims, organisations))
    earlier = store.members(), store.collaborations(), store.statements(), store.origins()
    model = engines.identity
    known = store.chances(model.version)
    likeness = Likeness(model.claims, model.rare, known)
    grouping = group_claims(statements, *earlier, likeness=likeness, judgements=store.judgements())
    moved = replace(grouping, redirects={**grouping.redirects, **organisations.redirects})
    at_home = placed(organisations, engines.typing, (stored.claim for stored in claims))
    store.save_identity(organisations.names, at_home.values(), statements, moved)
    store.save_chances(model.version, known, likeness.met())
    engines.remember_meanings()
    ask(engines, COLLABORATION, alike_collaborations(engines, grouping.asked))
    return len(set(grouping.groups.values()))


def _organisations(engines: Engines, claims: Sequence[StoredClaim]) -> Organisations:
    written = (party for stored in claims for party in stored.claim.participants)
    decided = (party for one in engines.store.latest_decisions().values() for party in one.participants or ())
    known = engines.store.organisation_names()
    said = engines.store.judgements(ORGANISATION)
    parties = chain(written, decided)
    return resolve_organisations(parties, engines.gazetteer, engines.typing, known, engines.matcher, said)


def _statements(claims: Iterable[StoredClaim], organisations: Organisations) -> Iterator[Statement]:
    for stored in claims:
        claim = stored.claim
        parties = {organisations.of(party) for party in claim.participants if party.role is not Role.FUNDER}
        yield Statement(
            claim_id=claim.id,
            document_id=claim.document_id,
            project=claim.project,
            title=claim.title,
            parties=frozenset(parties),
            seen=stored.fetched_at,
            text=claim.evidence,
            year=claim.first_year or 0,
            forums=frozenset(claim.forums),
        )


# Classify


def passages(engines: Engines) -> dict[str, Passage]:
    """The text that each collaboration is judged by, by collaboration id."""
    members = engines.store.members()
    grouped: dict[str, list[Claim]] = defaultdict(list)
    for stored in engines.store.current_claims():
        if stored.claim.id in members:  # else a run is at work that has not resolved it yet
            grouped[members[stored.claim.id]].append(stored.claim)
    return {key: passage_of(claims) for key, claims in grouped.items()}


def classify(engines: Engines, progress: Progress = silent) -> int:
    """Predict the themes of each collaboration whose text this model has not seen; gives back how many were new."""
    known = engines.store.predictions(engines.themes_version)
    by_digest = {passage_digest(passage): passage for passage in passages(engines).values()}
    missing = sorted(by_digest.keys() - known.keys())
    for start in range(0, len(missing), BATCH_TEXTS):
        keys = missing[start : start + BATCH_TEXTS]
        predicted = engines.themes.predict([by_digest[key] for key in keys])
        engines.store.add_predictions(dict(zip(keys, predicted, strict=True)))
        progress(CLASSIFY, len(keys))
    return len(missing)


# Publish


def publish_dataset(engines: Engines) -> Dataset:
    """The dataset as it follows from the store."""
    store = engines.store
    claims = list(store.current_claims())
    organisations = Organisations(store.organisations(), store.organisation_names(), engines.gazetteer)
    known = Known(
        members=store.members(),
        first_seen=store.collaborations(),
        predictions=store.predictions(engines.themes_version),
        decisions=store.latest_decisions(),
        witnesses=groups(store.signatures()),
        publishers={one.id: organisations.find(one.publisher) for one in store.sources()},
        redirects=store.redirects(),
    )
    return build_dataset(claims, organisations, known)


def publish(engines: Engines) -> Dataset:
    """Write the dataset into the home, in the place of the one that was there."""
    dataset = publish_dataset(engines)
    publish_files(dataset, engines.settings.dataset_path)
    list_dataset(engines, dataset)
    said = engines.store.predictions(engines.themes_version)
    engines.store.add_night(
        night_of(engines.clock().date().isoformat(), map(said.__getitem__, dataset.passages.values()))
    )
    return dataset


def settle(engines: Engines) -> Dataset:
    """The dataset after resolving and classifying what a run that was killed, or a new model, left open."""
    resolve(engines)
    classify(engines)
    return publish_dataset(engines)
