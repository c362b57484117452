"""Splits a cell that lists partners into names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_INITIAL = re.compile(r"(?:^|\s)(?:[A-ZÆØÅ]\.)*[A-ZÆØÅ]\Z")


@dataclass(frozen=True, slots=True)
class PartnerList:
    """How a column lists partners.

    Where `separator` may also stand inside a name, these tell: `abbreviations` (last words that a name goes on after),
    a single capital likewise, but for the endings in `final`; and `whole`, names that no rule finds.
    """

    separator: str = ";"
    end: str = ""  # closes the last name
    trim: str = " "  # characters dropped at the end of a name
    placeholders: frozenset[str] = frozenset()  # stand for no name
    legal_forms: frozenset[str] = frozenset()  # alone, they belong to the name before
    abbreviations: frozenset[str] = frozenset()
    final: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def split(self, cell: str) -> tuple[str, ...]:
        """The names in `cell`, in order, each once."""
        names: dict[str, None] = {}
        for name in self._names(cell):
            cleaned = name.strip().rstrip(self.trim)
            if not cleaned or cleaned in self.placeholders or (names and cleaned in self.legal_forms):
                continue
            names[cleaned] = None
        return tuple(names)

    def _names(self, cell: str) -> Iterator[str]:
        pieces = cell.strip().removesuffix(self.end).split(self.separator)
        name = pieces[0]
        for piece in pieces[1:]:
            if self._goes_on(name, piece):
                name = f"{name}{self.separator}{piece}"
            else:
                yield name
                name = piece
        yield name

    def _goes_on(self, name: str, piece: str) -> bool:
        joined = f"{name}{self.separator}{piece}"
        if piece.startswith("(") or any(whole.startswith(joined.strip()) for whole in self.whole):
            return True
        words = name.split()
        if not words or name.endswith(self.final) or not (self.abbreviations):
            return False
        return words[-1].strip(",") in self.abbreviations or bool(_INITIAL.search(name))
