"""What tests of the learned decisions share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.identity.model import Decider


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pairs each question put to a model holds."""
    counts: list[int] = []
    answer = Decider.probabilities

    def noted(decider: Decider, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        counts.append(len(rows))
        return answer(decider, rows)

    monkeypatch.setattr(Decider, "probabilities", noted)
    return counts
