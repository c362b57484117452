"""What becomes of each page of a source, of whatever kind the source is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from extractors.web.crawl import NOTHING, Memory, Outcome, crawl
from extractors.web.fetch import Fetcher
from extractors.web.wayback import WAYBACK, captures
from models.records import Source, SourceKind


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
    paths = tuple(Path(start) for start in source.start if "://" not in start)
    if limit is not None:
        source = replace(source, max_pages=min(source.max_pages, limit))
    if source.kind is SourceKind.WAYBACK:
        yield from captures(source, fetcher, memory, archive)
    elif on_web:
        yield from crawl(replace(source, start=on_web), fetcher, memory)
    if paths:
        from extractors.files import read_files  # noqa: PLC0415 - with the readers of documents, which take a second

        yield from islice((outcome for path in paths for outcome in read_files(path)), limit)
