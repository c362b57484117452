"""The steps of a harvest, as plain functions: fetch, extract, resolve, classify, publish.

Each step asks the store what is done, does the rest in batches, and stores every batch in one transaction; so a step
that was killed is done again where it stopped, and doing a step twice changes nothing. Nothing here knows Prefect.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from extractors.documents import DocumentError, read_documents
from extractors.duplicates import groups, signature
from extractors.mentions import find_mentions
from extractors.web.archive import ArchiveError, Location, ends
from extractors.web.discovery import is_index
from extractors.web.errors import FetchFailure, IndexRefused, NotFound, RobotsRefused, ScopeRefused
from extractors.web.fetch import Unchanged, Validators
from extractors.web.outcomes import Memory, outcomes
from flows.engines import Engines
from flows.publish.dataset import Dataset, Known, build_dataset
from flows.publish.files import publish_files
from models.identity.collaborations import Statement, group_claims
from models.identity.organisations import Organisations, resolve_organisations
from models.records import Claim, Document, Failure, Page, Response, Role, Source, SourceKind
from models.store import Fetched, Place, SourceRun, StoredClaim
from models.themes.gold import Passage
from models.themes.passages import passage_digest, passage_of

FETCH, EXTRACT, CLASSIFY = "fetch", "extract", "classify"
BATCH_PAGES = 50
BATCH_BYTES = 32 << 20
BATCH_TEXTS = 200  # that the theme model answers at once
REFUSALS = frozenset(kind.__name__ for kind in (RobotsRefused, IndexRefused, ScopeRefused))
"""Kinds of failures that are none: the site, or the source's own scope, asks for it."""

Found = tuple[Page, Place]
"""The current version of a page, and where its bytes lie."""

Progress = Callable[[str, int], None]
"""Told the name of a step and how many pages, documents or texts it has just done."""


def silent(_step: str, _count: int) -> None:
    """Progress that nobody watches."""


# Fetch


def fetch(
    engines: Engines, source: Source, limit: int | None = None, refetch: bool = False, progress: Progress = silent
) -> SourceRun:
    """Archive what is new or changed at a source, and note what is unchanged and what failed."""
    started = engines.store.begin_run(source, FETCH, engines.clock())
    pages = {page.url: (page, place) for page, place in engines.store.current_pages([source.id])}
    batch = Batch(engines, progress, started, pages)
    counts: Counter[str] = Counter()
    memory = Memory() if refetch else _memory(engines, source, started, pages)
    for outcome in outcomes(source, engines.fetcher, memory, limit):
        if isinstance(outcome, FetchFailure):
            counts[_counted_as(outcome, pages)] += 1
            engines.store.add_failure(_failure(engines, source, FETCH, outcome))
        else:
            counts[batch.add(source, outcome)] += 1
    batch.commit()
    names = ("fresh", "changed", "unchanged", "failed", "refused", "vanished")
    run = SourceRun(source.id, source.name, engines.clock(), **{name: counts[name] for name in names})
    engines.store.add_run(run)
    return run


def _counted_as(failure: FetchFailure, pages: Mapping[str, Found]) -> str:
    """A page that asks not to be fetched is no failure; one that was there and is gone has vanished."""
    if failure.kind in REFUSALS:
        return "refused"
    return "vanished" if failure.kind == NotFound.__name__ and failure.url in pages else "failed"


def _memory(engines: Engines, source: Source, started: datetime, pages: Mapping[str, Found]) -> Memory:
    """What earlier runs know of a source's `pages`, and this one from before it was broken off.

    Pages whose archive was pruned are unknown, and fetched anew.
    """
    kept = engines.store.archive_ends()

    def known(url: str) -> Validators | None:
        found = pages.get(url)
        return Validators(found[1].etag, found[1].last_modified) if found and found[1].file in kept else None

    def recall(url: str) -> Response | None:
        found = pages.get(url)
        return engines.archive.read(engines.location(*found)) if found and found[1].file in kept else None

    def settled(url: str) -> Unchanged | None:
        found = pages.get(url)
        if found is None or found[0].last_seen < started or found[1].file not in kept:
            return None
        return Unchanged(url, found[0].last_seen, asked=False)

    digests = engines.store.etags(source.id) if source.kind is SourceKind.WAYBACK else ()
    return Memory(known, recall, settled, frozenset(digests))


class Batch:
    """Pages on their way into archive and store, committed together."""

    def __init__(self, engines: Engines, progress: Progress, started: datetime, pages: dict[str, Found]) -> None:
        """`started`: when the run began, which may have been broken off since; `pages`: the source's, by address."""
        self.engines, self.progress, self.started, self.pages = engines, progress, started, pages
        self.fetched: list[Fetched] = []
        self.seen: dict[str, datetime] = {}
        self.locations: list[Location] = []
        self.size = 0
        self.kept = set(engines.store.archive_ends())  # files that were not pruned

    def add(self, source: Source, outcome: Response | Unchanged) -> str:
        """Archive one page; says whether it is fresh, changed or unchanged."""
        known = self.pages.get(outcome.url)
        content = hashlib.sha256(outcome.body).hexdigest() if isinstance(outcome, Response) else ""
        pruned = known is not None and known[1].file not in self.kept
        if known and content in ("", known[0].content) and not (pruned and content):
            told = self._found_again(source, known[0], outcome)
        elif not isinstance(outcome, Response) or (_dated(source, outcome) and self._has(source, outcome, content)):
            told = "unchanged"  # a capture of a version that is not the current one, had before
        else:
            self._append(source, outcome, content, known)
            told = "fresh" if known is None else "unchanged" if content == known[0].content else "changed"
        if len(self.fetched) + len(self.seen) >= BATCH_PAGES or self.size >= BATCH_BYTES:
            self.commit()
        return told

    def restore(self, source: Source, response: Response, location: Location) -> None:
        """Take in a page that the archive holds and the store has lost."""
        content = hashlib.sha256(response.body).hexdigest()
        self.fetched.append(_fetched(source, response, content, location, current=True))
        self.locations.append(location)
        if len(self.fetched) >= BATCH_PAGES:
            self.commit()

    def commit(self) -> None:
        """Bring the archive to the disk, then the store."""
        self.engines.archive.sync()
        self.engines.store.commit_fetch(self.fetched, self.seen, ends(self.locations))
        self.progress(FETCH, len(self.fetched) + len(self.seen))
        self.fetched, self.seen, self.locations, self.size = [], {}, [], 0

    def _append(self, source: Source, response: Response, content: str, known: Found | None) -> None:
        on_web = response.url.startswith(("http://", "https://"))
        filed = self.engines.clock() if on_web else None  # a file: by its own time, the same on any day
        location = self.engines.archive.append(source.id, response, filed=filed)
        older = _dated(source, response) and known and response.fetched_at < known[0].fetched_at
        fetched = _fetched(source, response, content, location, current=not older)
        self.fetched.append(fetched)
        self.locations.append(location)
        if not older:
            self.pages[response.url] = (fetched.page, fetched.place)
            self.kept.add(location.file)
        self.size += len(response.body)

    def _has(self, source: Source, response: Response, content: str) -> bool:
        return self.engines.store.has_page(Page.key(source.id, response.url, content))

    def _found_again(self, source: Source, page: Page, outcome: Response | Unchanged) -> str:
        """A page as it was; the archive says so too where it is on the web, once a run."""
        self.seen[page.id] = outcome.fetched_at
        asked = not isinstance(outcome, Unchanged) or outcome.asked
        if source.kind is not SourceKind.FILES and asked and page.last_seen < self.started:
            status = 304 if isinstance(outcome, Unchanged) else 200
            unchanged = Unchanged(outcome.url, outcome.fetched_at)
            self.locations.append(self.engines.archive.append_revisit(page, unchanged, status))
        return "fresh" if source.kind is not SourceKind.FILES and page.fetched_at >= self.started else "unchanged"


def _dated(source: Source, response: Response) -> bool:
    """Whether a response bears the time of a capture, of which the newest is the current version."""
    return source.kind is SourceKind.WAYBACK or (
        source.kind in (SourceKind.FILES, SourceKind.WARC) and response.url.startswith(("http://", "https://"))
    )


def _fetched(source: Source, response: Response, content: str, location: Location, *, current: bool) -> Fetched:
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
    return Fetched(page, place, current)


# Extract


def pending_pages(engines: Engines, source: Source) -> list[tuple[Page, Place]]:
    """The newest pages of a source that this version of the extraction has not read."""
    engines.store.begin_source(source.id, EXTRACT)
    done, kept = engines.store.finished(EXTRACT, engines.extractor_version), engines.store.archive_ends()
    current = engines.store.current_pages([source.id])
    return [(page, place) for page, place in current if page.id not in done and place.file in kept]


def extract(engines: Engines, source: Source, pages: Sequence[tuple[Page, Place]], progress: Progress = silent) -> int:
    """Read pages, find their claims, store both; gives back how many documents there were.

    One bad page harms one page.
    """
    read = 0
    for page, place in pages:
        try:
            found = _extracted(engines, source, page, place)
        except (DocumentError, ArchiveError) as error:
            failure = FetchFailure(page.url, str(error), type(error).__name__)
            engines.store.add_failure(_failure(engines, source, EXTRACT, failure))
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
        told = replace(
            document,
            url=engines.privacy.mask_url(document.url),
            title=engines.finder.parties.masked(document.title),
            blocks=(),
            record=None,
            signature=signature(document.text),
        )
        found.append((told, claims))
    return found


# Resolve


def resolve(engines: Engines) -> int:
    """Decide who is who and which claims are one collaboration; gives back how many collaborations there are."""
    store = engines.store
    claims = list(store.current_claims())
    organisations = _organisations(engines, claims)
    statements = list(_statements(claims, organisations))
    grouping = group_claims(statements, store.members(), store.collaborations(), store.statements(), store.origins())
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
        if stored.claim.id in members:  # else a run is at work that has not resolved it yet
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
        members=store.members(),
        first_seen=store.collaborations(),
        predictions=store.predictions(engines.themes.version),
        decisions=store.latest_decisions(),
        witnesses=groups(store.signatures()),
    )
    return build_dataset(claims, organisations, known)


def publish(engines: Engines) -> Dataset:
    """Write the dataset into the home, in the place of the one that was there."""
    dataset = publish_dataset(engines)
    publish_files(dataset, engines.settings.dataset_path)
    return dataset


def settle(engines: Engines) -> Dataset:
    """The dataset after resolving and classifying what a run that was killed, or a new model, left open."""
    resolve(engines)
    classify(engines)
    return publish_dataset(engines)


def _failure(engines: Engines, source: Source, step: str, found: FetchFailure) -> Failure:
    masked = engines.privacy.mask
    url = engines.privacy.mask_url(found.url)[:1000]
    return Failure(source.id, url, step, masked(found.reason), engines.clock(), found.kind)
