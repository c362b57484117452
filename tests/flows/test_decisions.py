"""Review in a workbook: what is unsure goes out, what a person decides comes back and is published."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from extractors.sources import files_source
from flows import decisions, steps
from flows.engines import Engines
from flows.publish.files import publish_files
from flows.run import Options, harvest
from flows.settings import Settings
from flows.waiting import waiting
from models.records import Decision, Theme, ThemePrediction, Verdict
from models.themes.gold import Passage
from models.themes.model import ThemeModel

SITE = Path(__file__).resolve().parents[2] / "data" / "sample-site"
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
LATER = NIGHT + timedelta(days=1)
DOUBTED = 12  # texts, whatever the model of the day thinks of them


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample site's collaborations, as the harvest left it, and some that the model is unsure of."""
    found = tmp_path_factory.mktemp("gennemgang") / "hjem"
    with Engines(Settings(home=found), lambda: NIGHT, harvesting=True) as engines:
        harvest(engines, [files_source(SITE)], Options())
        said = sorted(engines.store.predictions(engines.themes_version).items())
        unsure = {key: replace(one, review=True) for key, one in said[:DOUBTED]}
        engines.store.add_predictions(unsure)
    return found


@pytest.fixture(scope="module")
def home(harvested: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the tests decide one after the other."""
    return Path(shutil.copytree(harvested, tmp_path_factory.mktemp("gennemgang") / "hjem"))


@pytest.fixture
def own_home(harvested: Path, tmp_path: Path) -> Path:
    """A home in which nothing was decided yet."""
    return Path(shutil.copytree(harvested, tmp_path / "eget-hjem"))


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
    publish_files(steps.publish_dataset(engines), folder)
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
    own_home: Path, tmp_path: Path, answers: list[tuple[str, str]], said: str
) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=own_home), lambda: NIGHT.replace(hour=3)) as engines:
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


def test_a_workbook_read_in_twice_is_one_decision(own_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=own_home), lambda: NIGHT) as engines:
        decisions.export_decisions(engines, path)
    answered(path, [("nej", ""), ("ja", "")])
    with Engines(Settings(home=own_home), lambda: LATER) as engines:
        before = engines.store.decisions()
        assert decisions.import_decisions(engines, path, "læser") == decisions.Merged(2, 0)
        assert decisions.import_decisions(engines, path, "læser") == decisions.Merged(0, 2)
        fresh = [one for one in engines.store.decisions() if one not in before]
    assert [one.at for one in fresh] == [NIGHT, NIGHT]


def test_another_answer_in_the_same_row_counts_after_the_first(own_home: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    with Engines(Settings(home=own_home), lambda: NIGHT) as engines:
        decisions.export_decisions(engines, first)
        (key,) = answered(first, [("nej", "")])
        shutil.copy(first, second)
        answered(second, [("ret", "andet")])
        merged = [decisions.import_decisions(engines, path, "læser") for path in (first, second, first, second)]
        assert [one.new for one in merged] == [1, 1, 0, 0]
        assert engines.store.latest_decisions()[key].verdict is Verdict.CORRECTED


def test_an_old_workbook_does_not_stand_against_a_later_decision(own_home: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    moments = iter((NIGHT, LATER))
    with Engines(Settings(home=own_home), lambda: next(moments)) as engines:
        decisions.export_decisions(engines, old)
        decisions.export_decisions(engines, new)
    (key,) = answered(old, [("nej", "")])
    assert answered(new, [("ret", "andet")]) == [key]
    with Engines(Settings(home=own_home), lambda: LATER) as engines:
        assert [decisions.import_decisions(engines, path, "læser").new for path in (new, old)] == [1, 1]
        assert engines.store.latest_decisions()[key].verdict is Verdict.CORRECTED


class Retrained:
    """The theme model under another version, which finds the other themes in everything."""

    version = "efter-ny-traening"

    def __init__(self, trained: ThemeModel) -> None:
        self.trained = trained

    def predict(self, passages: Sequence[Passage]) -> list[ThemePrediction]:
        said = self.trained.predict(passages)
        others = [tuple(theme for theme in Theme if theme not in one.themes) for one in said]
        return [
            replace(one, themes=themes, review=True, model_version=self.version)
            for one, themes in zip(said, others, strict=True)
        ]

    def distance(self, theme: Theme, value: float) -> float:
        return self.trained.distance(theme, value)


def test_a_workbook_from_before_a_training_keeps_what_the_model_said_then(own_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=own_home), lambda: NIGHT) as engines:
        decisions.export_decisions(engines, path)
        said = {one.collaboration_id: one.said for one in waiting(engines)}
        answered(path, [("ja", "")] * len(said))
        engines.__dict__ |= {"themes": Retrained(engines.themes), "themes_version": Retrained.version}
        assert decisions.import_decisions(engines, path, "læser").new == len(said)
        told = {key: (one.themes, one.model_version) for key, one in engines.store.latest_decisions().items()}
        assert told == {key: (one.themes, one.model_version) for key, one in said.items()}
        assert waiting(engines) == []  # nothing is classified by the new model yet
        count = decisions.export_decisions(engines, tmp_path / "efter.xlsx")
        left = {one.collaboration_id for one in waiting(engines)}
        assert left == set(steps.passages(engines)) - said.keys()
        assert count == len(left)


@pytest.mark.parametrize(("verdict", "answer"), [(Verdict.REJECTED, "nej"), (Verdict.CORRECTED, "ret (andet)")])
def test_a_decision_on_another_text_waits_again_and_stands(
    own_home: Path, tmp_path: Path, verdict: Verdict, answer: str
) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=own_home), lambda: LATER) as engines:
        chosen = waiting(engines)[0]
        key = chosen.collaboration_id
        engines.store.add_decisions([judged(chosen, verdict, chosen.passage)])
        assert key not in {one.collaboration_id for one in waiting(engines)}
        earlier = judged(chosen, verdict, "en anden tekst", LATER)
        engines.store.add_decisions([earlier])
        again = {one.collaboration_id: one for one in waiting(engines)}[key]
        assert again.decided == earlier
        assert again.changed.startswith(f"Afgjort 25-11-2026: {answer}. Teksten er ændret siden: ")
        review = published(engines, tmp_path / "ud").get(key, {}).get("review", "rejected")
        assert review == str(verdict)
        decisions.export_decisions(engines, path)
    sheet = openpyxl.load_workbook(path)[decisions.SHEET]
    changed = decisions.COLUMNS.index("ændret")
    notes = {row[0]: row[changed] for row in sheet.iter_rows(min_row=3, values_only=True) if row[changed]}
    assert notes == {key: again.changed}


def judged(one: decisions.Waiting, verdict: Verdict, passage: str, at: datetime = NIGHT) -> Decision:
    return decisions.decision(at, "læser", one.collaboration_id, verdict, (), passage, one.said.model_version, "")


def test_a_workbook_without_its_hidden_columns_is_refused(own_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=own_home), lambda: NIGHT) as engines:
        decisions.export_decisions(engines, path)
        answered(path, [("ja", "")])
        book = openpyxl.load_workbook(path)
        book[decisions.SHEET].delete_cols(decisions.COLUMNS.index("skrevet") + 1)
        book.save(path)
        with pytest.raises(decisions.DecisionFileError, match="kolonnen skrevet mangler"):
            decisions.import_decisions(engines, path, "læser")


def paired(path: Path, *rows: tuple[str, str, str]) -> None:
    """Write (name, other name, answer) under the pairs of a workbook."""
    book = openpyxl.load_workbook(path)
    sheet = book[decisions.PAIRS]
    for at, (left, right, answer) in enumerate(rows, start=sheet.max_row + 1):
        for column, value in enumerate((left, right, "", answer), start=1):
            sheet.cell(at, column, value)
    book.save(path)


def test_names_that_people_say_are_one_are_one_from_the_next_night_on(own_home: Path, tmp_path: Path) -> None:
    path, lines = tmp_path / "gennemgang.xlsx", tmp_path / "afgoerelser.jsonl"
    with Engines(Settings(home=own_home), lambda: NIGHT) as engines:
        bare = sorted(one.name for one in engines.store.organisations().values() if not one.body_id)[:2]
        decisions.export_decisions(engines, path)
        paired(path, (bare[0], bare[1], "Ens"))
        assert decisions.import_decisions(engines, path, "læser") == decisions.Merged(1, 0)
        assert decisions.import_decisions(engines, path, "læser") == decisions.Merged(0, 0)
        steps.resolve(engines)
        names = {one.name: one for one in engines.store.organisations().values()}
        kept = names[bare[0]] if bare[1] in names[bare[0]].aliases else names[bare[1]]
        assert {bare[0], bare[1]} <= {kept.name, *kept.aliases}
        assert kept.id in engines.store.redirects().values()
        assert decisions.export_decisions(engines, lines) == 1
    with Engines(Settings(home=tmp_path / "andet-hjem")) as other:
        assert decisions.import_decisions(other, lines, "") == decisions.Merged(1, 0)


def test_an_answer_on_names_that_is_none_is_named(own_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "gennemgang.xlsx"
    with Engines(Settings(home=own_home), lambda: NIGHT) as engines:
        decisions.export_decisions(engines, path)
        paired(path, ("A", "B", "måske"))
        with pytest.raises(decisions.DecisionFileError, match="afgørelsen er ens, forskellige eller ved ikke"):
            decisions.import_decisions(engines, path, "læser")
        assert engines.store.judgements() == []
