from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cards import CardError
from models.records import Theme, ThemePrediction
from models.themes import features
from models.themes.gold import Labelled, Passage
from models.themes.model import ARTEFACT, NAMED, ThemeModel, load_model
from models.themes.training import evaluate, train

NOTHING = dict.fromkeys(Theme, 0.0)
WIND = Passage(
    "Vindkraft til havs",
    "Formålet er at udvikle nye vindmøller og varmepumper, så klimaet skånes og energien bliver grøn.",
)
FEW = 90  # passages that a model of the tests is trained on


# The model that ships


def test_a_text_that_says_one_thing_has_one_theme(model: ThemeModel) -> None:
    (answer,) = model.predict([WIND])
    assert answer.themes == (Theme.KLIMA_ENERGI,)
    assert answer.model_version == model.version
    assert answer.probabilities[Theme.KLIMA_ENERGI] > 0.9


@pytest.mark.parametrize("text", ["", "x", " \n\t", "2011 " * 100, "§§ 12, 14-15 (3)", "😀" * 10, "a b", "¿" * 1000])
def test_a_text_without_words_has_no_theme_and_needs_no_look(model: ThemeModel, text: str) -> None:
    (answer,) = model.predict([Passage("", text)])
    assert answer == ThemePrediction(NOTHING, (), False, model.version)


@pytest.mark.parametrize(
    "text",
    [
        "The committee met on Tuesday and approved the minutes of the previous meeting.",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 20,
        "a" * 1_000_000,
        "Mødet blev hævet klokken fire. " * 33_000,
        "\ud800 ikke et tegn",
        "\0 \x01 \x02 abcdef",
    ],
    ids=["english", "latin", "one word of 1 MB", "1 MB", "surrogate", "control characters"],
)
def test_a_text_that_fits_no_theme_has_none(model: ThemeModel, text: str) -> None:
    (answer,) = model.predict([Passage("", text)])
    assert answer.themes == ()


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("line", ["{}", "• {}:", "  - {}.", "{} "], ids=["bare", "bullet", "dash", "blank"])
def test_the_published_name_of_a_theme_on_a_line_of_its_own_counts(model: ThemeModel, theme: Theme, line: str) -> None:
    text = "Vækstforum drøftede punkterne.\n" + line.format(theme.danish.upper()) + "\nMødet blev hævet."
    (answer,) = model.predict([Passage("Dagsorden", text)])
    assert theme in answer.themes
    assert answer.probabilities[theme] >= NAMED


def test_the_name_of_a_theme_within_a_sentence_is_a_word_among_others(model: ThemeModel) -> None:
    passage = Passage("", "Ikke Turisme og oplevelsesøkonomi, men støbejern.")
    (answer,) = model.predict([passage])
    assert list(answer.probabilities.values()) == [
        round(float(value), 4) for value in model.probabilities([passage])[0]
    ]


def test_the_answer_does_not_depend_on_the_batch(model: ThemeModel, own: list[Labelled]) -> None:
    passages = [one.passage for one in own[:20]]
    together = model.predict(passages)
    assert together == model.predict(passages)
    assert together == [answer for passage in passages for answer in model.predict([passage])]
    assert model.predict([]) == []
    assert model.probabilities([]).shape == (0, 6)


def test_themes_are_those_at_or_over_their_thresholds_and_doubt_is_near_them(
    model: ThemeModel, own: list[Labelled]
) -> None:
    for answer in model.predict([one.passage for one in own[:60]]):
        values = answer.probabilities
        assert list(values) == list(Theme)
        assert all(0.0 <= value <= 1.0 for value in values.values())
        assert answer.themes == tuple(theme for theme in Theme if values[theme] >= model.thresholds[theme])
        assert answer.review == any(model.distance(theme, values[theme]) < model.unsure for theme in Theme)


@given(st.text(max_size=60), st.text(max_size=300))
@settings(max_examples=50)
def test_any_text_gets_an_answer(model: ThemeModel, title: str, text: str) -> None:
    (answer,) = model.predict([Passage(title, text)])
    assert list(answer.probabilities) == list(Theme)


def test_the_card_tells_the_scores_that_the_model_reaches(own: list[Labelled]) -> None:
    card = json.loads((ARTEFACT / "card.json").read_text(encoding="utf-8"))
    reached = evaluate(own, ARTEFACT)["own"]
    told = card["scores"]["own"]
    assert {name: reached[name] for name in ("passages", "model", "keywords")} == {
        name: told[name] for name in ("passages", "model", "keywords")
    }
    for part in card["scores"].values():
        assert part["model"]["micro_f1"] > part["keywords"]["micro_f1"] > part["majority"]["micro_f1"]


# Artefacts that do not fit


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ARTEFACT, tmp_path / "artefact"))


def change(folder: Path, **values: Any) -> None:
    path = folder / "card.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(card | values), encoding="utf-8")


def test_an_untouched_copy_loads_and_says_the_same(copy: Path, model: ThemeModel) -> None:
    found = load_model(copy)
    assert found.version == model.version
    assert found.thresholds == model.thresholds
    assert found.predict([WIND]) == model.predict([WIND])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("labels", {"labels": [str(theme) for theme in Theme][::-1]}),
        ("labels", {"labels": [str(theme) for theme in Theme][:5]}),
        ("labels", {"labels": None}),
        ("features", {"features": features.VERSION + "0"}),
        ("keywords_sha256", {"keywords_sha256": "0" * 64}),
        ("files", {"files": {"model.skops": "0" * 64}}),
    ],
)
def test_an_artefact_of_another_kind_is_refused(copy: Path, name: str, values: dict[str, Any]) -> None:
    change(copy, **values)
    with pytest.raises(CardError) as caught:
        load_model(copy)
    assert str(caught.value) == f"temamodellen: kortet passer ikke til koden ({name}): kør samspil train themes"


def test_an_artefact_that_was_changed_is_refused(copy: Path) -> None:
    path = copy / "model.skops"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CardError, match="files"):
        load_model(copy)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("card.json", "temamodellen mangler i {}: kør samspil train themes"),
        ("model.skops", "temamodellen: kortet passer ikke til koden (files): kør samspil train themes"),
    ],
)
def test_an_artefact_that_is_not_whole_is_refused(copy: Path, name: str, said: str) -> None:
    (copy / name).unlink()
    with pytest.raises(CardError) as caught:
        load_model(copy)
    assert str(caught.value) == said.format(copy)


def test_a_card_without_thresholds_is_refused(copy: Path) -> None:
    change(copy, thresholds={})
    with pytest.raises(CardError, match=r"temamodellen i .* er ikke hel: kør samspil train themes"):
        load_model(copy)


@pytest.mark.parametrize("content", [b"", b'{"labels": [', b"\xff\xfe", b"[]"])
def test_a_card_that_cannot_be_read_is_refused(copy: Path, content: bytes) -> None:
    (copy / "card.json").write_bytes(content)
    with pytest.raises(CardError, match=r"^temamodellen: kortet .*: kør samspil train themes$"):
        load_model(copy)


# Training


@pytest.fixture(scope="module")
def trained(own: list[Labelled], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("artefact") / "themes"
    return folder, train(own[:FEW], folder, {"themes.jsonl": "digest"})


def test_training_writes_an_artefact_that_loads(trained: tuple[Path, dict[str, Any]], own: list[Labelled]) -> None:
    folder, card = trained
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "model.skops"]
    assert json.loads((folder / "card.json").read_text(encoding="utf-8")) == card
    model = load_model(folder)
    assert {str(theme): value for theme, value in model.thresholds.items()} == card["thresholds"]
    assert model.predict([WIND])[0].themes == (Theme.KLIMA_ENERGI,)
    assert card["sources"] == {"themes.jsonl": "digest"}
    assert card["training_passages"] == sum(one.split == "train" for one in own[:FEW])
    assert card["labels"] == [str(theme) for theme in Theme]


def test_two_trainings_on_the_same_texts_are_one_version(own: list[Labelled], tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(own[:FEW], tmp_path / name, {})
    train([one for one in own[:FEW] if one.passage != own[0].passage], tmp_path / "c", {})
    versions = [load_model(tmp_path / name).version for name in ("a", "b", "c")]
    assert versions[0] == versions[1] != versions[2]


def test_training_scores_the_test_part_that_it_did_not_see(
    trained: tuple[Path, dict[str, Any]], own: list[Labelled]
) -> None:
    folder, card = trained
    assert card["scores"] == evaluate(own[:FEW], folder)
    assert list(card["scores"]) == ["own"]
    scores = card["scores"]["own"]
    assert scores["passages"] == sum(one.split == "test" for one in own[:FEW])
    assert list(scores["model"]["per_theme"]) == [str(theme) for theme in Theme]
    low, high = scores["model"]["micro_f1_interval"]
    assert scores["majority"]["micro_f1"] < low <= scores["model"]["micro_f1"] <= high


def test_real_rows_and_own_passages_are_scored_apart(trained: tuple[Path, dict[str, Any]], own: list[Labelled]) -> None:
    folder, _ = trained
    half = [replace(one, real=at % 2 == 1) for at, one in enumerate(own[:FEW])]
    scores = evaluate(half, folder)
    assert {part: scores[part]["passages"] for part in scores} == {
        part: sum(one.real is real and one.split == "test" for one in half)
        for part, real in (("own", False), ("real", True))
    }


def test_training_again_gives_a_model_that_says_the_same(
    trained: tuple[Path, dict[str, Any]], own: list[Labelled], tmp_path: Path
) -> None:
    folder, card = trained
    again = train(own[:FEW], tmp_path, {"themes.jsonl": "digest"})
    assert again["thresholds"] == card["thresholds"]
    assert again["scores"] == card["scores"]
    passages = [one.passage for one in own]
    ask: Callable[[Path], Any] = lambda of: load_model(of).probabilities(passages)  # noqa: E731
    assert np.array_equal(ask(tmp_path), ask(folder))
