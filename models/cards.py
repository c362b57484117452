"""Cards of learned artefacts: what one was made from and for, and the proof that it is the one that was measured.

An artefact is a folder of files with a card.json beside them. The card holds the digest of each file and what the code
must agree with (labels, version of the features); where they differ nothing is loaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import SamspilError

CARD = "card.json"


class CardError(SamspilError):
    """An artefact is missing, changed, or made for other code; says what differs and what to do."""


def write_card(folder: Path, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write card.json beside the files of `folder`, with their digests; gives back what it says."""
    told = {**card, "files": _digests(folder)}
    (folder / CARD).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return told


def read_card(folder: Path, expected: Mapping[str, Any], what: str, remedy: str) -> dict[str, Any]:
    """The card of an artefact that fits; raises CardError, which names it (`what`) and the `remedy`."""
    try:
        card = dict(json.loads((folder / CARD).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise CardError(f"{what} mangler i {folder}: {remedy}") from error
    except (TypeError, ValueError) as error:
        raise CardError(f"{what}: kortet i {folder} kan ikke læses: {remedy}") from error
    for name, value in {**expected, "files": _digests(folder)}.items():
        if card.get(name) != value:
            raise CardError(f"{what}: kortet passer ikke til koden ({name}): {remedy}")
    return card


def card_version(folder: Path) -> str:
    """The version that a card tells; "" where there is no card to read, which loading the artefact complains of."""
    try:
        return str(json.loads((folder / CARD).read_text(encoding="utf-8")).get("version", ""))
    except (OSError, ValueError):
        return ""


def _digests(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CARD)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
