"""The accounts of reviewers, from the command line."""

from __future__ import annotations

from flows.console import terminal
from flows.engines import Engines
from flows.review.access import AccessError, add_reviewer
from flows.settings import Settings
from models.reviewers import Reviewers


def add(settings: Settings, name: str, password: str) -> None:
    """Make an account, or give it another password. Raises AccessError."""
    with Engines(settings) as engines:
        add_reviewer(Reviewers(engines.store), name, password)
    terminal().print(f"{name} kan logge ind", soft_wrap=True)


def remove(settings: Settings, name: str) -> None:
    """Close an account. Raises AccessError where there is none."""
    with Engines(settings) as engines:
        if not Reviewers(engines.store).remove(name):
            raise AccessError(f"{name}: der er ingen gennemganger af det navn")
    terminal().print(f"{name} kan ikke længere logge ind", soft_wrap=True)
