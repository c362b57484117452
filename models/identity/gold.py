"""The gold of identity: pairs of names that people have judged, and claims in groups."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

TRAIN, TEST = "train", "test"
SAME, DIFFERENT, UNSURE = "same", "different", "unsure"


@dataclass(frozen=True, slots=True)
class Named:
    """A name as a text writes it, with the day and the area that the text speaks of, where it tells them."""

    name: str
    on: date | None
    area: str


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two names and whether they are of one body: same, different, unsure."""

    id: str
    left: Named
    right: Named
    judgement: str

    @property
    def split(self) -> str:
        """By a digest of the id: a third is test."""
        return TEST if int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 3 == 0 else TRAIN


@dataclass(frozen=True, slots=True)
class GroupedClaim:
    """A claim and the group that it belongs to."""

    id: str
    group: str
    project: str
    title: str
    participants: tuple[tuple[str, str], ...]  # role and name as written
    evidence: str
    on: date | None  # where it is known
    forums: tuple[str, ...]
    split: str


def read_pairs(path: Path) -> list[JudgedPair]:
    """The pairs of data/gold/organisations.jsonl."""
    with path.open(encoding="utf-8") as lines:
        return [_pair(json.loads(line)) for line in lines]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an organisation is, and the area that it is at home in; "-" for none, "?" where the reader did not know."""

    name: str
    partner_type: str
    home: str


def read_kinds(path: Path) -> list[Kind]:
    """The organisations of data/gold/organisation-kinds.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Kind(**row) for row in csv.DictReader(file)]


def read_claims(path: Path) -> list[GroupedClaim]:
    """The claims of data/gold/collaborations.jsonl."""
    with path.open(encoding="utf-8") as lines:
        return [_claim(json.loads(line)) for line in lines]


def _pair(entry: dict[str, Any]) -> JudgedPair:
    left, right = (_named(entry[side], entry.get(f"{side}_context") or {}) for side in ("left", "right"))
    return JudgedPair(entry["id"], left, right, entry["judgement"])


def _named(name: str, context: dict[str, Any]) -> Named:
    year = context.get("year")
    return Named(name, date(year, 7, 1) if year else None, context.get("region") or "")


def _claim(entry: dict[str, Any]) -> GroupedClaim:
    return GroupedClaim(
        id=entry["id"],
        group=entry["group"],
        project=entry["project"],
        title=entry["title"],
        participants=tuple((one["role"], one["name"]) for one in entry["participants"]),
        evidence=entry["evidence"],
        on=date.fromisoformat(entry["date"]) if entry["date"] else None,
        forums=tuple(entry["forums"]),
        split=entry["split"],
    )
