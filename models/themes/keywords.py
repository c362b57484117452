"""The keyword baseline: a theme is met when its words stand in the title, twice in the opening, or four times."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.records import Theme
from models.themes.gold import Passage

OPENING = 400  # characters in which a purpose is stated, as a rule

THRESHOLDS = (1, 2, 4)  # hits in title, opening, text


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words for each theme, of texts in small letters."""

    patterns: Mapping[Theme, re.Pattern[str]]

    def counts(self, passage: Passage, theme: Theme) -> tuple[int, int, int]:
        """Hits in the title, in the opening and in the whole text."""
        find, text = self.patterns[theme].findall, passage.text.lower()
        return len(find(passage.title.lower())), len(find(text[:OPENING])), len(find(text))

    def themes(self, passage: Passage) -> frozenset[Theme]:
        """The themes whose words are frequent enough."""
        return frozenset(
            theme
            for theme in Theme
            if any(n >= enough for n, enough in zip(self.counts(passage, theme), THRESHOLDS, strict=True))
        )


def load_keywords(path: Path) -> Keywords:
    """Read data/themes.toml."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Keywords({theme: re.compile(data[theme]["pattern"]) for theme in Theme})
