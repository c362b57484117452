"""Cards: an artefact that was changed, or made for other code, is not loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.cards import CARD, CardError, read_card, write_card

LABELS = {"labels": ["ORG", "PER"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "model.bin").write_bytes(b"weights")
    write_card(tmp_path, {**LABELS, "seed": 1})
    return tmp_path


def test_an_artefact_that_fits_gives_its_card(folder: Path) -> None:
    card = read_card(folder, LABELS, "modellen", "træn den")

    assert (card["seed"], list(card["files"])) == (1, ["parts/model.bin"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda folder: (folder / "parts" / "model.bin").write_bytes(b"other"), r"modellen.*\(files\).*træn den"),
        (lambda folder: (folder / "extra").write_bytes(b""), r"\(files\)"),
        (lambda folder: (folder / CARD).write_text("{"), "kan ikke læses"),
        (lambda folder: (folder / CARD).unlink(), "mangler"),
    ],
)
def test_a_changed_artefact_is_refused(folder: Path, change: object, told: str) -> None:
    change(folder)  # type: ignore[operator]

    with pytest.raises(CardError, match=told):
        read_card(folder, LABELS, "modellen", "træn den")


def test_an_artefact_for_other_labels_is_refused(folder: Path) -> None:
    with pytest.raises(CardError, match="labels"):
        read_card(folder, {"labels": ["ORG"]}, "modellen", "træn den")
