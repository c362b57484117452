"""Charts as SVG, drawn without a network: what a model's scores look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

from models.records import Theme

INK, ACCENT = "#1d2327", "#17605b"
WIDTH, HEIGHT = 360, 260

Bins = Sequence[tuple[float, float, int]]
"""Mean chance, share that is right, how many."""


def calibration(bins: Bins) -> str:
    """Chances beside frequencies; what lies on the diagonal can be believed."""
    points = [{"sandsynlighed": chance, "andel rigtige": share, "antal": n} for chance, share, n in bins]
    line = (
        alt.Chart(alt.InlineData([{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(color="#999999")
        .encode(x="x:Q", y="y:Q")
    )
    drawn = (
        alt.Chart(alt.InlineData(points))
        .mark_point(filled=True, color=ACCENT)
        .encode(x=_axis("sandsynlighed"), y=_axis("andel rigtige"), size=alt.Size("antal:Q", legend=None))
    )
    return _svg(line + drawn)


def confusion(counts: dict[str, Sequence[int]]) -> str:
    """Of the texts of each theme (rows), how many were given each (columns)."""
    cells: list[dict[str, Any]] = [
        {"tema": theme.danish, "givet": other.danish, "antal": counts[str(theme)][at]}
        for theme in Theme
        for at, other in enumerate(Theme)
    ]
    order = [theme.danish for theme in Theme]
    base = alt.Chart(alt.InlineData(cells)).encode(
        x=alt.X("givet:N", sort=order, axis=alt.Axis(labelAngle=-35, labelLimit=150, title="givet")),
        y=alt.Y("tema:N", sort=order, axis=alt.Axis(labelLimit=200, title="rigtigt")),
    )
    scale = alt.Scale(range=["#f2f4f3", ACCENT])
    shade = base.mark_rect().encode(color=alt.Color("antal:Q", scale=scale, legend=None))
    most = max(cell["antal"] for cell in cells) / 2
    told = base.mark_text().encode(
        text="antal:Q", color=alt.condition(alt.datum.antal > most, alt.value("white"), alt.value(INK))
    )
    return _svg(shade + told)


def learning(curve: Sequence[Sequence[float]]) -> str:
    """The macro average precision on the test part, by how many texts were learned from."""
    points = [{"tekster": count, "gennemsnitlig præcision": value} for count, value in curve]
    drawn = (
        alt.Chart(alt.InlineData(points))
        .mark_line(point=True, color=ACCENT)
        .encode(x=alt.X("tekster:Q"), y=alt.Y("gennemsnitlig præcision:Q", scale=alt.Scale(zero=False)))
    )
    return _svg(drawn)


def _axis(name: str) -> Any:
    kind = alt.X if name == "sandsynlighed" else alt.Y
    return kind(f"{name}:Q", scale=alt.Scale(domain=[0, 1]))


def _svg(chart: Any) -> str:
    drawn = chart.properties(width=WIDTH, height=HEIGHT).configure(font="sans-serif", background="transparent")
    return str(vl_convert.vegalite_to_svg(drawn.to_json()))
