"""What in a text says that parties do something jointly: data/cues.toml, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.records import Role

NEUTRAL = "neutral"
"""The section of a heading that is a part of its topic, and says nothing of parties."""

_DATED = re.compile(r",? (?:pr\.|per|i|fra|ultimo|primo) \S*\d.*$")  # "Medlemmer pr. 1. januar"
_OF_WHAT = re.compile(r"\s*:\s+| (?:i|bag) (?=[A-ZÆØÅ\"”»])")  # "Partnere: Grøn Havn", "Parter i Grøn Havn"

Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern that joins the parties of its sentence; `founding`: what is named behind it is what they founded."""

    pattern: re.Pattern[str]
    confidence: float
    role: Role
    founding: bool


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands around the name of a topic in its heading, and how a text speaks of the topic later."""

    plain: re.Pattern[str]
    named: re.Pattern[str]
    anaphor: re.Pattern[str]
    joint: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Sections:
    """Which part of a collaboration stands under a heading or key: by its words, else by patterns in order."""

    words: Mapping[str, str]  # casefolded
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    attendance: re.Pattern[str]
    speakers: re.Pattern[str]

    def kind(self, heading: str) -> str:
        """partner, member, lead, funder, project, period, role or neutral; "" for a topic of its own."""
        bare = re.sub(r"\([^)]*\)|^\s*(?:\d+(?:\.\d+)*[.)]?|[A-H][.)])\s+", "", heading).strip(" :.?!")
        undated = _DATED.sub("", bare)
        forms = dict.fromkeys((bare, undated, _OF_WHAT.split(undated)[0]))
        return next(filter(None, map(self._kind, forms)), "")

    def _kind(self, heading: str) -> str:
        bare = heading.casefold()
        words = re.sub(r"^§ ?\d+\.? ?", "", bare)
        found = self.words.get(words) or self.words.get(words.removesuffix(" er"), "")
        patterns = (kind for kind, pattern in self.patterns if pattern.fullmatch(bare.removesuffix(" er")))
        return found or next(patterns, "")


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns are compiled without regard to case, but for those that look at names."""

    joint: tuple[Cue, ...]
    negative: Patterns
    joins: Patterns
    lead_after: Patterns
    lead_before: Patterns
    funds_after: Patterns
    funds_before: Patterns
    lead_in: Patterns
    generic: Patterns
    private: re.Pattern[str]
    private_beside: re.Pattern[str]
    places: frozenset[str]
    sections: Sections
    headings: Headings
    roles: tuple[tuple[str, Role], ...]
    outside: re.Pattern[str]
    outside_before: re.Pattern[str]
    outside_after: re.Pattern[str]
    vacant: re.Pattern[str]
    apart: re.Pattern[str]
    cross_regional: re.Pattern[str]
    international: re.Pattern[str]
    minutes: re.Pattern[str]
    their_forums: re.Pattern[str]
    partner: re.Pattern[str]
    decides: re.Pattern[str]
    asks: re.Pattern[str]
    founded_after: re.Pattern[str]
    founded_before: re.Pattern[str]
    money: re.Pattern[str]
    grants: re.Pattern[str]
    gives: re.Pattern[str]
    union_funds: re.Pattern[str]

    def found(self, sentence: str) -> list[tuple[Cue, re.Match[str]]]:
        """The cues of a sentence and where they stand, the surest first; none when the sentence denies them."""
        return [] if self.denies(sentence) else self.standing(sentence)

    def standing(self, sentence: str) -> list[tuple[Cue, re.Match[str]]]:
        """Likewise, whether or not the sentence denies them."""
        found = [(cue, match) for cue in self.joint for match in cue.pattern.finditer(sentence)]
        return sorted(found, key=lambda pair: -pair[0].confidence)

    def confidence(self, sentence: str) -> float:
        """How surely the sentence says that parties do something jointly; 0 when it does not, or says the opposite."""
        found = self.found(sentence)
        return found[0][0].confidence if found else 0.0

    def denies(self, sentence: str) -> bool:
        """Whether the sentence is of a kind that is never a collaboration: a wish, a call, a grant, a speaker."""
        return any_of(self.negative, sentence)

    def section(self, heading: str) -> str:
        """Which part of a collaboration stands under this heading or key; "" when none does."""
        return self.sections.kind(heading)

    def is_private(self, heading: str, *, beside_party: bool) -> bool:
        """Whether a column or key holds persons or contacts; some only where another column names the body."""
        bare = heading.strip(" .:?!")
        return bool(self.private.fullmatch(bare) or (beside_party and self.private_beside.fullmatch(bare)))

    def role(self, text: str) -> Role | None:
        """The role that a word beside a name states."""
        lowered = text.casefold()
        return next((role for word, role in self.roles if word in lowered), None)

    def is_outside(self, text: str) -> bool:
        """Whether a cell of a role column says that who stands beside it is no party: who is paid, or looks on."""
        return self.outside.search(text) is not None

    def is_apart(self, text: str) -> bool:
        """Whether a cell beside a party's name says that it has left, looks on, or has not come yet."""
        return self.apart.search(text) is not None

    def stands_outside(self, before: str, after: str) -> bool:
        """Whether a name, by its text right before and right after, is of one that only recommends, sells, or left."""
        return bool(self.outside_before.search(before) or self.outside_after.search(after))

    def is_vacant(self, text: str) -> bool:
        """Whether a cell for parties says that none is there, or that one has left or not come yet."""
        return self.vacant.search(text) is not None

    def stated_role(self, before: str, after: str) -> Role | None:
        """The role that a sentence states of names, by its text right before and right after them."""
        if any_of(self.lead_after, after) or any_of(self.lead_before, before):
            return Role.LEAD
        pays = any_of(self.funds_after, after) or any_of(self.funds_before, before)
        return Role.FUNDER if pays else None

    def is_founded(self, before: str, after: str) -> bool:
        """Whether a name, by its text right before and right after, is of what others found or own together."""
        return bool(self.founded_after.search(after) or self.founded_before.search(before))

    def is_generic(self, name: str) -> bool:
        """Whether a name is a common noun for parties ("kommunerne i regionen"), never a body."""
        return any_of(self.generic, name)


def any_of(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    """Whether one of the patterns is found in the text."""
    return any(pattern.search(text) for pattern in patterns)


def load_cues(path: Path) -> Cues:
    """Read data/cues.toml."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    stated, sections, headings, kinds = data["stated"], data["sections"], data["heading"], data["section_patterns"]
    return Cues(
        joint=tuple(map(_cue, data["cue"])),
        negative=_all(data["no"]["patterns"]),
        joins=_all(data["joins"]["patterns"]),
        lead_after=tuple(map(re.compile, data["lead"]["after"])),
        lead_before=_all(data["lead"]["before"]),
        funds_after=tuple(map(re.compile, data["funds"]["after"])),
        funds_before=_all(data["funds"]["before"]),
        lead_in=_all(data["lead_in"]["patterns"]),
        generic=_all(data["generic"]["patterns"]),
        private=_compiled(data["private"]["always"]),
        private_beside=_compiled(data["private"]["beside_party"]),
        places=frozenset(data["generic"]["places"]),
        sections=Sections(
            words={word: kind for kind, words in sections.items() for word in words},
            patterns=tuple((kind, _compiled(kinds[kind])) for kind in (NEUTRAL, "partner")),
            attendance=_compiled(kinds["attendance"]),
            speakers=_compiled(kinds["speakers"]),
        ),
        headings=Headings(**{name: _compiled(pattern) for name, pattern in headings.items()}),
        roles=tuple((word, Role(role)) for role, words in data["roles"].items() for word in words),
        outside=_compiled(data["outside"]["role"]),
        outside_before=_compiled(data["outside"]["before"]),
        outside_after=_compiled(data["outside"]["after"]),
        vacant=_compiled(data["outside"]["vacant"]),
        apart=_compiled(data["outside"]["apart"]),
        cross_regional=_compiled(stated["cross_regional"]),
        international=_compiled(stated["international"]),
        minutes=_compiled(stated["minutes"]),
        their_forums=_compiled(stated["their_forums"]),
        partner=_compiled(stated["partner"]),
        decides=_compiled(stated["decides"]),
        asks=_compiled(stated["asks"]),
        founded_after=_compiled(data["founded"]["after"]),
        founded_before=_compiled(data["founded"]["before"]),
        money=_compiled(stated["money"]),
        grants=_compiled(stated["grants"]),
        gives=_compiled(stated["gives"]),
        union_funds=_compiled(stated["union_funds"]),
    )


def _cue(entry: Mapping[str, Any]) -> Cue:
    role = Role(entry.get("role", Role.PARTNER))
    return Cue(_compiled(entry["pattern"]), float(entry["confidence"]), role, bool(entry.get("founding", False)))


def _all(patterns: Iterable[str]) -> Patterns:
    return tuple(map(_compiled, patterns))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
