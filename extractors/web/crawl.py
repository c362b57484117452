"""Crawling: all pages of one source, breadth first, always in the same order.

One crawl is sequential; several run side by side, in threads of the caller, and share the fetcher and its pace.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from extractors.web.discovery import leads, sitemap
from extractors.web.errors import FetchError, FetchFailure, IndexRefused, TimedOut, TooManyRequests, Unreachable
from extractors.web.fetch import Fetcher, Known, Request, Unchanged, anywhere, nothing_known
from extractors.web.leads import Leads, ReadAs
from extractors.web.scope import Scope, canonical, is_trap
from models.records import Response, Source, SourceKind

Outcome = Response | Unchanged | FetchFailure
"""What became of one URL. Feeds and sitemaps come as Responses too, see discovery.is_index."""

Recall = Callable[[str], Response | None]
"""The archived response of an unchanged URL, so that its links are followed as when it was new; None: no links."""

Remembered = Callable[[str, ReadAs], Leads | None]
"""What an unchanged URL led to, so that the archive need not be opened; None: not noted."""

Note = Callable[[str, ReadAs, Leads], None]
"""Told what the URL of the last outcome leads to."""

Settled = Callable[[str], Unchanged | None]
"""A URL that this run had an answer for before it was broken off; None: it is to be asked for."""

SITEMAPS = 50
"""Sitemaps read of one source; further ones are left."""

GIVE_UP = 5
"""Pages in a row without any answer, after which a source is left until the next run; so it is after the first page
that it still answers with 429 when all tries are used up."""


def nothing_recalled(_url: str) -> Response | None:
    """No archive: an unchanged page leads nowhere."""
    return None


def nothing_remembered(_url: str, _as: ReadAs) -> Leads | None:
    """Nothing was noted."""
    return None


def note_nothing(_url: str, _as: ReadAs, _leads: Leads) -> None:
    """Nobody takes notes."""


def lose_nothing(_digest: str, _failure: FetchFailure) -> None:
    """Nobody takes notes."""


def nothing_settled(_url: str) -> Unchanged | None:
    """A run from its beginning."""
    return None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a source from earlier runs, and who takes notes in this one."""

    known: Known = nothing_known
    recall: Recall = nothing_recalled
    settled: Settled = nothing_settled
    remembered: Remembered = nothing_remembered
    note: Note = note_nothing
    digests: Collection[str] = frozenset()  # of captures had before: Validators.etag of each version of each page
    lost: Mapping[str, FetchFailure] = field(default_factory=dict)  # captures not to be had, by digest
    lose: Callable[[str, FetchFailure], None] = lose_nothing


NOTHING = Memory()
"""A first run."""


def crawl(source: Source, fetcher: Fetcher, memory: Memory = NOTHING) -> Iterator[Outcome]:
    """What became of each page of a source that is on the web: start URLs, then what sitemaps list, then links.

    At most `source.max_pages` URLs are asked for. Where `memory` answers from the archive, or with what was noted, a
    crawl visits the same URLs in the same order as a first one does, also after a crawl that was broken off; what is
    settled since then is not asked for again.
    """
    visits = _Visits(source, fetcher, memory)
    visits.add(tuple(canonical(url) or url for url in source.start), depth=0)
    yield from visits.run(depth=0)
    if visits.answered and source.kind is not SourceKind.FEED:
        yield from visits.read_sitemaps()
    yield from visits.run(depth=source.max_depth)


@dataclass(slots=True)
class _Visits:
    """A crawl in progress."""

    source: Source
    fetcher: Fetcher
    memory: Memory
    scope: Scope = field(init=False)
    queue: deque[tuple[str, int]] = field(default_factory=deque)
    queued: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)  # addresses after redirects
    bodies: set[str] = field(default_factory=set)
    asked: int = 0
    silent: int = 0  # failures to get any answer, in a row
    answered: bool = False

    def __post_init__(self) -> None:
        self.scope = Scope.of(self.source)

    def add(self, urls: tuple[str, ...], depth: int) -> None:
        """Queues those URLs that are new. No more are kept than can ever be asked for."""
        for url in urls:
            if len(self.queued) >= 2 * self.source.max_pages:
                return
            if url not in self.queued:
                self.queued.add(url)
                self.queue.append((url, depth))

    def visitable(self, urls: tuple[str, ...]) -> tuple[str, ...]:
        """Those URLs that may be visited."""
        return tuple(url for url in urls if url in self.queued or (url in self.scope and not is_trap(url)))

    def run(self, depth: int) -> Iterator[Outcome]:
        """Visits what is queued, down to `depth` links from the start."""
        while self.queue and self.queue[0][1] <= depth and self.asked < self.source.max_pages:
            if self.silent >= GIVE_UP:
                yield FetchFailure(
                    self.queue[0][0], "Kilden svarer ikke eller vil have ro; resten hentes ved næste kørsel", "GaveUp"
                )
                self.queue.clear()
                return
            url, at = self.queue.popleft()
            if url in self.done:
                continue
            self.asked += 1
            outcome, found = self.visit(url, ReadAs.PAGE, self.start_scope if at == 0 else self.page_scope)
            if outcome.url in self.done:  # redirected to a page that was there before
                continue
            self.done.add(outcome.url)
            yield outcome
            if found is not None and self.leads_on(at):
                yield from self.follow(outcome.url, found, at + 1)
            del outcome, found  # a large body goes before the next comes
            self.fetcher.free()

    def leads_on(self, depth: int) -> bool:
        """Whether links at that depth are followed: those of a feed's entries are not."""
        return depth < self.source.max_depth and (depth == 0 or self.source.kind is not SourceKind.FEED)

    def follow(self, url: str, found: Response | Leads, depth: int) -> Iterator[Outcome]:
        """Queues what a page leads to, unless the same bytes came before under another address (a trap)."""
        content = found.content if isinstance(found, Leads) else _content(found)
        if content in self.bodies:
            return
        self.bodies.add(content)
        if isinstance(found, Response):
            try:
                found = Leads(content, self.visitable(leads(found, self.fetcher.agent)))
            except FetchError as error:
                yield error.failure()
                return
            self.memory.note(url, ReadAs.PAGE, found)
        self.add(found.pages, depth)

    def visit(self, url: str, read_as: ReadAs, scope: Callable[[str], bool]) -> tuple[Outcome, Response | Leads | None]:
        """What became of one URL, and the response whose links count, or what it is known to lead to."""
        outcome: Outcome | None = self.memory.settled(url)
        if outcome is None:
            try:
                outcome = self.fetcher.fetch(Request(url, self.source.delay, self.memory.known, scope))
            except IndexRefused as error:
                self.silent, self.answered = 0, True
                return error.failure(url), error.response
            except FetchError as error:
                if isinstance(error, TooManyRequests):
                    self.silent = GIVE_UP
                else:
                    self.silent = self.silent + 1 if isinstance(error, Unreachable | TimedOut) else 0
                return error.failure(url), None
        self.silent, self.answered = 0, True
        if isinstance(outcome, Response):
            return outcome, outcome
        return outcome, self.memory.remembered(outcome.url, read_as) or self.memory.recall(outcome.url)

    def page_scope(self, url: str) -> bool:
        """Where a page may be redirected to."""
        return (canonical(url) or "") in self.scope

    def start_scope(self, url: str) -> bool:
        """Where a start URL may be redirected to: also anywhere on the hosts."""
        return self.scope.on_hosts(url) or self.page_scope(url)

    def read_sitemaps(self) -> Iterator[Outcome]:
        """Queues what the sitemaps of the hosts list: those that robots.txt names, else /sitemap.xml."""
        guessed = set[str]()
        waiting = deque[str]()
        for start in dict.fromkeys(urljoin(url, "/sitemap.xml") for url in self.source.start):
            named = self.fetcher.rules(start).sitemaps
            guessed |= set() if named else {start}
            waiting.extend(named or (start,))
        read = set[str]()
        while waiting and len(read) < SITEMAPS:
            url = canonical(waiting.popleft())
            if url is None or url in read:
                continue
            read.add(url)
            outcome, found = self.visit(url, ReadAs.SITEMAP, anywhere)
            if isinstance(outcome, FetchFailure) and url in guessed:
                continue
            fresh = isinstance(found, Response)
            try:
                listed = self.listed(found) if isinstance(found, Response) else found
            except FetchError as error:
                if url not in guessed:
                    yield error.failure()
                continue
            yield outcome
            if listed is not None:
                if fresh:
                    self.memory.note(outcome.url, ReadAs.SITEMAP, listed)
                self.add(listed.pages, 1)
                waiting.extend(listed.sitemaps)
            del outcome, found
            self.fetcher.free()

    def listed(self, response: Response) -> Leads:
        """What a sitemap lists. Raises BadIndex."""
        found = sitemap(response)
        return Leads(_content(response), self.visitable(found.pages), found.sitemaps)


def _content(response: Response) -> str:
    return hashlib.sha256(response.body).hexdigest()
