"""Parties that a sentence takes up by what they are: "de tre hospitaler", "foruden kommunen", "vi"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.parties import Run
from models.gazetteer import Gazetteer
from models.records import Participant, PartnerType, Role

BEFORE = 100  # names that a common noun may take up

_SELVES = (
    (re.compile(r"\b(?:[Vv]i|[Oo]s|[Vv]ores?)\b"), None),
    (re.compile(r"\b[Rr]egionen\b"), PartnerType.REGION),
    (re.compile(r"\b[Kk]ommunen\b"), PartnerType.KOMMUNE),
)  # how a publisher speaks of itself, and what it then is
_KINDS = {
    "kommunen": ("kommune",),
    "regionen": ("region",),
    "universitetet": ("universitet",),
    "klyngen": ("klynge", "cluster"),
    "hospitalet": ("hospital",),
    "sygehuset": ("sygehus",),
    "museet": ("museum", "museet"),
    "havnen": ("havn",),
    "væksthuset": ("væksthus",),
    "erhvervshuset": ("erhvervshus",),
    "skolen": ("skole",),
    "centret": ("center", "centre"),
    "centeret": ("center", "centre"),
}  # what speaks of one body, and what its name then has
_KIND_MEANT = re.compile(
    rf"(?:\b(?:foruden|ud over|udover|sammen med|mellem|indgik|indgår|har|og) |^)({'|'.join(_KINDS)})\b"
    r"(?! (?:i|på|ved) [A-ZÆØÅ])",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"^\s*[–\-—\"'»”“]|\b(?:siger|sagde|fortæller|forklarer|udtaler|oplyser|mener)\b")
_NUMBERS = {"to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8}
_ANAPHOR = re.compile(rf"\b[Dd]e ({'|'.join(_NUMBERS)}) ([a-zæøå]+)\b")
_ANY_PARTY = re.compile(r"^(?:part|partner|fora|aktør|organisation|institution|samarbejdspartner)")
_PLURAL = re.compile(r"(?:erne|ene|er|e)$")


def is_spoken(text: str) -> bool:
    """Whether somebody else than the publisher says the sentence."""
    return _SPEECH.search(text) is not None


def takes_up_several(text: str) -> bool:
    """Whether it speaks of so many of a kind."""
    return _ANAPHOR.search(text) is not None


def own(text: str, publisher: Participant | None, gazetteer: Gazetteer) -> list[Participant]:
    """The publisher, where the sentence is its own and speaks of it as "vi", or by its kind."""
    if publisher is None or is_spoken(text):
        return []
    body = gazetteer.bodies.get(publisher.body_id)
    kinds = {kind for pattern, kind in _SELVES if pattern.search(text)}
    return [publisher] if None in kinds or (body is not None and body.partner_type in kinds) else []


def several(text: str, said: Sequence[Run]) -> list[Participant]:
    """The parties that "de tre hospitaler" takes up: so many of that kind in the nearest names before."""
    match = _ANAPHOR.search(text)
    if not match:
        return []
    kind = _PLURAL.sub("", match[2])
    for run in reversed(said):
        fits = [one for one in run.parties if _ANY_PARTY.match(match[2]) or kind in one.name.casefold()]
        if len(fits) == _NUMBERS[match[1]]:
            return fits
    return []


def one_of_a_kind(text: str, said: Sequence[Run], publisher: Participant | None) -> Iterator[Participant]:
    """The party that "foruden kommunen" takes up: the nearest name before of that kind, else the publisher."""
    for found in _KIND_MEANT.finditer(text):
        words = _KINDS[found[1].casefold()]
        before = (one for run in reversed(said[-BEFORE:]) for one in reversed(run.parties))
        named = next((one for one in before if _has_any(one.name, words)), publisher)
        if named is not None and _has_any(named.name, words):
            yield replace(named, role=Role.PARTNER)


def _has_any(name: str, words: Iterable[str]) -> bool:
    return any(word in name.casefold() for word in words)
