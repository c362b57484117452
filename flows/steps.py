"""The steps of a harvest, as plain functions: fetch, extract, resolve, classify, publish.

Each step asks the store what is done, does the rest in batches, and stores every batch in one transaction; so a step
that was killed is done again where it stopped, and doing a step twice changes nothing. Nothing here knows Prefect.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from extractors.documents import DocumentError, read_documents
from extractors.files import read_files
from extractors.mentions import find_mentions
from extractors.web.crawl import Outcome, crawl
from extractors.web.discovery import is_index
from extractors.web.errors import FetchFailure
from extractors.web.fetch import Validators
from flows.engines import Engines
from flows.publish.dataset import Dataset, Known, build_dataset
from flows.publish.files import DEFAULT_FORMATS, publish_files
from models.identity.collaborations import Statement, group_claims
from models.identity.organisations import Organisations, resolve_organisations
from models.records import Claim, Document, Failure, Page, Response, Role, Source, SourceKind
from models.store import Place, SourceRun, StoredClaim
from models.themes.gold import Passage
from models.themes.passages import passage_digest, passage_of

FETCH, EXTRACT, CLASSIFY = "fetch", "extract", "classify"
BATCH_PAGES = 50
BATCH_BYTES = 32 << 20
BATCH_TEXTS = 200  # that the theme model answers at once

Progress = Callable[[str, int], None]
"""Told the name of a step and how many pages, documents or texts it has just done."""


def silent(_step: str, _count: int) -> None:
    """Progress that nobody watches."""


# Fetch


def fetch(
    engines: Engines, source: Source, limit: int | None = None, refetch: bool = False, progress: Progress = silent
) -> SourceRun:
    """Archive what is new or changed at a source, and note what is unchanged and what failed."""
    store, archive = engines.store, engines.archive
    store.begin_source(source.id, FETCH)
    batch: list[tuple[Page, Place]] = []
    seen: dict[str, datetime] = {}
    size = fresh = changed = unchanged = failed = 0

    def commit() -> None:
        archive.sync()
        store.add_pages(batch)
        store.touch_pages(seen)
        progress(FETCH, len(batch) + len(seen))
        batch.clear()
        seen.clear()

    for outcome in _outcomes(engines, source, limit, refetch):
        if isinstance(outcome, FetchFailure):
            failed += 1
            store.add_failure(_failure(engines, source.id, outcome.url, FETCH, outcome.reason))
            continue
        known = store.current_page(source.id, outcome.url)
        content = hashlib.sha256(outcome.body).hexdigest() if isinstance(outcome, Response) else ""
        if known and content in ("", known[0].content):
            unchanged += 1
            seen[known[0].id] = outcome.fetched_at
        elif isinstance(outcome, Response):
            fresh, changed = fresh + (known is None), changed + (known is not None)
            batch.append(_archived(engines, source, outcome, content))
            size += len(outcome.body)
        if len(batch) + len(seen) >= BATCH_PAGES or size >= BATCH_BYTES:
            commit()
            size = 0
    commit()
    run = SourceRun(source.id, source.name, engines.clock(), fresh, changed, unchanged, failed)
    store.add_run(run)
    return run


def _outcomes(engines: Engines, source: Source, limit: int | None, refetch: bool) -> Iterator[Outcome]:
    if source.kind is SourceKind.FILES or source.kind is SourceKind.WARC:
        found: Iterable[Outcome] = (outcome for path in source.start for outcome in read_files(Path(path)))
        return islice(iter(found), limit)

    def known(url: str) -> Validators | None:
        page = None if refetch else engines.store.current_page(source.id, url)
        return Validators(page[1].etag, page[1].last_modified) if page else None

    def recall(url: str) -> Response | None:
        page = engines.store.current_page(source.id, url)
        return engines.archive.read(engines.location(*page)) if page else None

    limited = replace(source, max_pages=min(source.max_pages, limit)) if limit else source
    return crawl(limited, engines.fetcher, known, recall)


def _archived(engines: Engines, source: Source, response: Response, content: str) -> tuple[Page, Place]:
    location = engines.archive.append(source.id, response)
    validators = Validators.of(response)
    page = Page(
        id=Page.key(source.id, response.url, content),
        source_id=source.id,
        url=response.url,
        media_type=response.media_type,
        charset=response.charset,
        fetched_at=response.fetched_at,
        last_seen=response.fetched_at,
        content=content,
        record=location.record,
    )
    place = Place(location.file, location.offset, location.length, validators.etag, validators.last_modified)
    return page, place


# Extract


def pending_pages(engines: Engines, source: Source) -> list[tuple[Page, Place]]:
    """The newest pages of a source that this version of the extraction has not read."""
    engines.store.begin_source(source.id, EXTRACT)
    done = engines.store.finished(EXTRACT, engines.extractor_version)
    return [found for found in engines.store.current_pages([source.id]) if found[0].id not in done]


def extract(engines: Engines, source: Source, pages: Sequence[tuple[Page, Place]], progress: Progress = silent) -> int:
    """Read pages, find their claims, store both; gives back how many documents there were.

    One bad page harms one page.
    """
    read = 0
    for page, place in pages:
        try:
            found = _extracted(engines, source, page, place)
        except DocumentError as error:
            engines.store.add_failure(_failure(engines, source.id, page.url, EXTRACT, str(error)))
        else:
            engines.store.add_extraction(page, found, EXTRACT, engines.extractor_version)
            read += len(found)
        progress(EXTRACT, 1)
    return read


def _extracted(engines: Engines, source: Source, page: Page, place: Place) -> list[tuple[Document, list[Claim]]]:
    response = engines.archive.read(engines.location(page, place))
    if is_index(response):
        return []
    documents = read_documents(page, response.body, engines.mappings)
    found = []
    for document, blocks in find_mentions(engines.nlp, documents, engines.gazetteer.collectives):
        claims = engines.finder.find(source, document, blocks)
        told = replace(document, title=engines.privacy.mask(document.title), blocks=(), record=None)
        found.append((told, claims))
    return found


# Resolve


def resolve(engines: Engines) -> int:
    """Decide who is who and which claims are one collaboration; gives back how many collaborations there are."""
    store = engines.store
    claims = list(store.current_claims())
    organisations = _organisations(engines, claims)
    statements = list(_statements(claims, organisations))
    grouping = group_claims(statements, store.members(), store.collaborations(), store.statements())
    store.save_identity(organisations.names, organisations.by_id.values(), statements, grouping)
    return len(set(grouping.groups.values()))


def _organisations(engines: Engines, claims: Sequence[StoredClaim]) -> Organisations:
    participants = (party for stored in claims for party in stored.claim.participants)
    return resolve_organisations(participants, engines.gazetteer, engines.typing, engines.store.organisation_names())


def _statements(claims: Iterable[StoredClaim], organisations: Organisations) -> Iterator[Statement]:
    for stored in claims:
        claim = stored.claim
        parties = {organisations.of(party) for party in claim.participants if party.role is not Role.FUNDER}
        yield Statement(claim.id, claim.document_id, claim.project, claim.title, frozenset(parties), stored.fetched_at)


# Classify


def passages(engines: Engines) -> dict[str, Passage]:
    """The text that each collaboration is judged by, by collaboration id."""
    members = engines.store.members()
    grouped: dict[str, list[Claim]] = defaultdict(list)
    for stored in engines.store.current_claims():
        grouped[members[stored.claim.id]].append(stored.claim)
    return {key: passage_of(claims) for key, claims in grouped.items()}


def classify(engines: Engines, progress: Progress = silent) -> int:
    """Predict the themes of each collaboration whose text this model has not seen; gives back how many were new."""
    known = engines.store.predictions(engines.themes.version)
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
        store.members(), store.collaborations(), store.predictions(engines.themes.version), store.latest_decisions()
    )
    return build_dataset(claims, organisations, known)


def publish(engines: Engines, target: Path, formats: Sequence[str] = DEFAULT_FORMATS) -> Dataset:
    """Write the dataset, in the place of the one that was there."""
    dataset = publish_dataset(engines)
    publish_files(dataset, target, formats)
    return dataset


def _failure(engines: Engines, source_id: str, url: str, step: str, reason: str) -> Failure:
    return Failure(source_id, engines.privacy.mask(url)[:1000], step, engines.privacy.mask(reason), engines.clock())
