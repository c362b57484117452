"""The trained parts that are shipped: the accurate tagger and the fast one, each with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.cards import read_card
from models.danish.tagger import Tagger, load_tagger
from models.danish.tags import LABELS, PARTS, PLACE
from models.paths import DANISH

ACCURATE, FAST = DANISH["bundled"], DANISH["fast"]
VERSION = "3"
"""Of how text becomes pieces, and scores spans, parts and places; a tagger made for another one is not loaded."""
REMEDY = "kør samspil train danish"


def expected() -> dict[str, Any]:
    """What a card must say."""
    return {"labels": list(LABELS), "parts": list(PARTS), "place": PLACE, "version": VERSION}


def load(folder: Path) -> Tagger:
    """The tagger of an artefact; raises CardError."""
    read_card(folder, expected(), "den danske sprogmodel", REMEDY)
    return load_tagger(folder)
