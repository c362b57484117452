"""The harvest as a Prefect flow: the steps of flows.run, each a task; Prefect orchestrates, the store remembers.

One flow run for a region and day; one task run for each source that is fetched, and for each batch of its pages that is
extracted. Import this module only after `flows.orchestration.prepare`: Prefect reads its settings when it is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, wait
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from extractors.sources import load_sources, select
from flows import extracting, fetching, run, steps, waiting
from flows.engines import Engines
from flows.fetching import Found
from flows.progress import Progress
from flows.publish.dataset import Dataset
from flows.run import FETCHERS, NOTHING, Options, Summary
from flows.settings import Settings
from models.paths import DATA
from models.records import Source
from models.store import SourceRun


class NothingHarvestedError(RuntimeError):
    """No source gave anything: the flow run is failed, so that somebody looks."""


class BelowExpectationError(RuntimeError):
    """The dataset is written, but a source fell below what it expects."""


@task(name="fetch", task_run_name="fetch {name}", cache_policy=NO_CACHE)
def fetch(name: str, engines: Engines, source: Source, options: Options, progress: Progress) -> SourceRun:  # noqa: ARG001
    """Fetch one source."""
    return fetching.fetch(engines, source, options.limit, options.refetch, progress)


@task(name="extract", task_run_name="extract {name}", cache_policy=NO_CACHE)
def extract(
    name: str,  # noqa: ARG001 - for the name of the task run
    engines: Engines,
    source: Source,
    pages: Sequence[Found],
    progress: Progress,
) -> int:
    """Extract one batch of pages."""
    return extracting.extract(engines, source, pages, progress)


@task(name="resolve", cache_policy=NO_CACHE)
def resolve(engines: Engines) -> int:
    """Decide who is who."""
    return steps.resolve(engines)


@task(name="classify", cache_policy=NO_CACHE)
def classify(engines: Engines, progress: Progress) -> int:
    """Predict themes."""
    return steps.classify(engines, progress)


@task(name="publish", cache_policy=NO_CACHE)
def publish(engines: Engines) -> Dataset:
    """Write the dataset."""
    return steps.publish(engines)


class Tasks:
    """Steps as tasks of the flow run that is under way."""

    resolve = staticmethod(resolve)
    classify = staticmethod(classify)
    publish = staticmethod(publish)

    @staticmethod
    def fetch_all(engines: Engines, sources: Sequence[Source], options: Options, progress: Progress) -> list[SourceRun]:
        """One task for each source."""
        fetching = [fetch.submit(source.id, engines, source, options, progress) for source in sources]
        wait(fetching)
        return [future.result() for future in fetching]

    @staticmethod
    def extract(engines: Engines, source: Source, pages: Sequence[Found], progress: Progress) -> int:
        """One task for each batch."""
        return extract(f"{source.id} {pages[0][0].id}", engines, source, pages, progress)


RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=FETCHERS))


@flow(name="harvest", task_runner=RUNNER, validate_parameters=False)
def harvest(engines: Engines, sources: Sequence[Source], options: Options, progress: Progress) -> Summary:
    """The harvest that `samspil harvest` runs."""
    return run.harvest(engines, sources, options, progress, Tasks())


@flow(name="nightly", task_runner=RUNNER)
def nightly(region: str = "", source: str = "", limit: int | None = None, home: str = "") -> dict[str, object]:
    """The harvest that the schedule and a person in Prefect's pages start; no region means all of them."""
    settings = Settings(home=Path(home)) if home else Settings()
    chosen = select(load_sources(DATA / "sources.toml"), [region] if region else [], [source] if source else [])
    with Engines(settings, harvesting=True) as engines:
        summary = run.harvest(engines, chosen, Options(limit), doer=Tasks())
        if drifted := waiting.drifted(engines):
            lines = "\n".join(f"- {line}" for line in drifted)
            create_markdown_artifact(
                f"Temaerne skrider:\n\n{lines}", key="temaer", description="Temaer uden for deres bånd"
            )
    if summary.exit_code == NOTHING:
        raise NothingHarvestedError("ingen af kilderne gav en side: se samspil status")
    if summary.below:
        raise BelowExpectationError("; ".join(summary.below))
    return {"collaborations": summary.collaborations, "claims": summary.claims, "failures": len(summary.failures)}
