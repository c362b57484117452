"""What the published dataset was made from, and what it holds: while nothing of that changes, it stands as it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from flows.engines import Engines
from models.records import digest

if TYPE_CHECKING:
    from flows.publish.dataset import Dataset, Row

VERSION = "5"
"""Changes whenever the same store may be resolved into, or written as, another dataset."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a dataset holds; collaborations by forum and by theme, the most frequent first."""

    claims: int
    collaborations: int
    organisations: int
    by_forum: dict[str, int]
    by_theme: dict[str, int]

    @staticmethod
    def of(dataset: Dataset) -> Figures:
        """Those of a dataset."""
        rows = dataset.tables["collaborations"]
        return Figures(
            claims=len(dataset.tables["claims"]),
            collaborations=len(rows),
            organisations=len(dataset.tables["organisations"]),
            by_forum=_counted(rows, "forums"),
            by_theme=_counted(rows, "themes"),
        )


def made_from(engines: Engines) -> str:
    """Names all that a dataset follows from: claims, decisions, knowledge, model, code, and the days of the pages."""
    days = json.dumps(engines.store.days_seen())
    versions = VERSION, version("samspil"), engines.extractor_version, engines.identity_digest, engines.themes_digest
    return digest(*versions, str(engines.store.revision()), days, length=32)


def note(engines: Engines, origin: str, figures: Figures) -> None:
    """Remember that the dataset in the home was made from `origin`."""
    told = {"made_from": origin, "snapshot": _snapshot(engines), "figures": asdict(figures)}
    engines.store.set_published(json.dumps(told))


def standing(engines: Engines, origin: str) -> Figures | None:
    """The figures of the dataset in the home where it was made from `origin`; else None."""
    told = json.loads(engines.store.published() or "{}")
    stands = told.get("made_from") == origin and told["snapshot"] == _snapshot(engines) != ""
    return Figures(**told["figures"]) if stands else None


def _snapshot(engines: Engines) -> str:
    """The name of the folder that the dataset is in, which bears the digest of its files; "" when there is none."""
    target = engines.settings.dataset_path
    return target.resolve().name if target.is_symlink() and target.exists() else ""


def _counted(rows: Sequence[Row], column: str) -> dict[str, int]:
    counts = Counter(str(value) for row in rows for value in row[column])  # type: ignore[union-attr]
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
