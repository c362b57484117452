"""Keeping the archive: taking old months away, and reading all of it again without a network."""

from __future__ import annotations

from datetime import date

from extractors.sources import FILES_PREFIX
from extractors.web.archive import TornFileError, source_of
from flows import extracting, fetching, steps
from flows.engines import Engines
from flows.progress import EXTRACT, Progress, silent
from flows.publish.dataset import Dataset
from models.records import ALL_REGIONS, Source, SourceKind


def prune(engines: Engines, months: int) -> tuple[str, ...]:
    """Delete the files of all months but the last `months` whole ones and this: their names.

    What they proved keeps its quotes in the dataset; pages still on the web are fetched and archived anew.
    """
    today = engines.clock().date()
    index = today.year * 12 + today.month - 1 - months
    gone = engines.archive.prune(date(index // 12, index % 12 + 1, 1))
    engines.store.forget_archive(gone)
    return gone


def replay(engines: Engines, progress: Progress = silent) -> Dataset:
    """Read every archived page again, without a network, and publish; pages that the store lost come back first."""
    restore(engines)
    engines.store.forget_step(EXTRACT)
    for source in engines.store.sources():
        extracting.extract(engines, source, fetching.pending_pages(engines, source), progress)
    steps.resolve(engines)
    steps.classify(engines, progress)
    return steps.publish(engines)


def restore(engines: Engines) -> int:
    """Bring files of the archive that the store does not know back into it; gives back how many pages there were."""
    store, archive = engines.store, engines.archive
    sources = {source.id: source for source in store.sources()}
    known = store.archive_ends()
    count = 0
    for file in archive.files():
        if file in known:
            continue
        batch = fetching.Batch(engines, silent, engines.clock(), {})
        source = sources.get(source_of(file)) or _unknown(source_of(file))
        store.add_source(source)
        try:
            for location, response in archive.replay([file]):
                batch.restore(source, response, location)
                count += 1
        except TornFileError as error:
            archive.cut(file, error.length)
        batch.commit()
    return count


def _unknown(source_id: str) -> Source:
    """A source of which only the archive is left."""
    kind = SourceKind.FILES if source_id.startswith(FILES_PREFIX) else SourceKind.WEBSITE
    return Source(source_id, source_id, "", kind, (ALL_REGIONS,), start=())
