"""A ruler for thousands of names: spaCy's entity ruler, without a count of all its patterns for each text."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.pipeline import EntityRuler

NAME = "samspil_bodies"


class BodyRuler(EntityRuler):
    """An entity ruler that remembers how many patterns it has."""

    _count = 0

    def __len__(self) -> int:
        return self._count

    def add_patterns(self, patterns: list[dict[str, Any]]) -> None:
        """Add patterns as spaCy's ruler takes them."""
        super().add_patterns(patterns)
        self._count = super().__len__()


@Language.factory(NAME, default_config={"matched_by": "ORTH"})
def make_ruler(nlp: Language, name: str, matched_by: str) -> BodyRuler:
    """A ruler whose phrases match by this attribute of tokens: ORTH, or LOWER for any case."""
    return BodyRuler(nlp, name, phrase_matcher_attr=matched_by)
