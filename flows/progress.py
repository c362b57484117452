"""What steps are called, and who is told how far they are."""

from __future__ import annotations

from collections.abc import Callable

FETCH, EXTRACT, CLASSIFY = "fetch", "extract", "classify"

Progress = Callable[[str, int], None]
"""Told the name of a step and how many pages, documents or texts it has just done."""


def silent(_step: str, _count: int) -> None:
    """Progress that nobody watches."""
