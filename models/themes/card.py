"""The card of the theme model: what can be said of it without loading it."""

from __future__ import annotations

import json
from pathlib import Path


def card_version(folder: Path) -> str:
    """The version that the card tells; "" where there is no card to read, which loading the model complains of."""
    try:
        return str(json.loads((folder / "card.json").read_text(encoding="utf-8")).get("version", ""))
    except (OSError, ValueError):
        return ""
