from __future__ import annotations

from models.records import Theme, ThemePrediction
from models.themes.drift import Drift, Night, drifts, night_of


def said(*themes: Theme, unsure: bool = False) -> ThemePrediction:
    return ThemePrediction({theme: 0.9 if theme in themes else 0.1 for theme in Theme}, themes, unsure, "v")


def test_a_night_tells_the_share_of_each_theme_the_confidence_and_what_is_left_to_a_person() -> None:
    night = night_of("2026-11-24", [said(Theme.KLIMA_ENERGI), said(unsure=True)])
    assert night == Night(
        "2026-11-24",
        {str(theme): 0.5 if theme is Theme.KLIMA_ENERGI else 0.0 for theme in Theme}
        | {"confidence": 0.9, "abstained": 0.5},
    )
    assert night_of("2026-11-24", []) == Night("2026-11-24", {})


def nights(count: int, value: float, wobble: float = 0.0) -> list[Night]:
    return [Night(f"2026-10-{day:02}", {"abstained": value + wobble * (-1) ** day}) for day in range(1, count + 1)]


def test_a_figure_that_leaves_its_band_is_told_with_the_band() -> None:
    assert drifts(Night("2026-11-01", {"abstained": 0.5}), nights(20, 0.2)) == [Drift("abstained", 0.5, 0.18, 0.22)]


def test_what_wobbles_has_a_wider_band() -> None:
    assert drifts(Night("2026-11-01", {"abstained": 0.3}), nights(20, 0.2, wobble=0.05)) == []
    assert drifts(Night("2026-11-01", {"abstained": 0.36}), nights(20, 0.2, wobble=0.05)) != []


def test_a_few_nights_say_nothing_and_later_ones_do_not_count() -> None:
    assert drifts(Night("2026-11-01", {"abstained": 0.9}), nights(6, 0.2)) == []
    assert drifts(Night("2026-10-02", {"abstained": 0.9}), nights(30, 0.2)) == []
