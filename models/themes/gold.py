"""Labelled texts: our own passages, and rows of a public register whose labels are keyed by a digest."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.records import NO_THEME, Theme

TRAIN, TEST = "train", "test"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text as the theme model sees it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage with its themes; none when no theme fits."""

    passage: Passage
    themes: frozenset[Theme]
    split: str
    real: bool


def row_digest(title: str, beneficiary: str, started: str) -> str:
    """The key of a register row, from its cells as they are written there."""
    return hashlib.sha256(f"{title}|{beneficiary}|{started}".encode()).hexdigest()[:16]


def own_passages(path: Path) -> list[Labelled]:
    """The passages of data/gold/themes.jsonl; every third, by a digest of its id, is test."""
    with path.open(encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    return [
        Labelled(
            Passage(entry["title"], entry["text"]),
            _themes(entry["themes"]),
            TEST if int(hashlib.sha256(entry["id"].encode()).hexdigest(), 16) % 3 == 0 else TRAIN,
            real=False,
        )
        for entry in entries
    ]


def real_passages(labels: Path, register: Path) -> list[Labelled]:
    """Rows of the register that data/gold/themes-real.csv has labels for, found by digest; each digest once."""
    with labels.open(encoding="utf-8", newline="") as file:
        by_digest = {row["digest"]: row for row in csv.DictReader(file)}
    found: dict[str, Labelled] = {}
    csv.field_size_limit(1 << 24)
    with register.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row_digest(row["projekttitel"], row["navn"], row["start_dato"])
            label = by_digest.get(key)
            if label is not None:
                passage = Passage(row["projekttitel"], row["tas_projekt_besk"])
                found.setdefault(key, Labelled(passage, _themes(label["themes"].split(";")), label["split"], real=True))
    return list(found.values())


def _themes(names: Iterable[str]) -> frozenset[Theme]:
    return frozenset(Theme(name) for name in names if name != NO_THEME)
