"""Coordination: names joined by commas, "og" and "/", the unknown names among them, and what ellipsis leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.identity.names import KIND_OF_FIRM
from models.records import Participant

_CAP = r"[A-ZÆØÅ][\w\-/&']{0,60}"
_FORM = r"(?: (?:A/S|ApS|I/S|K/S|P/S|IVS|[afsv]\.?m\.?b\.?a\.?))?"
_NAME = rf"(?!{KIND_OF_FIRM} [A-ZÆØÅ]){_CAP}(?: (?:(?:i|af|for|på|ved|til|&) )?{_CAP}){{0,5}}{_FORM}"
_JOINT = r"(?:\s*\([^()]{1,40}\))?(?:\s*,\s*(?:og |samt )?|\s+(?:og|samt)\s+|\s*/\s*)"
_KIND = r"(?:(?!(?:mens|hvor|hvis|efter|siden|fordi|eller|blandt|både|samt|ikke)\b)[a-zæøå]{4,} )?"  # "klyngen CLEAN"
_SEPARATOR = re.compile(rf"{_JOINT}{_KIND}")
_AMONG = re.compile(rf"{_JOINT}((?:{_NAME})(?:{_JOINT}(?:{_NAME})){{0,4}}){_SEPARATOR.pattern}")
_LEFT = re.compile(rf"(?:^|(?<=[\s(:]))({_NAME}(?:, {_NAME}){{0,3}}){_SEPARATOR.pattern}$")
_RIGHT = re.compile(rf"{_JOINT}({_NAME})(?=[\s.,;:)]|$)")
_CLOSES = re.compile(r"\s(?:og|samt)\s")
_NEXT_CLAUSE = re.compile(r"\s*,\s+og\s+")  # behind an "og": "A og B, og C har bevilget"

_ITEM = r"(?<![\w\-])[A-ZÆØÅ][\w\-]{1,60}(?: [A-ZÆØÅ][\w\-]{1,60})?"
_LIST = rf"({_ITEM}(?:, {_ITEM}){{0,30}},?(?: og | samt ){_ITEM})"
_HEADS = re.compile(rf"\b(Region|Væksthus|Erhvervshus|Vækstforum|KKR|Visit)(?:erne|huse|ene|)?[ ]{_LIST}")
_KINDS = re.compile(rf"\b([Kk])ommunerne[ ]{_LIST}")
_TAILS = re.compile(rf"{_LIST} ([Kk]ommuner(?:ne)?|[Uu]niversiteter)\b")
_SINGULAR = {"k": "Kommune", "u": "Universitet"}
_COMMAS = re.compile(r"\s*(?:[\n•]|,(?!\d)|\s/\s)\s*(?:(?:og|samt) )?")
_AND = re.compile(r"\s+(?:og|samt)\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """A name in a text; without parties, one that is not known."""

    start: int
    end: int
    parties: tuple[Participant, ...] = ()
    name: str = ""


def joined(text: str, items: Sequence[Item]) -> list[list[Item]]:
    """Items grouped by coordination; unknown names between two known ones are items of their group."""
    groups: list[list[Item]] = []
    for item in items:
        gap = text[groups[-1][-1].end : item.start] if groups else ""
        if groups and (match := _AMONG.fullmatch(gap)):
            groups[-1] += _named(match[1], groups[-1][-1].end + match.start(1))
            gap = gap[match.end(1) :]
        if groups and _SEPARATOR.fullmatch(gap) and not _begins_clause(text, groups[-1], gap):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _begins_clause(text: str, group: Sequence[Item], gap: str) -> bool:
    """Whether a name behind these begins a clause of its own, for an "og" has joined the last of them already."""
    closed = len(group) > 1 and _CLOSES.fullmatch(text[group[-2].end : group[-1].start])
    return bool(closed and _NEXT_CLAUSE.fullmatch(gap))


def names_left(text: str, floor: int, start: int) -> list[Item]:
    """Unknown names joined to what begins at `start`, none of them before `floor`."""
    match = _LEFT.search(text[floor:start])
    return list(_named(match[1], floor + match.start(1))) if match else []


def names_right(text: str, group: Sequence[Item]) -> list[Item]:
    """The unknown name that "og" joins to the last of a group."""
    match = _RIGHT.match(text, group[-1].end)
    gap = text[group[-1].end : match.start(1)] if match else ""
    if not match or not _CLOSES.search(gap) or _begins_clause(text, group, gap):
        return []
    return list(_named(match[1], match.start(1)))


def elided(text: str) -> Iterator[tuple[int, int, str]]:
    """Names that share a head or a tail ("Region Nordjylland, Midtjylland og Syddanmark"): start, end, whole name."""
    for match in _HEADS.finditer(text):
        for item in re.finditer(_ITEM, match[2]):
            yield match.start(2) + item.start(), match.start(2) + item.end(), f"{match[1]} {item[0]}"
    for match in _KINDS.finditer(text):
        for item in re.finditer(_ITEM, match[2]):
            yield match.start(2) + item.start(), match.start(2) + item.end(), f"{item[0]} {_SINGULAR['k']}"
    for match in _TAILS.finditer(text):
        for item in re.finditer(_ITEM, match[1]):
            end = match.start(1) + item.end()
            yield (
                match.start(1) + item.start(),
                match.end() if end == match.end(1) else end,
                (f"{item[0]} {_SINGULAR[match[2][0].lower()]}"),
            )


def parts(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where the names of a list stand: cut at semicolons, else at commas and a closing "og"; never inside `taken`."""
    spans = list(taken)
    semicolons = [match.span() for match in re.finditer(r"\s*;\s*", text)]
    cuts = semicolons or _cuts(text, spans)
    free = [cut for cut in cuts if not any(start < cut[1] and cut[0] < end for start, end in spans)]
    at = 0
    for start, end in [*free, (len(text), len(text))]:
        part = text[at:start]
        stripped = part.strip(" .\t")
        if stripped:
            begin = at + part.index(stripped)
            yield begin, begin + len(stripped)
        at = end


def _cuts(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Commas; and each "og" behind the last comma, or beside a known name."""
    commas = [match.span() for match in _COMMAS.finditer(text)]
    last = max((end for _, end in commas), default=0)
    cuts = list(commas)
    for match in _AND.finditer(text):
        beside = any(end in (match.start(), match.start() - 1) or start == match.end() for start, end in taken)
        if (match.start() >= last and (commas or taken)) or beside:
            cuts.append(match.span())
    return sorted(cuts)


def _named(text: str, at: int) -> Iterator[Item]:
    for match in re.finditer(_NAME, text):
        yield Item(at + match.start(), at + match.end(), (), match[0])
