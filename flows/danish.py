"""Training the Danish pipeline, and measuring it beside others."""

from __future__ import annotations

import json as jsonlib
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from extractors.coordination import elided
from extractors.documents import load_mappings, read_documents
from extractors.evaluation import GOLD, REAL_GOLD, GoldDocument, read_gold, read_real
from models.danish import ACCURATE, FAST, RULERS, load_pipeline
from models.danish.artefacts import ACCURATE as ACCURATE_FOLDER
from models.danish.artefacts import FAST as FAST_FOLDER
from models.danish.evaluation import report
from models.danish.tags import PARTS, PLAYING
from models.danish.training.corpora import REGISTER, TRAIN, Corpora, MaterialError, read_corpora
from models.danish.training.material import UNTOLD, Part, Passage, marked
from models.identity.names import genitive_base
from models.paths import DATA

ARTEFACTS = ("accurate", "fast")


def train(material: Path | None, out: Path | None, parts: Sequence[str], *, json: bool) -> None:
    """Both artefacts, or only these `parts`; the fast one is taught by the accurate one that lies where it goes."""
    if material is None:
        raise MaterialError("sprogmodellen lærer af andres tekster, som ikke følger med: sig --material MAPPE")
    try:
        from models.danish.training import recipe  # noqa: PLC0415 - torch
    except ModuleNotFoundError as error:
        raise MaterialError(
            f"{error.name} er ikke installeret: pip install '.[training]' -c constraints.txt"
        ) from error
    parts = parts or ARTEFACTS
    started = time.monotonic()

    def tell(line: str) -> None:
        sys.stderr.write(f"{(time.monotonic() - started) / 60:5.1f} min  {line}\n")

    corpora, told = read_corpora(material), recipe.read_recipe()
    documents = _documents(corpora, material / REGISTER)
    accurate = out / "accurate" if out else ACCURATE_FOLDER
    fast = out / "fast" if out else FAST_FOLDER
    cards = {}
    if "accurate" in parts:
        cards["accurate"] = recipe.train_accurate(corpora, documents, told, accurate, tell)
    if "fast" in parts:
        cards["fast"] = recipe.train_fast(corpora, documents, told, accurate, fast, tell)
    if json:
        sys.stdout.write(jsonlib.dumps(cards, ensure_ascii=False) + "\n")


def _documents(corpora: Corpora, register: Path) -> list[Passage]:
    """The training part of our documents and of a register's descriptions, with every name that annotations tell."""
    mappings = load_mappings(DATA / "tables")
    described = {one.id: [(one.text[start:end], label) for start, end, label in one.spans] for one in corpora.register}
    told = []
    for one in (*read_gold(GOLD), *read_real(REAL_GOLD, register)):
        named = one.named or described.get(one.id)
        if one.split == TRAIN and named is not None:
            names = played_names(one, named)
            for document in read_documents(one.page, one.text.encode(), mappings):
                blocks = document.blocks[1:] if one.id in described else document.blocks  # no names are told of a title
                text = "\n".join(block.text for block in blocks)
                told.append(marked(text, names, list(elided(text)), one.id, one.kind))
    return told


def played_names(document: GoldDocument, named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Part]:
    """The names of a document, with the part of each, which is that of the first of its collaborations."""
    told: dict[tuple[str, str], Part] = {}
    for at, found in enumerate(document.collaborations):
        played = [(name, "PROJECT", "party") for name in found.project]
        played += [
            (name, "ORG", party.role if party.role in PARTS else "party")
            for party in found.participants
            for name in party.names
        ]
        for name, label, kind in played:
            before = told.get((name, label), Part(kind))
            told[name, label] = Part(before.kind, before.of | {f"{document.id}/{at}"})
    playing = dict(told)
    known = {name for name, _ in playing}
    for name, label in named:
        if not {name, genitive_base(name)} & known:
            whole = (part for (other, kind), part in playing.items() if kind == label and _is_of(name, other))
            told[name, label] = next(whole, Part(PARTS[0]) if label in PLAYING else UNTOLD)
    return told


def _is_of(name: str, body: str) -> bool:
    """Whether a name is of a body ("Greve Kommuner"), or of a part of it ("Aalborg Universitet, Institut for Energi",
    "Ost & Omegn v/Karen Tvede")."""
    return name == f"{body}r" or name.startswith((f"{body}, ", f"{body}s ", f"{body} v/"))


def evaluate(material: Path | None, pipelines: Sequence[str], split: str, *, json: bool) -> None:
    """Our pipelines, and any installed one that is named, side by side on the gold, and on the corpora if given."""
    corpora = read_corpora(material) if material else None
    found = {name: report(load_pipeline(name), corpora, split) for name in (RULERS, FAST, ACCURATE, *pipelines)}
    if json:
        sys.stdout.write(jsonlib.dumps(found, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    for part in found[ACCURATE]["sets"]:
        console.print(_table(part, found))
    speeds = (f"{name} {one['words_a_second']:.0f}" for name, one in found.items())
    console.print("Ord i sekundet på én kerne: " + ", ".join(speeds))


def _table(part: str, found: dict[str, Any]) -> Table:
    table = Table(title=part)
    labels = list(found[ACCURATE]["sets"][part])
    for column in ("", *labels):
        table.add_column(column)
    for name, one in found.items():
        cells = (one["sets"][part].get(label) for label in labels)
        table.add_row(name, *(f"{cell['f1']:.3f} ({cell['partial_f1']:.3f})" if cell else "" for cell in cells))
    return table
