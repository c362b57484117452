"""Training the claim model, and measuring the extraction of claims beside its baselines."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from extractors.blocks import ReadBlock
from extractors.claims import ClaimFinder
from extractors.cues import load_cues
from extractors.documents import load_mappings, read_documents
from extractors.evaluation import (
    GOLD,
    REAL_GOLD,
    Found,
    GoldDocument,
    Judge,
    read_gold,
    read_real,
    said_together,
    summary,
)
from extractors.mentions import find_mentions
from extractors.parties import Parties
from extractors.privacy import load_privacy
from models.claims import training
from models.claims.model import load_model
from models.danish import ACCURATE, load_pipeline
from models.gazetteer import load_gazetteer
from models.paths import CLAIMS, DANISH, DATA
from models.records import Document, digest

DEV = "dev"
"""The part of the gold that the Danish pipeline has not learned from: what it says there is what it says anywhere."""

Read = list[tuple[GoldDocument, list[tuple[Document, tuple[ReadBlock, ...]]]]]


def train(register: Path | None, out: Path | None, *, json: bool) -> None:
    """Fit on the runs of names of the dev part, of our own documents and of the descriptions in `register`."""
    gold = read_gold(GOLD) + (read_real(REAL_GOLD, register) if register else [])
    finder, read = _finder(), _read([one for one in gold if one.split == DEV], ACCURATE)
    judge = Judge(finder.parties.gazetteer)
    sources = [GOLD, *([REAL_GOLD, register] if register else [])]
    judged = [
        training.Judged(row, judge.are_parties(gold, [party.name for party in run.parties]), gold.id)
        for gold, documents in read
        for document, blocks in documents
        for row, run in finder.candidates(gold.source, document, blocks)
    ]
    card = {
        "name": "Samspils samarbejdsmodel",
        "licence": "MIT",
        "what": "whether names in a sentence are parties of a collaboration that it states; logistic regression over "
        "what the Danish pipeline, cues and structure say",
        "sources": {path.name: digest(path.read_bytes(), length=64) for path in sources},
        "danish": digest((DANISH[ACCURATE] / "card.json").read_bytes(), length=64),
    }
    told = training.train(judged, out or CLAIMS, card)
    sys.stdout.write(jsonlib.dumps(told if json else told["held_out"], ensure_ascii=False) + "\n")


def evaluate(split: str, pipeline: str, register: Path | None, *, json: bool) -> None:
    """The extraction with its model, with its cues alone, and all names of a sentence together.

    On our own documents; with `register`, on the descriptions in it that there are notes on.
    """
    gold = read_real(REAL_GOLD, register) if register else read_gold(GOLD)
    cued, read = _finder(), _read([one for one in gold if one.split == split], pipeline)
    judge = Judge(cued.parties.gazetteer)
    decided = ClaimFinder(cued.parties, cued.version, load_model())
    figures: dict[str, dict[str, Any]] = {
        "model": summary(judge, _found(decided, read)),
        "cues": summary(judge, _found(cued, read)),
        "together": summary(
            judge,
            [
                Found(gold, tuple(claim for document, blocks in told for claim in said_together(document, blocks)))
                for gold, told in read
            ],
        ),
    }
    if json:
        sys.stdout.write(jsonlib.dumps(figures, ensure_ascii=False) + "\n")
        return
    table = Table(title=f"Samarbejder, {split} ({len(read)} dokumenter)")
    for column in ("", "deltagere", "som hoved", "projekter", "samarbejder", "falske pr. tomt dokument", "personer"):
        table.add_column(column)
    for name, found in figures.items():
        scores = (found[part]["f1"] for part in ("participants", "participants_head", "projects", "claims"))
        cells = [f"{score:.3f}" for score in scores]
        table.add_row(name, *cells, f"{found['false_claims_per_negative']:.3f}", str(found["leaked"]))
    Console(highlight=False).print(table)


def _finder() -> ClaimFinder:
    """The extraction by its cues."""
    parties = Parties(load_gazetteer(DATA / "gazetteer"), load_cues(DATA / "cues.toml"), load_privacy(DATA / "privacy"))
    return ClaimFinder(parties, "evaluation")


def _read(documents: Sequence[GoldDocument], pipeline: str) -> Read:
    """Documents of the gold, as the readers and the pipeline see them."""
    gazetteer, mappings = load_gazetteer(DATA / "gazetteer"), load_mappings(DATA / "tables")
    nlp = load_pipeline(pipeline, gazetteer)
    return [
        (gold, list(find_mentions(nlp, read_documents(gold.page, gold.text.encode(), mappings), gazetteer.collectives)))
        for gold in documents
    ]


def _found(finder: ClaimFinder, read: Read) -> Sequence[Found]:
    return [
        Found(gold, tuple(claim for told in documents for claim in finder.find(gold.source, *told)))
        for gold, documents in read
    ]
