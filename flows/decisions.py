"""Judging collaborations in a workbook: what is unsure goes out with its quotes, what a person decided comes back.

As JSON lines the decisions themselves go out and come in, to be merged between offices: the same decision twice is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from flows import steps
from flows.engines import Engines
from flows.publish.dataset import Dataset, Row
from flows.publish.files import cell_text
from models.errors import SamspilError
from models.records import NO_THEME, Decision, Theme, Verdict, digest
from models.themes.passages import passage_digest

SHEET = "Gennemgang"
WORKBOOK, LINES = ".xlsx", ".jsonl"
MOST = 500  # rows of a workbook: an afternoon's work
QUOTE = 1500  # characters of evidence shown

COLUMNS = (
    "samarbejde",
    "titel",
    "deltagere",
    "citat",
    "modellens temaer",
    "sikkerhed",
    "afgørelse",
    "temaer",
    "bemærkning",
    "tekst",
)
ANSWERS = {"ja": Verdict.ACCEPTED, "ret": Verdict.CORRECTED, "nej": Verdict.REJECTED}
GUIDE = (
    "Skriv i kolonnen afgørelse: ja (temaerne passer), ret (skriv de rigtige i kolonnen temaer, adskilt af komma, "
    "eller andet), nej (ikke et samarbejde). Lad stå tomt, hvis du er i tvivl. Læs filen ind med: "
    "samspil decisions import FIL"
)


class DecisionFileError(SamspilError):
    """A file of decisions that is not as it should be; names row or line."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What an import brought."""

    new: int
    known: int


def export_decisions(engines: Engines, path: Path) -> int:
    """Write what waits for review (.xlsx) or all decisions (.jsonl); gives back the number of rows."""
    if path.suffix == LINES:
        decisions = engines.store.decisions()
        path.write_text("".join(_line(one) + "\n" for one in decisions), encoding="utf-8")
        return len(decisions)
    if path.suffix == WORKBOOK:
        return _write_workbook(engines, path)
    raise DecisionFileError(f"{path}: brug en fil, der ender på {WORKBOOK} eller {LINES}")


def import_decisions(engines: Engines, path: Path, reviewer: str) -> Merged:
    """Add the decisions of a file to those there are. Raises DecisionFileError; then nothing is added."""
    readers = {LINES: _read_lines, WORKBOOK: _read_workbook}
    if path.suffix not in readers:
        raise DecisionFileError(f"{path}: brug en fil, der ender på {WORKBOOK} eller {LINES}")
    known = {one.id for one in engines.store.decisions()}
    found = {one.id: one for one in readers[path.suffix](engines, path, reviewer)}
    engines.store.add_decisions(found.values())
    fresh = found.keys() - known
    return Merged(len(fresh), len(found) - len(fresh))


def _write_workbook(engines: Engines, path: Path) -> int:
    dataset = steps.publish_dataset(engines)
    passages = {key: passage_digest(passage) for key, passage in steps.passages(engines).items()}
    predictions = engines.store.predictions(engines.themes.version)
    rows = [row for row in dataset.tables["collaborations"] if row["review"] == "automatic"]
    unsure = [
        (_margin(engines, predictions[passages[str(row["collaboration_id"])]].probabilities), row)
        for row in rows
        if predictions[passages[str(row["collaboration_id"])]].review
    ]
    chosen = [row for _, row in sorted(unsure, key=lambda pair: (pair[0], str(pair[1]["collaboration_id"])))][:MOST]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, GUIDE)
        for at, (name, width) in enumerate(zip(COLUMNS, (15, 30, 45, 70, 30, 10, 11, 30, 30, 8), strict=True)):
            sheet.set_column(at, at, width, wrapped)
            sheet.write_string(1, at, name, bold)
        for number, row in enumerate(chosen, start=2):
            key = str(row["collaboration_id"])
            values = _shown(dataset, row, predictions[passages[key]].probabilities, passages[key])
            for at, value in enumerate(values):
                sheet.write_string(number, at, str(cell_text(value)))
        answers = {"validate": "list", "source": list(ANSWERS)}
        sheet.data_validation(2, 6, max(len(chosen) + 1, 2), 6, answers)
        sheet.freeze_panes(2, 2)
    return len(chosen)


def _shown(dataset: Dataset, row: Row, probabilities: Mapping[Theme, float], passage: str) -> tuple[str, ...]:
    key = row["collaboration_id"]
    parties = [one["name_as_written"] for one in dataset.tables["participants"] if one["collaboration_id"] == key]
    quotes = [str(one["evidence"]) for one in dataset.tables["claims"] if one["collaboration_id"] == key]
    themes = row["themes"] if isinstance(row["themes"], list) else []
    unsure = max(probabilities.values())
    return (
        str(key),
        str(row["title"]),
        "; ".join(map(str, parties)),
        "\n".join(quotes)[:QUOTE],
        ", ".join(themes) or NO_THEME,
        f"{unsure:.2f}",
        "",
        "",
        "",
        passage,
    )


def _margin(engines: Engines, probabilities: Mapping[Theme, float]) -> float:
    return min(engines.themes.distance(theme, value) for theme, value in probabilities.items())


def _read_workbook(engines: Engines, path: Path, reviewer: str) -> Iterator[Decision]:
    try:
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)[SHEET]
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise DecisionFileError(f"{path}: ikke en projektmappe med arket {SHEET}") from error
    predictions = engines.store.predictions(engines.themes.version)
    moment = engines.clock()
    for number, cells in enumerate(sheet.iter_rows(min_row=3, values_only=True), start=3):
        row = dict(zip(COLUMNS, (str(cell or "").strip() for cell in cells), strict=False))
        if not row.get("afgørelse"):
            continue
        if row["afgørelse"].casefold() not in ANSWERS:
            raise DecisionFileError(f"{path}, række {number}: afgørelsen er ja, ret eller nej")
        verdict = ANSWERS[row["afgørelse"].casefold()]
        said = predictions.get(row["tekst"])
        if said is None:
            raise DecisionFileError(f"{path}, række {number}: rækken passer ikke til dette hjem; eksportér igen")
        themes = _decided(verdict, row["temaer"], said.themes, f"{path}, række {number}")
        yield decision(
            moment, reviewer, row["samarbejde"], verdict, themes, row["tekst"], said.model_version, row["bemærkning"]
        )


def _decided(verdict: Verdict, written: str, said: Sequence[Theme], where: str) -> tuple[Theme, ...]:
    if verdict is Verdict.ACCEPTED:
        return tuple(said)
    if verdict is Verdict.REJECTED:
        return ()
    names = [name.strip() for name in written.replace(";", ",").split(",") if name.strip()]
    by_name = {str(theme): theme for theme in Theme} | {theme.danish.casefold(): theme for theme in Theme}
    wrong = [name for name in names if name.casefold() not in by_name and name != NO_THEME]
    if wrong or not names:
        told = wrong[0] if wrong else "intet"
        raise DecisionFileError(f"{where}: {told} er ikke et tema; brug {', '.join(Theme)} eller {NO_THEME}")
    chosen = {by_name[name.casefold()] for name in names if name != NO_THEME}
    return tuple(theme for theme in Theme if theme in chosen)


def _read_lines(_engines: Engines, path: Path, _reviewer: str) -> Iterator[Decision]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DecisionFileError(f"{path}: filen kan ikke læses") from error
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            yield _of_line(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise DecisionFileError(f"{path}, linje {number}: ikke en afgørelse, som Samspil har skrevet") from error


def decision(  # noqa: PLR0913, PLR0917 - the fields of the record
    at: datetime,
    reviewer: str,
    collaboration_id: str,
    verdict: Verdict,
    themes: tuple[Theme, ...],
    passage: str,
    model_version: str,
    note: str,
) -> Decision:
    """A decision with its id."""
    key = digest(at.isoformat(), reviewer, collaboration_id, verdict, *themes, passage, model_version, note, length=24)
    return Decision(key, at, reviewer, collaboration_id, verdict, themes, passage, model_version, note)


def _line(one: Decision) -> str:
    return json.dumps({**asdict(one), "at": one.at.isoformat()}, ensure_ascii=False)


def _of_line(entry: dict[str, Any]) -> Decision:
    read = decision(
        datetime.fromisoformat(entry["at"]),
        entry["reviewer"],
        entry["collaboration_id"],
        Verdict(entry["verdict"]),
        tuple(Theme(theme) for theme in entry["themes"]),
        entry["passage"],
        entry["model_version"],
        entry["note"],
    )
    if read.id != entry["id"]:
        raise ValueError(entry["id"])
    return read
