"""The commands on what was harvested: publish it again, take decisions out and in, prune and replay the archive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from flows import decisions, keeping
from flows.console import shown, terminal
from flows.engines import Engines
from flows.publish.dataset import Dataset
from flows.publish.files import DEFAULT_FORMATS, FORMATS, publish_files, write_files
from flows.review.listing import list_dataset
from flows.run import NOTHING
from flows.settings import Settings
from flows.steps import settle
from models.errors import SamspilError


class FormatError(SamspilError):
    """A format that is none of those the dataset is written in."""


def publish(settings: Settings, formats: Sequence[str], out: Path | None) -> int:
    """Write the dataset again; exit code 3 when there is nothing to write."""
    formats = [name.strip() for name in formats]
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise FormatError(f"{unknown[0]}: ukendt format; brug {', '.join(FORMATS)}")
    with Engines(settings, harvesting=True) as engines:
        dataset = settle(engines)
        if out is None:
            _put(engines, dataset, formats)
        else:
            write_files(dataset, out, formats)
    terminal().print(f"{len(dataset)} samarbejder skrevet til {out or settings.dataset_path}", soft_wrap=True)
    return 0 if len(dataset) else NOTHING


def export_decisions(settings: Settings, path: Path) -> None:
    """Write what waits for review, or what was decided."""
    with Engines(settings, harvesting=True) as engines:
        settle(engines)
        count = decisions.export_decisions(engines, path)
    terminal().print(f"{count} rækker skrevet til {path}", soft_wrap=True)


def import_decisions(settings: Settings, path: Path, reviewer: str) -> None:
    """Add decisions, and publish the dataset with them."""
    with Engines(settings, harvesting=True) as engines:
        merged = decisions.import_decisions(engines, path, reviewer)
        dataset = settle(engines)
        _put(engines, dataset)
    terminal().print(f"{merged.new} nye afgørelser, {merged.known} kendte; datasættet er skrevet igen")


def republish(settings: Settings) -> int:
    """Write the dataset again into the home, with what was decided; gives back how many collaborations it holds."""
    with Engines(settings, harvesting=True) as engines:
        dataset = settle(engines)
        _put(engines, dataset)
    return len(dataset)


def _put(engines: Engines, dataset: Dataset, formats: Collection[str] = DEFAULT_FORMATS) -> None:
    """Into the home, for those who take it away and for those who review it."""
    publish_files(dataset, engines.settings.dataset_path, formats)
    list_dataset(engines, dataset)


def prune(settings: Settings, months: int) -> None:
    """Delete old months of the archive."""
    with Engines(settings, harvesting=True) as engines:
        gone = keeping.prune(engines, months)
    terminal().print(f"{len(gone)} filer slettet af arkivet; {months} hele måneder og den nuværende er beholdt")


def replay(settings: Settings) -> None:
    """Read the whole archive again, and publish."""
    with Engines(settings, harvesting=True) as engines, shown(quiet=False) as progress:
        dataset = keeping.replay(engines, progress)
    terminal().print(f"{len(dataset)} samarbejder skrevet til {settings.dataset_path}", soft_wrap=True)
