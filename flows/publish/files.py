"""The dataset as files: CSV, Parquet, XLSX, JSON lines and a data package; replaced as a whole, or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from flows.publish.dataset import Dataset, Row, Value
from flows.publish.schema import TABLES, Kind, TableSchema
from models.errors import SamspilError

FORMATS = ("csv", "parquet", "xlsx", "jsonl")
DEFAULT_FORMATS = ("csv", "parquet", "xlsx")
WORKBOOK = "samspil.xlsx"
PACKAGE = "datapackage.json"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CELL = 32_767  # characters that a cell of a workbook may hold

_ARROW = {
    Kind.STRING: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.LIST: pa.list_(pa.string()),
}
_EPOCH = datetime(2011, 8, 31, tzinfo=UTC).replace(tzinfo=None)  # of the workbook: the same bytes on any day


class TargetError(SamspilError):
    """A place that the dataset cannot be written to."""


def publish_files(dataset: Dataset, target: Path, formats: Collection[str] = DEFAULT_FORMATS) -> bool:
    """Write the dataset to `target`; false when the same files are there already.

    `target` is a link to a folder beside it that bears the digest of its files. The link is replaced in one step, so
    that a reader, or a killed run, sees the old files or the new ones and nothing between.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    snapshots = target.parent / f".{target.name}-snapshots"
    fresh = snapshots / f"new-{os.getpid()}"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(parents=True)
    _write(dataset, fresh, formats)
    kept = snapshots / _digest(fresh)
    if kept.exists():
        shutil.rmtree(fresh)
    else:
        fresh.rename(kept)
    changed = not target.is_symlink() or target.resolve() != kept.resolve()
    if changed:
        _point(target, kept)
    for other in snapshots.iterdir():
        if other.is_symlink():
            other.unlink()
        elif other != kept:
            shutil.rmtree(other, ignore_errors=True)
    return changed


def write_files(dataset: Dataset, folder: Path, formats: Collection[str] = DEFAULT_FORMATS) -> None:
    """Write the dataset into any folder, each file replaced in one step; what else lies there stays.

    Raises TargetError where no folder can be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".samspil-", dir=folder) as fresh:
            _write(dataset, Path(fresh), formats)
            for path in sorted(Path(fresh).iterdir()):
                path.replace(folder / path.name)
    except OSError as error:
        raise TargetError(f"{folder}: kan ikke skrives som mappe ({error.strerror})") from error


def _write(dataset: Dataset, folder: Path, formats: Collection[str]) -> None:
    writers: dict[str, Callable[[TableSchema, Sequence[Row], Path], None]] = {
        "csv": _write_csv,
        "parquet": _write_parquet,
        "jsonl": _write_jsonl,
    }
    for schema in TABLES:
        for name, write in writers.items():
            if name in formats:
                write(schema, dataset.tables[schema.name], folder / f"{schema.name}.{name}")
    if "xlsx" in formats:
        _write_workbook(dataset, folder / WORKBOOK)
    if "csv" in formats:
        package = json.dumps(_package(folder), indent=2, ensure_ascii=False) + "\n"
        (folder / PACKAGE).write_text(package, encoding="utf-8")


def _write_csv(schema: TableSchema, rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in schema.columns])
        writer.writerows([cell_text(row[column.name]) for column in schema.columns] for row in rows)


def _write_parquet(schema: TableSchema, rows: Sequence[Row], path: Path) -> None:
    fields = [pa.field(column.name, _ARROW[column.kind]) for column in schema.columns]
    pq.write_table(pa.Table.from_pylist(list(rows), schema=pa.schema(fields)), path, compression="zstd")


def _write_jsonl(schema: TableSchema, rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            ordered = {column.name: row[column.name] for column in schema.columns}
            file.write(json.dumps(ordered, ensure_ascii=False) + "\n")


def _write_workbook(dataset: Dataset, path: Path) -> None:
    """One sheet a table, Danish headings' meanings on the first; nothing in it is a formula or a link."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Samspil", "created": _EPOCH})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        guide = book.add_worksheet("Læs mig")
        guide.set_column(0, 1, 22)
        guide.set_column(2, 2, 90, wrapped)
        guide.write_row(0, 0, ("Ark", "Kolonne", "Betydning"), bold)
        lines = [
            (schema.danish, column.name, column.meaning)
            for schema in TABLES
            for column in (None, *schema.columns)
            if column
        ]
        for at, line in enumerate(lines, start=1):
            guide.write_row(at, 0, line)
        for schema in TABLES:
            _write_sheet(book, schema, dataset.tables[schema.name], bold)


def _write_sheet(book: xlsxwriter.Workbook, schema: TableSchema, rows: Sequence[Row], bold: object) -> None:
    sheet = book.add_worksheet(schema.danish)
    for at, column in enumerate(schema.columns):
        wide = column.name in ("title", "project", "evidence", "name", "name_as_written", "document_title")
        sheet.set_column(at, at, 48 if wide else 18)
    sheet.write_row(0, 0, [column.name for column in schema.columns], bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(schema.columns) - 1)
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(schema.columns):
            value = row[column.name]
            if isinstance(value, bool):
                sheet.write_boolean(number, at, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, at, value)
            elif text := str(cell_text(value)):
                sheet.write_string(number, at, text if len(text) <= CELL else text[: CELL - 1] + "…")


def cell_text(value: Value) -> str | int | float:
    """A value as CSV and the workbook show it; text never starts a formula, and its lines end in one way."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = ";".join(part.replace(";", ",") for part in value) if isinstance(value, list) else value
    shown = "'" + text if text.startswith(FORMULA_STARTS) else text
    return shown.replace("\r\n", "\n").replace("\r", "\n")


def _package(folder: Path) -> dict[str, object]:
    """Frictionless Data Package (version 1) of the CSV files: columns, keys."""
    resources = []
    for schema in TABLES:
        path = folder / f"{schema.name}.csv"
        fields = []
        for column in schema.columns:
            listed = column.kind is Kind.LIST  # in CSV a text of parts
            fields.append(
                {
                    "name": column.name,
                    "type": str(Kind.STRING if listed else column.kind),
                    "description": column.meaning + (" (delt af semikolon)" if listed else ""),
                }
            )
        table_schema: dict[str, object] = {"fields": fields, "primaryKey": list(schema.key)}
        if schema.references:
            table_schema["foreignKeys"] = [
                {"fields": [column], "reference": {"resource": table, "fields": [column]}}
                for column, table in schema.references
            ]
        resources.append(
            {
                "profile": "tabular-data-resource",
                "name": schema.name,
                "title": schema.danish,
                "description": schema.meaning,
                "path": path.name,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": path.stat().st_size,
                "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
                "schema": table_schema,
            }
        )
    return {
        "profile": "tabular-data-package",
        "name": "samspil",
        "title": "Samspil: hvem samarbejder med hvem om hvad",
        "resources": resources,
    }


def _digest(folder: Path) -> str:
    hashed = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        hashed.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()[:16]


def _point(target: Path, kept: Path) -> None:
    """Make `target` a link to `kept`, in one step; a plain folder of an older version is moved out of the way."""
    link = kept.with_name(f"link-{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(kept.relative_to(target.parent), target_is_directory=True)
    if target.is_dir() and not target.is_symlink():
        target.rename(target.with_name(f"{target.name}-gammel-{os.getpid()}"))
    link.replace(target)
