"""Fetching one source: archive what is new or changed, note what is unchanged and what failed.

Every batch is one transaction: a run that was killed goes on where it stopped, and what it had is not asked for again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from extractors.web.archive import Location, ends
from extractors.web.crawl import Memory
from extractors.web.errors import FetchFailure, IndexRefused, NotFound, RobotsRefused, ScopeRefused
from extractors.web.fetch import Unchanged, Validators
from extractors.web.leads import Leads, ReadAs, scope_key
from extractors.web.outcomes import outcomes
from flows.engines import Engines
from flows.progress import EXTRACT, FETCH, Progress, silent
from models.records import Failure, Page, Response, Source, SourceKind
from models.store import Fetched, Lead, LostCapture, Place, SourceRun

BATCH_PAGES = 50
BATCH_BYTES = 32 << 20
REFUSALS = frozenset(kind.__name__ for kind in (RobotsRefused, IndexRefused, ScopeRefused))
"""Kinds of failures that are none: the site, or the source's own scope, asks for it."""

Found = tuple[Page, Place]
"""The current version of a page, and where its bytes lie."""


def fetch(
    engines: Engines, source: Source, limit: int | None = None, refetch: bool = False, progress: Progress = silent
) -> SourceRun:
    """Archive what is new or changed at a source, and note what is unchanged and what failed."""
    started = engines.store.begin_run(source, FETCH, engines.clock())
    pages = {page.url: (page, place) for page, place in engines.store.current_pages([source.id])}
    batch = Batch(engines, progress, started, pages, scope_key(source))
    counts: Counter[str] = Counter()
    memory = Memory() if refetch else _memory(engines, source, started, batch)
    met: set[str] = set()  # of files alone
    for outcome in outcomes(source, engines.fetcher, memory, limit):
        if source.kind is SourceKind.FILES:
            met.add(outcome.url)
        if isinstance(outcome, FetchFailure):
            counts[_counted_as(outcome, pages)] += 1
            engines.store.add_failure(failure_of(engines, source, FETCH, outcome))
        else:
            counts[batch.add(source, outcome)] += 1
        del outcome  # a large body goes before the next comes
    batch.commit()
    if source.kind is SourceKind.FILES and limit is None:
        engines.store.retire_unread(source.id, pages.keys() - met)
    names = ("fresh", "changed", "unchanged", "failed", "refused", "vanished")
    run = SourceRun(source.id, source.name, engines.clock(), **{name: counts[name] for name in names})
    engines.store.add_run(run)
    return run


def _counted_as(failure: FetchFailure, pages: Mapping[str, Found]) -> str:
    """A page that asks not to be fetched is no failure; one that was there and is gone has vanished."""
    if failure.kind in REFUSALS:
        return "refused"
    return "vanished" if failure.kind == NotFound.__name__ and failure.url in pages else "failed"


def _memory(engines: Engines, source: Source, started: datetime, batch: Batch) -> Memory:
    """What earlier runs know of a source's pages, and this one from before it was broken off; the batch takes notes.

    Pages whose archive was pruned are unknown, and fetched anew.
    """
    store, pages = engines.store, batch.pages
    kept, led = store.archive_ends(), store.leads(source.id, batch.scope)

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

    def remembered(url: str, read_as: ReadAs) -> Leads | None:
        found = pages.get(url)
        packed = led.get((found[0].id, read_as)) if found and found[1].file in kept else None
        return Leads.unpack(found[0].content, packed) if found and packed else None

    def lose(digest: str, failure: FetchFailure) -> None:
        store.add_lost_capture(LostCapture(source.id, digest, failure.url, failure.reason, failure.kind))

    if source.kind is not SourceKind.WAYBACK:
        return Memory(known, recall, settled, remembered, batch.note)
    lost = {one.digest: FetchFailure(one.url, one.reason, one.kind) for one in store.lost_captures(source.id)}
    return Memory(digests=frozenset(store.etags(source.id)), lost=lost, lose=lose)


class Batch:
    """Pages on their way into archive and store, committed together."""

    def __init__(
        self, engines: Engines, progress: Progress, started: datetime, pages: dict[str, Found], scope: str = ""
    ) -> None:
        """`started`: when the run began, which may have been broken off since; `pages`: the source's, by address;
        `scope`: what leads hold for."""
        self.engines, self.progress, self.started, self.pages, self.scope = engines, progress, started, pages, scope
        self.leads: list[Lead] = []
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

    def note(self, url: str, read_as: ReadAs, leads: Leads) -> None:
        """Keep what a page leads to."""
        known = self.pages.get(url)
        if known and known[0].content == leads.content:
            self.leads.append(Lead(known[0].id, read_as, self.scope, leads.pack()))

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
        self.engines.store.commit_fetch(self.fetched, self.seen, ends(self.locations), self.leads)
        self.progress(FETCH, len(self.fetched) + len(self.seen))
        self.fetched, self.seen, self.locations, self.leads, self.size = [], {}, [], [], 0

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


def pending_pages(engines: Engines, source: Source) -> list[Found]:
    """The newest pages of a source that this version of the extraction has not read."""
    store = engines.store
    store.begin_source(source.id, EXTRACT)
    kept, current = store.archive_ends(), store.current_pages([source.id], unless=(EXTRACT, engines.extractor_version))
    return [(page, place) for page, place in current if place.file in kept]


def failure_of(engines: Engines, source: Source, step: str, found: FetchFailure) -> Failure:
    """What went wrong with a page, told without personal data."""
    masked = engines.privacy.mask
    url = engines.privacy.mask_url(found.url)[:1000]
    return Failure(source.id, url, step, masked(found.reason), engines.clock(), found.kind)
