"""A whole run in one readable function: fetch, extract, resolve, classify, publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from flows import fetching, published, sample
from flows.engines import Engines
from flows.fetching import Found
from flows.progress import Progress, silent
from flows.published import Figures
from models.records import Failure, Source
from models.store import SourceRun

if TYPE_CHECKING:
    from flows.publish.dataset import Dataset

BATCH = 100  # pages that are extracted in one go
FETCHERS = 32  # sources fetched side by side; each host has its own pace

DONE, BELOW, NOTHING = 0, 1, 3
"""Exit codes: done; done but a source fell below what it expects; nothing could be done."""


class Beside(Enum):
    """On which side of an expectation a count lies."""

    BELOW = "below"
    ABOVE = "above"


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
    documents_held: int  # of the sources of this run
    below: tuple[str, ...]  # what fell short, one line a source
    above: tuple[str, ...]  # what was more than expected
    dataset: str

    @property
    def exit_code(self) -> int:
        """As the contract has it."""
        if not self.documents_held:
            return NOTHING
        return BELOW if self.below else DONE

    def as_json(self) -> dict[str, Any]:
        """For `--json`: plain values."""
        runs = [{**asdict(run), "at": run.at.isoformat()} for run in self.sources]
        failures = [{**asdict(one), "at": one.at.isoformat()} for one in self.failures]
        return {**asdict(self), "sources": runs, "failures": failures, "exit_code": self.exit_code}


class Doer(Protocol):
    """How steps are done: as plain calls here, as tasks of an orchestrator in flows.harvest."""

    def fetch_all(
        self, engines: Engines, sources: Sequence[Source], options: Options, progress: Progress
    ) -> list[SourceRun]:
        """Fetch all sources, side by side; their runs in the order of the sources."""

    def extract(self, engines: Engines, source: Source, pages: Sequence[Found], progress: Progress) -> int:
        """Extract a batch of pages; how many documents there were."""

    def resolve(self, engines: Engines) -> object:
        """Decide who is who."""

    def classify(self, engines: Engines, progress: Progress) -> object:
        """Predict themes."""

    def publish(self, engines: Engines) -> Dataset:
        """Write the dataset."""


class Direct:
    """Steps as plain calls; imported when there is something to do, for readers and models take seconds to import."""

    @staticmethod
    def fetch_all(engines: Engines, sources: Sequence[Source], options: Options, progress: Progress) -> list[SourceRun]:
        """In threads."""
        with ThreadPoolExecutor(FETCHERS) as pool:
            futures = [
                pool.submit(fetching.fetch, engines, source, options.limit, options.refetch, progress)
                for source in sources
            ]
            return [future.result() for future in futures]

    @staticmethod
    def extract(engines: Engines, source: Source, pages: Sequence[Found], progress: Progress) -> int:
        """A batch of pages."""
        from flows import extracting  # noqa: PLC0415

        return extracting.extract(engines, source, pages, progress)

    @staticmethod
    def resolve(engines: Engines) -> int:
        """Who is who."""
        from flows import steps  # noqa: PLC0415

        return steps.resolve(engines)

    @staticmethod
    def classify(engines: Engines, progress: Progress) -> int:
        """Themes."""
        from flows import steps  # noqa: PLC0415

        return steps.classify(engines, progress)

    @staticmethod
    def publish(engines: Engines) -> Dataset:
        """The dataset."""
        from flows import steps  # noqa: PLC0415

        return steps.publish(engines)


def harvest(
    engines: Engines,
    sources: Sequence[Source],
    options: Options,
    progress: Progress = silent,
    doer: Doer = Direct(),  # noqa: B008 - it holds nothing
) -> Summary:
    """The whole run."""
    runs = doer.fetch_all(engines, sources, options, progress)
    drop_sample(engines, runs)
    read = 0
    for source in sources:
        pages = fetching.pending_pages(engines, source)
        for start in range(0, len(pages), BATCH):
            read += doer.extract(engines, source, pages[start : start + BATCH], progress)
    origin = published.made_from(engines)
    figures = published.standing(engines, origin)
    if figures is None:
        doer.resolve(engines)
        doer.classify(engines, progress)
        figures = Figures.of(doer.publish(engines))
        published.note(engines, origin, figures)
    return summarise(engines, sources, runs, read, figures)


def drop_sample(engines: Engines, runs: Sequence[SourceRun]) -> None:
    """Sample data goes when real data comes."""
    if any(run.fresh + run.changed + run.unchanged for run in runs if run.source_id != sample.ID):
        engines.store.drop_source(sample.ID)


def summarise(
    engines: Engines, sources: Sequence[Source], runs: Sequence[SourceRun], read: int, figures: Figures
) -> Summary:
    """The figures at the end of a run."""
    counts = engines.store.counts()
    ids = {source.id for source in sources}
    held = engines.store.source_counts()
    return Summary(
        sources=tuple(runs),
        documents_read=read,
        pages=counts["page"],
        documents=counts["document"],
        claims=figures.claims,
        collaborations=figures.collaborations,
        organisations=figures.organisations,
        by_forum=figures.by_forum,
        by_theme=figures.by_theme,
        failures=tuple(failure for failure in engines.store.failures() if failure.source_id in ids),
        documents_held=sum(documents for source, (documents, _) in held.items() if source in ids),
        below=tuple(_beside_expectation(held, sources, Beside.BELOW)),
        above=tuple(_beside_expectation(held, sources, Beside.ABOVE)),
        dataset=str(engines.settings.dataset_path),
    )


def _beside_expectation(held: Mapping[str, tuple[int, int]], sources: Sequence[Source], side: Beside) -> Iterator[str]:
    """What is fewer or more than a source expects, a line each."""
    for source in sources:
        expect, (documents, claims) = source.expect, held.get(source.id, (0, 0))
        for what, count, least, most in (
            ("dokumenter", documents, expect.min_documents, expect.max_documents),
            ("udsagn", claims, expect.min_claims, expect.max_claims),
        ):
            if side is Beside.BELOW and least is not None and count < least:
                yield f"{source.id}: {count} {what}, ventet mindst {least}"
            if side is Beside.ABOVE and most is not None and count > most:
                yield f"{source.id}: {count} {what}, ventet højst {most}"
