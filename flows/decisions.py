"""Judging collaborations in a workbook: what is unsure goes out with its quotes, what a person decided comes back.

Each row of a workbook carries, hidden, what it was written from: the text's digest, the model and what it said, and
when. So it can be read in after later harvests and trainings, twice, or late: it counts as of when it was written.
A second sheet asks which names are of one organisation. As JSON lines the decisions and judgements themselves go out
and come in, to be merged between offices: the same one twice is one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from flows import steps
from flows.engines import Engines
from flows.publish.dataset import Known, Row, build_dataset
from flows.publish.files import cell_text
from flows.waiting import ANSWERS, Alike, Waiting, alike, by_collaboration, waiting
from models.decisions import decision
from models.errors import SamspilError
from models.identity.judgements import CLAIM, COLLABORATION, ORGANISATION, judgement
from models.identity.organisations import Organisations
from models.records import (
    NO_THEME,
    Decision,
    Judgement,
    Participant,
    Relation,
    Role,
    Theme,
    Verdict,
)
from models.store import StoredClaim

SHEET = "Gennemgang"
WORKBOOK, LINES = ".xlsx", ".jsonl"
MOST = 500  # rows of a workbook: an afternoon's work
QUOTE = 1500  # characters of evidence shown

SHOWN = {  # with their widths
    "samarbejde": 15,
    "titel": 30,
    "deltagere": 45,
    "citat": 70,
    "modellens temaer": 30,
    "sikkerhed": 10,
    "afgørelse": 11,
    "temaer": 30,
    "bemærkning": 30,
    "ændret": 40,
}
HIDDEN = ("tekst", "model", "forslag", "skrevet")
COLUMNS = (*SHOWN, *HIDDEN)
PAIRS = "Ens navne"
PAIR_COLUMNS = {"navn": 45, "måske det samme som": 45, "sandsynlighed": 14, "afgørelse": 14, "bemærkning": 30}
RELATIONS = {"ens": Relation.SAME, "forskellige": Relation.DIFFERENT, "ved ikke": Relation.UNSURE}
PAIR_GUIDE = (
    "Er de to navne den samme organisation? Skriv i kolonnen afgørelse: ens, forskellige eller ved ikke. Det gælder, "
    "til nogen skriver andet, og står over alt, hvad Samspil selv mener."
)
KINDS = frozenset([ORGANISATION, COLLABORATION, CLAIM])
AGAIN = timedelta(seconds=1)  # the step in which the store keeps time
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
        told: list[Decision | Judgement] = [*engines.store.decisions(), *engines.store.judgements()]
        path.write_text("".join(_line(one) + "\n" for one in told), encoding="utf-8")
        return len(told)
    if path.suffix == WORKBOOK:
        return _write_workbook(engines, path)
    raise DecisionFileError(f"{path}: brug en fil, der ender på {WORKBOOK} eller {LINES}")


def import_decisions(engines: Engines, path: Path, reviewer: str) -> Merged:
    """Add the decisions of a file to those there are. Raises DecisionFileError; then nothing is added."""
    readers = {LINES: _read_lines, WORKBOOK: _read_workbook}
    if path.suffix not in readers:
        raise DecisionFileError(f"{path}: brug en fil, der ender på {WORKBOOK} eller {LINES}")
    known = {one.id for one in engines.store.decisions()} | {one.id for one in engines.store.judgements()}
    found = {one.id: one for one in readers[path.suffix](engines, path, reviewer)}
    engines.store.add_decisions(one for one in found.values() if isinstance(one, Decision))
    engines.store.add_judgements(one for one in found.values() if isinstance(one, Judgement))
    fresh = found.keys() - known
    return Merged(len(fresh), len(found) - len(fresh))


def _write_workbook(engines: Engines, path: Path) -> int:
    steps.classify(engines)  # nothing, unless the model is newer than the last harvest
    grouped = by_collaboration(engines)
    chosen = waiting(engines, grouped)[:MOST]
    rows = _rows(engines, [stored for one in chosen for stored in grouped[one.collaboration_id]])
    moment = engines.clock().isoformat()
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, GUIDE)
        for at, name in enumerate(COLUMNS):
            sheet.set_column(at, at, SHOWN.get(name, 8), wrapped, {"hidden": name in HIDDEN})
            sheet.write_string(1, at, name, bold)
        for number, one in enumerate(chosen, start=2):
            for at, value in enumerate((*rows[one.collaboration_id], *_answer(one, moment))):
                sheet.write_string(number, at, str(cell_text(value)))
        answers = {"validate": "list", "source": list(ANSWERS)}
        at = COLUMNS.index("afgørelse")
        sheet.data_validation(2, at, max(len(chosen) + 1, 2), at, answers)
        sheet.freeze_panes(2, 2)
        _write_pairs(book, alike(engines)[:MOST])
    return len(chosen)


def _write_pairs(book: xlsxwriter.Workbook, pairs: Sequence[Alike]) -> None:
    sheet = book.add_worksheet(PAIRS)
    sheet.write_string(0, 0, PAIR_GUIDE)
    for at, (name, width) in enumerate(PAIR_COLUMNS.items()):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, name, book.add_format({"bold": True}))
    for number, one in enumerate(pairs, start=2):
        for at, value in enumerate((one.left, one.right, f"{one.chance:.2f}")):
            sheet.write_string(number, at, str(cell_text(value)))
    at = list(PAIR_COLUMNS).index("afgørelse")
    sheet.data_validation(2, at, max(len(pairs) + 1, 2), at, {"validate": "list", "source": list(RELATIONS)})
    sheet.freeze_panes(2, 2)


def _rows(engines: Engines, claims: Sequence[StoredClaim]) -> dict[str, tuple[str, str, str, str]]:
    """Id, title, parties and quotes by id, as they are published; what was rejected too."""
    store = engines.store
    organisations = Organisations(store.organisations(), store.organisation_names(), engines.gazetteer)
    predictions = store.predictions(engines.themes_version)
    tables = build_dataset(
        claims, organisations, Known(store.members(), store.collaborations(), predictions, {})
    ).tables
    parties, quotes = _listed(tables["participants"], "name_as_written"), _listed(tables["claims"], "evidence")
    titles = {str(row["collaboration_id"]): str(row["title"]) for row in tables["collaborations"]}
    return {key: (key, title, "; ".join(parties[key]), "\n".join(quotes[key])[:QUOTE]) for key, title in titles.items()}


def _listed(rows: Iterable[Row], column: str) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        listed[str(row["collaboration_id"])].append(str(row[column]))
    return listed


def _answer(one: Waiting, moment: str) -> tuple[str, ...]:
    """The other columns: what the model said, room for the answer, and what is hidden."""
    themes = ", ".join(one.said.themes) or NO_THEME
    sure = f"{max(one.said.probabilities.values()):.2f}"
    return themes, sure, "", "", "", one.changed, one.passage, one.said.model_version, themes, moment


def _read_workbook(engines: Engines, path: Path, reviewer: str) -> Iterator[Decision | Judgement]:
    yield from _read_answers(engines, path, reviewer)
    last = {(one.left, one.right): (one.relation, one.note) for one in engines.store.judgements(ORGANISATION)}
    for where, row in _answered(path, PAIRS, list(PAIR_COLUMNS)):
        relation = RELATIONS.get(row["afgørelse"].casefold())
        if relation is None:
            raise DecisionFileError(f"{where}: afgørelsen er ens, forskellige eller ved ikke")
        pair = row["navn"], row["måske det samme som"]
        if last.get(pair) != (relation, row["bemærkning"]):  # the same workbook read in again says nothing new
            yield judgement(engines.clock(), reviewer, ORGANISATION, *pair, relation, row["bemærkning"])


def _read_answers(engines: Engines, path: Path, reviewer: str) -> Iterator[Decision]:
    known = engines.store.collaborations()
    earlier = engines.store.decisions()
    standing_now = engines.store.latest_decisions()
    stored = {one.id for one in earlier}
    taken = {(one.collaboration_id, one.at) for one in earlier}
    for where, row in _answered(path, SHEET, COLUMNS):
        verdict = ANSWERS.get(row["afgørelse"].casefold())
        if verdict is None:
            raise DecisionFileError(f"{where}: afgørelsen er ja, ret eller nej")
        if row["samarbejde"] not in known:
            raise DecisionFileError(f"{where}: rækken passer ikke til dette hjem; eksportér igen")
        try:
            moment = datetime.fromisoformat(row["skrevet"]).astimezone(UTC)
            said = _decided(Verdict.CORRECTED, row["forslag"], (), where)
        except ValueError as error:
            raise DecisionFileError(f"{where}: de skjulte kolonner er ændret; eksportér igen") from error
        themes = _decided(verdict, row["temaer"], said, where)
        rest = reviewer, row["samarbejde"], verdict, themes, row["tekst"], row["model"], row["bemærkning"]
        kept = _corrections(standing_now.get(row["samarbejde"]), verdict)
        found = decision(moment, *rest, **kept)
        while found.id not in stored and (found.collaboration_id, found.at) in taken:
            found = decision(found.at + AGAIN, *rest, **kept)  # another answer in the same row counts after the first
        stored.add(found.id)
        taken.add((found.collaboration_id, found.at))
        yield found


def _corrections(last: Decision | None, verdict: Verdict) -> dict[str, Any]:
    """What was corrected besides themes before: a row of a workbook says nothing of it."""
    if last is None or verdict is Verdict.REJECTED:
        return {}
    return {"title": last.title, "project": last.project, "participants": last.participants}


def _answered(path: Path, sheet: str, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each row of a sheet with an answer stands, and its texts by column."""
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            if sheet == PAIRS and PAIRS not in book.sheetnames:
                return  # written before there was one
            found = book[sheet].iter_rows(min_row=2, values_only=True)
            rows = [[str(cell or "").strip() for cell in cells] for cells in found]
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise DecisionFileError(f"{path}: ikke en projektmappe med arket {sheet}") from error
    heading = rows[0] if rows else []
    if missing := [name for name in columns if name not in heading]:
        raise DecisionFileError(f"{path}: kolonnen {missing[0]} mangler; eksportér igen")
    for number, cells in enumerate(rows[1:], start=3):
        row = dict(zip(heading, cells, strict=False))
        if row.get("afgørelse"):
            yield f"{path}, række {number}", dict.fromkeys(columns, "") | row


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


def _read_lines(_engines: Engines, path: Path, _reviewer: str) -> Iterator[Decision | Judgement]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DecisionFileError(f"{path}: filen kan ikke læses") from error
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            yield _of_line(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise DecisionFileError(f"{path}, linje {number}: ikke en afgørelse, som Samspil har skrevet") from error


def _line(one: Decision | Judgement) -> str:
    return json.dumps({**asdict(one), "at": one.at.isoformat()}, ensure_ascii=False)


def _of_line(entry: dict[str, Any]) -> Decision | Judgement:
    if "relation" in entry:
        if entry["kind"] not in KINDS:
            raise ValueError(entry["kind"])
        moment = datetime.fromisoformat(entry["at"])
        relation, pair = Relation(entry["relation"]), (str(entry["left"]), str(entry["right"]))
        return judgement(moment, str(entry["reviewer"]), entry["kind"], *pair, relation, str(entry.get("note", "")))
    parties = entry.get("participants")
    read = decision(
        datetime.fromisoformat(entry["at"]),
        entry["reviewer"],
        entry["collaboration_id"],
        Verdict(entry["verdict"]),
        tuple(Theme(theme) for theme in entry["themes"]),
        entry["passage"],
        entry["model_version"],
        entry["note"],
        title=entry.get("title"),
        project=entry.get("project"),
        participants=None
        if parties is None
        else tuple(Participant(one["name"], Role(one["role"]), one["body_id"]) for one in parties),
        before=entry.get("before", ""),
        undoes=entry.get("undoes", ""),
    )
    if read.id != entry["id"]:
        raise ValueError(entry["id"])
    return read
