"""The keyword baseline: a theme is met when its words stand in the title, twice in the opening, or four times."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.records import Theme
from models.themes.gold import Passage

OPENING = 400  # characters in which a purpose is stated, as a rule

REMEMBERED = 200_000  # words, at most
_WORD = re.compile(r"\w+")
_SEVERAL = re.compile(r"[ -]|\.\*")  # in a pattern that goes over several words
_CHOICE = re.compile(r"(?:\([^()]*\)|\[[^\]]*\])(?:[?*+]|\{[^}]*\})?")  # in brackets
_OPTIONAL = re.compile(r".(?:[?*]|\{[^}]*\})")

THRESHOLDS = (1, 2, 4)  # hits in title, opening, text


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words for each theme, of texts in small letters: all together, those of one word, those of several, and `within`:
    letters of which some stand in whatever the last meet.

    What a word meets is remembered, for most words are common ones.
    """

    patterns: Mapping[Theme, re.Pattern[str]]
    words: Mapping[Theme, re.Pattern[str]]
    phrases: Mapping[Theme, re.Pattern[str]]
    within: Mapping[Theme, Sequence[str]]
    _met: dict[str, tuple[Theme, ...]] = field(default_factory=dict, compare=False, repr=False)

    def places(self, text: str) -> dict[Theme, list[int]]:
        """Where words and phrases of each theme begin in a text of small letters."""
        found: dict[Theme, list[int]] = {theme: [] for theme in self.phrases}
        known = self._met.get
        for word in _WORD.finditer(text):
            met = known(word[0])
            for theme in self._of_word(word[0]) if met is None else met:
                found[theme].append(word.start())
        for theme, phrase in self.phrases.items():
            if any(letters in text for letters in self.within[theme]):
                found[theme] += [match.start() for match in phrase.finditer(text)]
        return found

    def _of_word(self, word: str) -> tuple[Theme, ...]:
        if len(self._met) > REMEMBERED:
            self._met.clear()
        met = tuple(theme for theme, pattern in self.words.items() if pattern.search(word))
        self._met[word] = met
        return met

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
    told = {theme: list(_alternatives(data[theme]["pattern"])) for theme in Theme}
    words = {theme: [one for one in all_ if not _SEVERAL.search(one)] for theme, all_ in told.items()}
    phrases = {theme: [one for one in all_ if _SEVERAL.search(one)] for theme, all_ in told.items()}
    together, alone, several = (
        {theme: re.compile("|".join(all_)) for theme, all_ in some.items()} for some in (told, words, phrases)
    )
    within = {theme: list(map(_certain, all_)) for theme, all_ in phrases.items()}
    return Keywords(together, alone, several, within)


def _certain(alternative: str) -> str:
    """The longest run of letters that is in all that an alternative meets; "" where there is none."""
    left = alternative.replace(r"\b", "")
    while left != (left := _CHOICE.sub("\n", left)):
        pass
    return max(re.split(r"[^\w -]", _OPTIONAL.sub("\n", left)), key=len)


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern that stand in no bracket."""
    depth = start = 0
    for at, letter in enumerate(pattern):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]
