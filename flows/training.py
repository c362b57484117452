"""Training and evaluating the learned parts, and telling what came of it."""

from __future__ import annotations

import hashlib
import json as jsonlib
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from models.errors import SamspilError
from models.paths import DATA
from models.themes import training as themes
from models.themes.gold import Labelled, own_passages, real_passages
from models.themes.model import ARTEFACT

GOLD = DATA / "gold"


class TrainingError(SamspilError):
    """Something that cannot be trained, or from that."""


def train(what: str, register: Path | None, out: Path | None, *, json: bool) -> None:
    """Train on the gold; without the register its rows are left out, and the card says so."""
    labelled, sources = _gold(what, register)
    card = themes.train(labelled, out or ARTEFACT, sources)
    _tell(card["scores"], json=json)


def evaluate(what: str, register: Path | None, *, json: bool) -> None:
    """Score the model in use, with its baselines, on the test parts."""
    labelled, _ = _gold(what, register)
    _tell(themes.evaluate(labelled, ARTEFACT), json=json)


def _gold(what: str, register: Path | None) -> tuple[list[Labelled], dict[str, str]]:
    if what != "themes":
        raise TrainingError(f"{what}: kan ikke trænes i denne udgave; brug themes")
    labelled = own_passages(GOLD / "themes.jsonl")
    used = [GOLD / "themes.jsonl"]
    if register is not None:
        if not register.is_file():
            raise TrainingError(f"{register}: filen findes ikke; --register er strukturfondenes register som CSV")
        labelled += real_passages(GOLD / "themes-real.csv", register)
        used += [GOLD / "themes-real.csv", register]
    return labelled, {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in used}


def _tell(scores: dict[str, Any], *, json: bool) -> None:
    if json:
        sys.stdout.write(jsonlib.dumps(scores, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    for part, found in scores.items():
        name = "egne tekster" if part == "own" else "virkelige projekter"
        table = Table(title=f"Temaer, testdelen af {name} ({found['passages']} tekster)")
        for column in ("", "micro-F1 (95 %)", "macro-F1"):
            table.add_column(column)
        for who, score in found.items():
            if who != "passages":
                low, high = score["micro_f1_interval"]
                table.add_row(who, f"{score['micro_f1']:.3f} ({low:.3f}-{high:.3f})", f"{score['macro_f1']:.3f}")
        console.print(table)
