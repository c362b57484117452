from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import frictionless
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.publish.dataset import Dataset
from flows.publish.files import CELL, FORMATS, FORMULA_STARTS, PACKAGE, WORKBOOK, publish_files
from flows.publish.schema import TABLES, Kind, TableSchema

NAMES = [schema.name for schema in TABLES]
Table = list[dict[str, Any]]


@pytest.fixture(scope="module")
def published(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("home") / "dataset"
    assert publish_files(dataset, target, FORMATS)
    return target


def in_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def in_workbook(path: Path, sheet: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def shown(schema: TableSchema, row: dict[str, Any]) -> dict[str, Any]:
    """A row as cells: lists in one text, and no text that starts a formula."""
    cells = {}
    for column in schema.columns:
        value = row[column.name]
        if column.kind is Kind.LIST:
            value = ";".join(part.replace(";", ",") for part in value)
        cells[column.name] = f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
    return cells


# What the files hold


def test_the_files_of_the_contract_are_written(published: Path) -> None:
    assert sorted(path.name for path in published.iterdir()) == sorted(
        [*(f"{name}.{ending}" for name in NAMES for ending in ("csv", "parquet", "jsonl")), WORKBOOK, PACKAGE]
    )


@pytest.mark.parametrize("schema", TABLES, ids=NAMES)
def test_json_lines_hold_the_rows_as_they_are(published: Path, dataset: Dataset, schema: TableSchema) -> None:
    lines = (published / f"{schema.name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert rows == dataset.tables[schema.name]
    assert {tuple(row) for row in rows} == {tuple(column.name for column in schema.columns)}


@pytest.mark.parametrize("schema", TABLES, ids=NAMES)
def test_parquet_holds_the_rows_with_real_lists_and_types(
    published: Path, dataset: Dataset, schema: TableSchema
) -> None:
    table = pq.read_table(published / f"{schema.name}.parquet")
    assert table.to_pylist() == dataset.tables[schema.name]
    names = {
        Kind.STRING: "string",
        Kind.INTEGER: "int64",
        Kind.NUMBER: "double",
        Kind.BOOLEAN: "bool",
        Kind.LIST: "list<element: string>",
    }
    assert [(field.name, str(field.type)) for field in table.schema] == [
        (column.name, names[column.kind]) for column in schema.columns
    ]


@pytest.mark.parametrize("schema", TABLES, ids=NAMES)
def test_csv_holds_the_rows_as_text(published: Path, dataset: Dataset, schema: TableSchema) -> None:
    def text(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    rows = in_csv(published / f"{schema.name}.csv")
    assert rows == [
        {name: text(value) for name, value in shown(schema, dict(row)).items()} for row in dataset.tables[schema.name]
    ]
    assert {tuple(row) for row in rows} == {tuple(column.name for column in schema.columns)}


@pytest.mark.parametrize("schema", TABLES, ids=NAMES)
def test_the_workbook_holds_the_rows_as_values(published: Path, dataset: Dataset, schema: TableSchema) -> None:
    header, *rows = in_workbook(published / WORKBOOK, schema.danish)
    assert header == [column.name for column in schema.columns]
    assert rows == [
        [None if value == "" else value for value in shown(schema, dict(row)).values()]
        for row in dataset.tables[schema.name]
    ]


def test_the_workbook_explains_every_column_first(published: Path) -> None:
    book = openpyxl.load_workbook(published / WORKBOOK)
    assert book.sheetnames == ["Læs mig", *(schema.danish for schema in TABLES)]
    assert in_workbook(published / WORKBOOK, "Læs mig") == [
        ["Ark", "Kolonne", "Betydning"],
        *([schema.danish, column.name, column.meaning] for schema in TABLES for column in schema.columns),
    ]


def test_no_cell_of_csv_or_workbook_starts_a_formula(published: Path) -> None:
    texts = [cell for name in NAMES for row in in_csv(published / f"{name}.csv") for cell in row.values()]
    assert [text for text in texts if text.startswith(FORMULA_STARTS)] == []
    assert [text for text in texts if text.startswith("'")] == [
        "'@Aftale", "'-kontrakt", "'=Alfa", "'=Alfa", "'=Alfa A/S", "'+Alfa;Alfa",
        "'=HYPERLINK(\"x\"); \"citat\"\nmed linjeskift",
    ]  # fmt: skip
    with ZipFile(published / WORKBOOK) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 1 + len(TABLES)
    assert [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet] == []


def test_a_semicolon_within_a_part_does_not_part_a_list(published: Path) -> None:
    row = in_csv(published / "organisations.csv")[0]
    assert row["aliases"].split(";") == ["RSJ", "Zealand, Region"]
    assert pq.read_table(published / "organisations.parquet").to_pylist()[0]["aliases"] == ["RSJ", "Zealand; Region"]


def test_text_is_utf_8_without_a_mark_and_lines_end_alike(published: Path) -> None:
    for path in published.glob("*.csv"):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
    assert "Sjælland".encode() in (published / "organisations.csv").read_bytes()


def with_title(dataset: Dataset, title: str) -> Dataset:
    first, *rest = dataset.tables["collaborations"]
    return replace(dataset, tables={**dataset.tables, "collaborations": [{**first, "title": title}, *rest]})


@given(title=st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text(";\"'\r\n\t,=+-@ a", max_size=8))
@settings(max_examples=60)
def test_any_text_comes_back_from_csv_and_json_lines(dataset: Dataset, tmp_path_factory: Any, title: str) -> None:
    target = tmp_path_factory.mktemp("home") / "dataset"
    publish_files(with_title(dataset, title), target, ["csv", "jsonl"])
    found = in_csv(target / "collaborations.csv")[0]["title"]
    shown = f"'{title}" if title.startswith(FORMULA_STARTS) else title
    assert found == shown.replace("\r\n", "\n").replace("\r", "\n")
    with (target / "collaborations.jsonl").open(encoding="utf-8", newline="\n") as file:
        assert json.loads(next(file))["title"] == title


@pytest.mark.parametrize("title", ["\0null", "\x0bvt\x1f", "_x0041_", "'citat", "a" * CELL, "😀 ¿ \u2028 \ufeff"])
def test_a_workbook_takes_any_text_that_fits_a_cell(dataset: Dataset, tmp_path: Path, title: str) -> None:
    publish_files(with_title(dataset, title), tmp_path / "dataset", ["xlsx"])
    cell = in_workbook(tmp_path / "dataset" / WORKBOOK, "Samarbejder")[1][1]
    assert openpyxl.utils.escape.unescape(cell) == title


def test_a_text_too_long_for_a_cell_is_cut_in_the_workbook_alone(dataset: Dataset, tmp_path: Path) -> None:
    publish_files(with_title(dataset, "a" * (CELL + 1)), tmp_path / "dataset", ["xlsx", "csv"])
    assert in_workbook(tmp_path / "dataset" / WORKBOOK, "Samarbejder")[1][1] == "a" * (CELL - 1) + "…"
    assert in_csv(tmp_path / "dataset" / "collaborations.csv")[0]["title"] == "a" * (CELL + 1)


def test_an_empty_dataset_has_all_files_with_their_columns(tmp_path: Path) -> None:
    empty = Dataset({name: [] for name in NAMES})
    publish_files(empty, tmp_path / "dataset", FORMATS)
    for schema in TABLES:
        columns = [column.name for column in schema.columns]
        header = (tmp_path / "dataset" / f"{schema.name}.csv").read_text(encoding="utf-8")
        assert header == ",".join(columns) + "\n"
        assert pq.read_table(tmp_path / "dataset" / f"{schema.name}.parquet").column_names == columns
        assert in_workbook(tmp_path / "dataset" / WORKBOOK, schema.danish) == [columns]


# The data package


def report(package: Path) -> frictionless.Report:
    return frictionless.validate(str(package / PACKAGE))


def test_the_data_package_is_valid_with_types_keys_and_references(published: Path) -> None:
    said = report(published)
    assert said.flatten(["title", "note"]) == []
    assert [task.name for task in said.tasks] == NAMES
    assert said.valid


def test_the_data_package_tells_when_a_row_is_missing(published: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(published.resolve(), tmp_path / "copy"))
    path = copy / "organisations.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    kinds = {kind for (kind,) in report(copy).flatten(["type"])}
    assert {"hash-count", "byte-count", "foreign-key"} <= kinds


def test_the_data_package_describes_every_column(published: Path) -> None:
    package = json.loads((published / PACKAGE).read_text(encoding="utf-8"))
    assert [
        (resource["name"], [field["name"] for field in resource["schema"]["fields"]], resource["schema"]["primaryKey"])
        for resource in package["resources"]
    ] == [(schema.name, [column.name for column in schema.columns], list(schema.key)) for schema in TABLES]
    fields = [field for resource in package["resources"] for field in resource["schema"]["fields"]]
    assert all(field["description"] for field in fields)


@pytest.mark.parametrize("formats", [["parquet"], ["xlsx"], ["jsonl"], ["parquet", "xlsx"]])
def test_without_csv_there_is_no_data_package(dataset: Dataset, tmp_path: Path, formats: Sequence[str]) -> None:
    publish_files(dataset, tmp_path / "dataset", formats)
    endings = {"parquet": [f"{name}.parquet" for name in NAMES], "jsonl": [f"{name}.jsonl" for name in NAMES]}
    expected = [name for ending in formats for name in endings.get(ending, [WORKBOOK])]
    assert sorted(path.name for path in (tmp_path / "dataset").iterdir()) == sorted(expected)


# Replacing what was there


@pytest.fixture
def other(dataset: Dataset) -> Dataset:
    return with_title(dataset, "Nyt")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_writes_give_the_same_bytes(dataset: Dataset, published: Path, tmp_path: Path) -> None:
    os.utime(published / "claims.csv", (0, 0))
    assert publish_files(dataset, tmp_path / "dataset", FORMATS)
    assert content(tmp_path / "dataset") == content(published)
    before = (tmp_path / "dataset").resolve()
    assert not publish_files(dataset, tmp_path / "dataset", FORMATS)
    assert (tmp_path / "dataset").resolve() == before
    assert content(before) == content(published)


def test_the_target_is_a_link_and_the_old_files_are_gone(dataset: Dataset, other: Dataset, tmp_path: Path) -> None:
    target = tmp_path / "home" / "dataset"
    publish_files(dataset, target, ["csv"])
    old = target.resolve()
    assert target.is_symlink()
    assert publish_files(other, target, ["csv"])
    assert target.is_symlink()
    assert not old.exists()
    assert in_csv(target / "collaborations.csv")[0]["title"] == "Nyt"
    assert sorted(path.name for path in target.parent.iterdir()) == [".dataset-snapshots", "dataset"]
    assert list((target.parent / ".dataset-snapshots").iterdir()) == [target.resolve()]


def test_the_home_may_be_moved(dataset: Dataset, tmp_path: Path) -> None:
    publish_files(dataset, tmp_path / "home" / "dataset", ["csv"])
    (tmp_path / "home").rename(tmp_path / "moved")
    assert len(in_csv(tmp_path / "moved" / "dataset" / "collaborations.csv")) == 3


def test_other_formats_take_the_place_of_the_former(dataset: Dataset, tmp_path: Path) -> None:
    publish_files(dataset, tmp_path / "dataset", ["csv", "parquet"])
    assert publish_files(dataset, tmp_path / "dataset", ["jsonl"])
    assert {path.suffix for path in (tmp_path / "dataset").iterdir()} == {".jsonl"}


def test_a_reader_of_the_old_files_reads_them_to_the_end(dataset: Dataset, other: Dataset, tmp_path: Path) -> None:
    target = tmp_path / "dataset"
    publish_files(dataset, target, ["csv"])
    whole = (target / "claims.csv").read_bytes()
    folder = os.open(target, os.O_RDONLY)
    with (target / "claims.csv").open("rb") as reader:
        beginning = reader.read(10)
        publish_files(other, target, ["csv"])
        assert beginning + reader.read() == whole
    os.close(folder)
    assert in_csv(target / "collaborations.csv")[0]["title"] == "Nyt"


def test_a_write_that_fails_leaves_the_old_files(dataset: Dataset, tmp_path: Path) -> None:
    target = tmp_path / "dataset"
    publish_files(dataset, target, ["csv"])
    before = content(target)
    broken = replace(dataset, tables={**dataset.tables, "claims": [{"claim_id": "k"}]})
    with pytest.raises(KeyError):
        publish_files(broken, target, ["csv"])
    assert content(target) == before
    assert not publish_files(dataset, target, ["csv"])
    assert list((tmp_path / ".dataset-snapshots").iterdir()) == [target.resolve()]


def test_a_run_killed_at_its_last_step_leaves_the_old_files_in_place(
    dataset: Dataset, other: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "dataset"
    publish_files(dataset, target, ["csv"])
    before = content(target)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            publish_files(other, target, ["csv"])
    assert content(target) == before
    assert publish_files(other, target, ["csv"])
    assert in_csv(target / "collaborations.csv")[0]["title"] == "Nyt"
    assert list((tmp_path / ".dataset-snapshots").iterdir()) == [target.resolve()]


def killed_while(folder: Path) -> None:
    """What a run leaves that was killed before its files were whole, and before its link was in place."""
    half = folder / ".dataset-snapshots" / "new-1"
    half.mkdir(parents=True)
    (half / "claims.csv").write_bytes(b"half")
    (half.parent / "link-1").symlink_to(half)


def test_what_a_killed_run_left_is_taken_away(dataset: Dataset, tmp_path: Path) -> None:
    killed_while(tmp_path)
    target = tmp_path / "dataset"
    publish_files(dataset, target, ["csv"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".dataset-snapshots", "dataset"]
    assert list((tmp_path / ".dataset-snapshots").iterdir()) == [target.resolve()]


def test_a_snapshot_that_was_whole_and_not_yet_in_place_is_put_there(dataset: Dataset, tmp_path: Path) -> None:
    target = tmp_path / "dataset"
    publish_files(dataset, target, ["csv"])
    before = content(target)
    target.unlink()
    assert publish_files(dataset, target, ["csv"])
    assert content(target) == before


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.symlink_to("nowhere")])
def test_what_stands_in_the_way_is_replaced(dataset: Dataset, tmp_path: Path, make: Callable[[Path], None]) -> None:
    target = tmp_path / "dataset"
    make(target)
    assert publish_files(dataset, target, ["csv"])
    assert target.is_symlink()
    assert len(in_csv(target / "collaborations.csv")) == 3


def test_a_folder_with_someone_s_files_is_moved_aside_and_kept(dataset: Dataset, tmp_path: Path) -> None:
    target = tmp_path / "dataset"
    target.mkdir()
    (target / "mine.txt").write_text("min", encoding="utf-8")
    publish_files(dataset, target, ["csv"])
    (aside,) = tmp_path.glob("dataset-gammel-*")
    assert content(aside) == {"mine.txt": b"min"}
    assert len(in_csv(target / "collaborations.csv")) == 3
