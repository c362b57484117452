"""The trained parts that are shipped: the accurate tagger and the fast one, each with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import load_model_from_path

from models.cards import read_card
from models.danish.tagger import Tagger, load_tagger
from models.danish.tags import LABELS
from models.paths import DANISH

ACCURATE, FAST = DANISH["bundled"], DANISH["fast"]
VERSION = "1"
"""Of how text becomes pieces, and scores become spans; a tagger made for another one is not loaded."""
REMEDY = "kør samspil train danish"


def expected() -> dict[str, Any]:
    """What a card must say."""
    return {"labels": list(LABELS), "version": VERSION}


def load_accurate(folder: Path = ACCURATE) -> Tagger:
    """The tagger on the encoder; raises CardError."""
    read_card(folder, expected(), "den danske sprogmodel", REMEDY)
    return load_tagger(folder)


def load_fast(folder: Path = FAST) -> Language:
    """The convolutional network as a pipeline of one component, `ner`; raises CardError."""
    read_card(folder, expected(), "den hurtige danske sprogmodel", REMEDY)
    return load_model_from_path(folder, exclude=["tokenizer", "vocab"])
