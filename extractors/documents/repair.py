"""Repairs what files do to Danish text (soft hyphens, ¿, line-end hyphens, lost spaces) and remembers where it was."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Edit = tuple[int, int, str]  # what stands from, to is replaced by
Pass = Callable[[str], Iterator[Edit]]

_NOISY = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\xad\u200b-\u200f\u2060\ufeff\ufffe¬¿]|-[ \t]*\r?\n")  # else no noise
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b-\u200f\u2060\ufeff]")
_SOFT_DASH = re.compile(r"(?<=[ \t])\xad(?=[ \t])")
_SOFT_HYPHEN = re.compile(r"\xad[ \t]*\r?\n\s*(?=[a-zæøå])|\xad")
_NOT_SIGN = re.compile(r"(?<=\w)¬\s*(?=\w)")  # a soft hyphen in the code pages of old systems

_LINE_HYPHEN = re.compile(r"-[ \t]*\r?\n\s*|\ufffe\s*")  # pdfium writes U+FFFE for a hyphen at a line end
_WORD_BEFORE = re.compile(r"\w+\Z")
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 60
_SPACE_AFTER = frozenset({"og", "eller", "samt", "til", "som", "i"})  # "små- og mellemstore"
_HYPHEN_AFTER = frozenset({"it", "ikke", "eks", "non", "ph", "ad"})  # "it-støtte", "ikke-statslig"

_QUOTED = re.compile(r"(?<!\w)¿(?=[\w\"'+(])[^¿\n]{1,200}(?: ¿ [^¿\n]{1,150})?(?<=[^\s¿])¿(?!\w)")
_ENDINGS = r"(?:s|en|ens|er|ers|ere|eres|erne|ernes|et|ets|n|t)\b"
_MARKS = (
    (re.compile(r"(?<=\()¿(?=\))"), "…"),
    (re.compile(rf"(?<=\w)¿(?={_ENDINGS})"), "'"),  # SMV¿er, EU¿s
    (re.compile(r"(?:(?<=\n)|\A)¿(?=\s)"), "•"),
    (re.compile(r"(?:(?<=\n)|\A)¿(?=\S)"), "• "),
    (re.compile(r"(?<=[:.;!?]\s)¿(?=\s)"), "•"),
    (re.compile(r"(?<=\s)¿(?=\s|\Z)"), "–"),
    (re.compile(r"(?<=\S)¿(?=\s)"), " •"),  # a list run together: "netværk¿ Kurser"
    (re.compile(r"(?<!\w)¿(?=\w)"), "-"),
    (re.compile(r"¿"), "'"),
)

_TOKEN = re.compile(r"\S{1,200}")
_TOKEN_BEFORE = re.compile(r"\S+\Z")
_LONGEST_ADDRESS = 200
_ADDRESS = re.compile(r"@|://|www\.", re.IGNORECASE)
_LOST_SPACE = re.compile(
    r"(?:(?<=[a-zæøåéü0-9.][a-zæøåéü0-9)\"”»'])|(?<=\A[0-9])|(?<=\s[0-9]))[.!?](?=[A-ZÆØÅ](?!\.))(?!.(?:DK|EU|COM|NU|ORG|NET)\b)"
)
_SPACES = re.compile(r" \s+|[^\S ]\s*|\A | \Z")  # all but a single space between words


@dataclass(frozen=True, slots=True)
class Repaired:
    """Repaired text and, as in `models.records.Block`, the places where it got out of step with what was read."""

    text: str
    shifts: tuple[tuple[int, int], ...]
    length: int  # of what was read

    def as_read(self, at: int) -> int:
        """The offset in what was read of the character at `at`."""
        if at >= len(self.text):
            return self.length
        found = bisect_right(self.shifts, (at, 1 << 62)) - 1
        position, origin = self.shifts[found] if found >= 0 else (0, 0)
        return min(origin + (at - position), self.length)


def repair(raw: str) -> Repaired:
    """`raw` on one line, without the noise that DOMAIN.md lists. Repairing twice changes nothing more."""
    text, origins = raw, array("q", range(len(raw)))
    for edits in (*(_NOISE if _NOISY.search(raw) else ()), _lost_spaces, _spaces):
        text, origins = _apply(text, origins, list(edits(text)))
    return Repaired(text, tuple(_shifts(origins)) if text != raw else (), len(raw))


def _apply(text: str, origins: array[int], edits: list[Edit]) -> tuple[str, array[int]]:
    """The edited text and the origin of each of its characters; an inserted one has that of the next one read."""
    if not edits:
        return text, origins
    pieces: list[str] = []
    moved = array("q")
    done = 0
    for start, end, new in edits:
        pieces += (text[done:start], new)
        moved += origins[done:start]
        moved.extend(origins[min(start + place, max(end - 1, start))] for place in range(len(new)))
        done = end
    pieces.append(text[done:])
    moved += origins[done:]
    return "".join(pieces), moved


def _shifts(origins: array[int]) -> Iterator[tuple[int, int]]:
    expected = 0
    for position, origin in enumerate(origins):
        if origin != expected:
            yield position, origin
        expected = origin + 1


def _replace(pattern: re.Pattern[str], new: str) -> Pass:
    return lambda text: ((found.start(), found.end(), new) for found in pattern.finditer(text))


def _join_lines(text: str) -> Iterator[Edit]:
    for found in _LINE_HYPHEN.finditer(text):
        before = _WORD_BEFORE.search(text, max(0, found.start() - _LONGEST_WORD), found.start())
        after = _WORD.match(text, found.end())
        if before and after:
            yield found.start(), found.end(), _hyphen(before.group(), after.group())
        elif found.group()[0] != "-":
            yield found.start(), found.end(), "-"


def _hyphen(before: str, after: str) -> str:
    """What stands between the two halves of a word that a line end parted."""
    if after in _SPACE_AFTER:
        return "- "
    kept = not before[-1].islower() or not after[0].islower() or len(before) == 1 or before.lower() in _HYPHEN_AFTER
    return "-" if kept else ""


def _quotes(text: str) -> Iterator[Edit]:
    for found in _QUOTED.finditer(text):
        yield found.start(), found.start() + 1, '"'
        yield found.end() - 1, found.end(), '"'


def _lost_spaces(text: str) -> Iterator[Edit]:
    for found in _LOST_SPACE.finditer(text):
        end = found.end()
        before, after = _TOKEN_BEFORE.search(text, max(0, end - _LONGEST_ADDRESS), end), _TOKEN.match(text, end)
        token = (before.group() if before else "") + (after.group() if after else "")
        if not _ADDRESS.search(token):
            yield end, end, " "


def _spaces(text: str) -> Iterator[Edit]:
    for found in _SPACES.finditer(text):
        inner = found.start() > 0 and found.end() < len(text)
        yield found.start(), found.end(), " " if inner else ""


_NOISE: tuple[Pass, ...] = (
    _replace(_INVISIBLE, ""),
    _replace(_SOFT_DASH, "–"),
    _replace(_SOFT_HYPHEN, ""),
    _replace(_NOT_SIGN, ""),
    _join_lines,
    _quotes,
    *(_replace(pattern, new) for pattern, new in _MARKS),
)
