from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from models.records import NO_THEME, Theme
from models.themes.gold import TEST, TRAIN, Labelled, Passage, own_passages, real_passages, row_digest

LABELS = {*map(str, Theme), NO_THEME}


def test_our_own_passages_are_well_formed(gold_folder: Path) -> None:
    lines = (gold_folder / "themes.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert {frozenset(entry) for entry in entries} == {frozenset({"id", "title", "text", "themes", "kind"})}
    assert len({entry["id"] for entry in entries}) == len({entry["text"] for entry in entries}) == len(entries) == 1369
    for entry in entries:
        themes = entry["themes"]
        assert themes, entry["id"]
        assert set(themes) <= LABELS, entry["id"]
        assert len(themes) == len(set(themes)), entry["id"]
        assert NO_THEME not in themes or themes == [NO_THEME], entry["id"]
        assert entry["title"].strip(), entry["id"]
        assert entry["text"].strip(), entry["id"]


def test_our_own_passages_hold_no_contact_details(own: list[Labelled]) -> None:
    assert [one.passage.title for one in own if "@" in one.passage.text or "tlf" in one.passage.text.lower()] == []


def test_every_theme_and_none_stands_in_both_parts_of_our_own_passages(own: list[Labelled]) -> None:
    counts = {
        split: Counter(theme for one in own if one.split == split for theme in one.themes) for split in (TRAIN, TEST)
    }
    for split, of_split in counts.items():
        assert min(of_split[theme] for theme in Theme) >= 10, split
        assert sum(one.split == split and not one.themes for one in own) >= 10, split
    assert {one.split for one in own} == {TRAIN, TEST}
    assert not any(one.real for one in own)


def test_labels_of_real_rows_are_well_formed_and_hold_no_text(gold_folder: Path) -> None:
    with (gold_folder / "themes-real.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {frozenset(row) for row in rows} == {frozenset({"digest", "themes", "split"})}
    assert len({row["digest"] for row in rows}) == len(rows)
    assert {row["split"] for row in rows} == {TRAIN, TEST}
    for row in rows:
        assert len(row["digest"]) == 16
        assert set(row["digest"]) <= set("0123456789abcdef")
        themes = row["themes"].split(";")
        assert set(themes) <= LABELS, row["digest"]
        assert len(themes) == len(set(themes)), row["digest"]
        assert NO_THEME not in themes or themes == [NO_THEME], row["digest"]
    for split in (TRAIN, TEST):
        said = {theme for row in rows if row["split"] == split for theme in row["themes"].split(";")}
        assert said == LABELS


def test_a_passage_is_in_the_test_part_by_a_digest_of_its_id(tmp_path: Path) -> None:
    path = tmp_path / "themes.jsonl"
    entries = [{"id": f"t{n}", "title": "T", "text": f"{n}", "themes": [NO_THEME], "kind": "news"} for n in range(20)]
    path.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    expected = [TEST if int(hashlib.sha256(f"t{n}".encode()).hexdigest(), 16) % 3 == 0 else TRAIN for n in range(20)]
    assert own_passages(path) == [
        Labelled(Passage("T", f"{n}"), frozenset(), split, real=False) for n, split in enumerate(expected)
    ]
    assert set(expected) == {TRAIN, TEST}


def test_real_rows_are_found_in_the_register_by_their_digest(tmp_path: Path) -> None:
    labels, register = tmp_path / "labels.csv", tmp_path / "register.csv"
    keys = [row_digest("Grøn", "Alfa", "01-01-2008"), row_digest("Borte", "Beta", "02-01-2008")]
    labels.write_text(
        f"digest,themes,split\n{keys[0]},klima_energi;kompetenceudvikling,test\n{keys[1]},{NO_THEME},train\n", "utf-8"
    )
    register.write_text(
        "projekttitel,navn,start_dato,tas_projekt_besk\n"
        'Grøn,Alfa,01-01-2008,"Første, med\nto linjer"\n'
        "Grøn,Alfa,01-01-2008,Tvilling\n"
        "Grøn,Gamma,01-01-2008,Anden\n",
        "utf-8",
    )
    assert real_passages(labels, register) == [
        Labelled(
            Passage("Grøn", "Første, med\nto linjer"),
            frozenset({Theme.KLIMA_ENERGI, Theme.KOMPETENCEUDVIKLING}),
            TEST,
            real=True,
        )
    ]


def test_a_label_that_is_no_theme_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "themes.jsonl"
    path.write_text(json.dumps({"id": "t", "title": "", "text": "", "themes": ["klima"]}), encoding="utf-8")
    with pytest.raises(ValueError, match="'klima' is not a valid Theme"):
        own_passages(path)


def test_the_key_of_a_row_is_the_digest_of_its_cells() -> None:
    assert row_digest("Grøn", "Alfa", "01-01-2008") == hashlib.sha256("Grøn|Alfa|01-01-2008".encode()).hexdigest()[:16]
