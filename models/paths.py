"""Where the data of the project lies."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
"""What ships with Samspil: sources, gazetteer, cues, gold, the sample site."""

THEMES = Path(__file__).resolve().parent / "themes" / "artefact"
"""The theme model, with its card."""

THEMES_WORDS = DATA / "themes.toml"
"""The keywords of the themes."""

CLAIMS = Path(__file__).resolve().parent / "claims" / "artefact"
"""The claim model, with its card."""

DANISH = {
    name: Path(__file__).parent / "danish" / folder for name, folder in (("bundled", "accurate"), ("fast", "fast"))
}
"""The artefacts of our own Danish pipelines, by name."""

IDENTITY = Path(__file__).resolve().parent / "identity" / "artefact"
"""The identity model, with its card."""
