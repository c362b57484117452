"""Where the data of the project lies."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
"""What ships with Samspil: sources, gazetteer, cues, gold, the sample site."""
