"""A text as patterns see it: any blank a blank, any hyphen a hyphen, letters of every alphabet in two cases."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_OWN = frozenset("abcdefghijklmnopqrstuvwxyzæøå")  # other letters only tell their case: "Č" is X, "é" is x
_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_MARKS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", "-") | dict.fromkeys(
    "\u2019\u2018\u00b4", "'"
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """The text for matching, and where each of its characters stands in the original; () when at the same place."""

    text: str
    at: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the shadow in the original text."""
        return (self.at[start], self.at[end]) if self.at else (start, end)


def cast(text: str) -> Shadow:
    """The shadow of a text; what is not seen (soft hyphens, zero-width blanks) casts none."""
    shadow = text.translate(_TABLE)
    if len(shadow) == len(text) and unicodedata.is_normalized("NFC", text):
        return Shadow(shadow)
    seen: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        letter = unicodedata.normalize("NFC", text[at : min(end, at + 8)])[:1].translate(_TABLE)
        if letter:
            seen.append(letter)
            places.append(at)
        at = end
    return Shadow("".join(seen), (*places, len(text)))


class _Table(dict[int, str]):
    """What stands for a character, worked out once for each."""

    def __missing__(self, code: int) -> str:
        self[code] = _shade(chr(code))
        return self[code]


def _shade(char: str) -> str:
    if "\uff01" <= char <= "\uff5e":  # full-width forms of ASCII
        char = unicodedata.normalize("NFKC", char)
    if char.isalpha():
        own = char.lower() in _OWN
        return char if own else "X" if char.isupper() or char.istitle() else "x"
    if char.isspace():
        return "\n" if char in _BREAKS else " "
    return "" if unicodedata.category(char) == "Cf" else _MARKS.get(char, char)


_TABLE = _Table()
