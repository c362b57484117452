"""The text that a collaboration's themes are decided by: its title and project, and what its claims stand in."""

from __future__ import annotations

from collections.abc import Iterable

from models.records import Claim, digest
from models.themes.gold import Passage

MAX_CHARS = 6000  # of a text that the model reads; a purpose and its main tracks stand long before


def passage_of(claims: Iterable[Claim]) -> Passage:
    """One passage from the claims of a collaboration, in their order; equal texts once, up to what the model reads."""
    titles: dict[str, None] = {}
    contexts: dict[str, None] = {}
    length = 0
    for claim in claims:
        titles |= dict.fromkeys(filter(None, (claim.title, claim.project)))
        if claim.context not in contexts and length < MAX_CHARS:
            contexts[claim.context] = None
            length += len(claim.context)
    return Passage(" ".join(titles)[:300], "\n".join(contexts))


def passage_digest(passage: Passage) -> str:
    """The key under which a prediction of the passage is stored."""
    return digest(passage.title, passage.text, length=32)
