"""A whole run in one readable function: fetch, extract, resolve, classify, publish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from flows import steps
from flows.engines import Engines
from flows.publish.dataset import Dataset
from flows.steps import Progress, silent
from models.records import Failure, Source
from models.store import SourceRun

FETCHERS = 16  # sources fetched side by side; each host has its own pace

DONE, BELOW, NOTHING = 0, 1, 3
"""Exit codes: done; done but a source fell below what it expects; nothing could be done."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for."""

    limit: int | None = None
    refetch: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run found, and what the dataset holds after it."""

    sources: tuple[SourceRun, ...]
    documents_read: int
    pages: int
    documents: int
    claims: int
    collaborations: int
    organisations: int
    by_forum: dict[str, int]
    by_theme: dict[str, int]
    failures: tuple[Failure, ...]
    below: tuple[str, ...]  # what fell short, one line a source
    dataset: str

    @property
    def exit_code(self) -> int:
        """As the contract has it."""
        if not any(run.fresh + run.changed + run.unchanged for run in self.sources) or not self.documents:
            return NOTHING
        return BELOW if self.below else DONE

    def as_json(self) -> dict[str, Any]:
        """For `--json`: plain values."""
        runs = [{**asdict(run), "at": run.at.isoformat()} for run in self.sources]
        failures = [{**asdict(one), "at": one.at.isoformat()} for one in self.failures]
        return {**asdict(self), "sources": runs, "failures": failures, "exit_code": self.exit_code}


def harvest(engines: Engines, sources: Sequence[Source], options: Options, progress: Progress = silent) -> Summary:
    """The run, without Prefect; flows.harvest runs the same steps as Prefect tasks."""
    runs = fetch_all(engines, sources, options, progress)
    read = 0
    for source in sources:
        pages = steps.pending_pages(engines, source)
        read += steps.extract(engines, source, pages, progress)
    steps.resolve(engines)
    steps.classify(engines, progress)
    dataset = steps.publish(engines, engines.settings.dataset_path)
    return summarise(engines, sources, runs, read, dataset)


def fetch_all(
    engines: Engines, sources: Sequence[Source], options: Options, progress: Progress = silent
) -> list[SourceRun]:
    """All sources, side by side; their runs in the order of the sources."""
    with ThreadPoolExecutor(FETCHERS) as pool:
        futures = [
            pool.submit(steps.fetch, engines, source, options.limit, options.refetch, progress) for source in sources
        ]
        return [future.result() for future in futures]


def summarise(
    engines: Engines, sources: Sequence[Source], runs: Sequence[SourceRun], read: int, dataset: Dataset
) -> Summary:
    """The figures at the end of a run."""
    counts = engines.store.counts()
    rows = dataset.tables["collaborations"]
    ids = {source.id for source in sources}
    return Summary(
        sources=tuple(runs),
        documents_read=read,
        pages=counts["page"],
        documents=counts["document"],
        claims=len(dataset.tables["claims"]),
        collaborations=len(rows),
        organisations=len(dataset.tables["organisations"]),
        by_forum=_counted(rows, "forums"),
        by_theme=_counted(rows, "themes"),
        failures=tuple(failure for failure in engines.store.failures() if failure.source_id in ids),
        below=tuple(_below(engines, sources)),
        dataset=str(engines.settings.dataset_path),
    )


def _counted(rows: Sequence[dict[str, Any]], column: str) -> dict[str, int]:
    counts = Counter(value for row in rows for value in row[column])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _below(engines: Engines, sources: Sequence[Source]) -> list[str]:
    found = engines.store.source_counts()
    lines = []
    for source in sources:
        documents, claims = found.get(source.id, (0, 0))
        for what, count, least in (
            ("dokumenter", documents, source.expect.min_documents),
            ("udsagn", claims, source.expect.min_claims),
        ):
            if least is not None and count < least:
                lines.append(f"{source.id}: {count} {what}, ventet mindst {least}")
    return lines
