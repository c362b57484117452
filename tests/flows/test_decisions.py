"""Review in a workbook: what is unsure goes out, what a person decides comes back and is published."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from extractors.sources import files_source
from flows import decisions, steps
from flows.engines import Engines
from flows.run import Options, harvest
from flows.settings import Settings
from models.records import Theme, Verdict

SITE = Path(__file__).resolve().parents[2] / "data" / "sample-site"
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample site's collaborations."""
    found = tmp_path_factory.mktemp("gennemgang") / "hjem"
    with Engines(Settings(home=found), lambda: NIGHT, harvesting=True) as engines:
        harvest(engines, [files_source(SITE)], Options())
    return found


def answered(path: Path, answers: list[tuple[str, str]]) -> list[str]:
    """Write (decision, themes) into the first rows of a workbook; gives back the ids of those rows."""
    book = openpyxl.load_workbook(path)
    sheet = book[decisions.SHEET]
    for row, (answer, themes) in enumerate(answers, start=3):
        sheet.cell(row, 7, answer)
        sheet.cell(row, 8, themes)
    book.save(path)
    return [str(sheet.cell(row, 1).value) for row in range(3, 3 + len(answers))]


def published(engines: Engines, folder: Path) -> dict[str, dict[str, str]]:
    steps.publish(engines, folder)
    with (folder / "collaborations.csv").open(encoding="utf-8", newline="") as file:
        return {row["collaboration_id"]: row for row in csv.DictReader(file)}


def test_a_workbook_takes_decisions_to_the_dataset(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=home), lambda: NIGHT) as engines:
        waiting = decisions.export_decisions(engines, path)
        before = published(engines, tmp_path / "foer")
        accepted, corrected, rejected = answered(
            path, [("ja", ""), ("Ret", "Klima og energi, turisme_oplevelser"), ("nej", "")]
        )
        merged = decisions.import_decisions(engines, path, "læser")
        after = published(engines, tmp_path / "efter")
        left = decisions.export_decisions(engines, path)
        told = {one.collaboration_id: (one.verdict, one.themes) for one in engines.store.decisions()}
    assert (merged.new, merged.known) == (3, 0)
    assert told[corrected] == (Verdict.CORRECTED, (Theme.KLIMA_ENERGI, Theme.TURISME_OPLEVELSER))
    assert (after[accepted]["review"], after[accepted]["themes"]) == ("accepted", before[accepted]["themes"])
    assert (after[corrected]["review"], after[corrected]["themes"]) == (
        "corrected",
        "klima_energi;turisme_oplevelser",
    )
    assert before.keys() - after.keys() == {rejected}
    assert left == waiting - 3


def test_decisions_of_another_office_are_merged_once(home: Path, tmp_path: Path) -> None:
    lines = tmp_path / "afgoerelser.jsonl"
    with Engines(Settings(home=home), lambda: NIGHT) as engines:
        book = tmp_path / "gennemgang.xlsx"
        decisions.export_decisions(engines, book)
        answered(book, [("ja", "")])
        decisions.import_decisions(engines, book, "læser")
        count = decisions.export_decisions(engines, lines)
        written = lines.read_bytes()
        assert decisions.import_decisions(engines, lines, "") == decisions.Merged(0, count)
    with Engines(Settings(home=tmp_path / "andet-hjem")) as other:
        assert decisions.import_decisions(other, lines, "") == decisions.Merged(count, 0)
        decisions.export_decisions(other, lines)
    assert lines.read_bytes() == written


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([("måske", "")], "række 3: afgørelsen er ja, ret eller nej"),
        ([("ret", "vejr")], "række 3: vejr er ikke et tema"),
        ([("ret", "")], "række 3: intet er ikke et tema"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(
    home: Path, tmp_path: Path, answers: list[tuple[str, str]], said: str
) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=home), lambda: NIGHT.replace(hour=3)) as engines:
        decisions.export_decisions(engines, path)
        before = engines.store.decisions()
        answered(path, answers)
        with pytest.raises(decisions.DecisionFileError) as caught:
            decisions.import_decisions(engines, path, "læser")
        assert said in str(caught.value)
        assert engines.store.decisions() == before


@pytest.mark.parametrize(
    ("name", "content"), [("a.jsonl", b"{}\n"), ("a.xlsx", b"PK"), ("a.txt", b""), ("b.jsonl", b"\xff")]
)
def test_a_file_of_another_kind_is_refused(home: Path, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with Engines(Settings(home=home)) as engines, pytest.raises(decisions.DecisionFileError):
        decisions.import_decisions(engines, tmp_path / name, "læser")
