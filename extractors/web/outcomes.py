"""What becomes of each page of a source, of whatever kind the source is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from extractors.files import read_files
from extractors.web.crawl import Outcome, Recall, Settled, crawl, nothing_recalled, nothing_settled
from extractors.web.fetch import Fetcher, Known, nothing_known
from extractors.web.wayback import WAYBACK, captures
from models.records import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a source from earlier runs."""

    known: Known = nothing_known
    recall: Recall = nothing_recalled
    settled: Settled = nothing_settled
    digests: Collection[str] = frozenset()  # of captures had before: Validators.etag of each version of each page


NOTHING = Memory()
"""A first run."""


def outcomes(
    source: Source,
    fetcher: Fetcher,
    memory: Memory = NOTHING,
    limit: int | None = None,
    archive: str = WAYBACK,
) -> Iterator[Outcome]:
    """What became of each page of a source: crawled, read from files, or had from the web `archive`.

    At most `limit` pages, where one is given. The start of a `projects` source may be either a URL or a path.
    """
    on_web = tuple(start for start in source.start if "://" in start)
    if limit is not None:
        source = replace(source, max_pages=min(source.max_pages, limit))
    if source.kind is SourceKind.WAYBACK:
        yield from captures(source, fetcher, memory.digests, archive)
    elif on_web:
        yield from crawl(replace(source, start=on_web), fetcher, memory.known, memory.recall, memory.settled)
    paths = (Path(start) for start in source.start if "://" not in start)
    yield from islice((outcome for path in paths for outcome in read_files(path)), limit)
